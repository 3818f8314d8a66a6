import Glibc

/// What a run leaves in its folder while it lives: the file `running.json`.
///
/// It is taken away when `summary.json` is there. One that stays behind without its process says
/// that the run died.
public struct RunMark: Sendable, Equatable {
  /// The mark's name in a run's folder.
  public static let fileName = "running.json"

  /// The process that runs.
  public var process: LiveProcess
  /// The command's word.
  public var verb: String
  /// The problem's file.
  public var problem: String

  /// Makes the mark of a run.
  public init(process: LiveProcess, verb: String, problem: String) {
    self.process = process
    self.verb = verb
    self.problem = problem
  }

  /// Reads the mark in a folder; nil where there is none, or none that can be read.
  public init?(of folder: String) {
    guard let bytes = FileBytes.read("\(folder)/\(RunMark.fileName)"),
      let json = try? JSONValue(reading: bytes), let number = json["pid"]?.int,
      let start = json["process_start"]?.int
    else { return nil }
    self.init(
      process: LiveProcess(number: number, start: start), verb: json["verb"]?.string ?? "",
      problem: json["problem"]?.string ?? "")
  }

  /// The content of the file.
  public var json: JSONValue {
    .object([
      ("pid", .integer(process.number)), ("process_start", .integer(process.start)),
      ("verb", .text(verb)), ("problem", .text(problem)),
    ])
  }

  /// Whether the run that left the mark still lives.
  public var isAlive: Bool { process.isAlive }
}

/// Keeps the mark of a run in its folder for as long as the run lasts.
///
/// Where the system does not tell of processes there is no mark.
///
/// Not `Sendable` on purpose: one task ends the run.
public final class RunMarkKeeper {
  private var path: String?

  /// Writes the mark.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public init(_ folder: RunFolder, verb: String, problem: String) throws(ReportError) {
    guard let process = LiveProcess.current else { return }
    let mark = RunMark(process: process, verb: verb, problem: problem)
    let path = folder.file(RunMark.fileName)
    try AtomicFile.write(mark.json.rendered + "\n", to: path)
    self.path = path
  }

  deinit { end() }

  /// Takes the mark away; does nothing the second time.
  public func end() {
    if let path { unlink(path) }
    path = nil
  }
}

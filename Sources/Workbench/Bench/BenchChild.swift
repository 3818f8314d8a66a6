import Glibc
import Reports

/// A command run to its end, and what it cost.
struct BenchChild {
  var seconds: Double
  var cpuSeconds: Double
  /// The most memory that it held at once.
  var bytes: Int
  var status: Int32
  var output: String

  /// Why a command could not be run.
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Makes a folder for the time of `body`, and removes it and its files after that.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/cauchy-bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Failure(description: "cannot make a folder in \(base): set TMPDIR to one you may use")
    }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { remove(folder: folder) }
    return try body(folder)
  }

  private static func remove(folder: String) {
    for entry in Folders.entries(in: folder) {
      let path = "\(folder)/\(entry.name)"
      if entry.isFolder { remove(folder: path) } else { unlink(path) }
    }
    rmdir(folder)
  }

  /// Runs a program without a shell; its standard output goes to a file of `folder`.
  ///
  /// - Throws: ``Failure``, and ``BenchInterrupted`` where the user wants an end: the program is ended,
  ///   too.
  static func run(_ path: String, _ arguments: [String], in folder: String) throws -> BenchChild {
    let output = folder + "/output"
    let begin = Clock.now
    let process: ChildProcess
    do {
      process = try ChildProcess(path, arguments, output: .file(output), isApart: false)
    } catch { throw Failure(description: "cannot start \(path): \(error)") }
    let watch = BenchMemory(process.number)
    defer { watch.stop() }
    let ending = process.wait()
    let seconds = Clock.now - begin
    guard ending.status >= 0 else { throw Failure(description: "lost sight of \(path)") }
    try BenchInterrupted.check()
    return BenchChild(
      seconds: seconds, cpuSeconds: ending.cpuSeconds, bytes: watch.bytes ?? ending.mostBytes,
      status: ending.status,
      output: String(decoding: FileBytes.read(output) ?? [], as: UTF8.self))
  }
}

import Glibc
import Reports

/// A run as its folder tells of it.
public struct RecordedRun: Sendable {
  /// Where a run stands.
  public enum State: Sendable, Equatable {
    /// It goes on, in the process of this number.
    case running(process: Int)
    /// It ended, and its summary says how.
    case ended(Outcome)
    /// It died without a summary, or with one that cannot be read; ``RecordedRun/message`` says
    /// which.
    case lost
  }

  /// The run's folder.
  public let path: String
  /// Where the run stands.
  public let state: State
  /// One sentence for people: how it ended, or what is known of a run that has not.
  public let message: String
  /// The content of `summary.json`; nil where there is none, or none that can be read.
  public let summary: JSONValue?
  /// What the run left while it lived; nil for one that has ended.
  public let mark: RunMark?
  /// When the run's folder last changed in what it says of the run, in seconds since 1970: its
  /// summary, or its mark.
  public let modified: Double

  /// Reads the run in a folder.
  ///
  /// - Throws: an error that says so, where the folder holds no run.
  public static func read(_ folder: String) throws -> RecordedRun {
    var folder = folder
    while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    let names = Folders.entries(in: folder).map(\.name)
    let exists = FileBytes.exists(folder)
    guard exists, isRun(folder, names) else {
      throw UsageFault(
        description: (exists ? "\(folder) holds no run" : "there is no run \(folder)")
          + "; 'cauchy runs' lists those that there are")
    }
    return found(folder, names)
  }

  /// The run in a folder of which the names are known.
  static func found(_ folder: String, _ names: [String]) -> RecordedRun {
    let run = RecordedRun(folder, names)
    if run.state != .lost { return run }
    // It may have ended since the folder was listed.
    return RecordedRun(folder, Folders.entries(in: folder).map(\.name))
  }

  /// Whether a folder holds a run, by its name and what lies in it.
  static func isRun(_ folder: String, _ names: [String]) -> Bool {
    isNumbered(folder) || names.contains(where: signs.contains)
  }

  /// What only a run leaves: a problem file or a table alone may be anybody's.
  private static let signs: Set<String> = [
    summaryName, RunMark.fileName, RunCommand.fileName, SavedRun.fileName, "trajectory.csv.partial",
    TrainingTable.fileName + ".partial",
  ]
  private static let summaryName = "summary.json"

  /// Whether the folder's name is one that runs get by themselves.
  private static func isNumbered(_ folder: String) -> Bool { numberedVerb(folder) != nil }

  private static func numberedVerb(_ folder: String) -> String? {
    let parts = folder.split(separator: "/").last?.split(separator: "-") ?? []
    guard parts.count == 2, ["solve", "train", "compare", "study"].contains(parts[0]),
      parts[1].count >= 3, parts[1].allSatisfy(\.isASCIIDigit)
    else { return nil }
    return String(parts[0])
  }

  private init(_ folder: String, _ names: [String]) {
    path = folder
    let (summary, fault) =
      names.contains(Self.summaryName) ? Self.readSummary(folder) : (nil, nil)
    self.summary = summary
    let mark = names.contains(RunMark.fileName) ? RunMark(of: folder) : nil
    if let outcome = summary?["outcome"]?.string.flatMap(Outcome.init) {
      (state, self.mark) = (.ended(outcome), nil)
      message = summary?["message"]?.string ?? ""
    } else if let mark, mark.isAlive {
      (state, self.mark) = (.running(process: mark.process.number), mark)
      message = "running in process \(mark.process.number)"
    } else {
      (state, self.mark) = (.lost, mark)
      message =
        fault ?? mark.map { "process \($0.process.number) died without a summary" }
        ?? "ended without a summary"
    }
    let last = [Self.summaryName, RunMark.fileName].first(where: names.contains)
    modified = Folders.modified(last.map { "\(folder)/\($0)" } ?? folder)
  }

  /// The summary, or what is wrong with it.
  private static func readSummary(_ folder: String) -> (JSONValue?, String?) {
    let path = "\(folder)/\(summaryName)"
    guard let bytes = FileBytes.read(path) else { return (nil, "\(path) cannot be read") }
    do {
      let summary = try JSONValue(reading: bytes)
      if summary["outcome"]?.string.flatMap(Outcome.init) != nil { return (summary, nil) }
      return (nil, "\(path) does not say how the run ended")
    } catch {
      return (nil, "\(path) is damaged: \(error)")
    }
  }

  /// The problem's file as the command named it; of a run that says nothing, what its folder does.
  public var problem: String {
    summary?["problem"]?.string ?? mark?.problem ?? folderAbove
  }

  /// The problem file's name without folder and extension.
  public var stem: String { ProblemFile.stem(problem) }

  /// The command's word; empty where nothing tells it.
  public var verb: String {
    summary?["verb"]?.string ?? mark?.verb ?? Self.numberedVerb(path) ?? ""
  }

  private var folderAbove: String {
    let parts = path.split(separator: "/")
    return parts.count > 1 ? String(parts[parts.count - 2]) : ""
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

import Glibc
import Reports
import Synchronization
import Workbench

/// The events of one run for one page that watches: what it is, then its table's rows as they come,
/// what it says, and its end.
///
/// Everything is read from the run's folder, so the run does nothing for it, and a server that was
/// started after the run shows it just as well.
final class LiveRun: Sendable {
  /// How often the folder is looked at, and how often the run's state.
  private static let pause = Duration.milliseconds(250)
  private static let looksBetweenStates = 4
  /// Most rows at the start, and at each look.
  static let firstRows = 1000
  static let moreRows = 50

  private struct Progress {
    var table: TableSample?
    var said = ""
    var looks = 0
    var hasEnded = false
  }

  private let folder: String
  private let table: String
  private let progress = Mutex(Progress())

  /// - Parameters:
  ///   - folder: the run's.
  ///   - verb: `train` shows `training.csv`, every other one `trajectory.csv`.
  init(_ folder: String, verb: String) {
    self.folder = folder
    table = "\(folder)/" + (verb == "train" ? "training.csv" : "trajectory.csv")
  }

  /// The next events; nil after the last one.
  @Sendable func next() async throws -> [UInt8]? {
    while true {
      let isFirst = progress.withLock { $0.looks == 0 }
      if !isFirst { try await Task.sleep(for: LiveRun.pause) }
      let (bytes, isOver) = progress.withLock { look(&$0) }
      if isOver { return nil }
      if !bytes.isEmpty { return bytes }
    }
  }

  private func look(_ progress: inout Progress) -> (bytes: [UInt8], isOver: Bool) {
    if progress.hasEnded { return ([], true) }
    let looksAtState = progress.looks % LiveRun.looksBetweenStates == 0
    progress.looks += 1
    // The state first: what is written before the end is then read after it.
    let run = looksAtState ? try? RecordedRun.read(folder) : nil
    var events: [UInt8] = []
    if progress.table == nil, let table = TableSample(table) {
      events += ServerEvent.bytes("columns", [table.header])
      events += ServerEvent.bytes("rows", table.rows(limit: LiveRun.firstRows))
      progress.table = table
    } else if let rows = progress.table?.newRows(), !rows.isEmpty {
      events += ServerEvent.bytes("rows", TableSample.thinned(rows, to: LiveRun.moreRows))
    }
    let said = looksAtState ? LastWords.read("\(folder)/\(LaunchedRun.messages)") : progress.said
    if said != progress.said {
      events += ServerEvent.bytes("said", [said])
      progress.said = said
    }
    guard looksAtState else { return (events, false) }
    if let run, case .running = run.state {
      // Shows a browser that is gone, too.
      return (events.isEmpty ? ServerEvent.heartbeat : events, false)
    }
    progress.hasEnded = true
    return (events + ServerEvent.bytes("end", [run?.message ?? "the run's folder is gone"]), false)
  }
}

/// The last line of what a run said on standard error.
enum LastWords {
  static func read(_ path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let size = Int(lseek(descriptor, 0, SEEK_END))
    let count = pread(descriptor, &bytes, bytes.count, max(size - bytes.count, 0))
    let lines = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split {
      $0.isNewline
    }
    return lines.last.map(String.init) ?? ""
  }
}

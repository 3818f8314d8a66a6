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
  /// How often the table is looked at, and how often the run's state.
  private static let pause = Duration.milliseconds(500)
  private static let looksBetweenStates = 2
  /// Looks without anything new after which a sign of life is sent.
  private static let silence = 10
  /// Most rows at the start, and at each look.
  static let firstRows = 1000
  static let moreRows = 50

  private struct Progress {
    var table: TableSample?
    /// Whether the table is no curve, so that its rows are of no use while they come.
    var isOther = false
    var said = ""
    var looks = 0
    var quiet = 0
    var hasEnded = false
  }

  private let run: RecordedRun
  private let table: String
  private let progress = Mutex(Progress())

  /// Makes the events of a run; of a training those of `training.csv`, of every other one those of
  /// `trajectory.csv`.
  init(_ run: RecordedRun) {
    self.run = run
    table = "\(run.path)/" + (run.verb == "train" ? "training.csv" : "trajectory.csv")
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
    let goesOn = !looksAtState || isRunning
    var events = rows(&progress)
    if looksAtState {
      let said = LastWords.read("\(run.path)/\(LaunchedRun.messages)")
      if said != progress.said { events += ServerEvent.bytes("said", [said]) }
      progress.said = said
    }
    guard goesOn else {
      progress.hasEnded = true
      let message = (try? RecordedRun.read(run.path))?.message
      return (events + ServerEvent.bytes("end", [message ?? "the run's folder is gone"]), false)
    }
    progress.quiet = events.isEmpty ? progress.quiet + 1 : 0
    guard progress.quiet == LiveRun.silence else { return (events, false) }
    // Shows a browser that is gone, too.
    progress.quiet = 0
    return (ServerEvent.heartbeat, false)
  }

  /// The rows that came.
  private func rows(_ progress: inout Progress) -> [UInt8] {
    if progress.isOther { return [] }
    if let table = progress.table {
      let rows = table.newRows()
      return rows.isEmpty
        ? [] : ServerEvent.bytes("rows", TableSample.thinned(rows, to: LiveRun.moreRows))
    }
    guard let table = TableSample(table) else { return [] }
    if run.verb != "train" {
      let columns = FileBytes.exists(self.table) ? self.table : self.table + ".partial"
      let names = (try? CSVReader(columns))?.columns ?? []
      guard SolutionColumns(names, of: run)?.isOneCurve == true else {
        progress.isOther = true
        return []
      }
    }
    progress.table = table
    return ServerEvent.bytes("columns", [table.header])
      + ServerEvent.bytes("rows", table.rows(limit: LiveRun.firstRows))
  }

  /// Whether the run goes on, by its mark: the cheapest that tells.
  private var isRunning: Bool {
    guard let mark = RunMark(of: run.path) else { return false }
    return mark.isAlive && !FileBytes.exists("\(run.path)/summary.json")
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

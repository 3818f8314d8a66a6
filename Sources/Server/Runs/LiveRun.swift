import Glibc
import Reports
import Synchronization
import Workbench

/// The events of one run for one page that watches: the rows of its tables as they come, what it
/// says, and its end.
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
    /// By name; nil for one that is no curve, so that its rows are of no use while they come.
    var tables: [String: TableSample?] = [:]
    var said = ""
    var looks = 0
    var quiet = 0
    var hasEnded = false
  }

  private let run: RecordedRun
  /// The tables, without `.csv`: of a training its course, of every other run the solution.
  private let names: [String]
  private let progress = Mutex(Progress())

  init(_ run: RecordedRun) {
    self.run = run
    names = run.verb == "train" ? ["training", "errors"] : ["trajectory"]
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
    var events = names.flatMap { rows($0, &progress.tables) }
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

  /// The rows of a table that came: events `columns` and `rows`, the table's name before each.
  private func rows(_ name: String, _ tables: inout [String: TableSample?]) -> [UInt8] {
    if let known = tables[name] {
      let rows = known?.newRows() ?? []
      return rows.isEmpty
        ? [] : ServerEvent.bytes("\(name)-rows", TableSample.thinned(rows, to: LiveRun.moreRows))
    }
    guard let table = TableSample("\(run.path)/\(name).csv") else { return [] }
    let isCurve =
      name != "trajectory" || SolutionColumns(table.columns, of: run)?.isOneCurve == true
    tables[name] = .some(isCurve ? table : nil)
    if !isCurve { return [] }
    return ServerEvent.bytes("\(name)-columns", JSONValue.list(table.columns.map(JSONValue.text)))
      + ServerEvent.bytes("\(name)-rows", table.rows(limit: LiveRun.firstRows))
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

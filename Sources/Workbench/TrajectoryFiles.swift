import Discretizations
import Numerics
import Problems
import Reports

/// `trajectory.csv` and `events.csv` of a run, written as the rows come.
///
/// A row handler cannot throw: the first failure is kept, and the run stops at it.
final class TrajectoryFiles {
  private let trajectory: CSVWriter
  private let events: CSVWriter?
  private let unknownCount: Int
  private let noise: NoisyRows?
  private(set) var failure: ReportError?
  private(set) var rowCount = 0
  /// What rows start with, where they name their trajectory.
  var label: String?

  /// - Parameters:
  ///   - leading: columns before the marching variable: the swept names.
  ///   - name: of the table; events are written beside `trajectory.csv` alone.
  ///   - noise: keeps the rows of the trajectory until the end, and adds noise to them.
  init(
    _ folder: RunFolder, _ problem: InitialValueProblem, leading: [String],
    name: String = "trajectory.csv", noise: NoisyRows? = nil
  ) throws(ReportError) {
    self.noise = noise
    let variable = problem.form.marching
    unknownCount = problem.problem.unknowns.count
    trajectory = try CSVWriter(
      folder.file(name), columns: leading + [variable] + problem.columnNames)
    events =
      problem.problem.events.isEmpty || name != "trajectory.csv"
      ? nil
      : try CSVWriter(
        folder.file("events.csv"),
        columns: leading + [variable, "event"] + problem.problem.unknowns)
  }

  func row(_ t: Double, _ numbers: Vector) {
    if let noise {
      rowCount += 1
      return noise.append(t, numbers)
    }
    attempt { () throws(ReportError) in
      if let label { trajectory.append(label) }
      trajectory.append(t)
      trajectory.append(numbers)
      try trajectory.endRow()
      rowCount += 1
    }
  }

  func event(_ t: Double, _ name: String, _ numbers: Vector) {
    guard let events else { return }
    attempt { () throws(ReportError) in
      if let label { events.append(label) }
      events.append(t)
      events.append(name)
      events.append(numbers.slice(0, unknownCount))
      try events.endRow()
    }
  }

  /// Appends the finished rows of a case: as text, or as the numbers of rows that get noise.
  func append(_ rows: CSVRows, _ numbers: [Double], events eventRows: CSVRows?) {
    noise?.append(numbers)
    attempt { () throws(ReportError) in
      try trajectory.append(rows)
      if let events, let eventRows { try events.append(eventRows) }
    }
  }

  /// Takes over the rows of a run that is resumed.
  func copyRows(of run: String) {
    attempt { () throws(ReportError) in
      try trajectory.appendRows(ofTable: "\(run)/trajectory.csv")
      try events?.appendRows(ofTable: "\(run)/events.csv")
    }
  }

  private func attempt(_ write: () throws(ReportError) -> Void) {
    guard failure == nil else { return }
    do { try write() } catch { failure = error }
  }

  /// Puts the files in their places; the rows up to a failure are kept.
  ///
  /// - Throws: the first failure.
  func finish() throws(ReportError) {
    if let noise { attempt { () throws(ReportError) in try noise.write(to: trajectory) } }
    var first = failure
    do { try trajectory.finish() } catch { first = first ?? error }
    if let events {
      do { try events.finish() } catch { first = first ?? error }
    }
    if let first { throw first }
  }

  func abandon() {
    trajectory.abandon()
    events?.abandon()
  }

  /// Writes what the noise was into the summary; after ``finish()``.
  func tell(_ summary: inout Summary) { noise?.tell(&summary) }

  var names: [String] { ["trajectory.csv"] + (events == nil ? [] : ["events.csv"]) }
}

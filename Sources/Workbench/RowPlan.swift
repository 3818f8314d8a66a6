import Discretizations
import Problems

/// The times at which a run reads its solution: rows of the trajectory, and points of the reference.
struct RowPlan: Sendable {
  struct Entry: Sendable {
    var time: Double
    var isWritten: Bool
    /// Row of the reference table to compare with.
    var reference: Int?
  }

  var entries: [Entry]
  /// Whether every accepted step is a row instead.
  var atSteps: Bool

  /// - Parameter reference: times of the reference table, or empty.
  init(_ problem: InitialValueProblem, reference: [Double]) {
    let declared = problem.problem
    let name = problem.form.marching
    let isBackward = problem.end < problem.start
    var times: [Double] = []
    atSteps = false
    if let interval = declared.interval(name), let grid = declared.output[name] {
      if let points = grid.points(on: interval) { times = points } else { atSteps = true }
    }
    entries = times.map { Entry(time: $0, isWritten: true) }
    let span = (problem.end - problem.start).magnitude
    for (row, time) in reference.enumerated() {
      let lower = min(problem.start, problem.end)
      let inside = min(max(time, lower), lower + span)
      // A reference on the output grid may differ from it in the last digits.
      let near = entries.firstIndex {
        ($0.time - inside).magnitude <= 1e-12 * inside.magnitude
      }
      if let near {
        entries[near].reference = row
      } else {
        entries.append(Entry(time: inside, isWritten: false, reference: row))
      }
    }
    entries.sort { isBackward ? $0.time > $1.time : $0.time < $1.time }
  }

  var times: [Double] { entries.map(\.time) }
}

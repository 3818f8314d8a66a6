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
    let lower = min(problem.start, problem.end)
    let upper = max(problem.start, problem.end)
    // A grid's last point may be rounded past the end, where no step reaches it, or short of it.
    let ends = [lower, upper]
    entries = times.map { time in
      let end = ends.first { (time - $0).magnitude <= 4 * $0.ulp }
      return Entry(time: end ?? time, isWritten: true)
    }
    let grid = entries.indices.sorted { entries[$0].time < entries[$1].time }
    for (row, time) in reference.enumerated() {
      let inside = min(max(time, lower), upper)
      if let near = nearest(inside, grid) {
        entries[near].reference = row
      } else {
        entries.append(Entry(time: inside, isWritten: false, reference: row))
      }
    }
    entries.sort { isBackward ? $0.time > $1.time : $0.time < $1.time }
  }

  /// The row at a time of the reference, which may differ from the grid's in the last digits.
  private func nearest(_ time: Double, _ grid: [Int]) -> Int? {
    var (low, high) = (0, grid.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[grid[middle]].time < time { low = middle + 1 } else { high = middle }
    }
    return [low, low - 1].filter(grid.indices.contains).map { grid[$0] }.first {
      (entries[$0].time - time).magnitude <= 1e-12 * time.magnitude
    }
  }

  var times: [Double] { entries.map(\.time) }
}

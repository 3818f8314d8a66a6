import Discretizations
import Integrators
import Numerics
import Reports

/// What rows between the step ends cost, and how true they are.
package enum BenchRows {
  package static let problems = [
    "lorenz", "pleiades", "arenstorf", "brusselator", "van-der-pol", "rigid-body",
  ]
  package static let methods = ["tsit5", "dop853", "rk8pd", "rodas5p", "bdf", "rkf45", "msadams"]
  package static let rtol = 1e-8

  /// One method on one problem.
  package struct Result: Sendable {
    package var method: String
    /// Reports for 2, 200 and 2000 rows.
    package var reports: [SolveReport]
    /// The largest error of a component over 2000 rows, and over the step ends.
    package var errorAtRows: Double
    package var errorAtSteps: Double

    package var ratio: Double { errorAtRows / errorAtSteps }
    package var keepsSteps: Bool {
      reports.allSatisfy { $0.steps == reports[0].steps && $0.rejected == reports[0].rejected }
    }
  }

  /// Solves with each method; the truth is the package's own `dop853` at rtol 1e-14 with rows at all
  /// times compared.
  package static func results(_ problem: BenchProblem) throws -> [Result] {
    var found: [(Result, rows: Samples, steps: Samples)] = []
    for method in methods {
      let few = try sample(problem, method, rows: 2)
      let some = try sample(problem, method, rows: 200)
      let many = try sample(problem, method, rows: 2000)
      let reports = [few.report, some.report, many.report]
      let result = Result(method: method, reports: reports, errorAtRows: 0, errorAtSteps: 0)
      found.append((result, many.rows, many.steps))
    }
    let truth = try truth(problem, found.flatMap { $0.rows.times + $0.steps.times })
    return found.map { result, rows, steps in
      var result = result
      result.errorAtRows = rows.distance(to: truth)
      result.errorAtSteps = steps.distance(to: truth)
      return result
    }
  }

  /// States at times.
  final class Samples {
    var times: [Double] = []
    var states: [[Double]] = []

    func add(_ t: Double, _ y: Vector) {
      times.append(t)
      states.append(y.array)
    }

    func distance(to truth: [Double: [Double]]) -> Double {
      var largest = 0.0
      for (t, y) in zip(times, states) {
        guard let exact = truth[t] else { return .nan }
        for c in y.indices { largest = max(largest, (y[c] - exact[c]).magnitude) }
      }
      return largest
    }
  }

  private static func sample(
    _ problem: BenchProblem, _ method: String, rows count: Int
  ) throws -> (report: SolveReport, rows: Samples, steps: Samples) {
    let rows = Samples()
    let steps = Samples()
    let (start, end) = (problem.initial.start, problem.initial.end)
    let report = try problem.solve(method, rtol: rtol, atol: rtol) { settings, handlers in
      settings.rows = (0..<count).map { start + (end - start) * Double($0) / Double(count - 1) }
      settings.rows[count - 1] = end
      settings.rowsAtSteps = true
      handlers.row = { rows.add($0, $1) }
      handlers.stepRow = { steps.add($0, $1) }
    }
    return (report, rows, steps)
  }

  private static func truth(
    _ problem: BenchProblem, _ times: [Double]
  ) throws -> [Double: [Double]] {
    let found = Samples()
    _ = try problem.solve("dop853", rtol: 1e-14, atol: 1e-14) { settings, handlers in
      settings.rows = Set(times).sorted()
      handlers.row = { found.add($0, $1) }
    }
    return Dictionary(zip(found.times, found.states)) { first, _ in first }
  }

  static func measure(_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws {
    for name in problems {
      for result in try results(BenchProblem(name)) {
        let evaluations = result.reports.map { "\($0.counts.evaluations)" }.joined(separator: "/")
        let steps = result.reports.map { "\($0.steps)" }
        var row = BenchRow.compare(
          "\(name) \(result.method)", .error(result.errorAtRows), .error(result.errorAtSteps),
          atMost: 2)
        if !result.keepsSteps { row.isReached = false }
        row.note =
          "\(evaluations) f, "
          + (result.keepsSteps ? "\(steps[0]) steps each" : steps.joined(separator: "/") + " steps")
        try give(row)
      }
    }
  }
}

extension BenchTable {
  static let rows = BenchTable(
    name: "rows",
    about:
      "largest error over 2000 rows; theirs: over the step ends of the same run (rtol = atol = "
      + "1e-8; truth: own dop853 at 1e-14); evaluations for 2, 200, 2000 rows beside",
    body: BenchRows.measure)
}

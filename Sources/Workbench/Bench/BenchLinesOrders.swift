import Discretizations
import Integrators
import Glibc
import Integrators
import Problems
import Reports

/// Observed orders in space and in time on a problem whose conditions move: a Neumann and a Robin
/// condition with data, a conductivity that varies, the manufactured solution cos(2x − 3t) + x².
enum BenchLinesOrders {
  static func measure(_ give: (BenchRow) throws -> Void) throws {
    for order in [2, 4, 6] {
      let counts = order == 6 ? [33, 65] : [65, 129]
      let errors = try counts.map { try error(.difference(order), points: $0, rtol: 1e-12) }
      let observed = log2(errors[0] / errors[1])
      try give(
        row(
          "difference\(order), order", observed, Double(order) - 0.1,
          "errors \(short(errors[0])), \(short(errors[1])) on \(counts[0]) and \(counts[1]) points")
      )
    }
    let smooth = try error(.chebyshev, points: 24, rtol: 1e-12)
    try give(
      .bound("chebyshev, 24 points, error", .error(smooth), .atMost(.error(1e-10))))
    let times = try [40, 80].map { steps in
      try error(.chebyshev, points: 24, rtol: 1e-12, method: "rodas5p", step: 2 / Double(steps))
    }
    try give(
      row(
        "rodas5p with moving conditions, order", log2(times[0] / times[1]), 4.5,
        "errors \(short(times[0])), \(short(times[1])) for 40 and 80 steps"))
  }

  private static func row(_ what: String, _ order: Double, _ least: Double, _ note: String)
    -> BenchRow
  {
    .bound(what, .error(order), .atLeast(.error(least)), note: note)
  }

  /// The largest error at the end.
  private static func error(
    _ scheme: Scheme, points: Int, rtol: Double, method: String = "rodas5p", step: Double? = nil
  ) throws -> Double {
    var overrides = ["solve.method=\(method)", "solve.atol=1e-13"]
    if let step { overrides.append("solve.step=\(step)") }
    let problem = try ProblemFile.read("problems/heated-rod.yaml", overrides)
    let field = try BenchField(problem, scheme, points: [points])
    let run = try field.run(rtol: rtol)
    let t = run.report.t
    let truth = field.lines.grid.coordinates(0).map { cos(2 * $0 - 3 * t) + $0 * $0 }
    return BenchField.distance(run.fields, truth)
  }
}

import Integrators
import Reports

/// Pleiades and the Arenstorf orbit: evaluations for an accuracy, and accuracy at a tolerance.
package enum BenchNonstiff {
  package static let methods = ["dop853", "rk8pd", "tsit5", "auto"]
  /// GSL's rk8pd at rtol = atol = 1e-8 on its own driver: 3056 evaluations for mescd 7.12.
  package static let pleiades = 3056

  static func measure(_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws {
    let stars = try BenchProblem("pleiades")
    for method in methods {
      guard
        let found = try BenchFind.loosest(
          stars, method, mescd: 6.9, perDecade: 8, atol: { $0 })
      else { continue }
      let rtol = NumberText.text(found.rtol, digits: 2)
      try give(
        .compare(
          "pleiades \(method), rtol = atol = \(rtol)",
          .evaluations(found.report.counts.evaluations), .evaluations(pleiades),
          atMost: method == "rk8pd" ? 1 : nil,
          note: "mescd \(NumberText.text(found.mescd, digits: 3)), "
            + "\(found.report.steps)+\(found.report.rejected) steps"))
    }
    let orbit = try BenchProblem("arenstorf")
    for method in methods {
      let loose = try orbit.solve(method, rtol: 1e-11, atol: 1e-11)
      try give(closure(orbit, method, loose, 1e-11, unknownsOnly: true))
      let tight = try orbit.solve(method, rtol: 1e-12, atol: 1e-12)
      try give(closure(orbit, method, tight, 1e-12, unknownsOnly: false))
    }
  }

  private static func closure(
    _ orbit: BenchProblem, _ method: String, _ report: SolveReport, _ rtol: Double,
    unknownsOnly: Bool
  ) -> BenchRow {
    let what = unknownsOnly ? "position" : "state"
    return .bound(
      "arenstorf \(method), \(what) at \(NumberText.text(rtol))",
      .error(orbit.closure(report, unknownsOnly: unknownsOnly)), .atMost(.error(1e-8)),
      note: "\(report.counts.evaluations) evaluations")
  }
}

extension BenchTable {
  static let nonstiff = BenchTable(
    name: "nonstiff",
    about: "pleiades: evaluations for mescd >= 6.9 at the loosest rtol = atol = 10^(-k/8); theirs: "
      + "GSL's rk8pd on its own driver (mescd 7.1). arenstorf: how far the orbit is from closing",
    body: BenchNonstiff.measure)
}

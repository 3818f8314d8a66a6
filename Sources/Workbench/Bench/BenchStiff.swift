import Integrators
import Reports

/// The stiff set: van der Pol, Robertson, Oregonator, HIRES, Pollution; counts, not seconds.
package enum BenchStiff {
  package static let methods = ["rodas5p", "auto", "bdf"]
  package static let atol = 1e-12

  /// Problems and the right-hand sides of SciPy's Radau (1.17.1, exact Jacobian, rtol 1e-6,
  /// atol 1e-12).
  package static let problems: [(name: String, radau: Int)] = [
    ("van-der-pol-stiff", 7783), ("robertson", 3694), ("oregonator", 9748), ("hires", 2132),
    ("pollution", 967),
  ]

  static func measure(_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws {
    for (name, recorded) in problems {
      let problem = try BenchProblem(name)
      let peer = try BenchPython.stiff(problem, method: "Radau", rtol: 1e-6, atol: atol)
      let radau = peer?.evaluations ?? recorded
      var source = "Radau as recorded with SciPy 1.17.1"
      if let peer {
        let digits = NumberText.text(problem.mescd(y: peer.y), digits: 3)
        source = "Radau now: mescd \(digits), \(peer.jacobians) J, \(peer.factorizations) LU"
      }
      var best: (evaluations: Int, method: String)?
      for method in methods {
        let report = try problem.solve(method, rtol: 1e-6, atol: atol)
        try give(row(problem, method, report, radau, digits: 5, note: source))
        source = ""
        guard
          let found = try BenchFind.loosest(problem, method, mescd: 6, atol: { _ in atol })
        else { continue }
        try give(
          row(
            problem, "\(method), rtol \(NumberText.text(found.rtol, digits: 2))", found.report,
            radau, digits: 6, note: ""))
        let count = found.report.counts.evaluations
        if count < best?.evaluations ?? .max { best = (count, method) }
      }
      guard let best else { continue }
      try give(
        .compare(
          "\(name): mescd >= 6, best", .evaluations(best.evaluations), .evaluations(radau),
          atMost: 1, note: best.method))
    }
  }

  private static func row(
    _ problem: BenchProblem, _ label: String, _ report: SolveReport, _ radau: Int, digits: Double,
    note: String
  ) -> BenchRow {
    let mescd = problem.mescd(report)
    let counts = report.counts
    var row = BenchRow.compare(
      "\(problem.name) \(label)", .evaluations(counts.evaluations), .evaluations(radau))
    row.target = .atLeast(.digits(digits))
    row.isReached = mescd >= digits
    row.note =
      "mescd \(NumberText.text(mescd, digits: 3)), \(counts.jacobians) J, "
      + "\(counts.factorizations) LU, \(report.steps)+\(report.rejected) steps"
      + (note.isEmpty ? "" : "; " + note)
    return row
  }
}

extension BenchTable {
  static let stiff = BenchTable(
    name: "stiff",
    about: "right-hand sides and mescd at test-set end times, atol 1e-12; theirs: SciPy's Radau at "
      + "rtol 1e-6; below, the loosest rtol = 10^(-k/4) with mescd >= 6",
    body: BenchStiff.measure)
}

import Discretizations
import Integrators
import Problems
import Reports

/// Partial differential equations by lines, beside SciPy and py-pde on the same discrete systems.
package enum BenchLines {
  static func measure(_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws {
    try brusselator(options, give)
    try grayScott(options, give)
    try BenchLinesTruths.measure(options, give)
    try BenchLinesOrders.measure(give)
  }

  /// Dimensions 800, 8000 and 80,000; ours at the loosest tolerance as accurate as theirs.
  private static func brusselator(
    _ options: BenchOptions, _ give: (BenchRow) throws -> Void
  ) throws {
    var perUnknown: [Double] = []
    for dimension in [800, 8000, 80_000] {
      let repeats = dimension > 10_000 ? 3 : options.repeats
      let field = try BenchField(
        ProblemFile.read("problems/brusselator-1d.yaml", ["solve.atol=1e-6"]), .difference(2),
        points: [dimension / 2 + 2])
      let truth = try field.run(rtol: 1e-10).fields
      let peers = try BenchFieldPeers.brusselator(dimension: dimension, repeats: repeats)
      let best = peers.min { $0.seconds < $1.seconds }
      let goal = best?.error ?? 2e-5
      guard let found = try field.loosest(within: goal, of: truth) else { continue }
      let seconds = try BenchTiming.time(repeats: repeats) { _ = try field.run(rtol: found.rtol) }
      perUnknown.append(try growth(dimension) / Double(dimension))
      let counts = found.run.report.counts
      try give(
        .compare(
          "brusselator-1d, dimension \(dimension)", .seconds(seconds),
          best.map { .seconds($0.seconds) }, atMost: dimension > 10_000 ? nil : 1,
          note: "\(found.run.report.method), rtol \(NumberText.text(found.rtol, digits: 2)), "
            + "\(counts.evaluations) f, \(counts.factorizations) LU; errors "
            + "\(short(BenchField.distance(found.run.fields, truth))), "
            + "\(best.map { "\(short($0.error)) (\($0.method))" } ?? "SciPy not found")"))
    }
    guard let first = perUnknown.first, let last = perUnknown.last, perUnknown.count == 3 else {
      return
    }
    try give(
      .bound(
        "time an unknown, 80,000 over 800", .error(last / first), .atMost(.error(1.5)),
        note: "rodas5p at rtol 1e-6; 1: the cost grows linearly"))
  }

  /// Seconds of one method at one tolerance, whatever its error.
  private static func growth(_ dimension: Int) throws -> Double {
    let overrides = ["solve.atol=1e-6", "solve.method=rodas5p"]
    let field = try BenchField(
      ProblemFile.read("problems/brusselator-1d.yaml", overrides), .difference(2),
      points: [dimension / 2 + 2])
    return try BenchTiming.time(repeats: 3) { _ = try field.run(rtol: 1e-6) }
  }

  /// 256 by 256 points of spacing 1, t to 100.
  static let grayScottText = """
    variables: {x: [0, 256], y: [0, 256], t: [0, 100]}
    unknowns: [u, v]
    parameters: {Du: 0.16, Dv: 0.08, F: 0.04, k: 0.06}
    equations:
      - u_t = Du*laplace(u) - u*v^2 + F*(1 - u)
      - v_t = Dv*laplace(v) + u*v^2 - (F + k)*v
    conditions:
      - u = 1 - exp(-((x - 122.5)^2 + (y - 125.5)^2)/200)/2 at t = 0
      - v = exp(-((x - 132.5)^2 + (y - 129.5)^2)/200)/4 at t = 0
      - periodic in x
      - periodic in y
    solve: {atol: 1e-6}
    """

  private static func grayScott(
    _ options: BenchOptions, _ give: (BenchRow) throws -> Void
  ) throws {
    let field = try BenchField(
      BenchField.problem(grayScottText), .difference(2), points: [256, 256])
    let truth = try field.run(rtol: 1e-9).fields
    let peer = try BenchFieldPeers.grayScott(repeats: options.repeats).first
    let goal = peer?.error ?? 6e-5
    let plain = try field.run(rtol: 1e-4)
    let plainError = BenchField.distance(plain.fields, truth)
    let found =
      plainError <= goal ? (rtol: 1e-4, run: plain) : try field.loosest(within: goal, of: truth)
    guard let found else { return }
    let peerWords = peer.map { "\(short($0.error)) (\($0.method), \($0.evaluations) steps)" }
    let seconds = try BenchField.wallSeconds(repeats: options.repeats) {
      _ = try field.run(rtol: found.rtol)
    }
    try give(
      .compare(
        "gray-scott 256 x 256, t = 100", .seconds(seconds), peer.map { .seconds($0.seconds) },
        atMost: 1,
        note: "\(found.run.report.method), rtol \(NumberText.text(found.rtol, digits: 2)), "
          + "\(found.run.report.steps) steps; errors "
          + "\(short(BenchField.distance(found.run.fields, truth))), "
          + (peerWords ?? "py-pde not found")
      ))
  }
}

extension BenchTable {
  static let lines = BenchTable(
    name: "lines",
    about:
      "partial differential equations; theirs: SciPy's LSODA with a band Jacobian, and py-pde's "
      + "adaptive steps, on the same points; ours at the loosest rtol = 10^(-k/4) that is as "
      + "accurate; then errors against the gallery's truths, and observed orders",
    body: BenchLines.measure)
}

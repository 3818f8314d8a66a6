import Discretizations
import Glibc
import Integrators
import Problems
import Testing

@Suite("Lines converge") struct LinesOrderTests {
  /// Interval counts that halve the spacing; enough points for the stencils, few enough that the
  /// errors stay far above the tolerance of the integration.
  private func points(_ order: Int, _ item: ManufacturedCase) -> (Int, Int) {
    let cells = item.space.count > 1 ? [2: 12, 4: 14, 6: 14] : [2: 20, 4: 20, 6: 16]
    let count = cells[order] ?? 20
    let end = item.periodic.isEmpty ? 1 : 0
    return (count + end, 2 * count + end)
  }

  @Test("at the order of the differences", arguments: evolutionCases, [2, 4, 6])
  func order(_ item: ManufacturedCase, _ order: Int) throws {
    // One-sided fourth derivatives of order 6 have growing modes, which nothing in a beam damps.
    if order == 6, item.name.hasPrefix("beam") { return }
    let problem = try item.problem(solve: "method: rodas5p, rtol: 1e-10, atol: 1e-12")
    let (few, many) = points(order, item)
    let coarse = try evolve(problem, item.axes(.difference(order), few))
    let fine = try evolve(problem, item.axes(.difference(order), many))
    #expect(coarse.report.outcome == .reached)
    #expect(fine.report.outcome == .reached)
    // Coarse grids are not yet in the asymptotic range: a third of an order is left to them. Where
    // the error has come down to the integration's own, it says nothing.
    let observed = log2(coarse.error / fine.error)
    #expect(
      observed > Double(order) - 0.35 || fine.error < 2e-9,
      "order \(observed), errors \(coarse.error), \(fine.error)")
  }

  @Test("spectrally on smooth problems", arguments: evolutionCases)
  func spectral(_ item: ManufacturedCase) throws {
    let problem = try item.problem(solve: "method: rodas5p, rtol: 1e-11, atol: 1e-13")
    let result = try evolve(problem, item.axes(.chebyshev, item.space.count > 1 ? 14 : 18))
    #expect(result.report.outcome == .reached)
    // Rounding of the highest derivative's matrix is 1e-16·n⁶ and more for orders three and four.
    #expect(result.error < 2e-9, "error \(result.error)")
  }

  @Test(
    "in time at the order of rodas5p, with moving data",
    arguments: [("@u", "@u"), ("@u_x", "@u"), ("@u_x", "@u_x + 3*@u")],
    [Scheme.chebyshev, .difference(6)])
  func orderInTime(_ sides: (String, String), _ scheme: Scheme) throws {
    // A cubic in x, which both schemes differentiate exactly: all error is that of time.
    let item = ManufacturedCase(
      name: "moving", equations: ["@u_t - @u_xx + @u"],
      conditions: [(sides.0, "x = 0"), (sides.1, "x = 1")],
      truth: ["u": "(1 + x + x^3)*(1 + 0.5*sin(6*t))"], initial: ["@u"], end: 1)
    let errors = try [20, 40].map { steps in
      let problem = try item.problem(solve: "method: rodas5p, step: 1/\(steps)")
      return try evolve(problem, item.axes(scheme, scheme == .chebyshev ? 8 : 20)).error
    }
    let observed = log2(errors[0] / errors[1])
    #expect(observed >= 4.8, "order \(observed), errors \(errors)")
  }
}

@Suite("Elliptic problems converge") struct EllipticOrderTests {
  @Test("at the order of the differences", arguments: ellipticCases, [2, 4, 6])
  func order(_ item: ManufacturedCase, _ order: Int) throws {
    let problem = try item.problem()
    let cells = item.space.count == 1 ? 24 : 14
    let end = item.periodic.isEmpty ? 1 : 0
    let coarse = try solveElliptic(problem, item.axes(.difference(order), cells + end))
    let fine = try solveElliptic(problem, item.axes(.difference(order), 2 * cells + end))
    #expect(coarse.report.isConverged && fine.report.isConverged)
    let observed = log2(coarse.error / fine.error)
    // Beyond 1e-10 the rounding of the fourth derivative is left. The equation that a pin replaces
    // leaves its own residual at one node: h² log h. Wall vorticity is found from the slope of the
    // stream function, of which it is the derivative: one order less.
    let losses = ["pure Neumann, pinned": 0.7, "streamfunction and vorticity": 1]
    let loss = losses[item.name] ?? 0.35
    #expect(
      observed > Double(order) - loss || fine.error < 1e-10,
      "order \(observed), errors \(coarse.error), \(fine.error)")
  }

  @Test("spectrally", arguments: ellipticCases)
  func spectral(_ item: ManufacturedCase) throws {
    let result = try solveElliptic(try item.problem(), item.axes(.chebyshev, 18))
    #expect(result.report.isConverged)
    #expect(result.error < 1e-9, "error \(result.error)")
  }

  @Test("wide differences on a large grid need the factors of order 2 once")
  func deferred() throws {
    let item = ellipticCases[0]
    let result = try solveElliptic(try item.problem(), item.axes(.difference(4), 90))
    #expect(result.report.isConverged)
    #expect(result.report.factorizations == 1)
    #expect(result.report.iterations == 1)
    // The symbol of order 4 lies within 4/3 of that of order 2: twelve iterations and some at the
    // faces give ten digits.
    #expect(result.report.linearIterations <= 30)
    #expect(result.error < 1e-6)
  }

  @Test("continuation reaches where Newton's iteration alone fails")
  func continuation() throws {
    let text = """
      variables: {x: [0, 1]}
      unknowns: [u]
      parameters: {k: 25}
      equations: ["u_xx = k*sinh(k*u)"]
      conditions: [u = 0 at x = 0, u = 1 at x = 1]
      solve: {continue: {parameter: k, from: 1}}
      """
    let problem = try ProblemReader.read(bytes: Array(text.utf8), file: "troesch.yaml")
    let grading = Grading(near: [1], ratio: 1e5)
    let axis = AxisSpec(
      name: "x", lower: 0, upper: 1, scheme: .difference(4), points: 400, grading: grading)
    let elliptic = try EllipticProblem(problem, axes: [axis])
    let solution = try elliptic.solve()
    #expect(solution.report.isConverged)
    #expect(solution.report.continuation.last == 25)
    #expect(solution.report.continuation.count > 3)
  }
}

import Discretizations
import Integrators
import Numerics
import Problems
import Testing

@Suite("What lines refuse") struct LinesRefusalTests {
  private func axis(_ points: Int = 20, _ scheme: Scheme = .difference(2)) -> AxisSpec {
    AxisSpec(name: "x", lower: 0, upper: 1, scheme: scheme, points: points)
  }

  private func read(_ text: String) throws -> Problem {
    try ProblemReader.read(bytes: Array(text.utf8), file: "p.yaml")
  }

  private func heat(_ rest: String = "", equation: String = "u_t = u_xx") -> String {
    """
    variables: {x: [0, 1], t: [0, 1]}
    unknowns: [u]
    equations: ["\(equation)"]
    conditions: [u = 1 at t = 0, u = 1 at x = 0, u = 1 at x = 1]
    \(rest)
    """
  }

  /// The first line of the refusal.
  private func refusal(_ text: String, _ axes: [AxisSpec]) throws -> String {
    let problem = try read(text)
    do {
      if problem.marching == nil {
        _ = try EllipticProblem(problem, axes: axes).solve()
      } else {
        _ = try LinesProblem(problem, axes: axes).initialState()
      }
    } catch let faults as ProblemFaults {
      return faults.description.split(separator: "\n").first.map(String.init) ?? ""
    }
    return ""
  }

  @Test("a highest time derivative differentiated in space")
  func mixed() throws {
    #expect(
      try refusal(heat(equation: "u_t - u_xxt = u_xx"), [axis()])
        == "p.yaml:3:13: u_txx differentiates a highest derivative in 't' by a space variable; "
        + "declare another unknown for all that 't' differentiates, such as w = u - u_xx, and "
        + "write w_t in this equation")
  }

  @Test("events")
  func events() throws {
    #expect(
      try refusal(heat("events: {stop: {when: t - 0.5, terminal: true}}"), [axis()])
        == "p.yaml:5:10: event 'stop' stands beside a partial differential equation, whose "
        + "unknowns are fields; remove it, and end an interval where the solution is to stop")
  }

  @Test("grids with too few points")
  func points() throws {
    #expect(
      try refusal(heat(), [axis(4, .difference(4))])
        == "p.yaml:1:1: 4 points along 'x' are too few for derivatives of order 2 by difference4; "
        + "use at least 7")
  }

  @Test("grids that would not fit into memory")
  func memory() throws {
    let text = try refusal(heat(), [axis(4_000_000_000)])
    #expect(text.hasPrefix("p.yaml:1:1: a grid of 4000000000 points needs about "))
    #expect(text.hasSuffix("use fewer points, or a difference scheme of lower order"))
  }

  @Test("a start that does not give the unknown")
  func start() throws {
    let text = """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = u_xx"]
      conditions: [u_x = 1 at t = 0, u = 1 at x = 0, u = 1 at x = 1]
      """
    #expect(
      try refusal(text, [axis()])
        == "p.yaml:4:14: the condition at the start does not give an unknown; write it as "
        + "u = value at t = 0.0")
  }

  @Test("an elliptic system whose equations say the same")
  func singular() throws {
    let text = """
      variables: {x: [0, 1]}
      unknowns: [u, v]
      equations: ["u_xx + v_xx = 1", "2*u_xx + 2*v_xx = 2"]
      conditions: [u = 0 at boundary, v = 0 at boundary]
      """
    #expect(
      try refusal(text, [axis()])
        == "p.yaml:4:1: the discrete system is singular: the conditions do not determine the "
        + "solution; add a condition, or pin a constant at a point, such as u = 0 at x = 0.0")
  }

  @Test("an index above 1")
  func index() throws {
    let text = """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u, p]
      equations: ["u_t = u_xx - p", "u = sin(x)*cos(t)"]
      conditions: [u = sin(x) at t = 0, u = 0 at x = 0, u = sin(1)*cos(t) at x = 1]
      """
    let problem = try read(text)
    #expect(throws: InitialStateError.self) {
      _ = try LinesProblem(problem, axes: [axis()]).initialState()
    }
  }
}

@Suite("What lines give") struct LinesOutputTests {
  @Test("samples between the nodes, derivatives in observables, highest derivatives as rates")
  func samples() throws {
    let text = """
      variables: {x: [0, 2], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = u_xx - 2"]
      conditions: [u = x^2 at t = 0, u = 0 at x = 0, u = 4 at x = 2]
      observables: {slope: u_x, flux: x*u_xx, rate: u_t, change: u_xt}
      exact: {u: x^2}
      solve: {method: rodas5p}
      """
    let problem = try ProblemReader.read(bytes: Array(text.utf8), file: "p.yaml")
    let axis = AxisSpec(name: "x", lower: 0, upper: 2, scheme: .difference(4), points: 21)
    let (error, report, lines) = try evolve(problem, [axis])
    #expect(report.outcome == .reached)
    // x² is a steady solution that the differences hold exactly.
    #expect(error < 1e-12)
    let places = [0, 0.123, 1.77, 2.0]
    let sampler = try lines.makeSampler([places])
    let y = Storage(report.y)
    let fields = Storage(21)
    defer { y.keep(fields) }
    lines.reconstruct(1, y.vector, into: fields.vector)
    sampler.sample(1, fields.vector)
    #expect(sampler.names == ["u", "slope", "flux", "rate", "change"])
    for (k, x) in places.enumerated() {
      // Derivatives of order m at spacing 0.1 carry rounding of 1e-16·10^m times some weights.
      #expect((sampler.columns[0][k] - x * x).magnitude < 1e-13)
      #expect((sampler.columns[1][k] - 2 * x).magnitude < 1e-12)
      #expect((sampler.columns[2][k] - 2 * x).magnitude < 1e-10)
      #expect(sampler.columns[3][k].magnitude < 1e-10)
      #expect(sampler.columns[4][k].magnitude < 1e-8)
    }
  }

  @Test("a problem that marches backwards")
  func backwards() throws {
    let text = """
      variables: {x: [0, 1], t: [0, 0.5]}
      unknowns: [u]
      equations: ["u_t = -u_xx"]
      conditions: ["u = sin(pi*x)*exp(pi^2*0.5) at t = 0.5", u = 0 at boundary]
      exact: {u: sin(pi*x)*exp(pi^2*t)}
      solve: {rtol: 1e-9}
      """
    let problem = try ProblemReader.read(bytes: Array(text.utf8), file: "p.yaml")
    let axis = AxisSpec(name: "x", lower: 0, upper: 1, scheme: .chebyshev, points: 16)
    let (error, report, lines) = try evolve(problem, [axis])
    #expect(lines.start == 0.5 && lines.end == 0)
    #expect(report.outcome == .reached)
    #expect(error < 1e-7)
  }

  @Test("the method that the equations ask for")
  func methods() throws {
    func method(_ equation: String, _ points: Int, _ settings: String = "rtol: 1e-6") throws
      -> String
    {
      let text = """
        variables: {x: [0, 1], t: [0, 1]}
        unknowns: [u]
        equations: ["\(equation)"]
        conditions: [u = sin(2*pi*x) at t = 0, periodic in x]
        solve: {\(settings)}
        """
      let problem = try ProblemReader.read(bytes: Array(text.utf8), file: "p.yaml")
      let axis = AxisSpec(
        name: "x", lower: 0, upper: 1, scheme: .difference(2), points: points, isPeriodic: true)
      return try LinesProblem(problem, axes: [axis]).method().name
    }
    #expect(try method("u_t = -u_x", 100) == "tsit5")
    #expect(try method("u_t = -u_x", 100, "rtol: 1e-9") == "dop853")
    #expect(try method("u_t = u_xx", 400) == "rodas5p")
    #expect(try method("u_t = u_xx", 400, "method: msadams") == "msadams")
  }

  @Test("steps cost evaluations, one Jacobian and one factorisation each")
  func counts() throws {
    let problem = try evolutionCases[2].problem(solve: "method: rodas5p, rtol: 1e-6")
    let report = try evolve(problem, evolutionCases[2].axes(.difference(4), 40)).report
    #expect(report.counts.jacobians == report.steps)
    #expect(report.counts.factorizations == report.steps + report.rejected)
  }

  @Test("a constant Jacobian is factored for each step size, not for each step")
  func constant() throws {
    let problem = try evolutionCases[0].problem(solve: "method: rodas5p, step: 0.05")
    let report = try evolve(problem, evolutionCases[0].axes(.difference(4), 40)).report
    #expect(report.steps == 10)
    #expect(report.counts.factorizations <= 3)
  }
}

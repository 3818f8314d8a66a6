import Discretizations
import Glibc
import Integrators
import Numerics
import Problems
import Testing

private func fieldProblem(_ text: String) throws -> Problem {
  try ProblemReader.read(bytes: Array(text.utf8), file: "p.yaml")
}

/// Integro-differential problems with manufactured solutions.
private let integralCases = [
  ManufacturedCase(
    name: "the mean as a source", equations: ["@u_t - @u_xx - integral(@u, x, 0, 1)"],
    conditions: [("@u", "x = 0"), ("@u_x", "x = 1")], truth: ["u": "sin(2*x + 1)*cos(t)"],
    initial: ["@u"]),
  ManufacturedCase(
    name: "a Volterra term and a square",
    equations: ["@u_t - @u_xx + integral(@u, x, 0, x)*@u - integral(@u^2, x, 0, 1)"],
    conditions: [("@u_x", "x = 0"), ("@u", "x = 1")], truth: ["u": "sin(2*x + 1)*exp(-t)"],
    initial: ["@u"]),
  ManufacturedCase(
    name: "a condition on the mean", equations: ["@u_t - @u_xx"],
    conditions: [("@u", "x = 0"), ("integral(@u, x, 0, 1)", "x = 1")],
    truth: ["u": "sin(2*x + 1)*cos(t)"], initial: ["@u"]),
  ManufacturedCase(
    name: "a value fed by an integral", equations: ["@u_t - @u_xx"],
    conditions: [("@u - 0.5*integral(@u^2, x, 0, 1)", "x = 0"), ("@u_x", "x = 1")],
    truth: ["u": "sin(2*x + 1)*cos(t)"], initial: ["@u"]),
  ManufacturedCase(
    name: "a double integral in the plane",
    equations: ["@u_t - laplace(@u) - integral(integral(@u*x, x, 0, 1), y, 0, 1)"],
    conditions: [("@u", "boundary")], truth: ["u": "sin(x + 2*y + t)"], space: ["x", "y"],
    initial: ["@u"], end: 0.1),
]

@Suite("Integro-differential problems") struct GridIntegralProblemTests {
  @Test("converge spectrally", arguments: integralCases)
  func spectral(_ item: ManufacturedCase) throws {
    let problem = try item.problem(solve: "method: rodas5p, rtol: 1e-11, atol: 1e-13")
    let result = try evolve(problem, item.axes(.chebyshev, item.space.count > 1 ? 12 : 18))
    #expect(result.report.outcome == .reached)
    // Rounding of the second derivative's matrix, times the conditioning of the integral condition.
    #expect(result.error < 2e-9, "error \(result.error)")
  }

  @Test("converge at the order of the differences", arguments: integralCases)
  func order(_ item: ManufacturedCase) throws {
    let problem = try item.problem(solve: "method: rodas5p, rtol: 1e-10, atol: 1e-12")
    let points = item.space.count > 1 ? (10, 20) : (20, 40)
    let coarse = try evolve(problem, item.axes(.difference(4), points.0 + 1))
    let fine = try evolve(problem, item.axes(.difference(4), points.1 + 1))
    let observed = log2(coarse.error / fine.error)
    #expect(observed > 3.65 || fine.error < 2e-9, "order \(observed)")
  }

  /// A convolution with cos π(x − s) over the period 2 multiplies cos πx by 1 and constants by 0.
  @Test("a periodic convolution has its closed form")
  func convolution() throws {
    let problem = try fieldProblem(
      """
      variables: {x: [0, 2], t: [0, 0.5]}
      unknowns: [u]
      equations: ["u_t = 0.1*u_xx + integral(cos(pi*(x - s))*u(s, t), s, 0, 2)"]
      conditions: [u = 2 + cos(pi*x) at t = 0, periodic in x]
      exact: {u: "2 + exp((1 - 0.1*pi^2)*t)*cos(pi*x)"}
      solve: {method: rodas5p, rtol: 1e-11, atol: 1e-13}
      """)
    let axis = AxisSpec(
      name: "x", lower: 0, upper: 2, scheme: .fourier, points: 8, isPeriodic: true)
    // The operator is exact: what is left is the error in time, as above.
    #expect(try evolve(problem, [axis]).error < 2e-9)
  }

  /// Ages move on at speed 1, everyone dies at rate 2, and births balance: b·∫ exp(−2a) = 1.
  @Test("births are an integral over all ages")
  func ages() throws {
    let problem = try fieldProblem(
      """
      variables: {a: [0, 1], t: [0, 1]}
      unknowns: [n]
      parameters: {b: 2/(1 - exp(-2))}
      equations: ["n_t + n_a = -2*n"]
      conditions: ["n = exp(-2*a) at t = 0", "n = integral(b*n, a, 0, 1) at a = 0"]
      exact: {n: "exp(-2*a)"}
      solve: {method: rodas5p, rtol: 1e-11, atol: 1e-13}
      """)
    let axis = AxisSpec(name: "a", lower: 0, upper: 1, scheme: .chebyshev, points: 16)
    #expect(try evolve(problem, [axis]).error < 1e-10)
    #expect(try WellPosedness.check(problem).isEmpty)
  }

  @Test("elliptic equations have integrals too")
  func elliptic() throws {
    let problem = try fieldProblem(
      """
      variables: {x: [0, 1], y: [0, 1]}
      unknowns: [u]
      functions: {f: "-2*pi^2*sin(pi*x)*sin(pi*y) - (4/pi^2)^2"}
      equations: ["laplace(u) - integral(integral(u, x, 0, 1), y, 0, 1)^2 = f"]
      conditions: [u = 0 at boundary]
      exact: {u: sin(pi*x)*sin(pi*y)}
      """)
    let axes = ["x", "y"].map {
      AxisSpec(name: $0, lower: 0, upper: 1, scheme: .chebyshev, points: 16)
    }
    #expect(try solveElliptic(problem, axes).error < 1e-10)
  }
}

@Suite("Observables with integrals of fields") struct GridObservableTests {
  private func sample(_ problem: Problem, _ axes: [AxisSpec], _ places: [[Double]]) throws -> (
    start: [Double], end: [Double], error: Double, names: [String]
  ) {
    let lines = try LinesProblem(problem, axes: axes)
    let y0 = try lines.initialState()
    let report = try lines.makeIntegration(y0, rows: []).run(from: lines.start, y0, to: lines.end)
    let (first, last) = (Storage(y0), Storage(report.y))
    let fields = Storage(lines.system.components.count * lines.grid.count)
    defer { first.keep(last, fields) }
    let sampler = try lines.makeSampler(places)
    lines.reconstruct(lines.start, first.vector, into: fields.vector)
    sampler.sample(lines.start, fields.vector)
    let start = sampler.columns.map { $0[0] }
    lines.reconstruct(report.t, last.vector, into: fields.vector)
    sampler.sample(report.t, fields.vector)
    let error = try sampler.integralError(report.t, fields.vector)
    return (start, sampler.columns.map { $0[0] }, error, sampler.names)
  }

  @Test("mass is conserved between walls without flux")
  func mass() throws {
    let problem = try fieldProblem(
      """
      variables: {x: [0, 1], t: [0, 0.1]}
      unknowns: [u]
      equations: ["u_t = d((1 + u^2)*u_x, x)"]
      conditions: ["u = 1 + cos(pi*x) at t = 0", u_x = 0 at boundary]
      observables: {mass: "integral(u, x, 0, 1)", left: "integral(u(s, t), s, 0, x)"}
      solve: {method: rodas5p, rtol: 1e-10, atol: 1e-12}
      """)
    let axis = AxisSpec(name: "x", lower: 0, upper: 1, scheme: .chebyshev, points: 32)
    let (start, end, error, names) = try sample(problem, [axis], [[0.5, 1]])
    #expect(names == ["u", "mass", "left"])
    // ∫ 1 + cos πx = 1 over the whole, 1/2 + 1/π over the left half.
    #expect(abs(start[1] - 1) < 1e-13 && abs(start[2] - (0.5 + 1 / Double.pi)) < 1e-13)
    // Chebyshev collocation conserves up to its own error, which 32 points bring to 1e-9.
    #expect(abs(end[1] - 1) < 1e-8)
    // Both rules are exact; interpolation rounds by n² = 1000 units in the last place and more.
    #expect(error < 1e-10)
  }

  /// One wave of the heat equation decays by exp(−2π²t); its energy ∫∫ u_x² + u_y² = π²/2 · u².
  @Test("energy over the plane has its closed form")
  func energy() throws {
    let problem = try fieldProblem(
      """
      variables: {x: [0, 1], y: [0, 1], t: [0, 0.05]}
      unknowns: [u]
      equations: ["u_t = laplace(u)"]
      conditions: ["u = sin(pi*x)*sin(pi*y) at t = 0", u = 0 at boundary]
      observables: {energy: "integral(integral(u_x^2 + u_y^2, x, 0, 1), y, 0, 1)"}
      solve: {method: rodas5p, rtol: 1e-9, atol: 1e-11}
      """)
    let axes = ["x", "y"].map {
      AxisSpec(name: $0, lower: 0, upper: 1, scheme: .chebyshev, points: 14)
    }
    let (start, end, error, _) = try sample(problem, axes, [[0.5], [0.5]])
    let expected = Double.pi * Double.pi / 2
    #expect(abs(start[1] - expected) < 1e-9)
    let decay = exp(-4 * Double.pi * Double.pi * 0.05)
    #expect(abs(end[1] / (expected * decay) - 1) < 1e-7)
    #expect(error < 1e-12)
  }

  /// A kink that no panel ends at: halving the panels' spacing moves the integral visibly.
  @Test("the error of the quadrature is seen")
  func roughIntegrand() throws {
    let problem = try fieldProblem(
      """
      variables: {x: [0, 1], t: [0, 0.01]}
      unknowns: [u]
      equations: ["u_t = u_xx"]
      conditions: ["u = 1 at t = 0", u_x = 0 at boundary]
      observables: {rough: "integral(u*sqrt(x), x, 0, 1)"}
      solve: {method: rodas5p}
      """)
    let axis = AxisSpec(name: "x", lower: 0, upper: 1, scheme: .chebyshev, points: 8)
    let (start, _, error, _) = try sample(problem, [axis], [[0.5]])
    let true0 = 2.0 / 3
    #expect(error > abs(start[1] - true0) / (2 * true0) && error < 1e-3)
  }
}

@Suite("Integrals that lines refuse") struct GridIntegralRefusalTests {
  private func refusal(_ term: String, observable: String? = nil) throws -> String {
    let problem = try fieldProblem(
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = u_xx + \(term)"]
      conditions: [u = 0 at t = 0, u = 0 at boundary]
      """ + (observable.map { "\nobservables: {o: \"\($0)\"}" } ?? ""))
    do {
      _ = try GridIntegralSource(problem)
      _ = try GridIntegralSource(observablesOf: problem)
    } catch let faults as ProblemFaults {
      return faults.description.split(separator: "\n").first.map(String.init) ?? ""
    }
    return ""
  }

  @Test("each with its place and what to do")
  func sentences() throws {
    #expect(
      try refusal("integral(u, t, 0, 1)")
        == "p.yaml:3:13: an integral over 't', which marches; add an unknown w with w_t = the "
        + "integrand, and 0 at the start")
    #expect(
      try refusal("integral(u(x, t - s), s, 0, 1)")
        == "p.yaml:3:13: u is read at another 't' than the present one; add an unknown w whose rate "
        + "is what the past contributes")
    #expect(
      try refusal("integral(u(s, t), s, 0, t)")
        == "p.yaml:3:13: a limit of integral(u(s, t), s, 0, t) depends on t; integrate between "
        + "fixed limits, with if(…) or heaviside(…) in the integrand")
    #expect(
      try refusal("integral(u(s*u, t), s, 0, 1)")
        == "p.yaml:3:13: u is read at a place that depends on u; read it at places made of the "
        + "space variables and of bound ones")
    #expect(
      try refusal("u", observable: "integral(u_t, x, 0, 1)")
        == "p.yaml:5:18: an integral holds u_t, a highest derivative; integrate lower derivatives, "
        + "or write what the equations say it is")
  }

  @Test("places outside of the interval")
  func outside() throws {
    let problem = try fieldProblem(
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: ["u_t = u_xx + integral(u(x + s, t), s, 0, 1)"]
      conditions: [u = 0 at t = 0, u = 0 at boundary]
      """)
    let axis = AxisSpec(name: "x", lower: 0, upper: 1, scheme: .difference(2), points: 9)
    let error = #expect(throws: GridIntegralError.self) {
      try LinesProblem(problem, axes: [axis])
    }
    #expect(error?.description.contains("outside of the variables' intervals") == true)
  }
}

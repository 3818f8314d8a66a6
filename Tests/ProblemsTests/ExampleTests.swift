import Expressions
import Problems
import Testing

@Suite("Examples of the format") struct ExampleTests {
  let folder: Folder

  init() throws { folder = try Folder(Sample.tables) }

  @Test("every sample is read, without a warning", arguments: Sample.all)
  func samples(_ text: String) throws {
    #expect(try folder.read(text).warnings.map(\.rendered) == [])
  }

  @Test("the Lorenz system")
  func lorenz() throws {
    let problem = try folder.read(Sample.lorenz)
    #expect(problem.title == "Lorenz system")
    #expect(problem.kind == .initialValue && problem.marching == "t")
    #expect(problem.unknowns == ["x", "y", "z"])
    #expect(problem.parameters.map(\.value) == [10, 28, 8.0 / 3])
    #expect(problem.equations.map(\.line) == [6, 7, 8] && problem.equations[0].column == 5)
    #expect(problem.solve.method == "rk8pd" && problem.solve.rtol == 1e-10)
    #expect(problem.solve.atol == .all(1e-12) && problem.solve.maxSteps == 1_000_000)
    #expect(problem.output["t"] == .count(2001))
    #expect(problem.conditions.map(\.subject?.name) == ["x", "y", "z"])
    #expect(problem.conditions[0].location == .face(variable: "t", value: 0, isUpper: false))
    #expect(problem.order(of: "x", in: "t") == 1)
  }

  @Test("the Burgers equation")
  func burgers() throws {
    let problem = try folder.read(Sample.viscousBurgers)
    #expect(problem.kind == .evolution && problem.marching == "t")
    #expect(problem.order(of: "u", in: "x") == 2 && problem.order(of: "u", in: "t") == 1)
    #expect(problem.reference?.accuracy == 1e-12)
    #expect(problem.reference?.table.column("u") == [0, -0.25, 0])
    #expect(problem.training == .network)
    #expect(problem.declared["train"]?["points"]?["interior"]?.text == "6000")
    #expect(problem.output == ["x": .count(201), "t": .count(101)])
  }

  @Test("a neural and a universal differential equation")
  func networks() throws {
    let spiral = try folder.read(Sample.spiral)
    #expect(spiral.training == .trajectory && spiral.hasNetworks && spiral.hasData)
    #expect(spiral.networks[0].outputs == ["fx", "fy"] && spiral.networks[0].hidden == [50])
    let x = try #require(spiral.data?.table.column("x"))
    #expect(x[0] == 2 && x[1].isNaN && x[2] == 0.1)
    let universal = try folder.read(Sample.lotkaVolterra)
    let delta = try #require(universal.estimates.first)
    #expect(delta.name == "delta" && delta.start == 1 && delta.lower == 0 && delta.upper == 5)
    #expect(
      universal.data?.trajectories == ["a", "a", "b", "b"] && universal.data?.noise == .all(0.05))
  }

  @Test("everything at once")
  func everything() throws {
    let problem = try folder.read(Sample.everything)
    #expect(problem.about == "two lines\nof text\n")
    #expect(problem.parameterValues[Symbol("μ")] == 1)
    #expect(problem.order(of: "x", in: "t") == 2 && problem.order(of: "w", in: "t") == 0)
    #expect(problem.forcings.map(\.interpolation) == [.cubic, .linear])
    #expect(problem.forcings[0].values == [1, 2, 0] && problem.forcings[1].column == "calm")
    #expect(problem.conditions[2].isData && problem.conditions[2].subject == Symbol("z"))
    #expect(problem.data?.noise == .each(["x": 0.1]))
    #expect(
      problem.data?.split == Split(validation: .fraction(0.2), test: .times(6...(.infinity))))
    let low = problem.events[0]
    #expect(low.direction == .down && low.count == 3 && !low.isTerminal)
    #expect(low.set.map(\.target) == [Symbol("x"), Symbol("x", ["t"])])
    #expect(problem.events[1].isTerminal)
    #expect(problem.units["x"] == "m (metre, SI)")
    #expect(problem.solve.atol == .each(["x": 1e-10, "z": 4e-3]))
    #expect(problem.solve.maxStep == 0.25 && problem.solve.breakpoints == [1, .pi])
    #expect(problem.solve.control == "PI" && problem.solve.norm == .max)
    #expect(problem.output["t"] == .logarithmic(count: 50, from: 1e-3))
  }

  @Test("scalars are text, whatever YAML would make of them")
  func textScalars() throws {
    let problem = try folder.read(
      """
      variables: {y: [0, 1e-1]}
      unknowns: [NO, on, yes]
      parameters: {beta: 8/3, gamma: 1e-6, null: 7}
      equations: [NO' = beta*on, "on' = gamma*null", yes' = 1]
      conditions: [NO = 0 at y = 0, on = 1 at y = 0, yes = 0 at y = 0]
      """)
    #expect(problem.unknowns == ["NO", "on", "yes"])
    #expect(problem.parameters.map(\.name) == ["beta", "gamma", "null"])
    #expect(problem.variables[0].upper == 0.1)
  }

  @Test(
    "the kind of a problem, and what marches",
    arguments: [
      ("at t = 0", Problem.Kind.initialValue, "t"), ("at t = 10", .initialValue, "t"),
    ])
  func kindOfOrdinary(_ place: String, _ kind: Problem.Kind, _ marching: String) throws {
    let problem = try folder.read(Sample.oscillator.with("at t = 0", place))
    #expect(problem.kind == kind && problem.marching == marching)
  }

  @Test("conditions at both ends make a boundary-value problem")
  func boundaryValue() throws {
    let text = Sample.oscillator.with("y = 0 at t = 0", "x = 0 at t = 10")
    let problem = try folder.read(text)
    #expect(problem.kind == .boundaryValue && problem.marching == nil)
    let poisson = try folder.read(
      "variables: {x: [0, 1]}\nunknowns: [u]\nequations: [laplace(u) = 1]\n"
        + "conditions: [u = 0 at boundary]\n")
    #expect(poisson.kind == .boundaryValue && poisson.order(of: "u", in: "x") == 2)
  }

  @Test("several variables: t marches, or solve.march, or none")
  func marching() throws {
    let text = Sample.burgers.with("t: [0, 1]", "s: [0, 1]").with("u_t", "u_s")
      .with("at t", "at s")
    #expect(try folder.read(Sample.burgers).marching == "t")
    #expect(try folder.read(text, overrides: ["solve.march=s"]).marching == "s")
    #expect(try folder.read(text).kind == .elliptic)
  }

  @Test("a place matches an end within 4 ulp, and no further")
  func places() throws {
    let end = 10 * (1.0 / 3)
    let text = Sample.oscillator.with("[0, 10]", "[0, 10/3]")
    func read(_ place: Double) throws -> Problem {
      try folder.read(text.with("at t = 0", "at t = \(place)"))
    }
    #expect(try read(end + 3 * end.ulp).conditions.count == 2)
    #expect(throws: ProblemFaults.self) { try read(end - 6 * end.ulp) }
  }

  @Test("an algebraic unknown needs no condition, and may have one")
  func algebraic() throws {
    let text = Sample.oscillator.with("y' = -x", "0 = x - y").with("  - y = 0 at t = 0\n", "")
    #expect(try folder.read(text).conditions.count == 1)
    #expect(try folder.read(text + "  - y = 1 at t = 0\n").conditions.count == 2)
  }

  @Test("exact solutions that hold raise no warning", arguments: Truth.all)
  func truth(_ truth: Truth) throws {
    #expect(try folder.read(truth.text).warnings.map(\.rendered) == [])
  }
}

/// Problems with their closed-form solutions: ordinary, boundary-value and partial.
struct Truth: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let text: String

  static let all = [
    Truth(
      testDescription: "oscillator",
      text: Sample.oscillator.with("k: 2", "k: 4")
        + "exact: {x: cos(2*t), y: -sin(2*t)/2}\n"),
    Truth(
      testDescription: "heat",
      text: """
        variables: {x: [0, 1], t: [0, 1]}
        unknowns: [u]
        equations: [u_t = u_xx]
        conditions: [u = sin(pi*x) at t = 0, u = 0 at boundary]
        exact: {u: exp(-pi^2*t)*sin(pi*x)}
        """),
    Truth(
      testDescription: "Poisson in a square",
      text: """
        variables: {x: [0, 1], y: [0, 1]}
        unknowns: [u]
        functions: {f: -2*pi^2*sin(pi*x)*sin(pi*y)}
        equations: [laplace(u) = f]
        conditions: [u = 0 at boundary]
        exact: {u: sin(pi*x)*sin(pi*y)}
        """),
    Truth(
      testDescription: "boundary values",
      text: """
        variables: {x: [0, 1]}
        unknowns: [u]
        equations: ["u'' = -pi^2*sin(pi*x)"]
        conditions: [u = 0 at x = 0, u + u' = -pi at x = 1]
        exact: {u: sin(pi*x)}
        """),
    Truth(
      testDescription: "a wave on a ring",
      text: """
        variables: {x: [0, 2*pi], t: [0, 1]}
        unknowns: [u]
        equations: [u_tt = u_xx]
        conditions: [u = sin(x) at t = 0, u_t = -cos(x) at t = 0, periodic in x]
        exact: {u: sin(x - t)}
        """),
  ]
}

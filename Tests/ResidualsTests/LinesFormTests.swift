import Glibc
import Numerics
import Problems
import Residuals
import Testing

/// A field with a closed form, measured at some places.
private struct LinesCase: Sendable, CustomTestStringConvertible {
  let name: String
  /// Without unknowns that are learned.
  let text: String
  let exact: @Sendable (_ x: Double, _ t: Double) -> Double
  var testDescription: String { name }

  static let places = [0.0, 0.13, 0.37, 0.5, 0.81, 1]
  static let times = [0.03, 0.1]

  func sample() -> TrajectorySample {
    var rows = "x,t,u\n"
    for x in Self.places { for t in Self.times { rows += "\(x),\(t),0\n" } }
    return TrajectorySample(name, text, data: rows)
  }

  /// The largest difference from the closed form; the residuals of zero data are the values.
  func error(points: Int) throws -> Double {
    let all = try sample().residuals(
      ["solve.grid={x: \(points)}", "solve.rtol=1e-10", "solve.atol=1e-12"])
    let found = all.values(all.initialParameters(seed: 1))
    let scale = 1e-6 * Double(Self.places.count * Self.times.count).squareRoot()
    // Rows are put in the order of time, then place.
    let expected = Self.times.flatMap { t in Self.places.map { exact($0, t) } }
    return zip(found, expected).reduce(0) { max($0, ($1.0 * scale - $1.1).magnitude) }
  }

  private static func file(_ equation: String, _ conditions: String) -> String {
    """
    variables: {x: [0, 1], t: [0, 0.1]}
    unknowns: [u]
    estimate: {k: {start: 1, bounds: [0, 9]}}
    equations: ["\(equation)"]
    conditions: \(conditions)
    data: {file: data.csv, noise: 1e-6}
    train: {unknowns: trajectory}
    """
  }

  static let all: [LinesCase] = [
    LinesCase(
      name: "Dirichlet, moving values",
      text: file(
        "u_t = k*u_xx",
        "['u = exp(x) + sin(pi*x) at t = 0', 'u = exp(t) at x = 0', 'u = exp(1 + t) at x = 1']")
    ) { x, t in exp(x + t) + exp(-.pi * .pi * t) * sin(.pi * x) },
    LinesCase(
      name: "Neumann",
      text: file(
        "u_t = k*u_xx", "['u = cos(pi*x) + x at t = 0', 'u_x = 1 at x = 0', 'u_x = k at x = 1']")
    ) { x, t in exp(-.pi * .pi * t) * cos(.pi * x) + x },
    LinesCase(
      name: "Robin at one end",
      // tan(w)·w = 1 has the root w below.
      text: file(
        "u_t = k*u_xx",
        "['u = cos(0.860333589019380*x) at t = 0', 'u_x = 0 at x = 0', 'u_x + u = 0 at x = 1']")
    ) { x, t in exp(-0.860333589019380 * 0.860333589019380 * t) * cos(0.860333589019380 * x) },
    LinesCase(
      name: "periodic, carried along",
      text: file(
        "u_t + 2*u_x = k*u_xx/10", "['u = sin(2*pi*x) at t = 0', periodic in x]")
    ) { x, t in exp(-0.4 * .pi * .pi * t) * sin(2 * .pi * (x - 2 * t)) },
    LinesCase(
      name: "a wave, second order in time",
      text: file(
        "u_tt = k*u_xx",
        "['u = sin(pi*x) at t = 0', 'u_t = pi*cos(pi*x) at t = 0', 'u = sin(pi*t) at x = 0', 'u_x = -pi*cos(pi*t) + 0*k at x = 1']"
      )
    ) { x, t in sin(.pi * x) * cos(.pi * t) + cos(.pi * x) * sin(.pi * t) },
  ]
}

@Suite("Evolution equations by lines")
struct LinesFormTests {
  // Integration is no finer than the noise asks for.
  private let tight = ["solve.rtol=1e-10", "solve.atol=1e-12", "data.noise=1e-8"]

  @Test("the formulas are of fourth order", .tags(.property), arguments: LinesCase.all)
  private func order(_ test: LinesCase) throws {
    let (coarse, fine) = (try test.error(points: 15), try test.error(points: 29))
    // Half the step: a sixteenth of the error; interpolation between nodes is of that order too, and
    // at fixed places its constant moves with the nodes.
    #expect(log2(coarse / fine) > 3.2, "\(coarse) to \(fine)")
    #expect(fine < 2e-4)
  }

  @Test("J of a field agrees with differences", .tags(.property), arguments: fieldCatalog)
  func jacobian(_ sample: TrajectorySample) throws {
    // The difference holds the steps of neither side: tight tolerances make both the derivative.
    let all = try sample.residuals(tight)
    let theta = all.someParameters()
    var numbers = Numbers(3)
    let direction = numbers.array(all.parameterCount)
    let found = all.pushed(theta, direction)
    let nodes: [Double] = [-2, -1, 0, 1, 2]
    let stencil = differenceWeights(nodes, order: 1)[1]
    let step = 1e-3
    var expected = [Double](repeating: 0, count: all.residualCount)
    for (node, weight) in zip(nodes, stencil) where weight != 0 {
      let moved = all.values(zip(theta, direction).map { $0 + node * step * $1 })
      for i in expected.indices { expected[i] += weight / step * moved[i] }
    }
    #expect(distance(expected, found) < 1e-6)
  }

  @Test("adjoints of a field agree with its sensitivities", .tags(.property))
  func adjoint() throws {
    let tight = ["solve.rtol=1e-8", "solve.atol=1e-10", "data.noise=1e-6"]
    let sample = fieldCatalog[0]
    let forward = try sample.residuals(tight)
    let adjoint = try sample.residuals(tight + ["train.gradient=interpolating-adjoint"])
    let theta = forward.someParameters()
    var numbers = Numbers(5)
    let weights = numbers.array(forward.residualCount)
    #expect(distance(forward.pulled(theta, weights), adjoint.pulled(theta, weights)) < 1e-5)
  }

  @Test("what is not written on lines is refused", .tags(.unit), arguments: LinesRefusal.all)
  private func refusals(_ refusal: LinesRefusal) throws {
    let problem = try refusal.sample.problem()
    do {
      _ = try TrajectoryPlan(problem)
      Issue.record("not refused")
    } catch let faults as ProblemFaults {
      #expect("\(faults)".contains(refusal.words), "\(faults)")
    }
  }
}

private let fieldCatalog: [TrajectorySample] = [
  TrajectorySample(
    "an unknown source of the field, diffusion sought",
    """
    variables: {x: [0, 1], t: [0, 0.2]}
    unknowns: [u]
    estimate: {D: {start: 0.3, bounds: [0, 3]}, left: {start: 0.2}}
    networks:
      r: {inputs: [u], outputs: [R], hidden: [5], activation: tanh}
    equations: [u_t = D*u_xx + R]
    conditions: [u = left + x at t = 0, u = left at x = 0, u_x = D at x = 1]
    data: {file: data.csv, noise: 0.1}
    solve: {grid: {x: 11}}
    train: {unknowns: trajectory}
    """,
    data: "t,x,u\n0,0.5,0.6\n0.1,0.25,0.4\n0.1,0.5,0.6\n0.1,1,1\n0.2,0.03,0.2\n0.2,0.77,\n"),
  TrajectorySample(
    "two fields, a network in both, of a flux and of the place",
    """
    variables: {x: [0, 2], t: [0, 0.3]}
    unknowns: [u, v]
    networks:
      f: {inputs: [u, v_x, x], outputs: [F, G], hidden: [4, 3], activation: tanh}
    equations: [u_t = 0.2*u_xx + F*v, v_t = 0.1*v_xx + G + F*cos(t)]
    conditions:
      - u = cos(pi*x) at t = 0
      - v = sin(pi*x) at t = 0
      - periodic in x
    data: {file: data.csv, noise: {u: 0.1, v: 0.2}}
    solve: {grid: {x: 10}}
    train: {unknowns: trajectory}
    """,
    data: "x,t,u,v\n0,0.1,1,\n0.7,0.1,,0.5\n1.3,0.3,0.2,0.1\n0.7,0.3,0.5,0.4\n1.95,0.2,1,0\n"),
  TrajectorySample(
    "diffusion that depends on the field",
    """
    variables: {x: [0, 1], t: [0, 0.2]}
    unknowns: [u]
    networks:
      k: {inputs: [u], outputs: [K], hidden: [4], activation: tanh}
    equations: ["u_t = d((0.5 + K^2)*u_x, x)"]
    conditions: [u = x^2 at t = 0, u_x = 0 at x = 0, u_x + 2*u = 4 at x = 1]
    data: {file: data.csv, noise: 0.1}
    solve: {grid: {x: 10}}
    train: {unknowns: trajectory}
    """,
    data: "x,t,u\n0,0.1,0.1\n0.5,0.1,0.4\n0.5,0.2,0.5\n"),
]

private struct LinesRefusal: Sendable, CustomTestStringConvertible {
  let name: String
  let sample: TrajectorySample
  let words: String
  var testDescription: String { name }

  init(
    _ name: String, variables: String = "x: [0, 1], t: [0, 1]", equation: String = "u_t = k*u_xx",
    conditions: String = "[u = 0 at t = 0, u = 0 at x = 0, u = 0 at x = 1]",
    more: String = "", columns: String = "x,t,u", row: String = "0.5,0.5,1", words: String
  ) {
    self.name = name
    self.words = words
    sample = TrajectorySample(
      name,
      """
      variables: {\(variables)}
      unknowns: [u]
      estimate: {k: {start: 1}}
      equations: ["\(equation)"]
      conditions: \(conditions)
      data: {file: data.csv}
      train: {unknowns: trajectory}
      \(more)
      """, data: columns + "\n" + row + "\n")
  }

  static let all = [
    LinesRefusal(
      "a condition that is not linear",
      conditions: "[u = 0 at t = 0, u = 0 at x = 0, 'u_x = -u^4 at x = 1']",
      words: "not linear in u"),
    LinesRefusal(
      "two space variables", variables: "x: [0, 1], y: [0, 1], t: [0, 1]",
      equation: "u_t = k*(u_xx + u_yy)", conditions: "[u = 0 at t = 0, u = 0 at boundary]",
      columns: "x,y,t,u", row: "0.5,0.5,0.5,1", words: "one space variable, and here are 2"),
    LinesRefusal(
      "two conditions at an end", equation: "u_t = -k*u_xxxx",
      conditions:
        "[u = 0 at t = 0, u = 0 at x = 0, u_x = 0 at x = 0, u = 0 at x = 1, u_x = 0 at x = 1]",
      words: "more conditions than unknowns"),
    LinesRefusal(
      "too few nodes", more: "solve: {grid: {x: 5}}", words: "9 nodes or more"),
  ]
}

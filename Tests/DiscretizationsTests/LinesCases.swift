import Discretizations
import Integrators
import Numerics
import Problems
import Testing

/// A problem with a manufactured solution: `@` stands for each unknown, and for its truth in turn.
///
/// The equation L(u) = L(e) holds for u = e whatever L is; e is a function of the file, so that the
/// reader differentiates it.
struct ManufacturedCase: Sendable, CustomTestStringConvertible {
  var name: String
  /// The left sides, with `@u` for unknown u.
  var equations: [String]
  /// Left sides and their places.
  var conditions: [(left: String, place: String)]
  var periodic: [String] = []
  /// Unknown to its truth.
  var truth: [String: String]
  var space = ["x"]
  var upper = 1.0
  /// Left sides at the start.
  var initial: [String] = []
  var end = 0.5
  var extra = ""

  var testDescription: String { name }

  private func expand(_ text: String, _ replacement: (String) -> String) -> String {
    truth.keys.reduce(text) { text, name in
      let parts = text.split(separator: "@\(name)", omittingEmptySubsequences: false)
      return parts.joined(separator: replacement(name))
    }
  }

  private func balanced(_ text: String) -> String {
    "\(expand(text) { $0 }) = \(expand(text) { "e\($0)" })"
  }

  /// The problem file; `t` marches where there are initial conditions.
  func text(solve: String) -> String {
    let names = truth.keys.sorted()
    let time = initial.isEmpty ? "" : ", t: [0, \(end)]"
    let intervals = space.map { "\($0): [0, \(upper)]" }.joined(separator: ", ")
    let rows =
      initial.map { "  - \(balanced($0)) at t = 0" }
      + conditions.map { "  - \(balanced($0.left)) at \($0.place)" }
      + periodic.map { "  - periodic in \($0)" }
    return """
      variables: {\(intervals)\(time)}
      unknowns: [\(names.joined(separator: ", "))]
      functions:
      \(names.map { "  e\($0): \(truth[$0] ?? "0")" }.joined(separator: "\n"))
      equations:
      \(equations.map { "  - \(balanced($0))" }.joined(separator: "\n"))
      conditions:
      \(rows.joined(separator: "\n"))
      exact: {\(names.map { "\($0): e\($0)" }.joined(separator: ", "))}
      solve: {\(solve)}
      \(extra)
      """
  }

  func problem(solve: String = "rtol: 1e-6") throws -> Problem {
    try ProblemReader.read(bytes: Array(text(solve: solve).utf8), file: "case.yaml")
  }

  func axes(_ scheme: Scheme, _ points: Int) -> [AxisSpec] {
    space.map { name in
      let isPeriodic = periodic.contains(name)
      return AxisSpec(
        name: name, lower: 0, upper: upper,
        scheme: isPeriodic && scheme == .chebyshev ? .fourier : scheme,
        points: points, isPeriodic: isPeriodic)
    }
  }
}

/// Evolution problems, one for each kind of condition and of term.
let evolutionCases: [ManufacturedCase] = [
  ManufacturedCase(
    name: "heat, moving Dirichlet data", equations: ["@u_t - @u_xx"],
    conditions: [("@u", "x = 0"), ("@u", "x = 1")], truth: ["u": "sin(2*x + 1)*cos(t)"],
    initial: ["@u"]),
  ManufacturedCase(
    name: "variable coefficient, Neumann and Robin", equations: ["@u_t - d((1 + x^2)*@u_x, x)"],
    conditions: [("@u_x", "x = 0"), ("@u_x + 2*@u", "x = 1")],
    truth: ["u": "exp(-t)*sin(2*x + 1)"], initial: ["@u"]),
  ManufacturedCase(
    name: "nonlinear diffusion and condition",
    equations: ["@u_t - d((1 + @u^2)*@u_x, x) + @u*@u_x"],
    conditions: [("@u^3 + @u_x", "x = 0"), ("@u", "x = 1")], truth: ["u": "1 + x*exp(-t) + x^3*t"],
    initial: ["@u"], end: 0.2),
  ManufacturedCase(
    name: "third order, periodic", equations: ["@u_t + @u*@u_x + 0.01*@u_xxx - 0.1*@u_xx"],
    conditions: [], periodic: ["x"], truth: ["u": "sin(2*pi*x)*cos(t) + 2"], initial: ["@u"],
    end: 0.2),
  ManufacturedCase(
    name: "third order, conditions in two layers", equations: ["@u_t + @u_xxx - @u_xx"],
    conditions: [("@u", "x = 0"), ("@u", "x = 1"), ("@u_x", "x = 1")],
    truth: ["u": "sin(x + t)"], initial: ["@u"], end: 0.1),
  ManufacturedCase(
    name: "reaction and cross diffusion",
    equations: ["@u_t - @u_xx - 0.2*@v_xx + @u*@v", "@v_t - 0.5*@v_xx - @u^2"],
    conditions: [
      ("@u", "x = 0"), ("@u_x + @v", "x = 1"), ("@v_x - @u", "x = 0"), ("@v", "x = 1"),
    ], truth: ["u": "cos(x)*exp(-t)", "v": "sin(x + t)"], initial: ["@u", "@v"]),
  ManufacturedCase(
    name: "wave, second order in time", equations: ["@u_tt - @u_xx"],
    conditions: [("@u", "x = 0"), ("@u_x", "x = 1")], truth: ["u": "sin(x + 1)*cos(2*t)"],
    initial: ["@u", "@u_t"]),
  ManufacturedCase(
    name: "wave with a transparent end", equations: ["@u_tt - @u_xx"],
    conditions: [("@u", "x = 0"), ("@u_t + @u_x", "x = 1")], truth: ["u": "sin(x + 1)*cos(2*t)"],
    initial: ["@u", "@u_t"]),
  ManufacturedCase(
    name: "a differential equation at the face", equations: ["@u_t - @u_xx"],
    conditions: [("@u_t + @u_x + @u", "x = 0"), ("@u", "x = 1")],
    truth: ["u": "sin(2*x + 1)*cos(t)"], initial: ["@u"]),
  ManufacturedCase(
    name: "an algebraic equation", equations: ["@u_t - @u_xx + @v", "@v_xx - @v + @u^2"],
    conditions: [("@u", "x = 0"), ("@u_x", "x = 1"), ("@v", "x = 0"), ("@v_x", "x = 1")],
    truth: ["u": "sin(x + 1)*cos(t)", "v": "cos(x)*exp(-t)"], initial: ["@u"], end: 0.2),
  ManufacturedCase(
    name: "beam, fourth order", equations: ["@u_tt + 0.01*@u_xxxx"],
    conditions: [("@u", "x = 0"), ("@u_x", "x = 0"), ("@u", "x = 1"), ("@u_xx", "x = 1")],
    truth: ["u": "sin(2*x + 1)*cos(t)"], initial: ["@u", "@u_t"], end: 0.2),
  ManufacturedCase(
    name: "two dimensions, mixed derivative",
    equations: ["@u_t - laplace(@u) - 0.5*@u_xy + @u*@u_x"],
    conditions: [("@u", "x = 0"), ("@u_x", "x = 1"), ("@u_y + @u", "y = 0"), ("@u", "y = 1")],
    truth: ["u": "sin(x + 2*y + t)"], space: ["x", "y"], initial: ["@u"], end: 0.1),
]

/// Problems in which nothing marches.
let ellipticCases: [ManufacturedCase] = [
  ManufacturedCase(
    name: "Poisson", equations: ["laplace(@u)"], conditions: [("@u", "boundary")],
    truth: ["u": "sin(2*x)*cos(3*y) + x"], space: ["x", "y"]),
  ManufacturedCase(
    name: "Helmholtz, Neumann and Robin", equations: ["laplace(@u) + 2*@u"],
    conditions: [("@u", "x = 0"), ("@u_x", "x = 1"), ("@u_y - @u", "y = 0"), ("@u_y", "y = 1")],
    truth: ["u": "sin(2*x + y)"], space: ["x", "y"]),
  ManufacturedCase(
    name: "quasilinear with a mixed derivative",
    equations: ["d((1 + @u^2)*@u_x, x) + d((1 + @u^2)*@u_y, y) + 0.3*@u_xy - @u^3"],
    conditions: [("@u", "x = 0"), ("@u_x + @u^2", "x = 1"), ("@u", "y = 0"), ("@u", "y = 1")],
    truth: ["u": "0.5*sin(x + 2*y)"], space: ["x", "y"]),
  ManufacturedCase(
    name: "pure Neumann, pinned", equations: ["laplace(@u)"],
    conditions: [
      ("@u_x", "x = 0"), ("@u_x", "x = 1"), ("@u_y", "y = 0"), ("@u_y", "y = 1"),
      ("@u", "x = 0, y = 0"),
    ], truth: ["u": "sin(2*x)*cos(3*y) + x"], space: ["x", "y"]),
  ManufacturedCase(
    name: "periodic in one variable", equations: ["laplace(@u) - @u*@u_x"],
    conditions: [("@u", "y = 0"), ("@u_y", "y = 1")], periodic: ["x"],
    truth: ["u": "sin(2*pi*x)*exp(-y) + y"], space: ["x", "y"]),
  ManufacturedCase(
    name: "streamfunction and vorticity",
    equations: ["laplace(@p) + @w", "@p_y*@w_x - @p_x*@w_y - 0.1*laplace(@w)"],
    conditions: [
      ("@p", "boundary"), ("@p_x", "x = 0"), ("@p_x", "x = 1"), ("@p_y", "y = 0"),
      ("@p_y", "y = 1"),
    ], truth: ["p": "sin(x)*sin(y + 1)", "w": "2*sin(x)*sin(y + 1)"], space: ["x", "y"]),
  ManufacturedCase(
    name: "clamped plate", equations: ["laplace(laplace(@u))"],
    conditions: [
      ("@u", "boundary"), ("@u_x", "x = 0"), ("@u_x", "x = 1"), ("@u_y", "y = 0"),
      ("@u_y", "y = 1"),
    ], truth: ["u": "sin(2*x + 1)*cos(y)"], space: ["x", "y"]),
  ManufacturedCase(
    name: "one dimension, fourth order", equations: ["@u_xxxx + @u*@u_xx"],
    conditions: [("@u", "x = 0"), ("@u_x", "x = 0"), ("@u", "x = 1"), ("@u_xx", "x = 1")],
    truth: ["u": "sin(2*x)"]),
]

/// The largest difference between samples and truth at the nodes.
func largestError(_ sampler: FieldSampler, _ t: Double) -> Double {
  let truth = sampler.truth(t)
  var largest = 0.0
  for (k, name) in sampler.exactNames.enumerated() {
    guard let place = sampler.names.firstIndex(of: name) else { return .nan }
    for i in 0..<sampler.count {
      let error = (sampler.columns[place][i] - truth[k][i]).magnitude
      if !(error <= largest) { largest = error }
    }
  }
  return largest
}

/// Integrates on one grid; the largest error at the end, over the nodes.
func evolve(
  _ problem: Problem, _ axes: [AxisSpec]
) throws -> (error: Double, report: SolveReport, lines: LinesProblem) {
  let lines = try LinesProblem(problem, axes: axes)
  let y0 = try lines.initialState()
  let report = try lines.makeIntegration(y0, rows: []).run(from: lines.start, y0, to: lines.end)
  let y = Storage(report.y)
  let fields = Storage(lines.system.components.count * lines.grid.count)
  defer { y.keep(fields) }
  lines.reconstruct(report.t, y.vector, into: fields.vector)
  let sampler = try lines.makeSampler(lines.grid.axes.map(\.nodes))
  sampler.sample(report.t, fields.vector)
  return (largestError(sampler, report.t), report, lines)
}

/// Solves on one grid; the largest error over the nodes.
func solveElliptic(
  _ problem: Problem, _ axes: [AxisSpec]
) throws -> (error: Double, report: EllipticReport) {
  let elliptic = try EllipticProblem(problem, axes: axes)
  let solution = try elliptic.solve()
  let fields = Storage(solution.fields)
  defer { fields.keep() }
  let sampler = try elliptic.makeSampler(elliptic.grid.axes.map(\.nodes))
  sampler.sample(0, fields.vector)
  return (largestError(sampler, 0), solution.report)
}

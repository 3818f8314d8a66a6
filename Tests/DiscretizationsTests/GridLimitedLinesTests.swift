import Discretizations
import Expressions
import Glibc
import Integrators
import Numerics
import Problems
import Testing

/// A problem file by lines with the scheme `limited` along every axis.
private func solve(_ text: String, _ axes: [AxisSpec], rtol: Double = 1e-5) throws -> (
  grid: Grid, fields: [Double], start: [Double], report: SolveReport
) {
  let problem = try ProblemReader.read(bytes: Array(text.utf8), file: "test.yaml")
  let lines = try LinesProblem(problem, axes: axes)
  let y0 = try lines.initialState()
  let full = Storage(lines.field.discrete.dimension)
  let y = Storage(y0)
  defer { full.keep(y) }
  lines.reconstruct(lines.start, y.vector, into: full.vector)
  let start = full.vector.array
  let integration = try lines.makeIntegration(y0, rtol: rtol, rows: [])
  let report = integration.run(from: lines.start, y0, to: lines.end)
  y.vector.assign(report.y)
  lines.reconstruct(lines.end, y.vector, into: full.vector)
  return (lines.grid, full.vector.array, start, report)
}

private func axis(
  _ points: Int, _ lower: Double, _ upper: Double, isPeriodic: Bool = false, name: String = "x"
) -> AxisSpec {
  AxisSpec(
    name: name, lower: lower, upper: upper, scheme: .limited, points: points,
    isPeriodic: isPeriodic)
}

@Suite("Problem files with the scheme limited") struct GridLimitedLinesTests {
  private let burgers = """
    variables: {x: [0, 1], t: [0, 1]}
    unknowns: [u]
    equations:
      - u_t + u*u_x = 0
    conditions:
      - u = if(x < 0.25, 1, 0) at t = 0
      - u = 1 at x = 0

    """

  @Test("inviscid Burgers: the shock runs at speed 1/2, without overshoot")
  func shock() throws {
    let cells = 200
    let run = try solve(burgers, [axis(cells + 1, 0, 1)])
    #expect(run.report.outcome == .reached)
    let moved = (run.fields.reduce(0, +) - run.start.reduce(0, +)) / Double(cells)
    // The node at x = 0 is held, and rows of the stepper obey sums exactly.
    #expect(abs(moved - 0.5) < 1e-9, "\(moved)")
    #expect(try #require(run.fields.max()) < 1.001 && #require(run.fields.min()) > -0.001)
    #expect(run.fields.count { $0 > 0.05 && $0 < 0.95 } <= 4)
  }

  @Test("a source, a forcing of time and a parameter beside the transport")
  func source() throws {
    // u = exp(-k·t)·sin(2π(x − c·t²/2)) solves u_t + c·t·u_x = −k·u.
    let text = """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      parameters: {c: 1.5, k: 0.5}
      equations:
        - u_t + c*t*u_x = -k*u
      conditions:
        - u = sin(2*pi*x) at t = 0
        - periodic in x

      """
    let run = try solve(text, [axis(100, 0, 1, isPeriodic: true)], rtol: 1e-8)
    for (x, value) in zip(run.grid.axes[0].nodes, run.fields) {
      let exact = exp(-0.5) * sin(2 * Double.pi * (x - 0.75))
      #expect(abs(value - exact) < 2e-6)
    }
  }

  @Test("two components in two dimensions: a wave from the middle of a square is symmetric")
  func planeWaves() throws {
    let text = """
      variables: {x: [-1, 1], y: [-1, 1], t: [0, 0.5]}
      unknowns: [p, v, w]
      equations:
        - p_t + v_x + w_y = 0
        - v_t + p_x = 0
        - w_t + p_y = 0
      conditions:
        - p = exp(-20*(x^2 + y^2)) at t = 0
        - v = 0 at t = 0
        - w = 0 at t = 0
        - periodic in x
        - periodic in y

      """
    let spec = axis(40, -1, 1, isPeriodic: true)
    let run = try solve(text, [spec, axis(40, -1, 1, isPeriodic: true, name: "y")])
    let n = run.grid.count
    var asymmetry = 0.0
    for node in 0..<n {
      let place = run.grid.place(node)
      let mirror = run.grid.index([place[1], place[0]])
      asymmetry = max(asymmetry, abs(run.fields[node] - run.fields[mirror]))
    }
    #expect(asymmetry < 1e-12, "x and y are treated alike")
    let before = run.start[0..<n].reduce(0, +)
    #expect(abs(run.fields[0..<n].reduce(0, +) - before) < 1e-9, "the mean pressure is kept")
    #expect(run.fields[0..<n].reduce(0) { max($0, abs($1)) } < 0.5, "it spreads")
  }

  @Test("equations that are not linear in the derivative are refused")
  func refusal() throws {
    let text = burgers.replacingFirst("u*u_x", "u_x^2") + "solve: {scheme: limited}\n"
    let problem = try ProblemReader.read(bytes: Array(text.utf8), file: "test.yaml")
    let faults = #expect(throws: ProblemFaults.self) {
      try LinesProblem(problem, axes: [axis(50, 0, 1)])
    }
    #expect(
      faults?.diagnostics.first?.message
        == "the scheme 'limited' needs equations linear in 'u_x', which 'u_x' multiplies")
  }
}

extension String {
  fileprivate func replacingFirst(_ old: String, _ new: String) -> String {
    guard let range = firstRange(of: old) else { return self }
    return String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
  }
}

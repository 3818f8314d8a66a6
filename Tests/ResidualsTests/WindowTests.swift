import Expressions
import Glibc
import Networks
import Numerics
import Problems
import Residuals
import Testing

/// Evolutions whose windows must go on where the one before ends.
let windowCatalog: [Sample] = [
  Sample(
    "heated rod, walls that move",
    """
    variables: {x: [0, 1], t: [0, 2]}
    unknowns: [u]
    equations: [u_t = u_xx/4 + u*u_x]
    conditions: ["u = sin(pi*x) at t = 0", "u = sin(t) at x = 0", "u = t at x = 1"]
    """),
  Sample(
    "periodic, fourth order",
    """
    variables: {x: [0, 6], t: [1, 3]}
    unknowns: [u]
    equations: [u_t + u*u_x + u_xx + u_xxxx/9 = 0]
    conditions: ["u = cos(pi*x/3) at t = 1", periodic in x]
    """),
  Sample(
    "two unknowns, three variables",
    """
    variables: {x: [0, 1], y: [-1, 1], t: [0, 1]}
    unknowns: [u, v]
    equations: [u_t = laplace(u) - u*v, 2*v_t = laplace(v) + u]
    conditions: ["2*u = x*y at t = 0", "v = 1 at t = 0", "u = x*y/2 at boundary",
      "v_x = 0 at x = 0", "v_x = 0 at x = 1", "v = 1 at y = -1", "v = 1 at y = 1"]
    """),
  Sample(
    "ordinary, from the end",
    """
    variables: {s: [0, 3]}
    unknowns: [a, b]
    equations: ["a' = b", "b' = -a"]
    conditions: [a = 1 at s = 3, b = 2 at s = 3]
    """),
]

@Suite("Windows") struct WindowTests {
  /// Windows with random parameters, one after the other.
  private static func windows(_ sample: Sample, _ count: Int, _ overrides: [String] = []) throws
    -> [(residuals: PhysicsResiduals, theta: [Double])]
  {
    let small = [
      "network.hidden=[6, 5]", "train.points.interior=40", "train.points.boundary=16",
      "train.windows=\(count)",
    ]
    let problem = try sample.problem(small + overrides)
    let plan = try PhysicsPlan(problem)
    var numbers = Numbers(5)
    var made: [(residuals: PhysicsResiduals, theta: [Double])] = []
    for index in 0..<count {
      let residuals = try PhysicsResiduals(
        problem.window(index, of: count), plan, threads: 2,
        following: made.last.map { GivenField($0.residuals, $0.theta) })
      if let last = made.last {
        // The network starts from that of the window before, its last layer zero.
        let start = residuals.initialParameters
        let outputs = plan.shape.outputBlocks.reduce(0) { $0 + $1.count }
        #expect(start.dropLast(outputs) == last.theta.dropLast(outputs))
        #expect(outputs >= 6 && start.suffix(outputs).allSatisfy { $0 == 0 })
      }
      made.append((residuals, numbers.array(residuals.parameterCount, size: 0.7)))
    }
    return made
  }

  private static func values(
    _ window: (residuals: PhysicsResiduals, theta: [Double]), _ leaves: [Symbol],
    _ points: [Double]
  ) throws -> [[Double]] {
    try borrowed(window.theta) { theta in
      try window.residuals.evaluate(leaves.map { .symbol($0) }, theta, at: points)
    }
  }

  /// Points of a window with the marching variable, the last, at one place.
  private static func points(_ problem: Problem, at place: Double) -> [Double] {
    [0.0, 0.13, 0.5, 0.77, 1].flatMap { part in
      problem.variables.dropLast().map { $0.lower + part * ($0.upper - $0.lower) } + [place]
    }
  }

  @Test("go on at the seam, derivatives along it too", .tags(.property), arguments: windowCatalog)
  func seams(_ sample: Sample) throws {
    let windows = try WindowTests.windows(sample, 3)
    for (before, after) in zip(windows, windows.dropFirst()) {
      let (first, second) = (before.residuals.problem, after.residuals.problem)
      let axis = first.variables.count - 1
      let isDown = first.marchesDown
      let seam = isDown ? first.variables[axis].lower : first.variables[axis].upper
      #expect(seam == (isDown ? second.variables[axis].upper : second.variables[axis].lower))
      let along = first.variables.dropLast().map(\.name)
      let leaves = first.unknowns.flatMap { unknown in
        [Symbol(unknown)] + along.flatMap { [Symbol(unknown, [$0]), Symbol(unknown, [$0, $0])] }
      }
      let points = WindowTests.points(first, at: seam)
      let (a, b) = (
        try WindowTests.values(before, leaves, points),
        try WindowTests.values(after, leaves, points)
      )
      for (leaf, (a, b)) in zip(leaves, zip(a, b)) {
        let size = a.reduce(1) { max($0, $1.magnitude) }
        // Walls are lifted by values that cancel: rounding, of derivatives of polynomials.
        for (x, y) in zip(a, b) { #expect((x - y).magnitude < 1e-12 * size, "\(leaf)") }
      }
    }
  }

  @Test("keep the walls, and differentiate what they start from", .tags(.property))
  func inside() throws {
    let window = try WindowTests.windows(windowCatalog[0], 3)[2]
    let u = Symbol("u")
    let walls = try WindowTests.values(window, [u], [0, 1.4, 1, 1.4, 0, 1.9, 1, 1.9])[0]
    let wanted = [sin(1.4), 1.4, sin(1.9), 1.9]
    for (value, wanted) in zip(walls, wanted) { #expect((value - wanted).magnitude < 1e-14) }
    let h = 1e-3
    let around = [-2.0, -1, 0, 1, 2].flatMap { [0.3 + $0 * h, 1.6] }
    let along = [-2.0, -1, 0, 1, 2].flatMap { [0.3, 1.6 + $0 * h] }
    let (x, t) = (
      try WindowTests.values(window, [u], around)[0], try WindowTests.values(window, [u], along)[0]
    )
    let slopes = try WindowTests.values(
      window, [Symbol("u", ["x"]), Symbol("u", ["x", "x"]), Symbol("u", ["t"])], [0.3, 1.6])
    func slope(_ v: [Double]) -> Double { (v[0] - 8 * v[1] + 8 * v[3] - v[4]) / (12 * h) }
    let second = (-x[0] + 16 * x[1] - 30 * x[2] + 16 * x[3] - x[4]) / (12 * h * h)
    // Differences of order 4: h⁴ times derivatives of size 100, and rounding over h and h².
    #expect((slopes[0][0] - slope(x)).magnitude < 1e-9)
    #expect((slopes[1][0] - second).magnitude < 1e-7)
    #expect((slopes[2][0] - slope(t)).magnitude < 1e-9)
  }

  @Test("penalise the jump where the start is penalised", .tags(.unit))
  func penalties() throws {
    let windows = try WindowTests.windows(
      leastSquaresCatalog[0], 2, ["train.points.sampler=grid"])
    let residuals = windows[1].residuals
    let all = borrowed(windows[1].theta) { theta in
      filled(residuals.residualCount) { residuals.residual(theta, into: $0) }
    }
    let names = ["u = sin(pi*x) at t = 0", "u_t = x*u at t = 0"]
    #expect(residuals.blocks.map(\.name) == windows[0].residuals.blocks.map(\.name))
    let points = (0..<16).flatMap { [(Double($0) + 0.5) / 16, 0.5] }
    let leaves = [Symbol("u"), Symbol("u", ["t"])]
    let (a, b) = (
      try WindowTests.values(windows[0], leaves, points),
      try WindowTests.values(windows[1], leaves, points)
    )
    for (row, name) in names.enumerated() {
      let block = try #require(residuals.blocks.first { $0.name == name })
      for point in 0..<16 {
        var jump = b[row][point] - a[row][point]
        // What the second condition says of the unknown is u_t - x·u.
        if row == 1 { jump -= points[2 * point] * (b[0][point] - a[0][point]) }
        let expected = (block.weight / 16).squareRoot() * jump
        let found = all[block.rows.lowerBound + point]
        #expect((found - expected).magnitude < 1e-12 * max(1, expected.magnitude), "\(name)")
      }
    }
  }

  @Test("have rows of J that are derivatives of r", .tags(.property))
  func slopes() throws {
    let window = try WindowTests.windows(windowCatalog[2], 2)[1]
    let (residuals, theta) = (window.residuals, window.theta)
    var numbers = Numbers(6)
    let v = numbers.array(residuals.parameterCount)
    func residual(_ step: Double) -> [Double] {
      borrowed(zip(theta, v).map { $0 + step * $1 }) { moved in
        filled(residuals.residualCount) { residuals.residual(moved, into: $0) }
      }
    }
    let product = borrowed(theta) { theta in
      borrowed(v) { v in
        filled(residuals.residualCount) { residuals.product(theta, v, into: $0) }
      }
    }
    let h = 1e-4
    let difference = zip(residual(h), residual(-h)).map { ($0 - $1) / (2 * h) }
    // Differences of order 2.
    #expect(norm(zip(product, difference).map(-)) < 1e-6 * norm(product))
  }

  @Test("parts of an interval share their ends", .tags(.unit))
  func parts() throws {
    let text = """
      variables: {t: [0.1, 0.7]}
      unknowns: [u]
      equations: ["u' = -u"]
      conditions: [u = 1 at t = 0.1]
      output: {t: 7}
      """
    let problem = try Sample("decay", text).problem()
    let windows = (0..<3).map { problem.window($0, of: 3) }
    #expect(windows[0].variables[0].lower == 0.1 && windows[2].variables[0].upper == 0.7)
    #expect(windows[1].variables[0].lower == windows[0].variables[0].upper)
    #expect(windows.map { $0.output["t"]?.count } == [3, 3, 3])
    #expect(windows[0].conditions[0].condition == problem.conditions[0].condition)
    #expect(windows[1].conditions[0].condition.right == .symbol(Problem.previous(Symbol("u"))))
  }
}

import Discretizations
import Glibc
import Numerics
import Testing

/// Fields that transport alone moves, stepped by the third-order Runge-Kutta method of Shu & Osher.
private final class Flow {
  private let transport: LimitedTransport
  let state: Storage
  private let (rates, stage): (Storage, Storage)
  /// Sets the values that conditions prescribe.
  var impose: (Double, Vector) -> Void = { _, _ in }

  init(
    _ grid: Grid, _ components: [(Int) -> Double], _ matrices: @escaping LimitedTransport.Matrices
  ) {
    transport = LimitedTransport(grid, components: components.count, matrices: matrices)
    state = Storage(components.flatMap { (0..<grid.count).map($0) })
    rates = Storage(state.vector.count)
    stage = Storage(state.vector.count)
  }

  var values: [Double] { state.vector.array }

  func rate(_ t: Double, _ y: Vector) -> Vector {
    rates.vector.fill(0)
    transport.add(t, y, to: rates.vector)
    return rates.vector
  }

  func run(to end: Double, steps: Int) {
    let (y, a, h) = (state.vector, stage.vector, end / Double(steps))
    for step in 0..<steps {
      let t = h * Double(step)
      for (kept, start, next) in [
        (0.0, t, t + h), (0.75, t + h, t + h / 2), (1.0 / 3, t + h / 2, t + h),
      ] {
        let from = kept == 0 ? y : a
        let k = rate(start, from)
        for i in 0..<y.count { a[i] = kept * y[i] + (1 - kept) * (from[i] + h * k[i]) }
        impose(next, a)
      }
      y.assign(a)
    }
  }
}

private func line(
  _ points: Int, _ lower: Double = 0, _ upper: Double = 1, isPeriodic: Bool = true,
  near: [Double] = []
) -> Grid {
  Grid([
    AxisSpec(
      name: "x", lower: lower, upper: upper, scheme: .limited, points: points,
      isPeriodic: isPeriodic, grading: near.isEmpty ? nil : Grading(near: near, ratio: 3))
  ])
}

private func unitSpeed(
  _ axis: Int, _ t: Double, _ points: TransportPoints, _ entries: [Vector]
) {
  entries[0].fill(1)
}

@Suite("Limited transport of one field") struct GridLimitedTests {
  @Test(
    "smooth advection: order 5 on even, order 4 and more on graded nodes of a period",
    arguments: [[], [0.3]])
  func order(_ near: [Double]) {
    let errors = [60, 120].map { points in
      let grid = line(points, near: near)
      let x = grid.axes[0].nodes
      let flow = Flow(grid, [{ sin(2 * Double.pi * x[$0]) }], unitSpeed)
      let rates = flow.rate(0, flow.state.vector)
      return x.indices.map { abs(rates[$0] + 2 * Double.pi * cos(2 * Double.pi * x[$0])) }.max()
        ?? 0
    }
    let order = log2(errors[0] / errors[1])
    #expect(near.isEmpty ? abs(order - 5) < 0.1 : order > 3.9, "\(order)")
  }

  @Test("inflow and outflow ends keep order 4 over time")
  func ends() {
    let errors = [50, 100].map { cells in
      let grid = line(cells + 1, isPeriodic: false)
      let x = grid.axes[0].nodes
      let flow = Flow(grid, [{ sin(2 * Double.pi * x[$0]) }], unitSpeed)
      flow.impose = { t, y in y[0] = sin(-2 * Double.pi * t) }
      flow.run(to: 1.5, steps: 10 * cells)
      return x.indices.map { abs(flow.values[$0] - sin(2 * Double.pi * (x[$0] - 1.5))) }.max() ?? 0
    }
    #expect(log2(errors[0] / errors[1]) > 3.8 && errors[1] < 4e-6, "\(errors)")
  }

  @Test("a square wave stays within its bounds and loses less than Koren's limiter does")
  func squareWave() throws {
    let grid = line(200)
    let x = grid.axes[0].nodes
    let flow = Flow(grid, [{ x[$0] > 0.25 && x[$0] < 0.5 ? 1 : 0 }], unitSpeed)
    let before = flow.values
    flow.run(to: 1, steps: 1000)
    let values = flow.values
    // Rounding of a thousand steps.
    #expect(try #require(values.max()) < 1 + 1e-12 && #require(values.min()) > -1e-12)
    let error = zip(values, before).reduce(0) { $0 + abs($1.0 - $1.1) } / 200
    #expect(error < 0.015, "Koren's limiter: 0.020")
    #expect(abs(values.reduce(0, +) - before.reduce(0, +)) < 1e-11)
  }

  @Test("u*u_x and u^5*u_x: shocks run at the speed of the conserved flux", arguments: [1, 5])
  func shock(_ power: Int) throws {
    let cells = 200
    let grid = line(cells + 1, isPeriodic: false)
    let x = grid.axes[0].nodes
    let flow = Flow(grid, [{ x[$0] < 0.25 ? 1 : 0 }]) { _, _, points, entries in
      for i in 0..<points.count { entries[0][i] = pow(points.state[0][i], Double(power)) }
    }
    let before = flow.values.reduce(0, +)
    flow.run(to: 1, steps: 500)
    let moved = (flow.values.reduce(0, +) - before) / Double(cells)
    // ½[u²]/[u] and ⅙[u⁶]/[u]; the flux through the ends is exact.
    #expect(abs(moved - 1 / Double(power + 1)) < 1e-12, "\(moved)")
    let inside = flow.values.filter { $0 > 0.05 && $0 < 0.95 }.count
    #expect(inside <= 4, "\(inside) nodes in the shock")
    #expect(try #require(flow.values.max()) < 1.001 && #require(flow.values.min()) > -0.001)
  }

  @Test("a fan opens where characteristics part, not a shock")
  func fan() {
    let errors = [100, 200].map { cells in
      let grid = line(cells + 1, -1, 1, isPeriodic: false)
      let x = grid.axes[0].nodes
      let flow = Flow(grid, [{ x[$0] < 0 ? -1 : 1 }]) { _, _, points, entries in
        entries[0].assign(points.state[0])
      }
      flow.run(to: 0.5, steps: cells)
      let exact = x.map { max(-1, min(1, $0 / 0.5)) }
      return zip(flow.values, exact).reduce(0) { $0 + abs($1.0 - $1.1) } * 2 / Double(cells)
    }
    // The start is off by half a cell at the jump: order 1.
    #expect(errors[1] < 0.6 * errors[0] && errors[1] < 0.02, "\(errors)")
  }

  @Test("a field turned about the middle of a square comes back")
  func rotation() throws {
    let errors = [24, 48].map { points -> Double in
      let spec = AxisSpec(
        name: "x", lower: -1, upper: 1, scheme: .limited, points: points, isPeriodic: true)
      let grid = Grid([spec, spec])
      let (x, y) = (grid.coordinates(0), grid.coordinates(1))
      let start = { (i: Int) in exp(-20 * ((x[i] - 0.25) * (x[i] - 0.25) + y[i] * y[i])) }
      let flow = Flow(grid, [start]) { axis, _, points, entries in
        let other = points.coordinates[1 - axis][0]
        entries[0].fill(axis == 0 ? -other : other)
      }
      flow.run(to: 2 * Double.pi, steps: 14 * points)
      return (0..<grid.count).map { abs(flow.values[$0] - start($0)) }.max() ?? 0
    }
    #expect(errors[1] < 0.02 && errors[0] / errors[1] > 8, "\(errors)")
  }
}

@Suite("Limited transport of systems") struct GridLimitedSystemTests {
  @Test("standing wave between walls")
  func wave() {
    let speed = 10.0
    let errors = [40, 80].map { cells -> Double in
      let grid = line(cells + 1, isPeriodic: false)
      let x = grid.axes[0].nodes
      let flow = Flow(grid, [{ cos(Double.pi * x[$0]) }, { _ in 0 }]) { _, _, _, entries in
        for (entry, value) in zip(entries, [0, 1, speed * speed, 0]) { entry.fill(value) }
      }
      flow.impose = { _, y in (y[cells + 1], y[2 * cells + 1]) = (0, 0) }
      flow.run(to: 0.35, steps: 20 * cells)
      let factor = cos(Double.pi * speed * 0.35)
      return x.indices.map { abs(flow.values[$0] - cos(Double.pi * x[$0]) * factor) }.max() ?? 0
    }
    #expect(log2(errors[0] / errors[1]) > 3.8 && errors[1] < 1e-6, "\(errors)")
  }

  @Test("three waves of speeds -1, 1/2 and 2: each keeps its shape, jumps stay bounded")
  func threeWaves() throws {
    // A = R·Λ·R⁻¹ with R = [[1, 1, 1], [0, 1, 2], [0, 0, 1]].
    let matrix: [Double] = [-1, 1.5, 0, 0, 0.5, 3, 0, 0, 2]
    let matrices: LimitedTransport.Matrices = { _, _, _, entries in
      for (entry, value) in zip(entries, matrix) { entry.fill(value) }
    }
    let grid = line(100)
    let x = grid.axes[0].nodes
    let wave = { (x: Double) in sin(2 * Double.pi * x) }
    let flow = Flow(grid, [{ wave(x[$0]) }, { wave(x[$0]) }, { wave(x[$0]) }], matrices)
    flow.run(to: 0.5, steps: 1000)
    // u = R·w, w = R⁻¹(1, 1, 1)·sin: w₃ = 1, w₂ = 1 − 2, w₁ = 1 − w₂ − w₃.
    for (node, place) in x.enumerated() {
      let (second, third) = (-wave(place - 0.25), wave(place - 1))
      let first = wave(place + 0.5)
      let exact = [first + second + third, second + 2 * third, third]
      for k in 0..<3 { #expect(abs(flow.values[k * 100 + node] - exact[k]) < 1e-5) }
    }
    let jump = Flow(grid, [{ x[$0] < 0.5 ? 1 : 0 }, { _ in 0 }, { x[$0] < 0.5 ? 0 : 1 }], matrices)
    jump.run(to: 0.3, steps: 300)
    // By characteristics u₁ lies in −1...3; components are bounded one by one, waves overlap.
    #expect(try #require(jump.values.max()) < 3.2 && #require(jump.values.min()) > -2.2)
  }

  /// Depth and discharge at x/t after the dam between depths `high` and `low` breaks (Stoker 1957).
  private func damBreak(_ ratio: Double, _ high: Double, _ low: Double) -> (Double, Double) {
    let gravity = 9.81
    let celerity = sqrt(gravity * high)
    let behind = { (h: Double) in 2 * (celerity - sqrt(gravity * h)) }
    var (below, above) = (low, high)
    for _ in 0..<100 {
      let h = (below + above) / 2
      let bore = (h - low) * sqrt(gravity / 2 * (h + low) / (h * low))
      if behind(h) > bore { below = h } else { above = h }
    }
    let (depth, speed) = (below, behind(below))
    if ratio < -celerity { return (high, 0) }
    if ratio < speed - sqrt(gravity * depth) {
      let h = (2 * celerity - ratio) * (2 * celerity - ratio) / (9 * gravity)
      return (h, h * 2 / 3 * (celerity + ratio))
    }
    return ratio < depth * speed / (depth - low) ? (depth, depth * speed) : (low, 0)
  }

  @Test("shallow water: a dam breaks as Riemann's solution says")
  func shallowWater() throws {
    let errors = [100, 200, 400].map { cells -> Double in
      let grid = line(cells + 1, -1, 1, isPeriodic: false)
      let x = grid.axes[0].nodes
      let start = { (i: Int) in x[i] < 0 ? 1 : x[i] == 0 ? 0.55 : 0.1 }
      let flow = Flow(grid, [start, { _ in 0 }]) { _, _, points, entries in
        entries[0].fill(0)
        entries[1].fill(1)
        for i in 0..<points.count {
          let depth = points.state[0][i]
          let speed = points.state[1][i] / depth
          entries[2][i] = 9.81 * depth - speed * speed
          entries[3][i] = 2 * speed
        }
      }
      let before = flow.values[0...cells].reduce(0, +)
      flow.run(to: 0.2, steps: 2 * cells)
      let depths = flow.values[0...cells]
      #expect(abs(depths.reduce(0, +) - before) < 1e-10, "water is neither made nor lost")
      #expect((depths.max() ?? 9) < 1 + 1e-9)
      return zip(depths, x).reduce(0) { $0 + abs($1.0 - damBreak($1.1 / 0.2, 1, 0.1).0) } * 2
        / Double(cells)
    }
    // First order at the bore, whose place within its cell is not known.
    #expect(errors[2] < 0.002 && errors[0] / errors[1] > 1.8 && errors[1] / errors[2] > 1.8)
  }
}

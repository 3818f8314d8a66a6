import Numerics

/// The collocation equations on one mesh, for given parameters: residual, Jacobian and its factors.
///
/// - Source: the monomial basis of U. Ascher, S. Pruess & R. D. Russell, SIAM J. Numer. Anal. 20
///   (1983) 121; without their elimination of the Gauss points' unknowns, which a band solver does.
final class CollocationEquations: NewtonTarget {
  let layout: CollocationLayout
  let basis: CollocationBasis
  let mesh: [Double]
  let dimension: Int
  private let system: CollocationSystem
  private let rows: CollocationRows
  private let matrix: CollocationMatrix
  private let equations: PointTapes
  private let ends: (lower: PointTapes, upper: PointTapes)
  private let integrals: CollocationIntegrals
  private let parameters: Storage
  private let environment: ForcedPoint
  private let jets: Storage
  /// The basis at each Gauss point, and at both ends.
  private let tables: Storage
  private let scratch: Storage
  private let whole: Storage
  private var counts = NewtonCounts()

  init(_ system: CollocationSystem, _ start: PiecewisePolynomial, parameters values: [Double]) {
    self.system = system
    layout = start.layout
    basis = start.basis
    mesh = start.mesh
    dimension = layout.count(intervals: start.intervals)
    kindOrders = layout.orders.flatMap { Array(0..<$0) } + layout.orders
    rows = CollocationEquations.rows(system, layout, start.intervals)
    matrix = CollocationMatrix(rows, CollocationEquations.shape(system))
    equations = PointTapes(system.equations)
    ends = (PointTapes(system.lower), PointTapes(system.upper))
    parameters = Storage(values)
    environment = ForcedPoint(
      system.forcings, count: system.environment.symbols.count)
    integrals = CollocationIntegrals(
      system.integrals, start, forcings: system.forcings, parameters: parameters.vector,
      environment: environment.vector)
    jets = Storage(layout.jetCount)
    let size = (basis.order + 1) * basis.stages
    tables = Storage((basis.stages + 2) * size)
    scratch = Storage(max(layout.stride, 1))
    whole = Storage(system.isNonlocal ? dimension : 0)
    for (s, node) in (basis.rule.nodes + [0, 1]).enumerated() {
      basis.fill(node, into: tables.vector.slice(s * size, size))
    }
  }

  static func shape(_ system: CollocationSystem) -> CollocationMatrix.Shape {
    system.isNonlocal ? .dense : system.isPeriodic ? .folded : .band
  }

  static func rows(
    _ system: CollocationSystem, _ layout: CollocationLayout, _ intervals: Int
  ) -> CollocationRows {
    CollocationRows(layout: layout, intervals: intervals, lower: system.lower.count)
  }

  /// What was evaluated so far; evaluations are of all equations at one point.
  var newtonCounts: NewtonCounts {
    var all = counts
    all.evaluations += integrals.evaluations
    return all
  }

  /// Where an integral read the unknown outside of the interval.
  var outside: (text: String, place: Double)? { integrals.outside }

  func kind(_ place: Int) -> Int { layout.kind(place) }
  let kindOrders: [Int]
  var length: Double { mesh[mesh.count - 1] - mesh[0] }

  private var intervals: Int { mesh.count - 1 }
  private func step(_ i: Int) -> Double { mesh[i + 1] - mesh[i] }

  private func table(_ index: Int) -> Vector {
    let size = (basis.order + 1) * basis.stages
    return tables.vector.slice(index * size, size)
  }

  /// Moves to Gauss point `s` of an interval, or with `stages` and `stages + 1` to its ends.
  private func move(_ i: Int, _ s: Int, _ values: Vector) -> CollocationPoint {
    let theta = s < basis.stages ? basis.rule.nodes[s] : Double(s - basis.stages)
    let h = step(i)
    environment.move(to: theta == 1 ? mesh[i + 1] : mesh[i] + theta * h)
    let table = table(s)
    layout.fill(
      jets.vector, theta: theta, step: h, table, values.slice(i * layout.stride, layout.stride))
    return CollocationPoint(interval: i, theta: theta, step: h, table: table, jets: jets.vector)
  }

  // MARK: Residual

  func residual(_ values: Vector, into result: Vector) {
    integrals.prepare(values, differentiating: false)
    let n = layout.stateCount
    conditions(values) { tapes, point, first in
      tapes.evaluate(environment.vector, point.jets, parameters.vector)
      for row in 0..<tapes.equations.count { result[first + row] = tapes.residuals[row] }
    }
    if system.isPeriodic {
      for row in 0..<n { result[row] = values[row] - values[intervals * layout.stride + row] }
    }
    for i in 0..<intervals {
      let first = rows.first(of: i)
      for s in 0..<basis.stages {
        let point = move(i, s, values)
        integrals.evaluate(system.equations.terms, at: point)
        equations.evaluate(environment.vector, point.jets, parameters.vector)
        counts.evaluations += 1
        for row in 0..<layout.unknownCount {
          result[first + s * layout.unknownCount + row] = equations.residuals[row]
        }
      }
      continuity(i, values, into: result.slice(first + layout.stride - n, n))
    }
  }

  /// Calls for the conditions of each end with the point there and their first row.
  private func conditions(
    _ values: Vector, _ body: (PointTapes, CollocationPoint, Int) -> Void
  ) {
    if system.lower.count > 0 {
      let point = move(0, basis.stages, values)
      integrals.evaluate(system.lower.terms, at: point)
      body(ends.lower, point, 0)
    }
    if system.upper.count > 0 {
      let point = move(intervals - 1, basis.stages + 1, values)
      integrals.evaluate(system.upper.terms, at: point)
      body(ends.upper, point, system.lower.count)
    }
  }

  /// The state at the right end minus what the interval's polynomial gives there.
  private func continuity(_ i: Int, _ values: Vector, into result: Vector) {
    let block = values.slice(i * layout.stride, layout.stride)
    let table = table(basis.stages + 1)
    for (j, order) in layout.orders.enumerated() {
      for d in 0..<order {
        result[layout.stateOffsets[j] + d] =
          values[layout.state(i + 1, j, d)]
          - layout.value(j, d, theta: 1, step: step(i), table, block)
      }
    }
  }

  // MARK: Jacobian

  func factor(_ values: Vector) -> Bool {
    counts.jacobians += 1
    counts.factorizations += 1
    matrix.clear()
    integrals.prepare(values, differentiating: true)
    conditions(values) { tapes, point, first in
      tapes.differentiate(environment.vector, point.jets, parameters.vector)
      set(tapes, point, first: first)
    }
    if system.isPeriodic { setPeriodic() }
    for i in 0..<intervals {
      let first = rows.first(of: i)
      for s in 0..<basis.stages {
        let point = move(i, s, values)
        integrals.evaluate(system.equations.terms, at: point)
        equations.differentiate(environment.vector, point.jets, parameters.vector)
        set(equations, point, first: first + s * layout.unknownCount)
      }
      setContinuity(i)
    }
    return matrix.factor()
  }

  func solve(_ b: Vector) { matrix.solve(b) }

  /// The largest value among the unknowns that right sides of ±1 give with the last factors.
  ///
  /// Rows are scaled to 1: a number near 1/ε says that the system is singular to rounding.
  func amplification() -> Double {
    guard counts.factorizations > 0 else { return 0 }
    let probe = Storage(dimension)
    defer { probe.keep() }
    var state: UInt64 = 1
    for i in 0..<dimension {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      probe.vector[i] = state >> 63 == 0 ? 1 : -1
    }
    matrix.solveScaled(probe.vector)
    var largest = 0.0
    for i in 0..<dimension where kindOrders[kind(i)] == 0 {
      let size = probe.vector[i].magnitude
      if !(size <= largest) { largest = size }
    }
    return largest
  }

  /// Rows of equations at a point from their partial derivatives.
  private func set(_ tapes: PointTapes, _ point: CollocationPoint, first: Int) {
    let (equations, partials) = (tapes.equations, tapes.partials)
    let start = point.interval * layout.stride
    for row in 0..<equations.count {
      // Where integrals tie everything, the row is as long as the vector.
      let line = system.isNonlocal ? whole.vector : scratch.vector.slice(0, layout.stride)
      line.fill(0)
      for (index, entry) in equations.integrals.enumerated() where entry.row == row {
        line.add(partials[equations.jets.count + index], integrals.gradient(entry.column))
      }
      let own = system.isNonlocal ? line.slice(start, layout.stride) : line
      for (index, entry) in equations.jets.enumerated() where entry.row == row {
        let (unknown, order) = layout.jet(entry.column)
        layout.add(
          partials[index], unknown, order, theta: point.theta, step: point.step, point.table,
          into: own)
      }
      matrix.set(first + row, (system.isNonlocal ? 0 : start, line))
    }
  }

  private func setContinuity(_ i: Int) {
    let n = layout.stateCount
    let table = table(basis.stages + 1)
    let line = scratch.vector.slice(0, layout.stride)
    let first = rows.first(of: i) + layout.stride - n
    withUnit { unit in
      for (j, order) in layout.orders.enumerated() {
        for d in 0..<order {
          line.fill(0)
          layout.add(-1, j, d, theta: 1, step: step(i), table, into: line)
          let row = layout.stateOffsets[j] + d
          matrix.set(
            first + row, (i * layout.stride, line), ((i + 1) * layout.stride + row, unit))
        }
      }
    }
  }

  private func setPeriodic() {
    withUnit { unit in
      let minus = scratch.vector.slice(0, 1)
      minus[0] = -1
      for row in 0..<layout.stateCount {
        matrix.set(row, (row, unit), (intervals * layout.stride + row, minus))
      }
    }
  }

  /// A vector of a single 1.
  private func withUnit(_ body: (Vector) -> Void) {
    var one = 1.0
    withUnsafeMutablePointer(to: &one) { body(Vector(base: $0, count: 1)) }
  }
}

import Expressions
import Numerics
import Problems

/// What the integrals of a grid share: components, parameters, and how programs read them.
struct GridIntegralContext {
  let problem: Problem
  let grid: Grid
  let components: [Symbol]
  let parameters: [Symbol: Double]
  /// Multiplies the Gauss points of every panel.
  let refinement: Int
  let space: [Interval]
  let forcings: [Symbol]
  let names: [Symbol]

  init(
    _ source: GridIntegralSource, _ grid: Grid, _ components: [Symbol],
    _ parameters: [Symbol: Double]
  ) {
    let problem = source.problem
    self.problem = problem
    self.grid = grid
    self.components = components
    self.parameters = parameters
    refinement = source.refinement
    let marching = problem.marching
    space = problem.variables.filter { $0.name != marching }
    forcings = problem.forcings.map { Symbol($0.name) }
    names = parameters.keys.sorted { $0.name < $1.name }
  }

  var time: Symbol { Symbol(problem.marching ?? "|t") }

  /// The component that an unknown with derivatives is a space derivative of, and the orders.
  func jet(_ symbol: Symbol) -> (component: Int, orders: [Int])? {
    let order = problem.marching.map { symbol.order(in: $0) } ?? 0
    guard
      let component = components.firstIndex(where: { component in
        component.name == symbol.name && component.order == order
      })
    else { return nil }
    return (component, space.map { symbol.order(in: $0.name) })
  }
}

/// One integral at the points that ask for its value: nodes of the grid, or the Gauss points of the
/// integral around it.
///
/// Points are numbered by the point that asks, in order; inner integrals are levels of their own,
/// whose askers are this level's points.
final class GridIntegralLevel {
  /// Places of an unknown in the integrand, one for each point.
  struct Place {
    let component: Int
    let functionals: GridPlaces
    let values: Vector
  }

  /// A leaf of the context that changes while the system runs: jets at the asking node, other symbols.
  struct Gathered {
    /// The place among ``GridIntegrals``' root fields.
    let field: Int
    let values: Vector
  }

  let places: [Place]
  let inner: [GridIntegralLevel]
  let gathered: [Gathered]
  /// The first point of each asker.
  let starts: [Int]
  let weights: [Double]
  /// The root that each point belongs to.
  let roots: [Int32]
  /// The integral for each asker.
  let results: Vector
  /// ∂body/∂(place, inner symbol, gathered leaf), one run of points for each.
  let partials: [Vector]
  /// Whether the value is linear in the fields, with weights that never change.
  let isLinear: Bool

  private let integrand: Integrand
  private let inputs: [Vector]
  private let body: Vector
  private let slope: Vector
  private let storage: [Storage]

  var count: Int { weights.count }

  /// Places the points, then lowers the integrand.
  init(
    _ term: IntegralTerm, _ context: GridIntegralContext, askers: GridIntegralAskers,
    fields: [Symbol: Int], shared: GridIntegralShared
  ) throws {
    let points = try GridIntegralPoints(term, context, askers)
    starts = points.starts
    weights = points.weights
    roots = points.roots
    let n = points.weights.count
    var storage: [Storage] = []
    func run(_ count: Int) -> Vector {
      let own = Storage(count)
      storage.append(own)
      return own.vector
    }
    places = points.places.map {
      Place(component: $0.component, functionals: $0.rows, values: run(n))
    }
    let next = points.askers(within: askers, term.bound)
    inner = try term.inner.map {
      try GridIntegralLevel($0, context, askers: next, fields: fields, shared: shared)
    }
    results = run(starts.count - 1)
    let leaves = term.body.symbols
    let used = fields.keys.filter(leaves.contains).sorted { $0.description < $1.description }
    gathered = used.map { Gathered(field: fields[$0] ?? 0, values: run(n)) }
    let moving = term.places.map(\.symbol) + term.inner.map(\.symbol) + used
    integrand = try Integrand(
      term.body, moving, shared,
      Inputs(point: shared.point + next.symbols, state: moving, parameters: context.names))
    body = run(n)
    slope = run(n)
    partials = moving.map { _ in run(n) }
    let coordinates = next.coordinates.map { _ in run(n) }
    for (vector, numbers) in zip(coordinates, next.coordinates) { vector.assign(numbers) }
    let fields = places.map(\.values) + inner.map(\.results) + gathered.map(\.values)
    inputs = shared.vectors + coordinates + fields + shared.parameters
    isLinear = used.isEmpty && integrand.isLinear && inner.allSatisfy(\.isLinear)
    self.storage = storage
  }

  // MARK: Values

  /// Fills ``results``; `fields`: the full vector, `roots`: fields of the gathered leaves by root.
  func evaluate(_ fields: Vector, _ nodes: Int, _ rootFields: [Vector]) {
    fill(fields, nodes, rootFields)
    guard count > 0 else { return results.fill(0) }
    integrand.body.evaluateBlock(count: count, inputs: inputs, into: [body])
    sum(body, nil)
  }

  private func fill(_ fields: Vector, _ nodes: Int, _ rootFields: [Vector]) {
    for place in places {
      place.functionals.evaluate(fields.slice(place.component * nodes, nodes), into: place.values)
    }
    for level in inner { level.evaluate(fields, nodes, rootFields) }
    for leaf in gathered {
      let field = rootFields[leaf.field]
      for point in 0..<count { leaf.values[point] = field[Int(roots[point])] }
    }
  }

  /// Sums the points of each asker: weights times values, and other values besides.
  private func sum(_ values: Vector, _ more: Vector?) {
    for asker in 0..<results.count {
      var total = 0.0
      for point in starts[asker]..<starts[asker + 1] {
        total += weights[point] * (values[point] + (more?[point] ?? 0))
      }
      results[asker] = total
    }
  }

  /// Fills ``partials`` at the values of the last evaluation.
  func linearize() {
    for level in inner { level.linearize() }
    guard count > 0, !partials.isEmpty else { return }
    integrand.partials.evaluateBlock(count: count, inputs: inputs, into: partials)
  }

  /// Replaces ``results`` by their slopes in time, fields held; `rootSlopes`: those of the leaves.
  ///
  /// Needs ``partials``.
  func differentiateTime(_ rootSlopes: [Vector]) {
    for level in inner { level.differentiateTime(rootSlopes) }
    guard count > 0 else { return results.fill(0) }
    slope.fill(0)
    if let slopeTape = integrand.slope {
      // The innermost results are slopes by now, but a slope of the body does not read them.
      slopeTape.evaluateBlock(count: count, inputs: inputs, into: [slope])
    }
    for (index, level) in inner.enumerated() {
      let partial = partials[places.count + index]
      for point in 0..<count { slope[point] += partial[point] * level.results[point] }
    }
    for (index, leaf) in gathered.enumerated() {
      let partial = partials[places.count + inner.count + index]
      let field = rootSlopes[leaf.field]
      for point in 0..<count { slope[point] += partial[point] * field[Int(roots[point])] }
    }
    sum(slope, nil)
  }

  // MARK: Derivatives

  /// Calls with every entry of the full vector that the value for an asker depends on, and by how
  /// much; an entry may come several times.
  func forEachSlope(
    asker: Int, factor: Double, nodes: Int, _ body: (_ column: Int, _ slope: Double) -> Void,
    leaf: (_ field: Int, _ slope: Double) -> Void
  ) {
    for point in starts[asker]..<starts[asker + 1] {
      let weight = factor * weights[point]
      for (index, place) in places.enumerated() {
        let scale = weight * partials[index][point]
        let first = place.component * nodes
        place.functionals.forEach(point) { column, slope in body(first + column, scale * slope) }
      }
      for (index, level) in inner.enumerated() {
        level.forEachSlope(
          asker: point, factor: weight * partials[places.count + index][point], nodes: nodes, body,
          leaf: leaf)
      }
      for (index, gathered) in gathered.enumerated() {
        leaf(
          gathered.field, weight * partials[places.count + inner.count + index][point])
      }
    }
  }
}

/// The integrand as a function of one point, lowered with its derivatives.
private struct Integrand {
  let body: Tape
  /// By each of the moving leaves.
  let partials: Tape
  /// ∂/∂t; nil where the marching variable does not enter.
  let slope: Tape?
  /// Whether it is linear in the moving leaves, with factors that time does not change.
  let isLinear: Bool

  init(
    _ body: Expression, _ moving: [Symbol], _ shared: GridIntegralShared, _ inputs: Inputs
  ) throws {
    let slopes = try moving.map { try body.derivative(by: $0) }
    self.body = Tape(try Program([body], inputs: inputs))
    partials = Tape(try Program(slopes, inputs: inputs))
    let drift = try shared.slope(body)
    slope = drift.isZero ? nil : Tape(try Program([drift], inputs: inputs))
    let rest = body.substituting(
      Dictionary(uniqueKeysWithValues: moving.map { ($0, Expression.zero) }))
    let known = Set(moving + shared.point)
    isLinear = rest.isZero && slopes.allSatisfy { $0.symbols.isDisjoint(with: known) }
  }
}

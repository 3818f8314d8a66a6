import Expressions
import Numerics
import Problems

/// The points that ask for an integral's value.
struct GridIntegralAskers {
  /// The root that each belongs to: a node of the grid, or a place of a sample.
  let roots: [Int32]
  /// The space variables and the bound variables around.
  let symbols: [Symbol]
  /// One run for each symbol.
  let coordinates: [[Double]]

  /// The first one alone.
  var first: GridIntegralAskers {
    GridIntegralAskers(
      roots: Array(roots.prefix(1)), symbols: symbols,
      coordinates: coordinates.map { Array($0.prefix(1)) })
  }
}

/// What all programs of integrals read first: the time, forcings and their slopes, parameters.
final class GridIntegralShared {
  let point: [Symbol]
  let vectors: [Vector]
  let parameters: [Vector]
  private let storage: Storage
  private let tables: [Interpolation]
  private let forcings: [Symbol]
  private let time: Symbol

  init(_ context: GridIntegralContext) throws {
    time = context.time
    forcings = context.forcings
    tables = try context.problem.forcings.map { try Interpolation($0) }
    let time = time
    point = [time] + forcings + forcings.map { $0.differentiated(by: time.name) }
    let count = point.count
    storage = Storage(count + context.names.count)
    vectors = (0..<count).map { [storage] in storage.vector.slice($0, 1) }
    parameters = context.names.indices.map { [storage] in storage.vector.slice(count + $0, 1) }
    for (index, name) in context.names.enumerated() {
      storage.vector[count + index] = context.parameters[name] ?? .nan
    }
  }

  func move(to t: Double) {
    vectors[0][0] = t
    for (index, table) in tables.enumerated() {
      vectors[1 + index][0] = table.value(t)
      vectors[1 + tables.count + index][0] = table.derivative(t)
    }
  }

  /// ∂/∂t of an integrand, through the forcings too.
  func slope(_ body: Expression) throws -> Expression {
    var sum = try body.derivative(by: time)
    for forcing in forcings {
      sum =
        sum + (try body.derivative(by: forcing)) * .symbol(forcing.differentiated(by: time.name))
    }
    return sum
  }
}

/// The Gauss points of one integral for all askers, and the functionals of its places.
struct GridIntegralPoints {
  private(set) var starts = [0]
  private(set) var weights: [Double] = []
  private(set) var parents: [Int32] = []
  private(set) var roots: [Int32] = []
  private(set) var bound: [Double] = []
  private(set) var places: [(component: Int, rows: GridPlaces)] = []

  init(_ term: IntegralTerm, _ context: GridIntegralContext, _ askers: GridIntegralAskers) throws {
    let inputs = Inputs(point: askers.symbols, parameters: context.names)
    let panels = try GridPanels(
      term, context.problem, context.grid, inputs: inputs, refinement: context.refinement)
    let within = Inputs(point: askers.symbols + [term.bound], parameters: context.names)
    let space = context.problem.variables.indices.filter {
      context.problem.variables[$0].name != context.problem.marching
    }
    let arguments = term.places.flatMap { place in space.map { place.arguments[$0] } }
    let tape = Tape(try Program(arguments, inputs: within))
    for place in term.places {
      guard let jet = context.jet(place.unknown) else {
        preconditionFailure("\(place.unknown) is no jet of the components")
      }
      places.append((jet.component, GridPlaces(context.grid, jet.orders)))
    }
    let point = Storage(askers.symbols.count + 1)
    let known = Storage(context.names.map { context.parameters[$0] ?? .nan })
    let values = Storage(arguments.count)
    defer { point.keep(known, values) }
    for asker in askers.roots.indices {
      for (index, run) in askers.coordinates.enumerated() { point.vector[index] = run[asker] }
      guard let found = panels.points(point.vector, known.vector) else {
        throw GridIntegralError.limitsNotFinite(term.text)
      }
      for (place, weight) in zip(found.places, found.weights) {
        point.vector[askers.symbols.count] = place
        tape.evaluate(point.vector, point.vector, known.vector, into: values.vector)
        try append(values.vector.array, axes: space.count, term)
        weights.append(weight)
        bound.append(place)
        parents.append(Int32(asker))
        roots.append(askers.roots[asker])
      }
      starts.append(weights.count)
    }
  }

  /// The points as askers of the integrals inside.
  func askers(within outer: GridIntegralAskers, _ symbol: Symbol) -> GridIntegralAskers {
    GridIntegralAskers(
      roots: roots, symbols: outer.symbols + [symbol],
      coordinates: outer.coordinates.map { run in parents.map { run[Int($0)] } } + [bound])
  }

  /// The functionals of an unknown at a place of its own for each asker.
  static func rows(
    of place: PlacedUnknown, _ context: GridIntegralContext, _ askers: GridIntegralAskers
  ) throws -> (component: Int, places: GridPlaces) {
    let space = context.problem.variables.indices.filter {
      context.problem.variables[$0].name != context.problem.marching
    }
    guard let jet = context.jet(place.unknown) else {
      preconditionFailure("\(place.unknown) is no jet of the components")
    }
    let rows = GridPlaces(context.grid, jet.orders)
    let inputs = Inputs(point: askers.symbols, parameters: context.names)
    let tape = Tape(try Program(space.map { place.arguments[$0] }, inputs: inputs))
    let point = Storage(askers.symbols.count)
    let known = Storage(context.names.map { context.parameters[$0] ?? .nan })
    let values = Storage(space.count)
    defer { point.keep(known, values) }
    for asker in askers.roots.indices {
      for (index, run) in askers.coordinates.enumerated() { point.vector[index] = run[asker] }
      tape.evaluate(point.vector, point.vector, known.vector, into: values.vector)
      guard rows.append(values.vector.array) else {
        throw GridIntegralError.outside(
          "\(place.unknown)(…)", place.unknown, values.vector.array)
      }
    }
    return (jet.component, rows)
  }

  private func append(_ values: [Double], axes: Int, _ term: IntegralTerm) throws {
    for (index, place) in places.enumerated() {
      let point = Array(values[index * axes..<(index + 1) * axes])
      guard place.rows.append(point) else {
        throw GridIntegralError.outside(term.text, term.places[index].unknown, point)
      }
    }
  }
}

/// Why an integral has no value on a grid.
public enum GridIntegralError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A limit is infinite or not a number somewhere.
  case limitsNotFinite(String)
  /// The integrand reads an unknown outside of the variables' intervals.
  case outside(String, Symbol, [Double])

  public var description: String {
    switch self {
    case .limitsNotFinite(let text):
      "a limit of \(text) is not finite; write finite limits"
    case .outside(let text, let unknown, let place):
      "\(text) reads \(unknown) at (\(place.map { ShortNumber.text($0) }.joined(separator: ", "))), "
        + "outside of the variables' intervals; keep the limits inside"
    }
  }
}

import Expressions
import Numerics
import Problems

/// The columns of a solution at given places: unknowns, then observables.
///
/// One owner's own: it keeps the fields between calls.
public final class FieldColumns {
  /// Names of the columns.
  public let names: [String]
  /// One run of `[places]` for each column, filled by ``fill(_:_:)``.
  public let values: [Vector]
  private let sampler: FieldSampler
  private let grid: Grid
  private let unknowns: [Int]
  private let jets: [PointwiseSystem.Jet]
  private let tape: Tape?
  private let inputs: [Vector]
  private let jetFields: [Vector]
  private let storage: Storage
  private let coordinates: Storage
  private let shared: Storage
  private let forcings: [Interpolation]
  private let hasTime: Bool

  /// Prepares the columns.
  ///
  /// - Parameters:
  ///   - observables: in addition to the unknowns.
  ///   - places: for each space variable.
  /// - Throws: `ProblemFaults` for an observable that lines cannot compute.
  public init(
    _ system: PointwiseSystem, _ grid: Grid, parameters: [Double], observables: [Definition],
    places: [[Double]]
  ) throws {
    let problem = system.problem
    self.grid = grid
    sampler = FieldSampler(grid, places: places)
    names = problem.unknowns + observables.map(\.name)
    unknowns = try problem.unknowns.map { try FieldColumns.component(of: $0, system) }
    hasTime = system.marching != nil
    let expressions = observables.map { $0.expression.substituting(system.derivatives) }
    var jets: [PointwiseSystem.Jet] = []
    var symbols: [Symbol] = []
    for (observable, expression) in zip(observables, expressions) {
      for symbol in expression.symbols.sorted(by: { $0.description < $1.description })
      where problem.allUnknowns.contains(symbol.name) && !symbols.contains(symbol) {
        jets.append(try FieldColumns.jet(symbol, system, observable))
        symbols.append(symbol)
      }
    }
    self.jets = jets
    forcings = try problem.forcings.map {
      try Interpolation($0.interpolation.kind, abscissae: $0.times, ordinates: $0.values)
    }
    let n = sampler.count
    let storage = Storage((names.count + jets.count) * n)
    self.storage = storage
    values = names.indices.map { storage.vector.slice($0 * n, n) }
    let first = names.count
    jetFields = jets.indices.map { storage.vector.slice((first + $0) * n, n) }
    let coordinates = Storage(FieldColumns.product(places).flatMap { $0 })
    self.coordinates = coordinates
    let time = problem.marching.map { [Symbol($0)] } ?? []
    let space = system.space.map { Symbol($0.name) }
    let driven = problem.forcings.map { Symbol($0.name) }
    let known = system.parameterNames.map { Symbol($0) }
    let shared = Storage(time.count + driven.count + known.count)
    self.shared = shared
    for (index, value) in parameters.enumerated() {
      shared.vector[time.count + driven.count + index] = value
    }
    inputs =
      time.indices.map { shared.vector.slice($0, 1) }
      + space.indices.map { coordinates.vector.slice($0 * n, n) }
      + driven.indices.map { shared.vector.slice(time.count + $0, 1) } + jetFields
      + known.indices.map { shared.vector.slice(time.count + driven.count + $0, 1) }
    tape =
      expressions.isEmpty
      ? nil
      : Tape(
        try Program(
          expressions,
          inputs: Inputs(point: time + space + driven, state: symbols, parameters: known)))
  }

  /// Fills ``values`` from the full vector at t (any number where nothing marches).
  public func fill(_ t: Double, _ fields: Vector) {
    let zero = grid.axes.map { _ in 0 }
    for (column, component) in unknowns.enumerated() {
      sampler.sample(zero, fields.slice(component * grid.count, grid.count), into: values[column])
    }
    guard let tape else { return }
    if hasTime { shared.vector[0] = t }
    for (index, forcing) in forcings.enumerated() {
      shared.vector[(hasTime ? 1 : 0) + index] = forcing.value(t)
    }
    for (jet, field) in zip(jets, jetFields) {
      let component = fields.slice(jet.component * grid.count, grid.count)
      sampler.sample(jet.orders, component, into: field)
    }
    tape.evaluateBlock(
      count: sampler.count, inputs: inputs, into: Array(values.dropFirst(unknowns.count)))
  }

  private static func component(of unknown: String, _ system: PointwiseSystem) throws -> Int {
    guard let place = system.components.firstIndex(where: { $0.symbol == Symbol(unknown) }) else {
      preconditionFailure("'\(unknown)' is not a component of its own system")
    }
    return place
  }

  private static func jet(_ symbol: Symbol, _ system: PointwiseSystem, _ observable: Definition)
    throws -> PointwiseSystem.Jet
  {
    let timeOrder = system.marching.map { symbol.order(in: $0) } ?? 0
    let component = system.components.firstIndex {
      $0.symbol.name == symbol.name && $0.timeOrder == timeOrder
    }
    guard let component else {
      throw system.problem.fault(
        path: "observables.\(observable.name)",
        "observable '\(observable.name)' differentiates \(symbol) by '\(system.marching ?? "")' "
          + "in a way that is not computed",
        "write it with derivatives in space alone")
    }
    let orders = system.space.map { symbol.order(in: $0.name) }
    return PointwiseSystem.Jet(component: component, orders: orders)
  }

  /// Coordinates of all places of a tensor product, variable by variable.
  static func product(_ places: [[Double]]) -> [[Double]] {
    let count = places.reduce(1) { $0 * $1.count }
    return places.indices.map { axis in
      let inner = places[(axis + 1)...].reduce(1) { $0 * $1.count }
      return (0..<count).map { places[axis][$0 / inner % places[axis].count] }
    }
  }
}

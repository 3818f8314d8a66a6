import Expressions
import Numerics
import Problems

/// Unknowns, observables and the closed-form truth at the tensor product of places.
///
/// Derivatives in observables are those of the interpolant. Places count with the last space
/// variable fastest.
public final class FieldSampler {
  /// Unknowns, then observables.
  public let names: [String]
  /// Unknowns with a closed-form truth.
  public let exactNames: [String]
  /// How many places there are.
  public let count: Int
  /// The values at the places after ``sample(_:_:)``; `[names][count]`.
  public var columns: [Vector] { program.results }
  private let program: JetProgram
  private let exact: JetProgram
  private let tensors: [TensorRows]
  private let nodes: Int
  /// Integrals in observables, at all places.
  private let integrals: GridIntegrals?
  /// The same with twice the Gauss points.
  private let finer: () throws -> GridIntegrals?

  init(
    _ system: PointwiseSystem, _ grid: Grid, parameters: [Double], places: [[Double]]
  ) throws {
    precondition(
      places.count == grid.axes.count, "\(places.count) lists for \(grid.axes.count) axes")
    let problem = system.problem
    nodes = grid.count
    count = places.reduce(1) { $0 * $1.count }
    names = problem.unknowns + problem.observables.map(\.name)
    let source = try GridIntegralSource(observablesOf: problem)
    let observables = try problem.observables.map { observable in
      let local = source?.local(observable.expression) ?? observable.expression
      return try FieldSampler.checked(
        system.withoutHighestDerivatives(local), observable.name, system)
    }
    let coordinates = FieldSampler.coordinates(places)
    func terms(_ source: GridIntegralSource?) throws -> GridIntegrals? {
      try source.map {
        try GridIntegrals(
          $0, grid, components: system.components.map(\.symbol),
          parameters: Dictionary(
            uniqueKeysWithValues: zip(system.parameterNames.map { Symbol($0) }, parameters)),
          roots: coordinates)
      }
    }
    integrals = try terms(source)
    finer = {
      var finer = source
      finer?.refinement = 2
      return try terms(finer)
    }
    program = try JetProgram(
      problem.unknowns.map { .symbol(Symbol($0)) } + observables, system, coordinates: coordinates,
      parameters: parameters, symbols: source?.symbols ?? [])
    exactNames = problem.unknowns.filter { problem.exact[$0] != nil }
    exact = try JetProgram(
      exactNames.compactMap { problem.exact[$0] }, system, coordinates: coordinates,
      parameters: parameters)
    tensors = program.jets.map { TensorRows(grid, $0.orders, places) }
  }

  private static func checked(
    _ expression: Expression, _ name: String, _ system: PointwiseSystem
  ) throws -> Expression {
    let unknowns = Set(system.problem.allUnknowns)
    if let symbol = expression.symbols.first(where: {
      unknowns.contains($0.name) && system.jet($0) == nil
    }) {
      throw system.problem.fault(
        path: "observables.\(name)",
        "observable '\(name)' holds \(symbol), which no formula gives",
        "write it with lower derivatives")
    }
    return expression
  }

  private static func coordinates(_ places: [[Double]]) -> [[Double]] {
    let count = places.reduce(1) { $0 * $1.count }
    var step = count
    return places.map { list in
      step /= max(list.count, 1)
      let each = step
      return (0..<count).map { list[$0 / each % list.count] }
    }
  }

  /// Fills ``columns`` from a full vector; `fields`: `[components × nodes]`.
  public func sample(_ t: Double, _ fields: Vector) {
    for (index, jet) in program.jets.enumerated() {
      tensors[index].apply(fields.slice(jet.component * nodes, nodes), into: program.fields[index])
    }
    integrals?.evaluate(t, fields, into: program.symbolFields)
    program.evaluate(t)
  }

  /// How far Gauss points twice as dense move the integrals of the observables, as a part of the
  /// largest one; 0 where there are none.
  ///
  /// - Throws: as for making the sampler.
  /// - Cost: makes the integrals anew.
  public func integralError(_ t: Double, _ fields: Vector) throws -> Double {
    guard let integrals, let finer = try finer() else { return 0 }
    return integrals.difference(from: finer, t, fields)
  }

  /// The closed-form truth at the places; `[exactNames][count]`.
  public func truth(_ t: Double) -> [Vector] {
    exact.evaluate(t)
    return exact.results
  }
}

/// A derivative at the tensor product of places, one axis after the other.
final class TensorRows {
  private let passes: [Pass]
  private let between: [Storage]

  private struct Pass {
    var starts: [Int]
    var columns: [Int]
    var weights: [Double]
    var outer: Int
    var length: Int
    var inner: Int
    var count: Int { starts.count - 1 }
  }

  init(_ grid: Grid, _ orders: [Int], _ places: [[Double]]) {
    var passes: [Pass] = []
    var shape = grid.shape
    for axis in grid.axes.indices {
      let rows = places[axis].map { grid.axes[axis].row(derivative: orders[axis], at: $0) }
      passes.append(
        Pass(
          starts: rows.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.columns.count) },
          columns: rows.flatMap(\.columns), weights: rows.flatMap(\.weights),
          outer: shape[..<axis].reduce(1, *), length: shape[axis],
          inner: shape[(axis + 1)...].reduce(1, *)))
      shape[axis] = places[axis].count
    }
    self.passes = passes
    between = passes.dropLast().map { Storage($0.outer * $0.count * $0.inner) }
  }

  /// Writes the derivative at all places; `result`: `[places]`.
  func apply(_ field: Vector, into result: Vector) {
    var source = field
    for (index, pass) in passes.enumerated() {
      let target = index == passes.count - 1 ? result : between[index].vector
      TensorRows.run(pass, source.base, target.base)
      source = target
    }
  }

  private static func run(
    _ pass: Pass, _ source: UnsafeMutablePointer<Double>, _ target: UnsafeMutablePointer<Double>
  ) {
    for block in 0..<pass.outer {
      let from = source + block * pass.length * pass.inner
      let to = target + block * pass.count * pass.inner
      for row in 0..<pass.count {
        let out = to + row * pass.inner
        for j in 0..<pass.inner { out[j] = 0 }
        for k in pass.starts[row]..<pass.starts[row + 1] {
          let weight = pass.weights[k]
          let line = from + pass.columns[k] * pass.inner
          for j in 0..<pass.inner { out[j] += weight * line[j] }
        }
      }
    }
  }
}

import Expressions
import Numerics
import Problems

/// The terms A(t, x, u)·∂u/∂x of a pointwise system along the axes whose scheme is `limited`.
///
/// The rates are linear in the first derivatives along these axes: the matrices are what multiplies
/// them, and the rates with these jets zero are the rest.
///
/// Not `Sendable`: it owns its fields.
final class QuasilinearTransport {
  /// Jets that the transport stands for: the rates must read zero instead.
  let jets: Set<Int>
  private let transport: LimitedTransport
  private let inputs: TransportInputs

  /// Finds the terms.
  ///
  /// - Returns: nil where no axis is limited, or no rate has a first derivative along one.
  /// - Throws: `ProblemFaults` where a rate is not linear in these derivatives, or the system has a
  ///   mass matrix; `ProgramError`; `GSLError` for a forcing.
  init?(_ system: PointwiseSystem, _ grid: Grid, parameters: [Double]) throws {
    let axes = grid.axes.indices.filter { grid.axes[$0].spec.scheme == .limited }
    jets = Set(
      system.jets.indices.filter { index in
        let orders = system.jets[index].orders
        return orders.reduce(0, +) == 1 && axes.contains { orders[$0] == 1 }
      })
    if !system.partials.contains(where: { [jets] in jets.contains($0.jet) }) { return nil }
    try QuasilinearTransport.check(system, jets)
    let programs = try grid.axes.indices.map { axis in
      axes.contains(axis) ? try QuasilinearTransport.matrix(system, axis) : nil
    }
    let inputs = try TransportInputs(system, programs, parameters)
    self.inputs = inputs
    transport = LimitedTransport(
      grid, components: system.components.count, axes: axes.filter { programs[$0] != nil }
    ) { axis, t, points, entries in
      inputs.evaluate(axis, t, points, into: entries)
    }
  }

  /// Changes the parameters.
  func setParameters(_ values: [Double]) { inputs.setParameters(values) }

  /// Adds the terms to the rates of all nodes; both `[components × nodes]`.
  func add(_ t: Double, _ fields: Vector, to rates: Vector) { transport.add(t, fields, to: rates) }

  /// A, row-major, as a program of the system's inputs; nil where it is zero.
  private static func matrix(_ system: PointwiseSystem, _ axis: Int) throws -> Program? {
    let count = system.components.count
    var entries = [Expressions.Expression](repeating: .zero, count: count * count)
    for partial in system.partials where partial.jet < system.jets.count {
      let jet = system.jets[partial.jet]
      guard jet.orders.reduce(0, +) == 1, jet.orders[axis] == 1 else { continue }
      entries[partial.component * count + jet.component] = -partial.value
    }
    return entries.allSatisfy(\.isZero) ? nil : try Program(entries, inputs: system.inputs)
  }

  private static func check(_ system: PointwiseSystem, _ jets: Set<Int>) throws {
    let remedy = "choose difference2, difference4 or difference6 for 'solve.scheme'"
    if system.hasMass {
      throw system.problem.fault(
        path: "solve.scheme",
        "the scheme 'limited' needs equations that give every unknown's time derivative", remedy)
    }
    let values = system.jets.indices.filter { system.jets[$0].isValue }
    let allowed = Set(values.map { system.inputs.state[$0] })
    let moving = Set(system.inputs.state).subtracting(allowed)
    for partial in system.partials where jets.contains(partial.jet) {
      guard let bad = partial.value.symbols.intersection(moving).min(by: { "\($0)" < "\($1)" })
      else { continue }
      throw system.problem.fault(
        path: "solve.scheme",
        "the scheme 'limited' needs equations linear in "
          + "'\(system.inputs.state[partial.jet])', which '\(bad)' multiplies", remedy)
    }
  }
}

/// What the programs of transport matrices read at the points of a line.
private final class TransportInputs {
  private let tapes: [Tape?]
  private let forcings: [Interpolation]
  private let space: Int
  /// The component that each jet is; nil for those that no matrix reads.
  private let components: [Int?]
  /// t, forcings and their slopes, zero, parameters.
  private let shared: Storage
  private let parameterCount: Int
  /// The inputs of each axis, made when its points are first seen.
  private var runs: [[Vector]]

  init(_ system: PointwiseSystem, _ programs: [Program?], _ parameters: [Double]) throws {
    tapes = programs.map { $0.map(Tape.init) }
    forcings = try system.problem.forcings.map { try Interpolation($0) }
    space = system.space.count
    components = system.inputs.state.indices.map {
      $0 < system.jets.count && system.jets[$0].isValue ? system.jets[$0].component : nil
    }
    parameterCount = parameters.count
    shared = Storage([Double](repeating: 0, count: 2 + 2 * forcings.count) + parameters)
    runs = programs.map { _ in [] }
  }

  func setParameters(_ values: [Double]) {
    shared.vector.slice(2 + 2 * forcings.count, parameterCount).assign(values)
  }

  func evaluate(_ axis: Int, _ t: Double, _ points: TransportPoints, into entries: [Vector]) {
    shared.vector[0] = t
    for (index, forcing) in forcings.enumerated() {
      shared.vector[2 + index] = forcing.value(t)
      shared.vector[2 + forcings.count + index] = forcing.derivative(t)
    }
    if runs[axis].isEmpty { runs[axis] = inputs(points) }
    tapes[axis]?.evaluateBlock(count: points.count, inputs: runs[axis], into: entries)
  }

  /// In the order of the system's programs: t, space, forcings and slopes, jets, parameters.
  private func inputs(_ points: TransportPoints) -> [Vector] {
    func single(_ index: Int) -> Vector { shared.vector.slice(index, 1) }
    let driven = (0..<2 * forcings.count).map { single(2 + $0) }
    let state = components.map { $0.map { points.state[$0] } ?? single(1) }
    let constants = (0..<parameterCount).map { single(2 + 2 * forcings.count + $0) }
    return [single(0)] + points.coordinates + driven + state + constants
  }
}

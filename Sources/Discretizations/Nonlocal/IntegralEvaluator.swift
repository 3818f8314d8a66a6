import Expressions
import Numerics

/// Values of integrals over a solution that can be asked for anywhere, by adaptive quadrature.
///
/// One worker's own. For problems in one variable.
public final class IntegralEvaluator {
  /// Reads an unknown (or a derivative of it), or a forcing, at a place.
  public typealias Reader = (_ unknown: Symbol, _ place: Double) -> Double

  private let variable: String
  private let nodes: [TermNode]
  private let read: Reader
  /// Point, then stand-ins and bound variables of all integrals.
  private let environment: Storage
  private let state: Storage
  private let parameters: Storage
  private let relative: Double
  private let breakpoints: [Double]
  private let stateCount: Int
  private let pointCount: Int

  /// Lowers the integrals.
  ///
  /// - Parameters:
  ///   - terms: the outermost integrals, in order.
  ///   - point: leaves that ``evaluate(point:state:)`` gets first: the variable, forcings.
  ///   - state: leaves that it gets second: what integrands read at the point itself.
  ///   - relative: the tolerance of each quadrature.
  ///   - breakpoints: places of the variable where the solution is not smooth.
  ///   - read: the solution elsewhere.
  /// - Throws: `ProgramError`, `DifferentiationError`, `GSLError`.
  public init(
    _ terms: [IntegralTerm], point: [Symbol], state: [Symbol], parameters: [Symbol: Double],
    relative: Double = 1e-10, breakpoints: [Double] = [], read: @escaping Reader
  ) throws {
    variable = point[0].name
    self.read = read
    self.relative = relative
    self.breakpoints = breakpoints
    var symbols = point
    func add(_ term: IntegralTerm) {
      symbols += [term.symbol, term.bound] + term.places.map(\.symbol)
      term.inner.forEach(add)
    }
    terms.forEach(add)
    let names = parameters.keys.sorted { $0.name < $1.name }
    let inputs = Inputs(point: symbols, state: state, parameters: names)
    let slots = Dictionary(uniqueKeysWithValues: symbols.enumerated().map { ($1, $0) })
    nodes = try terms.map { try TermNode($0, inputs, slots) }
    environment = Storage(symbols.count)
    self.state = Storage(state.count)
    self.parameters = Storage(names.map { parameters[$0] ?? .nan })
    stateCount = state.count
    pointCount = point.count
  }

  /// The leaves of a point: the variable, forcings, their derivatives.
  static func point(_ variable: String, _ forcings: [String]) -> [Symbol] {
    let names = forcings.map { Symbol($0) }
    return [Symbol(variable)] + names + names.map { $0.differentiated(by: variable) }
  }

  /// The integrals at a point, in the order of the terms, with estimated errors.
  ///
  /// The error of an inner integral counts as if the outer integrand changed as much as it.
  public func evaluate(point: Vector, state: Vector) -> [IntegralValue] {
    environment.vector.slice(0, pointCount).assign(point.slice(0, pointCount))
    self.state.vector.assign(state.slice(0, stateCount))
    return nodes.map(value)
  }

  private func value(_ node: TermNode) -> IntegralValue {
    let (all, state, parameters) = (environment.vector, self.state.vector, self.parameters.vector)
    node.limits.evaluate(all, state, parameters, into: node.limitValues)
    let (lower, upper) = (node.limitValues[0], node.limitValues[1])
    let places = breakpoints(of: node, lower)
    var innerError = 0.0
    var isConverged = true
    var result = node.quadrature.integrate(
      from: lower, to: upper, relative: relative, breakpoints: places
    ) { x in
      all[node.boundSlot] = x
      node.arguments.evaluate(all, state, parameters, into: node.argumentValues)
      for (index, place) in node.term.places.enumerated() {
        all[node.placeSlots[index]] = read(place.unknown, node.argumentValues[index])
      }
      for inner in node.inner {
        let value = self.value(inner)
        innerError = max(innerError, value.error)
        isConverged = isConverged && value.isConverged
      }
      node.body.evaluate(all, state, parameters, into: node.bodyValue)
      return node.bodyValue[0]
    }
    result.error += innerError * (upper - lower).magnitude
    result.isConverged = result.isConverged && isConverged
    all[node.slot] = result.value
    return result
  }

  /// Breakpoints of the solution in the bound variable, where places are lines in it.
  private func breakpoints(of node: TermNode, _ lower: Double) -> [Double] {
    guard !breakpoints.isEmpty, !node.term.places.isEmpty else { return [] }
    let all = environment.vector
    all[node.boundSlot] = lower
    node.arguments.evaluate(all, state.vector, parameters.vector, into: node.argumentValues)
    let count = node.term.places.count
    var found: Set<Double> = []
    for index in 0..<count {
      let slope = node.argumentValues[count + index]
      guard node.isAffine[index], slope != 0 else { continue }
      for x in breakpoints { found.insert(lower + (x - node.argumentValues[index]) / slope) }
    }
    return found.sorted()
  }
}

/// An integral, lowered, with a quadrature of its own: levels may not share a workspace.
private final class TermNode {
  let term: IntegralTerm
  let inner: [TermNode]
  let slot: Int
  let boundSlot: Int
  let placeSlots: [Int]
  let isAffine: [Bool]
  let limits: Tape
  let arguments: Tape
  let body: Tape
  let quadrature: AdaptiveQuadrature
  let limitValues: Vector
  let bodyValue: Vector
  let argumentValues: Vector
  private let storage: Storage

  init(_ term: IntegralTerm, _ inputs: Inputs, _ slots: [Symbol: Int]) throws {
    self.term = term
    inner = try term.inner.map { try TermNode($0, inputs, slots) }
    slot = slots[term.symbol] ?? 0
    boundSlot = slots[term.bound] ?? 0
    placeSlots = term.places.map { slots[$0.symbol] ?? 0 }
    let arguments = term.places.compactMap(\.arguments.first)
    let slopes = try arguments.map { try $0.derivative(by: term.bound) }
    isAffine = slopes.map { !$0.contains(term.bound) }
    limits = Tape(try Program([term.lower, term.upper], inputs: inputs))
    self.arguments = Tape(try Program(arguments + slopes, inputs: inputs))
    body = Tape(try Program([term.body], inputs: inputs))
    quadrature = try AdaptiveQuadrature()
    storage = Storage(3 + 2 * arguments.count)
    limitValues = storage.vector.slice(0, 2)
    bodyValue = storage.vector.slice(2, 1)
    argumentValues = storage.vector.slice(3, 2 * arguments.count)
  }
}

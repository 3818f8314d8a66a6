import Discretizations
import Expressions
import Numerics
import Problems
import Residuals

/// Observables with integrals over a learned field, by adaptive quadrature.
final class LearnedIntegrals {
  private let names: [String]
  private let residuals: PhysicsResiduals
  /// The leaves that are read at a point itself: variables, unknowns, forcings.
  private let leaves: FieldEvaluator
  private let leafCount: Int
  private let nodes: [LearnedIntegral]
  private let local: Tape
  private let environment: Storage
  private let outputCount: Int

  /// - Parameter observables: their expressions.
  /// - Throws: ``LearnedIntegralFault`` for what is no integral over the field, `ProgramError`,
  ///   `DifferentiationError`, `GSLError`.
  init(_ problem: Problem, _ residuals: PhysicsResiduals, _ observables: [Expression]) throws {
    self.residuals = residuals
    names = problem.variables.map(\.name)
    // Estimates are no constants: the field tells them.
    let constants = Dictionary(
      uniqueKeysWithValues: problem.parameters.map {
        (Symbol($0.name), Expression.number($0.value))
      })
    let parts = NonlocalExpression.split(
      observables.map { $0.substituting(constants) }, variables: names,
      dependents: problem.allUnknowns + problem.forcings.map(\.name))
    let (terms, places) = NonlocalExpression.joined(parts)
    guard places.isEmpty else { throw LearnedIntegralFault() }
    let stands = LearnedIntegral.standIns(terms)
    var found = Set(names.map { Symbol($0) })
    for part in parts { found.formUnion(part.local.symbols) }
    for term in terms { found.formUnion(term.context) }
    let here = found.subtracting(stands).sorted { $0.description < $1.description }
    leafCount = here.count
    leaves = try residuals.evaluator(of: here.map { .symbol($0) })
    let symbols = here + stands
    let inputs = Inputs(state: symbols)
    let slots = Dictionary(uniqueKeysWithValues: symbols.enumerated().map { ($1, $0) })
    nodes = try terms.map { try LearnedIntegral($0, residuals, inputs, slots) }
    local = Tape(try Program(parts.map(\.local), inputs: inputs))
    outputCount = parts.count
    environment = Storage(symbols.count)
  }

  /// The observables by expression, then by point; an integral that does not converge is NaN.
  ///
  /// - Parameter points: flat, point after point.
  /// - Cost: 21 and more evaluations of the field for each integral, as often as what it depends on
  ///   changes.
  func values(_ theta: Vector, at points: [Double]) -> [[Double]] {
    let here = leaves.values(theta, at: points)
    let (none, out) = (Storage(0), Storage(outputCount))
    defer { none.keep(out) }
    let count = points.count / names.count
    var values = [[Double]](
      repeating: [Double](repeating: 0, count: count), count: outputCount)
    for node in nodes { node.forget() }
    for point in 0..<count {
      for leaf in 0..<leafCount { environment.vector[leaf] = here[leaf][point] }
      for node in nodes { _ = node.evaluate(theta, environment.vector) }
      local.evaluate(none.vector, environment.vector, none.vector, into: out.vector)
      for index in values.indices { values[index][point] = out.vector[index] }
    }
    return values
  }
}

/// What stands in an observable is the unknown elsewhere, outside of any integral.
struct LearnedIntegralFault: Error, CustomStringConvertible {
  let description = "the unknown stands at another place outside of an integral"
}

/// One integral over a learned field, those inside it as parts.
private final class LearnedIntegral {
  private let slot: Int
  private let boundSlot: Int
  private let placeSlots: [Int]
  private let contextSlots: [Int]
  private let inner: [LearnedIntegral]
  private let limits: Tape
  /// Of the places, one after another: the point that each is read at.
  private let arguments: Tape
  private let body: Tape
  private let fields: [FieldEvaluator]
  private let quadrature: AdaptiveQuadrature
  /// Values by what they depend on.
  private var known: [[Double]: Double] = [:]
  private let storage: Storage
  private let none = Storage(0)

  /// Tolerances of each quadrature: a field is learned to fewer digits, and changes sign.
  private static let (relative, absolute) = (1e-10, 1e-13)

  init(
    _ term: IntegralTerm, _ residuals: PhysicsResiduals, _ inputs: Inputs, _ slots: [Symbol: Int]
  ) throws {
    func slot(_ symbol: Symbol) -> Int { slots[symbol] ?? 0 }
    self.slot = slot(term.symbol)
    boundSlot = slot(term.bound)
    placeSlots = term.places.map { slot($0.symbol) }
    contextSlots = term.context.map(slot).sorted()
    inner = try term.inner.map { try LearnedIntegral($0, residuals, inputs, slots) }
    limits = Tape(try Program([term.lower, term.upper], inputs: inputs))
    arguments = Tape(try Program(term.places.flatMap(\.arguments), inputs: inputs))
    body = Tape(try Program([term.body], inputs: inputs))
    fields = try term.places.map { try residuals.evaluator(of: [.symbol($0.unknown)]) }
    quadrature = try AdaptiveQuadrature()
    storage = Storage(3 + term.places.reduce(0) { $0 + $1.arguments.count })
  }

  /// The symbols that stand for integrals, bound variables and places, inner ones too.
  static func standIns(_ terms: [IntegralTerm]) -> [Symbol] {
    terms.flatMap { term in
      [term.symbol, term.bound] + term.places.map(\.symbol) + standIns(term.inner)
    }
  }

  /// Forgets the values of other parameters.
  func forget() {
    known = [:]
    for node in inner { node.forget() }
  }

  /// Writes the integral's value into its place among the symbols, and returns it.
  func evaluate(_ theta: Vector, _ all: Vector) -> Double {
    let context = contextSlots.map { all[$0] }
    let value = known[context] ?? integral(theta, all)
    known[context] = value
    all[slot] = value
    return value
  }

  private func integral(_ theta: Vector, _ all: Vector) -> Double {
    let (numbers, none) = (storage.vector, none.vector)
    limits.evaluate(none, all, none, into: numbers.slice(0, 2))
    let (lower, upper) = (numbers[0], numbers[1])
    let (value, points) = (numbers.slice(2, 1), numbers.slice(3, numbers.count - 3))
    let dimension = placeSlots.isEmpty ? 0 : points.count / placeSlots.count
    let result = quadrature.integrate(
      from: lower, to: upper,
      absolute: LearnedIntegral.absolute * (upper - lower).magnitude,
      relative: LearnedIntegral.relative
    ) { x in
      all[boundSlot] = x
      arguments.evaluate(none, all, none, into: points)
      for (index, field) in fields.enumerated() {
        let point = points.slice(index * dimension, dimension).array
        all[placeSlots[index]] = field.values(theta, at: point)[0][0]
      }
      for node in inner { _ = node.evaluate(theta, all) }
      body.evaluate(none, all, none, into: value)
      return value[0]
    }
    return result.isConverged || result.error <= 1e-6 * result.value.magnitude
      ? result.value : .nan
  }
}

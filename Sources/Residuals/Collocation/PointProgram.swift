import Expressions
import Networks
import Problems

/// Expressions of the unknowns and their derivatives at one point, readied for blocks of points.
///
/// What depends on the point alone (inputs of the network, lifts, factors) is told apart from what
/// depends on the network, so that it is computed once for each set of points.
struct PointProgram: Sendable {
  /// A number that is the same at all points, or one of a table's columns.
  enum Source: Sendable {
    case constant(Double)
    case column(Int)
  }

  /// A derivative of an unknown: lift + Σ factor·jet.
  struct Leaf: Sendable {
    var output: Int
    var lift: Source
    var factors: [(jet: Int, factor: Source)]
  }

  /// A derivative of one of the expressions by one of the leaves that is not zero.
  struct Slope: Sendable {
    var expression: Int
    var leaf: Int
    var value: Source
  }

  /// A measurement at the point, where expressions speak of one; no text can declare this name.
  static let measurement = Symbol("data.value")

  let expressionCount: Int
  let jets: JetIndices
  let leaves: [Leaf]
  let slopes: [Slope]
  /// Variables, forcings, their derivatives, the measurement.
  let pointNames: [Symbol]
  /// Every derivative of every input of the network: by jet, then by input.
  let features: Program
  /// The lifts and factors that vary.
  let columns: Program
  let values: Program
  /// The values, then the slopes that vary.
  let tangents: Program

  /// Differentiates and lowers; the expressions have no parameters left.
  ///
  /// - Throws: `DifferentiationError` or `ProgramError`.
  init(_ expressions: [Expression], _ ansatz: Ansatz, _ inputs: InputFeatures) throws {
    let calculus = ansatz.calculus
    expressionCount = expressions.count
    var found: Set<Symbol> = []
    for expression in expressions {
      found.formUnion(expression.symbols.filter { calculus.unknowns.contains($0.name) })
    }
    let symbols = found.sorted {
      ($0.name, $0.order, $0.description) < ($1.name, $1.order, $1.description)
    }
    let terms = try symbols.map { try ansatz.terms(of: $0) }
    let dimension = calculus.names.count
    for (symbol, term) in zip(symbols, terms) {
      let order = term.factors.map { $0.index.reduce(0, +) }.max() ?? 0
      if order > JetIndices.orderLimit { throw DerivativeFault(symbol: symbol, order: order) }
    }
    jets = JetIndices(
      dimension: dimension, covering: terms.flatMap { $0.factors.map(\.index) })
    var table = SourceTable()
    leaves = Self.leaves(symbols, terms, jets, calculus, &table)
    let variables = calculus.names.map { Symbol($0) }
    let forced = calculus.problem.forcings.map { Symbol($0.name) }
    let marching = calculus.problem.marching ?? calculus.names[0]
    pointNames =
      variables + forced + forced.map { $0.differentiated(by: marching) }
      + [PointProgram.measurement]
    features = try Program(
      try inputs.jets(jets, calculus), inputs: Inputs(point: pointNames))
    columns = try Program(table.columns, inputs: Inputs(point: pointNames))
    let state = Inputs(point: pointNames, state: symbols)
    values = try Program(expressions, inputs: state)
    var varying = SourceTable(first: expressions.count)
    var slopes: [Slope] = []
    for (row, expression) in expressions.enumerated() {
      for (index, symbol) in symbols.enumerated() where expression.contains(symbol) {
        let slope = try expression.derivative(by: symbol)
        if slope.isZero { continue }
        slopes.append(Slope(expression: row, leaf: index, value: varying.source(slope)))
      }
    }
    self.slopes = slopes
    tangents = try Program(expressions + varying.columns, inputs: state)
  }

  private static func leaves(
    _ symbols: [Symbol], _ terms: [AnsatzTerms], _ jets: JetIndices, _ calculus: FieldCalculus,
    _ table: inout SourceTable
  ) -> [Leaf] {
    let names = calculus.problem.allUnknowns
    var leaves: [Leaf] = []
    for (symbol, term) in zip(symbols, terms) {
      let factors = term.factors.compactMap { factor in
        jets.position(of: factor.index).map { (jet: $0, factor: table.source(factor.factor)) }
      }
      leaves.append(
        Leaf(
          output: names.firstIndex(of: symbol.name) ?? 0, lift: table.source(term.lift),
          factors: factors))
    }
    return leaves
  }
}

/// A derivative of an unknown that no network pass carries.
struct DerivativeFault: Error, CustomStringConvertible {
  let symbol: Symbol
  /// Of the network's derivatives that it takes, conditions built in.
  let order: Int

  var description: String {
    "\(symbol) takes derivatives of order \(order) of the network, and \(JetIndices.orderLimit) "
      + "is most"
  }
}

/// Gathers expressions that vary as columns, each once.
private struct SourceTable {
  private(set) var columns: [Expression] = []
  private var places: [Expression: Int] = [:]
  private let first: Int

  init(first: Int = 0) { self.first = first }

  mutating func source(_ expression: Expression) -> PointProgram.Source {
    if let value = expression.constant { return .constant(value) }
    if let place = places[expression] { return .column(place) }
    let place = first + columns.count
    places[expression] = place
    columns.append(expression)
    return .column(place)
  }
}

import Expressions
import Networks
import Problems

/// Expressions of the unknowns and their derivatives at one point, readied for blocks of points.
///
/// What depends on the point alone (inputs of the networks, lifts, factors) is told apart from what
/// depends on the networks, so that it is computed once for each set of points.
struct PointProgram: Sendable {
  /// A number that is the same at all points, or one of a table's columns.
  enum Source: Sendable {
    case constant(Double)
    case column(Int)
  }

  /// One of the networks, and what it has to give.
  struct Part: Sendable {
    /// In the order of the layout.
    var network: Int
    var jets: JetIndices
    /// Every derivative of every input: by jet, then by input.
    var features: Program
  }

  /// A derivative of an unknown: lift + Σ factor·jet.
  struct Leaf: Sendable {
    var part: Int
    var output: Int
    var lift: Source
    var factors: [(jet: Int, factor: Source)]
  }

  /// A derivative of one of the expressions that is not zero: by a leaf, or by an estimate.
  struct Slope: Sendable {
    var expression: Int
    var leaf: Int
    var value: Source
  }

  /// A measurement at the point, where expressions speak of one; no text can declare this name.
  static let measurement = Symbol("data.value")

  let expressionCount: Int
  let parts: [Part]
  let leaves: [Leaf]
  let slopes: [Slope]
  /// As ``slopes``; `leaf` is the place of an estimate.
  let estimateSlopes: [Slope]
  /// Variables, forcings, their derivatives, the measurement.
  let pointNames: [Symbol]
  /// The lifts and factors that vary.
  let columns: Program
  let values: Program
  /// The values, then the slopes that vary.
  let tangents: Program

  /// Differentiates and lowers; the expressions have no parameters left, but may have estimates.
  ///
  /// - Throws: `DifferentiationError` or `ProgramError`.
  init(_ expressions: [Expression], _ model: FieldModel) throws {
    expressionCount = expressions.count
    let symbols = model.leaves(of: expressions)
    let terms = try symbols.map { try model.ansatz.terms(of: $0) }
    for (symbol, term) in zip(symbols, terms) {
      let order = term.factors.map { $0.index.reduce(0, +) }.max() ?? 0
      if order > JetIndices.orderLimit { throw DerivativeFault(symbol: symbol, order: order) }
    }
    var table = SourceTable()
    pointNames = model.pointNames
    let point = Inputs(point: pointNames)
    parts = try model.parts(symbols, terms).map { network, jets in
      let features = try model.inputs[network].jets(jets, model.calculus)
      return Part(
        network: network, jets: jets, features: try Program(features, inputs: point))
    }
    leaves = model.leaves(symbols, terms, parts) { table.source($0) }
    columns = try Program(table.columns, inputs: point)
    let estimates = model.layout.estimates.map { Symbol($0.name) }
    let state = Inputs(point: pointNames, state: symbols, parameters: estimates)
    values = try Program(expressions, inputs: state)
    var varying = SourceTable(first: expressions.count)
    func derivatives(by symbols: [Symbol]) throws -> [Slope] {
      var slopes: [Slope] = []
      for (row, expression) in expressions.enumerated() {
        for (index, symbol) in symbols.enumerated() where expression.contains(symbol) {
          let slope = try expression.derivative(by: symbol)
          if slope.isZero { continue }
          slopes.append(Slope(expression: row, leaf: index, value: varying.source(slope)))
        }
      }
      return slopes
    }
    slopes = try derivatives(by: symbols)
    estimateSlopes = try derivatives(by: estimates)
    tangents = try Program(expressions + varying.columns, inputs: state)
  }

  /// The jets of all parts, weighed by their networks' widths: what decides a chunk's size.
  func jetWidths(_ layout: ParameterLayout) -> Int {
    parts.reduce(0) { sum, part in
      let shape = layout.networks[part.network].shape
      return sum + part.jets.count * shape.hidden.reduce(shape.inputs + shape.outputs, +)
    }
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

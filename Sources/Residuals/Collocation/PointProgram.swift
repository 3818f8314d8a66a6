import Expressions
import Networks
import Numerics
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

    /// At one of `count` points; columns follow one another.
    @inline(__always)
    func number(_ columns: Vector, _ count: Int, _ point: Int) -> Double {
      switch self {
      case .constant(let value): value
      case .column(let column): columns[column * count + point]
      }
    }
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
  /// As ``slopes``; `leaf` is the place of an integral.
  let integralSlopes: [Slope]
  /// What the expressions integrate, in the order of evaluation.
  let integrals: [IntegralProgram]
  /// Variables, forcings, their derivatives, the measurement; then ``given``.
  let pointNames: [Symbol]
  /// Leaves of a given field.
  let given: [Symbol]
  /// The lifts and factors that vary.
  let columns: Program
  let values: Program
  /// The values, then the slopes that vary.
  let tangents: Program

  /// Differentiates and lowers; the expressions have no parameters left, but may have estimates.
  ///
  /// - Parameter refinement: how many times the usual panels integrals have.
  /// - Throws: `DifferentiationError`, `ProgramError` or ``IntegralFault``.
  init(_ whole: [Expression], _ model: FieldModel, refinement: Int = 1) throws {
    let (expressions, forms) = try IntegralForm.read(whole, model.calculus)
    integrals = try IntegralLowering(model, refinement: refinement).programs(forms)
    let chain = ChainRule(integrals: integrals)
    expressionCount = expressions.count
    let symbols = model.leaves(
      of: expressions + integrals.flatMap(\.outer).map { .symbol($0) })
    let terms = try symbols.map { try model.ansatz.terms(of: $0) }
    for (symbol, term) in zip(symbols, terms) {
      let order = term.factors.map { $0.index.reduce(0, +) }.max() ?? 0
      if order > JetIndices.orderLimit { throw DerivativeFault(symbol: symbol, order: order) }
    }
    var table = SourceTable()
    given = FieldModel.given(expressions, terms)
    pointNames = model.pointNames + given
    let point = Inputs(point: pointNames)
    parts = try model.parts(symbols, terms).map { network, jets in
      let features = try model.inputs[network].jets(jets, model.calculus)
      return Part(
        network: network, jets: jets, features: try Program(features, inputs: point))
    }
    leaves = model.leaves(symbols, terms, parts) { table.source($0) }
    columns = try Program(table.columns, inputs: point)
    let estimates = model.layout.estimates.map { Symbol($0.name) }
    let state = Inputs(
      point: pointNames, state: symbols + chain.symbols, parameters: estimates)
    values = try Program(expressions, inputs: state)
    var varying = SourceTable(first: expressions.count)
    func derivatives(by symbols: [Symbol]) throws -> [Slope] {
      var slopes: [Slope] = []
      for (row, expression) in expressions.enumerated() {
        for (index, symbol) in symbols.enumerated() {
          let slope = try chain.derivative(of: expression, by: symbol)
          if slope.isZero { continue }
          slopes.append(Slope(expression: row, leaf: index, value: varying.source(slope)))
        }
      }
      return slopes
    }
    slopes = try derivatives(by: symbols)
    estimateSlopes = try derivatives(by: estimates)
    integralSlopes = try derivatives(by: integrals.map(\.symbol))
    tangents = try Program(expressions + varying.columns, inputs: state)
  }

  /// The jets of all parts, weighed by their networks' widths: what decides a chunk's size.
  func jetWidths(_ layout: ParameterLayout) -> Int {
    let nodes = integrals.reduce(0) { $0 + $1.jetWidths(layout) }
    return parts.reduce(nodes) { sum, part in
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

import Discretizations
import Expressions
import Numerics
import Problems
import Reports
import Residuals

/// Expressions of a problem along its fitted fields: at the nodes of the lines, at given times.
final class FieldSamples {
  /// Values at one node at one time.
  struct Row {
    var label: String
    var t: Double
    var x: Double
    /// One for each expression.
    var numbers: [Double]
  }

  private let model: FittedModel
  private let lines: LinesForm
  private let tape: Tape
  private let count: Int
  private let point = Storage(1)
  private let values: Storage
  private let state: Storage
  private let out: Storage

  /// An expression that holds what has no value at a node is NaN.
  init(_ model: FittedModel, _ lines: LinesForm, _ expressions: [Expression]) throws {
    self.model = model
    self.lines = lines
    count = expressions.count
    let known = model.parameterValues
    let parameters = known.keys.sorted { $0.description < $1.description }
    let point = [Symbol(lines.form.marching)]
    let leaves = Set(parameters + lines.form.state + point)
    let all = lines.grid.nodes.indices.flatMap { node in
      expressions.map { expression in
        guard let value = lines.expression(expression, at: node),
          value.symbols.isSubset(of: leaves)
        else { return Expression.number(.nan) }
        return value
      }
    }
    tape = Tape(
      try Program(
        all, inputs: Inputs(point: point, state: lines.form.state, parameters: parameters)))
    values = Storage(parameters.map { known[$0] ?? 0 })
    state = Storage(lines.form.state.count)
    out = Storage(all.count)
  }

  /// Time by time, node by node.
  func rows(_ series: Int, at times: [Double]) throws -> [Row] {
    let states = try model.fit.states(model.parameters, of: series, at: times) {
      Interrupt.isRequested
    }
    return zip(times, states).flatMap { t, numbers in
      point.vector[0] = t
      state.vector.assign(numbers)
      tape.evaluate(point.vector, state.vector, values.vector, into: out.vector)
      return lines.grid.nodes.enumerated().map { node, x in
        Row(
          label: model.fit.data.series[series].label, t: t, x: x,
          numbers: (0..<count).map { out.vector[node * count + $0] })
      }
    }
  }
}

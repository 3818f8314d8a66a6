import Expressions
import Problems

extension Problem {
  /// Names of parameters and estimates, in the order of the programs' inputs.
  var parameterNames: [String] { parameters.map(\.name) + estimates.map(\.name) }

  /// Values of ``parameterNames`` with some replaced; parameters defined by them follow.
  ///
  /// - Throws: `EvaluationError` where a definition has no value.
  func parameters(replacing new: [String: Double]) throws -> [Double] {
    var values: [Symbol: Double] = [:]
    for parameter in parameters {
      values[Symbol(parameter.name)] =
        try new[parameter.name]
        ?? (new.isEmpty ? parameter.value : parameter.definition.evaluate(values))
    }
    for estimate in estimates {
      values[Symbol(estimate.name)] = new[estimate.name] ?? estimate.start
    }
    return parameterNames.map { values[Symbol($0)] ?? .nan }
  }
}

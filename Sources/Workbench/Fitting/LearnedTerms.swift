import Discretizations
import Expressions
import Problems
import Residuals

/// The inputs and outputs of all networks along the fitted trajectories.
struct LearnedTerms {
  /// The marching variable, then inputs and outputs, network by network.
  let names: [String]
  private(set) var rows: [(label: String, numbers: [Double])] = []

  /// - Parameter states: unknowns at the rows of every trajectory's data.
  init(_ model: FittedModel, _ states: [[[Double]]]) throws {
    let fit = model.fit
    var expressions: [Expression] = []
    var names = [fit.system.form.marching]
    for (network, piece) in zip(fit.problem.networks, fit.layout.networks) {
      let inputs = network.inputs.map(\.expression)
      for (input, expression) in zip(network.inputs, inputs) where !names.contains(input.text) {
        names.append(input.text)
        expressions.append(expression)
      }
      names += network.outputs
      expressions += piece.shape.expressions(Array(model.parameters[piece.range]), of: inputs)
    }
    self.names = names
    let table = try AlongTrajectories(model, expressions)
    for (index, series) in fit.data.series.enumerated() {
      for (row, numbers) in states[index].enumerated() where row < series.times.count {
        let t = series.times[row]
        rows.append((series.label, [t] + table.values(t, numbers)))
      }
    }
  }
}

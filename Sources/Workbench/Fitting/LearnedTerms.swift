import Discretizations
import Expressions
import Numerics
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
    let problem = fit.problem
    let t = fit.system.form.marching
    var expressions: [Expression] = []
    var names = [t]
    for (network, piece) in zip(problem.networks, fit.layout.networks) {
      let inputs = network.inputs.map(\.expression)
      for (input, expression) in zip(network.inputs, inputs) where !names.contains(input.text) {
        names.append(input.text)
        expressions.append(expression)
      }
      names += network.outputs
      expressions += piece.shape.expressions(Array(model.parameters[piece.range]), of: inputs)
    }
    self.names = names
    // Derivatives of unknowns are no columns of the rows: a term of them is left blank.
    var known: [Symbol: Double] = problem.parameterValues
    for (name, value) in model.found { known[Symbol(name)] = value }
    let parameters = known.keys.sorted { $0.description < $1.description }
    let unknowns = problem.unknowns.map { Symbol($0) }
    let point = [Symbol(t)]
    let leaves = Set(parameters + unknowns + point)
    let computable = expressions.map { $0.symbols.isSubset(of: leaves) }
    let program = try Program(
      zip(expressions, computable).map { $1 ? $0 : .number(.nan) },
      inputs: Inputs(point: point, state: unknowns, parameters: parameters))
    let tape = Tape(program)
    let (place, out) = (Storage(1), Storage(expressions.count))
    let values = Storage(parameters.map { known[$0] ?? 0 })
    let state = Storage(unknowns.count)
    defer { place.keep(out, values, state) }
    for (index, series) in fit.data.series.enumerated() {
      for (row, numbers) in states[index].enumerated() where row < series.times.count {
        place.vector[0] = series.times[row]
        for k in unknowns.indices { state.vector[k] = numbers[k] }
        tape.evaluate(place.vector, state.vector, values.vector, into: out.vector)
        rows.append((series.label, [series.times[row]] + out.vector.array))
      }
    }
  }
}

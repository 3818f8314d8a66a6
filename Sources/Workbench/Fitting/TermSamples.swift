import Discretizations
import Expressions
import Numerics
import Problems
import Reports
import Residuals

/// Values of candidate terms and of the networks that they are to replace, along the fitted
/// trajectories.
struct TermSamples {
  /// Of each output, `[term][sample]`.
  private(set) var designs: [[[Double]]] = []
  /// Of each output, `[sample]`.
  private(set) var targets: [[Double]] = []

  /// - Parameter points: of each trajectory, evenly over the times that were fitted.
  init(_ model: FittedModel, _ declared: DiscoveryDeclaration, points: Int) throws {
    var expressions: [Expression] = []
    for output in declared.outputs {
      expressions.append(try TermSamples.output(output.name, model))
      expressions += output.terms.map(\.expression)
    }
    let samples = try TermSamples.values(model, expressions, points: points)
    var first = 0
    for output in declared.outputs {
      let target = first
      targets.append(samples.map { $0[target] })
      designs.append(output.terms.indices.map { term in samples.map { $0[target + 1 + term] } })
      first += 1 + output.terms.count
    }
  }

  /// All expressions at each sample.
  private static func values(_ model: FittedModel, _ expressions: [Expression], points: Int) throws
    -> [[Double]]
  {
    let fit = model.fit
    var samples: [[Double]] = []
    let fields = try fit.lines.map { try FieldSamples(model, $0, expressions) }
    let table = try fields == nil ? AlongTrajectories(model, expressions) : nil
    let problem = try fields == nil ? InitialValueProblem(model.formulas()) : nil
    let code = problem?.makeCode(.auto)
    // Every node is a sample of its own.
    let count = fit.lines.map { max(points / $0.grid.nodes.count, 2) * 4 } ?? points
    for (index, series) in fit.data.series.enumerated() {
      guard let last = series.roles.lastIndex(of: .training) else { continue }
      let span = series.times[last] - series.start
      let times = (0..<count).map { series.start + span * Double($0) / Double(max(count - 1, 1)) }
      if let fields {
        samples += try fields.rows(index, at: times).map(\.numbers)
      } else if let table, let problem, let code {
        let states = try model.states(index, at: times, problem, code)
        for (row, state) in states.enumerated() { samples.append(table.values(times[row], state)) }
      }
    }
    return samples
  }

  /// An output of a network as a formula.
  private static func output(_ name: String, _ model: FittedModel) throws -> Expression {
    for (network, piece) in zip(model.fit.problem.networks, model.fit.layout.networks) {
      guard let place = network.outputs.firstIndex(of: name) else { continue }
      return model.expressions(of: network, piece)[place]
    }
    preconditionFailure("no network has the output \(name)")
  }
}

/// Expressions of the marching variable, the unknowns, parameters and estimates, along a fit.
final class AlongTrajectories {
  private let tape: Tape
  private let place = Storage(1)
  private let out: Storage
  private let values: Storage
  private let state: Storage

  /// An expression that holds anything else has no values.
  init(_ model: FittedModel, _ expressions: [Expression]) throws {
    let problem = model.fit.problem
    let known = model.parameterValues
    let parameters = known.keys.sorted { $0.description < $1.description }
    let unknowns = problem.unknowns.map { Symbol($0) }
    let point = [Symbol(model.fit.system.form.marching)]
    let leaves = Set(parameters + unknowns + point)
    tape = Tape(
      try Program(
        expressions.map { $0.symbols.isSubset(of: leaves) ? $0 : .number(.nan) },
        inputs: Inputs(point: point, state: unknowns, parameters: parameters)))
    out = Storage(expressions.count)
    values = Storage(parameters.map { known[$0] ?? 0 })
    state = Storage(unknowns.count)
  }

  /// All values at a time; `numbers` starts with the unknowns.
  func values(_ t: Double, _ numbers: [Double]) -> [Double] {
    place.vector[0] = t
    for k in 0..<state.vector.count { state.vector[k] = numbers[k] }
    tape.evaluate(place.vector, state.vector, values.vector, into: out.vector)
    return out.vector.array
  }
}

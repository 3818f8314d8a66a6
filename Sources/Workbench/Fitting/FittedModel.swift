import Discretizations
import Expressions
import Flows
import Integrators
import Networks
import Numerics
import Problems
import Reports
import Residuals

/// A fit that has been found: its trajectories and terms, as formulas that the classical solver takes.
///
/// Not `Sendable`: it owns the workspaces of its residuals.
public final class FittedModel {
  public let fit: TrajectoryFit
  /// Weights and free numbers; `[P]`.
  public let parameters: [Double]
  /// Sought initial states, in units of their sizes, trajectory by trajectory.
  let states: [Double]
  /// What its training did; nil for a model that was read from a run.
  public internal(set) var report: TrainingReport?
  /// Of whole trajectories, with the noise of the end; nil as ``report``.
  var residuals: TrajectoryResiduals?

  init(_ fit: TrajectoryFit, parameters: [Double], states: [Double]) {
    self.fit = fit
    self.parameters = parameters
    self.states = states
  }

  /// The values found of the parameters that were sought, by name.
  public var found: [String: Double] {
    Dictionary(uniqueKeysWithValues: fit.layout.values(parameters).map { ($0.name, $0.value) })
  }

  /// The problem with the trained networks written out and the estimates that were found.
  ///
  /// - Throws: where a network's output is differentiated and has no derivative in closed form.
  public func formulas() throws -> Problem { try formulas(in: fit.problem) }

  /// The same for another problem with the same networks.
  ///
  /// - Throws: also ``UsageFault`` where its networks are others.
  func formulas(in problem: Problem) throws -> Problem {
    var outputs: [String: Expression] = [:]
    for network in problem.networks {
      guard let piece = fit.layout.networks.first(where: { $0.name == network.name }),
        piece.outputs == network.outputs, piece.shape.inputs == network.inputs.count
      else {
        throw UsageFault(
          description: "the model has no network '\(network.name)' with these inputs and outputs; "
            + "it was trained on another problem")
      }
      let values = expressions(of: network, piece)
      for (name, value) in zip(network.outputs, values) { outputs[name] = value }
    }
    return try problem.replacing(outputs: outputs, adding: []).estimating(found)
  }

  /// The outputs of a network with its trained weights.
  func expressions(of network: Network, _ piece: ParameterLayout.Piece) -> [Expression] {
    piece.shape.expressions(
      Array(parameters[piece.range]), of: network.inputs.map(\.expression))
  }

  /// The inputs and outputs of all networks, network by network; an input that is named like one
  /// before it, or like one of `others`, is left out.
  func terms(besides others: [String]) -> [(name: String, value: Expression)] {
    var terms: [(name: String, value: Expression)] = []
    var names = Set(others)
    for (network, piece) in zip(fit.problem.networks, fit.layout.networks) {
      for input in network.inputs where names.insert(input.text).inserted {
        terms.append((input.text, input.expression))
      }
      names.formUnion(network.outputs)
      terms += zip(network.outputs, expressions(of: network, piece)).map { ($0, $1) }
    }
    return terms
  }

  /// Values of parameters, and of estimates as they were found.
  var parameterValues: [Symbol: Double] { fit.problem.estimating(found).parameterValues }

  /// Sought starts of trajectories that were kept out of training.
  private lazy var heldOutStarts: [Int: [Int: Double]] = {
    let series = fit.data.series.indices.filter { HeldOutStarts.seeks(fit, $0) }
    guard !series.isEmpty, let starts = try? HeldOutStarts(self) else { return [:] }
    return Dictionary(uniqueKeysWithValues: series.map { ($0, starts.find($0)) })
  }()

  /// Initial values of a trajectory that no condition gives: measured or sought, of one that was kept
  /// out of training as ``HeldOutStarts`` has it.
  private func initialValues(_ series: Int) -> [String: Double] {
    let isHeldOut = HeldOutStarts.seeks(fit, series)
    return initialValues(series, heldOut: isHeldOut ? heldOutStarts[series] ?? [:] : [:])
  }

  /// - Parameter heldOut: the sought part of a start that was not trained, by place in the state.
  private func initialValues(_ series: Int, heldOut: [Int: Double]) -> [String: Double] {
    var values: [String: Double] = [:]
    let sought = fit.firstUnknowns(series)
    for (place, start) in fit.data.series[series].starts.enumerated() {
      let name = fit.system.form.state[place].description
      switch start {
      case .value: continue
      case .measured(let number): values[name] = number
      case .free(let guess):
        let number = sought.flatMap { $0[place] < states.count ? states[$0[place]] : nil }
        values[name] = number.map { $0 * fit.plan.sizes[place] } ?? heldOut[place] ?? guess
      }
    }
    return values
  }

  /// Integrates a trajectory with the settings of `solve` and shows its rows.
  func solve(
    _ series: Int, _ solver: CaseSolver, _ truth: TruthErrors? = nil,
    isCancelled: @escaping () -> Bool,
    row: @escaping (Double, Vector) -> Void, event: @escaping (Double, String, Vector) -> Void
  ) throws -> SolveReport {
    try solve(
      initialValues(series), solver, truth, isCancelled: isCancelled, row: row, event: event)
  }

  private func solve(
    _ initialValues: [String: Double], _ solver: CaseSolver, _ truth: TruthErrors?,
    isCancelled: @escaping () -> Bool,
    row: @escaping (Double, Vector) -> Void, event: @escaping (Double, String, Vector) -> Void
  ) throws -> SolveReport {
    var wanted = CaseSolver.Case()
    wanted.initialValues = initialValues
    var sink = CaseSolver.Sink()
    sink.row = row
    sink.event = event
    sink.isCancelled = isCancelled
    sink.truth = truth
    return try solver.solve(wanted, sink).report
  }

  /// The fitted unknowns of a trajectory at given times, up to where the integration came.
  func states(
    _ series: Int, at times: [Double], _ problem: InitialValueProblem, _ code: NativeCode
  ) throws -> [[Double]] {
    try states(initialValues(series), at: times, problem, code)
  }

  /// The same of a trajectory that was kept out of training, with the sought part of its start by
  /// place in the state.
  func states(
    _ series: Int, startingAt starts: [Int: Double], at times: [Double],
    _ problem: InitialValueProblem, _ code: NativeCode
  ) throws -> [[Double]] {
    try states(initialValues(series, heldOut: starts), at: times, problem, code)
  }

  private func states(
    _ initialValues: [String: Double], at times: [Double], _ problem: InitialValueProblem,
    _ code: NativeCode
  ) throws -> [[Double]] {
    var plan = RowPlan(problem, reference: [])
    plan.atSteps = false
    plan.entries = times.map { RowPlan.Entry(time: $0, isWritten: true, reference: nil) }
    let solver = CaseSolver(problem: problem, code: code, plan: plan)
    var rows: [[Double]] = []
    _ = try solve(initialValues, solver, nil, isCancelled: Interrupt.later()) { _, numbers in
      rows.append(numbers.array)
    } event: { _, _, _ in
    }
    return rows
  }
}

import Discretizations
import Flows
import Numerics
import Problems
import Reports
import Residuals

/// Fits the trajectories of a problem file to its data; nothing is written.
///
/// - Parameters:
///   - path: the problem file; its unknowns are trajectories (`train.unknowns`).
///   - overrides: `path=value`, as `--set` of the command takes them.
///   - threads: how many work; nil for one a core. The same count gives the same bits.
///   - hook: told of every event: starts of phases, steps, rejected attempts, the end.
/// - Returns: the fitted model, with the report of its training. A numerical failure is the
///   report's outcome; the parameters are then the last good ones.
/// - Throws: `ProblemUnreadable`, `ProblemFaults` (their text is what the command prints).
public func fit(
  problemFile path: String, set overrides: [String] = [], threads: Int? = nil,
  on hook: @escaping Training.Hook = { _ in }
) throws -> FittedModel {
  let problem = try ProblemFile.read(path, overrides)
  guard problem.training == .trajectory else {
    throw problem.fault(
      path: "train.unknowns", "the unknowns of this file are networks",
      "use train(problemFile:), or set train.unknowns: trajectory")
  }
  let choices = try FitChoices(problem)
  let fit = try TrajectoryFit(
    problem, choices.plan, threads: threads ?? MachineDescription.usableCores)
  let training = try FitTraining(fit, choices)
  training.on.append(hook)
  let report = try training.run()
  let model = FittedModel(fit, parameters: training.parameters, states: training.states)
  model.report = report
  model.residuals = try training.residuals ?? fit.residuals(pieces: 1)
  return model
}

extension FittedModel {
  /// The parameters that were to be found, and how well they are known.
  ///
  /// - Cost: P³/3 operations, P the count of parameters.
  public var estimates: [EstimateStatement] {
    withParameters { $0.estimateStatements($1) } ?? []
  }

  /// Correlations of the errors of ``estimates``.
  public var correlations: [[Double]] {
    withParameters { $0.estimateCorrelations($1) } ?? []
  }

  /// χ² a measurement.
  public var chiSquarePerPoint: Double? {
    withParameters { $0.chiSquarePerPoint($1) } ?? nil
  }

  /// The parts of the loss at the end, by block.
  public var blockLosses: [String: Double] {
    withParameters { residuals, theta in
      let all = Storage(residuals.residualCount)
      defer { all.keep() }
      residuals.residual(theta, into: all.vector)
      return Dictionary(
        zip(residuals.blocks.map(\.name), residuals.losses(all.vector)), uniquingKeysWith: +)
    } ?? [:]
  }

  /// The noise of the measurements, declared or estimated.
  public var noise: [MeasuredNoise] { residuals?.noise ?? fit.noise }

  /// The names of the trajectories.
  public var trajectories: [String] { fit.data.series.map(\.label) }

  /// The unknowns of a trajectory at given times, in the direction of integration; of fields their
  /// values at the nodes of ``LinesForm/grid``, unknown by unknown.
  ///
  /// - Parameter label: of the column `trajectory`; nil for the first.
  /// - Returns: a row for each time, up to where the integration came.
  /// - Throws: what the equations cannot be solved for.
  public func values(at times: [Double], of label: String? = nil) throws -> [[Double]] {
    let series = label.flatMap { trajectories.firstIndex(of: $0) } ?? 0
    if fit.lines != nil { return try fit.states(parameters, of: series, at: times) }
    let problem = try InitialValueProblem(formulas())
    return try states(series, at: times, problem, problem.makeCode(.auto)).map {
      Array($0.prefix(fit.problem.unknowns.count))
    }
  }

  /// Formulas for the learned terms that the file's `discover` asks for; nil where there are none.
  ///
  /// - Throws: `ProblemFaults` for a faulty declaration.
  public func discover() throws -> [Formula]? {
    guard let residuals else { return nil }
    return try Discovery(self, residuals) { false }?.best.formulas
  }

  private func withParameters<Result>(_ work: (TrajectoryResiduals, Vector) -> Result) -> Result? {
    guard let residuals else { return nil }
    let theta = Storage(parameters + residuals.statesStarting(with: states))
    defer { theta.keep() }
    return work(residuals, theta.vector)
  }
}

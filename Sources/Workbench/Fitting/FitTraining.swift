import Flows
import Numerics
import Problems
import Residuals

/// Trains a fit of trajectories phase by phase: matched rates, pieces, whole trajectories.
///
/// Steps, evaluations and seconds go on from phase to phase. Not `Sendable`: one task trains.
final class FitTraining {
  /// A phase that has ended.
  struct Finished: Codable {
    var phase: FitPhase
    var parameters: [Double]
    /// Sought initial states of the first pieces, for the phases behind.
    var states: [Double]
    var loss: Double
    var work: TrainingWork
    var sentence: String
    /// Whether time ended it.
    var isTimed: Bool
  }

  let fit: TrajectoryFit
  var on: [Training.Hook] = []
  var isCancelled: () -> Bool = { false }
  private(set) var finished: [Finished] = []
  /// Of the present phase.
  private(set) var phase: FitPhase
  /// Weights and free numbers where the last phase ended.
  private(set) var parameters: [Double]
  /// The whole trajectories of the last phase; nil before there were any.
  private(set) var residuals: TrajectoryResiduals?
  /// What the default ridge was multiplied by, where validation data chose; else nil.
  private(set) var ridge: Double?
  /// Sought initial states where the last phase ended, in units of their sizes.
  private(set) var states: [Double] = []

  private let choices: FitChoices
  private var training: Training?
  private(set) var settling = Settling(.whole(1), memory: [])
  private var resumedSettling: [Double] = []
  private var hasSettled = false

  init(_ fit: TrajectoryFit, _ choices: FitChoices) throws {
    self.fit = fit
    self.choices = choices
    parameters = fit.initialParameters
    phase = FitPhase.first(fit)
  }

  /// Names of all blocks that any phase has.
  func blockNames() throws -> [String] {
    var names: [String] = []
    for phase in FitPhase.all(fit) {
      for name in try problem(of: phase).blocks.map(\.name) where !names.contains(name) {
        names.append(name)
      }
    }
    return names
  }

  private func problem(of phase: FitPhase) throws -> any LeastSquares {
    switch phase {
    case .matching: try fit.matching()
    case .pieces(let count): try fit.residuals(pieces: count)
    case .whole(let horizon): try fit.residuals(pieces: 1, horizon: horizon)
    case .ridge(let factor): try fit.residuals(pieces: 1, noise: residuals?.noise, ridge: factor)
    }
  }

  // MARK: Phases

  /// Trains all phases, until one fails or is told to stop.
  func run() throws -> TrainingReport { try go(from: nil) }

  /// Goes on from a checkpoint, in the phase where it was written.
  func resume(_ saved: SavedFit) throws -> TrainingReport {
    for phase in saved.finished {
      finished.append(phase)
      take(phase)
    }
    phase = saved.phase
    resumedSettling = saved.settling
    return try go(from: saved.checkpoint)
  }

  /// Whether all steps that are declared have been taken.
  private func isAtStepLimit(_ report: TrainingReport) -> Bool {
    if choices.stop.steps(of: finished.count + 1) != nil { return false }
    if choices.stop.steps(of: 1) != nil { return true }
    return choices.stop.rule.steps.map { work.steps + report.steps >= $0 } ?? false
  }

  private static func isTimed(_ report: TrainingReport) -> Bool {
    if case .reached(.seconds, _) = report.outcome { true } else { false }
  }

  /// The steps of every phase, where time ended one of them; else nil.
  func stepsEndedBySeconds(_ whole: TrainingReport) -> [Int]? {
    guard FitTraining.isTimed(whole) || finished.contains(where: \.isTimed) else { return nil }
    return finished.map(\.work.steps) + [whole.steps - work.steps]
  }

  private func take(_ done: Finished) {
    parameters = done.parameters
    if done.phase.hasStates { states = done.states }
  }

  private func go(from checkpoint: TrainingCheckpoint?) throws -> TrainingReport {
    var report = try train(phase, from: checkpoint)
    while !isAtStepLimit(report),
      let next = FitPhase.next(after: phase, fit, report, isSettled: hasSettled)
    {
      close(report)
      phase = next
      report = try train(next, from: nil)
    }
    if !isAtStepLimit(report) { report = try chooseRidge(after: report) }
    let whole = whole(report)
    for hook in on { hook(.stop(whole)) }
    return whole
  }

  /// Trains once more with so many times the default ridge.
  func train(ridge factor: Double, after report: TrainingReport) throws -> TrainingReport {
    close(report)
    phase = .ridge(factor)
    return try train(phase, from: nil)
  }

  /// Takes the parameters of the best ridge.
  func keep(_ best: Attempt) {
    (parameters, states, residuals) = (best.parameters, best.states, best.residuals)
    ridge = best.factor
  }

  /// The report of a phase whose fit may have settled.
  func settled(_ report: TrainingReport) -> TrainingReport {
    var report = report
    if hasSettled, case .stopped = report.outcome, !isCancelled() {
      report.outcome = .reached(
        .stagnation, "the fit has settled: \(settling.words)")
    }
    return report
  }

  private func close(_ report: TrainingReport) {
    let count = fit.layout.count
    finished.append(
      Finished(
        phase: phase, parameters: Array(report.theta.prefix(count)), states: states,
        loss: report.loss, work: TrainingWork(report),
        sentence: sentence(report), isTimed: FitTraining.isTimed(report)))
  }

  private func train(_ phase: FitPhase, from checkpoint: TrainingCheckpoint?) throws
    -> TrainingReport
  {
    let problem = try problem(of: phase)
    let trajectories = problem as? TrajectoryResiduals
    let start = parameters + (trajectories.map(startingStates) ?? [])
    var settings = choices.settings
    settings.stop = rule(phase)
    settings.refresh = trajectories == nil ? 0 : FitPhase.stepsBetweenRounds
    let training = try Training(problem, settings)
    self.training = training
    settling = Settling(phase, memory: checkpoint == nil ? [] : resumedSettling)
    hasSettled = false
    training.resample = { trajectories?.advance($0, round: $1) }
    training.isCancelled = { [unowned self] in isCancelled() || hasSettled }
    training.on = [{ [unowned self] in pass($0, trajectories) }]
    var report = checkpoint.map { training.resume($0) } ?? training.run(from: start)
    if case .failed = report.outcome, report.steps == 0, let failure = trajectories?.failure {
      report.outcome = .failed("no trajectory from the initial parameters: \(failure)")
    }
    parameters = Array(report.theta.prefix(fit.layout.count))
    if let trajectories {
      states = trajectories.firstStates(report.theta)
      if phase.hasWholeTrajectories { residuals = trajectories }
    }
    return report
  }

  /// Sought states where a phase begins: what was found before for the first pieces, smoothed data
  /// for the others.
  private func startingStates(_ residuals: TrajectoryResiduals) -> [Double] {
    residuals.statesStarting(with: states)
  }

  private func rule(_ phase: FitPhase) -> StopRule {
    var rule = choices.stop.rule
    let used = work.seconds
    rule.seconds = rule.seconds.map { max($0 - used, 0) * phase.share }
    rule.steps =
      choices.stop.steps(of: finished.count) ?? rule.steps.map { max($0 - work.steps, 0) }
    if case .whole(1) = phase { return rule }
    rule.loss = nil
    rule.gradientNorm = nil
    rule.error = nil
    if case .matching = phase { rule.steps = min(rule.steps ?? .max, FitPhase.mostMatchingSteps) }
    return rule
  }

  private var isSecondOrder: Bool { ["gradient", "gauss-newton"].contains(choices.settings.flow) }

  // MARK: What is told

  /// Of the phases before the present one.
  private var work: TrainingWork { finished.reduce(into: TrainingWork()) { $0 += $1.work } }

  private func pass(_ event: TrainingEvent, _ trajectories: TrajectoryResiduals?) {
    switch event {
    case .step(let row):
      let isStill = settling.hasSettled(row, trajectories)
      // First-order flows pause long before they are done.
      hasSettled = isStill && isSecondOrder && (trajectories.map { $0.isClosed } ?? true)
    case .stop: return
    default: break
    }
    tell(work.before(event))
  }

  private func tell(_ event: TrainingEvent) {
    for hook in on { hook(event) }
  }

  /// The blocks of the present phase.
  var blocks: [String] { training?.flow.problem.blocks.map(\.name) ?? [] }
  /// Evaluations of the right-hand side in the last pass; nil where nothing is integrated.
  var solveEvaluations: Int? {
    (training?.flow.problem as? TrajectoryResiduals)?.solveEvaluations
  }

  /// How much of the time or the steps is used at a row, from 0 to 1.
  func fraction(_ row: TrainingRow) -> Double {
    TrainingStop.fraction(choices.stop.rule, seconds: row.seconds, steps: row.step)
  }

  private func sentence(_ report: TrainingReport) -> String {
    if hasSettled { return "the fit has settled" }
    return report.outcome.sentence
  }

  private func whole(_ last: TrainingReport) -> TrainingReport {
    var report = work.before(last)
    report.theta = parameters
    if case .reached(.seconds, _) = report.outcome, let limit = choices.stop.rule.seconds {
      report.outcome = .reached(.seconds, "the limit of \(limit) s was used up")
    }
    return settled(report)
  }
}

/// Tells when a fit gets no better: the negative logarithm of the likelihood a measurement, with
/// the noise where that is estimated, falls no more.
struct Settling {
  /// Accepted steps over which a fall is looked for.
  private let steps: Int
  /// The least fall over them that counts.
  private let least: Double

  var words: String {
    "over \(steps) steps the likelihood of a measurement rose by less than \(least)"
  }

  /// Phases before the last need not be followed to their end.
  init(_ phase: FitPhase, memory: [Double]) {
    (steps, least) = phase == .whole(1) ? (40, 1e-4) : (20, 1e-2)
    values = memory
  }

  /// Of the last steps.
  private(set) var values: [Double] = []

  mutating func hasSettled(_ row: TrainingRow, _ residuals: TrajectoryResiduals?) -> Bool {
    let value = residuals.map { row.loss + $0.meanLogNoise } ?? row.loss
    values.append(value)
    if values.count > steps + 1 { values.removeFirst() }
    guard values.count > steps, let first = values.first else { return false }
    return first - value < least
  }
}

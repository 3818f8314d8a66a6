import Glibc
import Integrators
import Numerics
import Residuals

/// A training: the flow of a least-squares loss, integrated until a rule stops it.
///
/// The same loop as for any other initial value problem takes the steps, each with a clock of its
/// own, so that τ may grow over twenty decades without a step losing digits. Not `Sendable`: one task
/// trains.
public final class Training {
  /// Listens to events; called from the training itself.
  public typealias Hook = (TrainingEvent) -> Void

  public let flow: LeastSquaresFlow
  public let settings: TrainingSettings
  public let flowRow: FlowRow
  public let stepperName: String
  /// Called in order with every event.
  public var on: [Hook] = []
  /// Draws new points for parameters θ; `round` counts from 1.
  ///
  /// It must draw the same ones when called again with the same θ and round: a resumed training
  /// does so.
  public var resample: ((_ parameters: Vector, _ round: Int) -> Void)?
  /// Measures the error of θ against a known solution, for ``StopRule/error``.
  public var measureError: ((_ parameters: Vector) -> Double)?
  /// Polled between steps, and between the attempts of one.
  public var isCancelled: () -> Bool = { false }

  /// The last parameters accepted, for hooks; `[P]`.
  public var parameters: [Double] {
    integration.map { flow.parameters(of: $0.present).array } ?? progress.theta
  }

  /// Accepted steps so far, earlier sessions included.
  public var stepsTaken: Int { progress.steps }

  var progress = Progress()
  var integration: Integration?

  /// Prepares the training of a problem.
  ///
  /// - Throws: ``FlowError`` if there is no such flow, or the stepper does not go with it.
  public init(
    _ residuals: any LeastSquares, _ settings: TrainingSettings = TrainingSettings()
  ) throws(FlowError) {
    self.settings = settings
    flowRow = try FlowCatalog.find(settings.flow)
    stepperName = settings.stepper ?? flowRow.defaultStepper
    try FlowCatalog.check(stepperName, with: flowRow)
    let count = residuals.parameterCount
    if stepperName == "exponential-rosenbrock", count > ExponentialRosenbrock.mostParameters {
      throw .stepping(
        .tooManyParameters(stepperName, count, limit: ExponentialRosenbrock.mostParameters))
    }
    flow = flowRow.makeFlow(residuals, settings, for: stepperName)
  }

  /// Trains from `initial` until a rule stops it; `initial`: `[P]`.
  public func run(from initial: [Double]) -> TrainingReport {
    precondition(
      initial.count == flow.parameterCount,
      "\(initial.count) numbers for \(flow.parameterCount) parameters")
    let start = Storage(initial)
    defer { start.keep() }
    progress = Progress()
    progress.theta = initial
    progress.drawnFor = initial
    flow.startAnew()
    flow.arrive(at: start.vector)
    let isFinite = flow.loss.isFinite && flow.gradient.isFinite && flow.trace.isFinite
    guard isFinite, start.vector.isFinite else {
      return finish(.failed(startSentence(start.vector)))
    }
    guard isMinimization || prepare() else { return finish(progress.outcome ?? .stopped) }
    note(start.vector)
    tell { .start(row(true, progress.firstStep, 0, "start")) }
    if isMinimization { return minimize() }
    let state = flow.state(from: initial)
    return drive { $0.run(from: 0, state, to: .greatestFiniteMagnitude) }
  }

  /// Goes on from a checkpoint of a training of the same problem with the same settings.
  ///
  /// The same steps follow bit for bit, except with GSL's multistep methods and `lbfgs`, which start
  /// anew there.
  public func resume(_ checkpoint: TrainingCheckpoint) -> TrainingReport {
    precondition(
      checkpoint.flow == flowRow.name && checkpoint.stepper == stepperName
        && checkpoint.integration.y.count == flow.dimension, "the checkpoint is of another training"
    )
    let start = Storage(checkpoint.parameters)
    defer { start.keep() }
    progress = Progress(checkpoint)
    if progress.round > 0 {
      let drawnFor = Storage(checkpoint.drawnFor)
      defer { drawnFor.keep() }
      resample?(drawnFor.vector, progress.round)
    }
    flow.problemChanged()
    flow.restoreScale(checkpoint.scale)
    // As it was when these points were drawn, should no step have been taken since.
    if checkpoint.drawnFor == checkpoint.parameters { flow.linearize(start.vector) }
    guard isMinimization || prepare() else { return finish(progress.outcome ?? .stopped) }
    note(start.vector)
    progress.gradientNorm = checkpoint.gradientNorm ?? progress.gradientNorm
    let next = checkpoint.integration.nextStep
    tell { .start(row(true, next, 0, "resumed")) }
    if isMinimization {
      flow.counts = checkpoint.integration.counts
      return minimize()
    }
    return drive { $0.resume(checkpoint.integration) }
  }

  /// Whether NLopt takes the steps, and not the loop.
  private var isMinimization: Bool { stepperName == FlowCatalog.quasiNewton }

  /// Whether there is a state to go on from: not where the integration could not be made.
  private var hasState: Bool { isMinimization || integration != nil }

  /// Makes the integration; false if it cannot be made.
  private func prepare() -> Bool {
    progress.firstStep = settings.firstStep ?? chosenFirstStep()
    var handlers = IntegrationHandlers()
    // The loop and its handlers end before `self` does: both are held by it alone.
    handlers.step = { [unowned self] in attempted($0) }
    handlers.isCancelled = { [unowned self] in isOver() }
    do {
      integration = try Integration(
        flow, method: stepperName,
        tolerances: Tolerances(
          relative: settings.tolerance?.value ?? 1e-3,
          absolute: [Double](repeating: settings.atol, count: flow.dimension)),
        settings: settings.integration(firstStep: progress.firstStep), handlers: handlers)
      return true
    } catch {
      progress.outcome = .failed("\(error)")
      return false
    }
  }

  /// Integrates, drawing new points whenever they are due.
  private func drive(_ start: (Integration) -> SolveReport) -> TrainingReport {
    guard let integration else { return finish(.stopped) }
    var report = start(integration)
    while report.outcome == .stopped, progress.outcome == nil, progress.isResampleDue {
      drawPoints(flow.parameters(of: integration.present))
      report = integration.restart()
    }
    progress.theta = Array(report.y.prefix(flow.parameterCount))
    if let outcome = progress.outcome { return finish(outcome) }
    if case .failed(let failure) = report.outcome { return finish(.failed(sentence(failure))) }
    return finish(.stopped)
  }

  func drawPoints(_ theta: Vector) {
    progress.isResampleDue = false
    progress.round += 1
    progress.drawnFor = theta.array
    resample?(theta, progress.round)
    flow.problemChanged()
    // With lie2 its own start would do so; the others need it here.
    flow.arrive(at: theta)
    note(theta)
    let round = progress.round
    tell { .resample(round: round, row(true, progress.h, 0, "new points")) }
  }

  func finish(_ outcome: TrainingOutcome) -> TrainingReport {
    let report = TrainingReport(
      outcome: outcome, flow: flowRow.name, stepper: stepperName, theta: progress.theta,
      loss: progress.stepLoss ?? progress.loss, gradientNorm: progress.gradientNorm,
      error: progress.error,
      steps: progress.steps, rejected: progress.rejected, evaluations: flow.counts.evaluations,
      jacobians: flow.counts.jacobians, factorizations: flow.counts.factorizations,
      tau: progress.tau, h: progress.h, rounds: progress.round, seconds: progress.seconds)
    if progress.loss.isFinite, hasState { tell { .checkpoint(checkpoint()) } }
    tell { .stop(report) }
    integration = nil
    return report
  }

  func tell(_ event: () -> TrainingEvent) {
    if on.isEmpty { return }
    let made = event()
    for hook in on { hook(made) }
  }
}

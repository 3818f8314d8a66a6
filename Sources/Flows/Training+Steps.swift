import Glibc
import Integrators
import Numerics

extension Training {
  /// What changes while a training runs.
  struct Progress {
    var theta: [Double] = []
    var drawnFor: [Double] = []
    var tau = 0.0
    var h = 0.0
    var firstStep = 0.0
    var steps = 0
    var rejected = 0
    /// Attempts rejected since the last accepted one.
    var rejections = 0
    var loss = Double.nan
    /// The loss at the end of the last step, on the points that the step was taken on.
    var stepLoss: Double?
    var gradientNorm = Double.nan
    var blocks: [Double] = []
    var error: Double?
    /// An accepted step that the loop has not yet moved to.
    var pending: StepRecord?
    var round = 0
    var isResampleDue = false
    /// Accepted steps without a decrease that could be measured.
    var idleSteps = 0
    var losses: [Double] = []
    var outcome: TrainingOutcome?
    var startedAt = Training.now()
    var secondsBefore = 0.0
    var lastCheckpoint = Training.now()
    var lastVerdict: StepVerdict?
    /// Why longer steps than the last ones were impossible, if they were.
    var obstacle: StepVerdict?

    init() {}

    init(_ checkpoint: TrainingCheckpoint) {
      theta = checkpoint.parameters
      drawnFor = checkpoint.drawnFor
      tau = checkpoint.tau
      round = checkpoint.round
      isResampleDue = checkpoint.isResampleDue
      secondsBefore = checkpoint.seconds
      losses = checkpoint.losses
      idleSteps = checkpoint.idleSteps
      rejections = checkpoint.rejections
      obstacle = checkpoint.obstacle
      error = checkpoint.error
      steps = checkpoint.integration.steps
      rejected = checkpoint.integration.rejected
    }

    var seconds: Double { secondsBefore + Training.now() - startedAt }
  }

  /// Seconds of a clock that never goes back.
  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  private var lie2: Lie2? { integration?.stepper as? Lie2 }

  /// Told by the loop of every attempt, before it moves on.
  func attempted(_ record: StepRecord) {
    guard let integration else { return }
    progress.h = record.h
    progress.lastVerdict = integration.stepper.verdict
    if record.isAccepted {
      progress.pending = record
      progress.rejections = 0
      return
    }
    progress.rejected += 1
    progress.rejections += 1
    if !record.error.isFinite { progress.obstacle = progress.lastVerdict ?? .notFinite }
    tell { .reject(row(false, record.h, record.error, reason(record))) }
  }

  /// Told by the loop between attempts: finishes the last step, looks at the rules.
  func isOver() -> Bool {
    guard let integration else { return true }
    let theta = flow.parameters(of: integration.present)
    if let record = progress.pending {
      progress.pending = nil
      stepped(to: theta, record.h, record.error, reason(record))
      progress.idleSteps = isIdle ? progress.idleSteps + 1 : 0
      if !isIdle { progress.obstacle = nil }
    }
    return isOver(at: theta)
  }

  /// Notes an accepted step to θ.
  func stepped(to theta: Vector, _ h: Double, _ error: Double, _ reason: @autoclosure () -> String)
  {
    progress.steps += 1
    progress.tau += h
    note(theta)
    progress.stepLoss = progress.loss
    remember(progress.loss)
    tell { .step(row(true, h, error, reason())) }
    if isRefreshDue { progress.isResampleDue = true }
  }

  /// Whether a rule, whoever asked for it, or new points that are due stop the steps at θ.
  func isOver(at theta: Vector) -> Bool {
    progress.outcome = firstRuleMet(theta)
    if progress.outcome == nil, isCancelled() { progress.outcome = .stopped }
    if progress.outcome != nil { return true }
    if progress.isResampleDue { return true }
    if let period = settings.checkpointSeconds, Training.now() - progress.lastCheckpoint >= period {
      progress.lastCheckpoint = Training.now()
      tell { .checkpoint(checkpoint()) }
    }
    return false
  }

  private var isRefreshDue: Bool {
    settings.refresh > 0 && resample != nil && progress.steps % settings.refresh == 0
  }

  /// Notes loss and gradient at θ, the present point, while they are at hand.
  func note(_ theta: Vector) {
    flow.hold(theta)
    progress.loss = flow.loss(at: theta)
    progress.gradientNorm = flow.gradientNorm(at: theta)
    if !on.isEmpty { progress.blocks = flow.blockLosses(at: theta) }
  }

  private func remember(_ loss: Double) {
    guard settings.stop.stagnation != nil else { return }
    progress.losses.append(loss)
    if progress.losses.count > settings.stop.stagnationSteps + 1 { progress.losses.removeFirst() }
  }

  /// The state to resume from.
  ///
  /// Meaningful between steps.
  func checkpoint() -> TrainingCheckpoint {
    let state =
      integration?.checkpoint
      ?? Checkpoint(
        anew: stepperName, progress.theta, steps: progress.steps, rejected: progress.rejected,
        counts: flow.counts)
    return TrainingCheckpoint(
      flow: flowRow.name, stepper: stepperName, control: settings.control,
      scaling: settings.scaling, integration: state,
      scale: flow.scale.array, tau: progress.tau, round: progress.round,
      drawnFor: progress.drawnFor, isResampleDue: progress.isResampleDue, seconds: progress.seconds,
      losses: progress.losses, idleSteps: progress.idleSteps, rejections: progress.rejections,
      obstacle: progress.obstacle, error: progress.error,
      gradientNorm: progress.gradientNorm.isFinite ? progress.gradientNorm : nil)
  }

  private func reason(_ record: StepRecord) -> String {
    if record.error <= 1, !record.isAccepted { return flow.refusal }
    if let verdict = integration?.stepper.verdict { return verdict.description }
    if !record.error.isFinite { return "not finite, or no solution of the step's equations" }
    return StepVerdict.localError(record.error).description
  }

  /// A row of the table at the present point.
  func row(_ isAccepted: Bool, _ h: Double, _ error: Double, _ reason: String) -> TrainingRow {
    TrainingRow(
      step: progress.steps, isAccepted: isAccepted, tau: progress.tau, h: h, error: error,
      loss: progress.loss, gradientNorm: progress.gradientNorm,
      evaluations: flow.counts.evaluations, seconds: progress.seconds,
      blocks: progress.blocks, reason: reason)
  }
}

import Integrators
import Numerics
import Residuals

extension Training {
  /// Rejections in a row after which no smaller step is tried.
  public static let mostRejections = 60
  /// Accepted steps in a row without a measurable decrease after which the flow is at rest.
  public static let mostIdleSteps = 10

  /// The first rule met at θ, the present point; nil if the training goes on.
  func firstRuleMet(_ theta: Vector) -> TrainingOutcome? {
    let stop = settings.stop
    if let limit = stop.loss, progress.loss <= limit {
      return .reached(.loss, "the loss \(progress.loss) is at most \(limit)")
    }
    if let limit = stop.gradientNorm, progress.gradientNorm <= limit {
      return .reached(
        .gradientNorm, "the gradient norm \(progress.gradientNorm) is at most \(limit)")
    }
    if let met = errorRule(theta) { return met }
    if let met = rest() { return met }
    if let limit = stop.steps, progress.steps >= limit {
      return .reached(.steps, "the limit of \(limit) steps was used up")
    }
    if let limit = stop.seconds, progress.seconds >= limit {
      return .reached(.seconds, "the limit of \(limit) s was used up")
    }
    if let met = stagnationRule() { return met }
    if progress.rejections >= Training.mostRejections { return .failed(rejectionSentence()) }
    return nil
  }

  /// Measures the error after every so many accepted steps.
  private func errorRule(_ theta: Vector) -> TrainingOutcome? {
    guard let limit = settings.stop.error, let measureError, progress.rejections == 0,
      progress.steps % max(1, settings.stop.errorEvery) == 0
    else { return nil }
    let error = measureError(theta)
    progress.error = error
    guard error <= limit else { return nil }
    return .reached(.error, "the error \(error) is at most \(limit)")
  }

  private func stagnationRule() -> TrainingOutcome? {
    let count = settings.stop.stagnationSteps
    guard let least = settings.stop.stagnation, progress.rejections == 0,
      progress.losses.count > count, let first = progress.losses.first,
      progress.loss > (1 - least) * first
    else { return nil }
    return .reached(
      .stagnation, "the loss fell by less than \(least) of itself over the last \(count) steps")
  }

  /// Whether the flow has come to rest, as far as doubles tell.
  private func rest() -> TrainingOutcome? {
    if progress.gradientNorm == 0 {
      return .reached(.equilibrium, "the flow is at rest: the gradient is zero")
    }
    let isStuck = progress.rejections > 0 && isBelowRounding
    if isStuck || progress.idleSteps >= Training.mostIdleSteps {
      if progress.obstacle != nil { return .failed(rejectionSentence()) }
      return .reached(
        .equilibrium, "the flow is at rest: no step changes the loss by more than its rounding")
    }
    return nil
  }

  /// Whether the decrease that the last step promised is lost in the rounding of the loss.
  private var isBelowRounding: Bool {
    guard let lie2 = integration?.stepper as? Lie2 else { return false }
    return lie2.predictedDecrease <= 16 * Double.ulpOfOne * progress.loss
  }

  /// Whether the last accepted step could not be measured.
  var isIdle: Bool {
    guard let stepper = integration?.stepper else { return false }
    return isBelowRounding || stepper.yNew.isSame(as: stepper.yOld)
  }

  /// Why no step at all was accepted in a long row of attempts.
  func rejectionSentence() -> String {
    let place = "after \(progress.steps) steps, at loss \(progress.loss) and h = \(progress.h)"
    switch progress.obstacle ?? progress.lastVerdict {
    case .notFinite:
      return "every step tried led to residuals that are not finite, \(place); look for a division "
        + "by zero or a logarithm in the equations, or start from another seed"
    case .singular:
      return "the matrix of the step was not positive definite for any step, \(place); the "
        + "derivatives of the residuals are not finite or too large: rescale the problem"
    case .lossRises, .gain:
      return "the loss would rise with every step tried, \(place); it can be lowered no further "
        + "from there: take more points, another seed or another network"
    default:
      return "\(Training.mostRejections) steps in a row were rejected, \(place); "
        + "use another control, another seed or another network"
    }
  }

  /// What is not finite at the start.
  func startSentence(_ theta: Vector) -> String {
    if !theta.isFinite {
      return "the initial parameters are not finite; start from another seed or initialization"
    }
    let remedy = "look for a division by zero or a logarithm there, or start from another seed"
    for block in flow.problem.blocks {
      for row in block.rows where !flow.residual[row].isFinite {
        return "the residual of '\(block.name)' is not finite at the initial parameters (row "
          + "\(row - block.rows.lowerBound)); \(remedy)"
      }
    }
    return "the derivatives of the residuals are not finite at the initial parameters; \(remedy)"
  }

  /// The failure of the loop in the words of a training.
  func sentence(_ failure: SolveFailure) -> String {
    switch failure.cause {
    case .stepUnderflow, .noConvergence, .negative, .notAdmitted: rejectionSentence()
    case .notFinite:
      "the network diverged: the flow stopped being finite after \(progress.steps) steps, at loss "
        + "\(progress.loss); use a smaller step, or lie2"
    case .beyondRounding:
      "train.rtol asks for more digits than a double has; raise it to 1e-14 or more"
    case .tooManySteps(let limit): "the limit of \(limit) attempts was used up"
    case .eventsAccumulate(let name): "the event '\(name)' happens ever faster"
    }
  }
}

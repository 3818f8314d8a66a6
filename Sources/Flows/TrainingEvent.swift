import Integrators

/// What a training tells while it runs; the cases are all there is to listen to.
public enum TrainingEvent: Sendable {
  /// Before the first step, with the state there; again after a resume.
  case start(TrainingRow)
  /// A step was accepted.
  case step(TrainingRow)
  /// An attempt was rejected.
  case reject(TrainingRow)
  /// New points were drawn, for the given time; the row has the loss on them.
  case resample(round: Int, TrainingRow)
  /// The state to resume from: at the times asked for, and at the end.
  case checkpoint(TrainingCheckpoint)
  /// The last event.
  case stop(TrainingReport)
}

/// One attempt of a training, as a table has it.
public struct TrainingRow: Sendable, Equatable {
  /// Accepted steps so far, this one included if it was.
  public var step: Int
  public var isAccepted: Bool
  /// The time of the flow where the attempt ended, or began if it was rejected.
  public var tau: Double
  public var h: Double
  /// The control's measure: accepted if at most 1.
  ///
  /// NaN where the attempt failed before there was one.
  public var error: Double
  /// The loss at the present point: where the step ended, or where the rejected one began.
  public var loss: Double
  /// The largest magnitude of D⁻¹∇L there.
  public var gradientNorm: Double
  /// Passes of residuals so far.
  public var evaluations: Int
  /// Wall time so far, earlier sessions included.
  public var seconds: Double
  /// The part of each block of residuals in the loss.
  public var blocks: [Double]
  /// Why it was accepted or rejected, such as `model error 0.31 <= 0.75`.
  public var reason: String
}

/// Where a training stood, so that it goes on as if it had not stopped.
public struct TrainingCheckpoint: Codable, Sendable, Equatable {
  public var flow: String
  public var stepper: String
  public var control: ModelControl
  public var scaling: FlowScaling
  public var integration: Checkpoint
  /// The squares of the scaling D.
  public var scale: [Double]
  public var tau: Double
  /// How often points were drawn anew, and the parameters for which they were drawn last.
  public var round: Int
  public var drawnFor: [Double]
  /// Whether new points are due before the next step.
  public var isResampleDue: Bool
  /// Wall time used so far.
  public var seconds: Double
  /// The losses of the last steps, for the stagnation rule.
  public var losses: [Double]
  /// Accepted steps in a row without a measurable decrease.
  public var idleSteps: Int
  /// Attempts of the present step that were rejected.
  var rejections: Int
  /// Why longer steps were impossible, if they were.
  var obstacle: StepVerdict?
  /// The error measured last.
  public var error: Double?
  /// The norm told last: computed anew, its last bits may be others.
  var gradientNorm: Double?

  /// Whether its lists have the lengths that a training of so many parameters leaves.
  public func isWhole(parameters count: Int) -> Bool {
    let states = flow == "momentum" ? 2 * count : count
    let history = integration.history?.count ?? 0
    return integration.y.count == states && scale.count == count && drawnFor.count == count
      && integration.controlMemory.count == 3 && integration.nextStep != 0
      && (TrainingCheckpoint.historyCount(stepper, states).map { history == $0 } ?? true)
  }

  /// How many numbers a stepper's history has, where that is known beforehand.
  private static func historyCount(_ stepper: String, _ states: Int) -> Int? {
    switch stepper {
    case "lie2": 4 + states
    case "recycled-euler": states
    case "exponential-rosenbrock": 1 + states
    case "rkc2": 5 + 2 * states
    case "adam": 1 + 3 * states
    case FlowCatalog.quasiNewton: 0
    default: nil
    }
  }

  public var parameters: [Double] { Array(integration.y.prefix(scale.count)) }
  /// Accepted steps.
  public var step: Int { integration.steps }
  /// Whether the training goes on bit for bit.
  public var isExact: Bool { integration.isExact }

  /// What is lost where it does not.
  public var restart: String {
    stepper == FlowCatalog.quasiNewton
      ? "\(stepper) restarted with an empty memory" : "\(stepper) restarted at order 1"
  }
}

/// How a training ended.
public enum TrainingOutcome: Sendable, Equatable {
  /// By a rule of ``StopRule``, or at rest.
  case reached(TrainingRule, String)
  /// Because it was told to.
  case stopped
  /// For a numerical reason: what went wrong, where, and what to do.
  case failed(String)

  /// A sentence for a person.
  public var sentence: String {
    switch self {
    case .reached(_, let sentence), .failed(let sentence): sentence
    case .stopped: "the training was told to stop"
    }
  }
}

/// The rules that end a training.
public enum TrainingRule: String, Sendable, CaseIterable, Codable {
  case loss, error, steps, seconds, stagnation, equilibrium
  case gradientNorm = "gradient_norm"
}

/// What a training did.
public struct TrainingReport: Sendable, Equatable {
  public var outcome: TrainingOutcome
  public var flow: String
  public var stepper: String
  /// The last parameters accepted, whatever happened after them.
  public var theta: [Double]
  public var loss: Double
  public var gradientNorm: Double
  /// The error measured last.
  public var error: Double?
  /// Accepted steps, and rejected attempts.
  public var steps: Int
  public var rejected: Int
  /// Passes of residuals, linearisations and factorisations.
  public var evaluations: Int
  public var jacobians: Int
  public var factorizations: Int
  public var tau: Double
  /// The next step in mind.
  public var h: Double
  /// How often points were drawn anew.
  public var rounds: Int
  /// Wall time, earlier sessions included.
  public var seconds: Double
}

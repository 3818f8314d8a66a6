import Integrators

/// When a training ends: at the first of these that is met; `nil` ones are not looked at.
///
/// Where the flow is at rest the training ends in any case.
public struct StopRule: Sendable, Equatable, Codable {
  /// Wall time, earlier sessions of a resumed training included.
  public var seconds: Double?
  /// Accepted steps.
  public var steps: Int?
  /// At this loss or below.
  public var loss: Double?
  /// At this largest magnitude of D⁻¹∇L or below.
  public var gradientNorm: Double?
  /// At this error or below, as ``Training/measureError`` measures it.
  public var error: Double?
  /// Accepted steps from one measurement of the error to the next.
  public var errorEvery = 10
  /// Where the loss fell by less than this part of itself over the last ``stagnationSteps`` steps.
  public var stagnation: Double?
  public var stagnationSteps = 50

  /// Sets the rules by name.
  public init(
    seconds: Double? = nil, steps: Int? = nil, loss: Double? = nil, gradientNorm: Double? = nil,
    error: Double? = nil, stagnation: Double? = nil
  ) {
    self.seconds = seconds
    self.steps = steps
    self.loss = loss
    self.gradientNorm = gradientNorm
    self.error = error
    self.stagnation = stagnation
  }
}

/// How a training is to run.
public struct TrainingSettings: Sendable, Equatable {
  /// A name of ``FlowCatalog``.
  public var flow = "gradient"
  /// A name of the flow's steppers; its default if nil.
  public var stepper: String?
  /// What `lie2` accepts its steps by.
  public var control = ModelControl.descent
  public var scaling = FlowScaling.more
  /// What the control allows: of ‖r‖ for `residual` (0.3 if nil), of |θ| in a step for `state` and
  /// the other steppers (1e-3 if nil); nothing for `pair` and `descent`.
  public var rtol: Double?
  /// Of a step's local error, beside `rtol`.
  public var atol = 1e-6
  public var stop = StopRule()
  /// Accepted steps from one resampling to the next; 0 for never.
  public var refresh = 0
  /// Seconds from one checkpoint to the next; nil for none while the training runs.
  public var checkpointSeconds: Double?
  /// The first step; nil for one that suits the curvature.
  public var firstStep: Double?

  /// Starts from the defaults.
  public init() {}

  var tolerance: Double { rtol ?? 1e-3 }

  func integration(firstStep: Double) -> IntegrationSettings {
    var settings = IntegrationSettings()
    settings.firstStep = firstStep
    settings.maxSteps = .max
    settings.maxStep = 1e100
    settings.localClock = true
    settings.model = ModelSettings(control, relative: rtol ?? 0.3)
    return settings
  }
}

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
  /// What ``tolerance`` says; its default if nil.
  public var rtol: Double?
  /// Of a step's local error, beside `rtol`.
  public var atol = 1e-6
  /// γ of the flow `momentum`: modes of eigenvalues λ above γ²/4 swing and fade like exp(−γτ/2), the
  /// others creep like exp(−λτ/γ).
  ///
  /// With Moré's D the largest λ lies between 1 and P, so that a constant will do. With 0.3,
  /// `recycled-euler` brought a network of 25 parameters to a loss of 2e-6 in 10⁴ steps (9e-3 with
  /// 0.1, whose fast modes ring on; 2e-6 with 1), and quadratics of condition 1e3 to 1e-6 of their
  /// gradient in 1100 (430 with 0.1, 2200 with 1).
  public var friction = 0.3
  /// The step of `adam`, as published.
  public var learningRate = 1e-3
  /// Pairs of steps and changes of the gradient that `lbfgs` remembers.
  public var memory = 50
  public var stop = StopRule()
  /// Accepted steps from one resampling to the next; 0 for never.
  public var refresh = 0
  /// Seconds from one checkpoint to the next; nil for none while the training runs.
  public var checkpointSeconds: Double?
  /// The first step; nil for one that suits the curvature.
  public var firstStep: Double?

  /// Starts from the defaults.
  public init() {}

  /// What a stepper measures its steps by, with the default of ``rtol``.
  public struct Tolerance: Sendable, Equatable {
    public var value: Double
    /// Such as `of the residual`.
    public var measure: String
  }

  /// The tolerance of the stepper and control chosen; nil where there is none.
  public var tolerance: Tolerance? {
    let own = FlowCatalog.all.first { $0.name == flow }?.defaultStepper
    switch (stepper ?? own, control) {
    case ("lie2", .pair), ("lie2", .descent), ("adam", _), (FlowCatalog.quasiNewton, _): return nil
    case ("lie2", .residual): return Tolerance(value: rtol ?? 0.3, measure: "of the residual")
    case ("recycled-euler", _):
      return Tolerance(
        value: rtol ?? RecycledEuler.aim, measure: "aimed at: half the change of the rate in a step"
      )
    case ("exponential-rosenbrock", _):
      // On a network of 25 parameters 1e-3 follows the flow where the minimum is wanted (a loss of
      // 3e-3 after 100 steps, of 4e-7 with 1e-2), and 1 loses it.
      return Tolerance(value: rtol ?? 1e-2, measure: "of the local error in θ")
    default: return Tolerance(value: rtol ?? 1e-3, measure: "of the local error in θ")
    }
  }

  func integration(firstStep: Double) -> IntegrationSettings {
    var settings = IntegrationSettings()
    settings.firstStep = firstStep
    settings.maxSteps = .max
    settings.maxStep = 1e100
    settings.localClock = true
    // Near a minimum steps would grow until one took minutes.
    settings.mostStages = 500
    settings.model = ModelSettings(control, relative: rtol ?? 0.3)
    return settings
  }
}

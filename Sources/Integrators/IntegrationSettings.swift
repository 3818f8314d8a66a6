import Numerics

/// How an integration is to run.
public struct IntegrationSettings {
  /// The law of step control; the method's own choice if nil.
  public var control: StepControl?
  /// Magnitude of the first step; by Hairer's rule if nil.
  public var firstStep: Double?
  public var maxStep: Double?
  /// Switches error control off.
  public var fixedStep: Double?
  /// Attempts, rejected ones among them.
  public var maxSteps = 1_000_000
  /// Components whose negative steps are rejected.
  public var nonnegative: [Int] = []
  /// Where the right-hand side jumps: steps end there and the method restarts.
  public var breakpoints: [Double] = []
  public var events: [Event] = []
  /// Where rows are wanted, in the direction of integration.
  public var rows: [Double] = []
  /// Whether every accepted step is a row, too.
  public var rowsAtSteps = false
  /// Whether the clock is set back to zero after each step, so that steps of any size keep all
  /// digits however many longer ones came before: for autonomous fields without rows and events.
  public var localClock = false
  /// The most stages of a step of `rkc2`, so that none takes long; those that rounding allows if nil.
  public var mostStages: Int?
  /// Whether values inside a step of `tsit5` and `dop853` come from its own stages alone, not from
  /// several steps: cheaper, less accurate, and what an adjoint of the steps can follow.
  public var usesOwnInterpolant = false
  /// How `lie2` controls its steps.
  public var model = ModelSettings()

  /// Starts from the defaults.
  public init() {}
}

/// What an integration tells while it runs; all optional.
///
/// The vectors are borrowed for the call.
public struct IntegrationHandlers {
  public var row: (_ t: Double, _ y: Vector) -> Void = { _, _ in }
  /// Takes the rows of ``IntegrationSettings/rowsAtSteps`` instead of ``row``.
  public var stepRow: ((_ t: Double, _ y: Vector) -> Void)?
  /// Called with the state before the event changes it.
  public var event: (_ t: Double, _ name: String, _ y: Vector) -> Void = { _, _, _ in }
  public var step: ((StepRecord) -> Void)?
  /// Called with each accepted step, its interpolant ready, and the time up to which it holds (its
  /// end, or an event that changes the state).
  public var dense: ((_ step: Stepper, _ end: Double) -> Void)?
  /// Polled between steps, and between the attempts of one.
  public var isCancelled: () -> Bool = { false }

  /// Listens to nothing.
  public init() {}
}

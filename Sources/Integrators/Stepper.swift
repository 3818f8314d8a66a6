import Numerics

/// One step of one method, and nothing else: no policy about step sizes.
///
/// Life of a step: ``step(_:_:to:_:)``, any number of times; then, if the loop accepts it,
/// ``prepareInterpolant(_:)`` (only where output or an event needs values inside the step),
/// ``interpolate(_:into:)``, and ``accept()``. The base class is the explicit Euler method without
/// an error estimate.
///
/// Steppers own their workspaces and allocate nothing in a step. Not `Sendable`.
open class Stepper {
  public let field: VectorField
  public let dimension: Int
  /// The estimate of the local error of the last step; `[dimension]`.
  public let error: Vector
  /// f at the present point; `[dimension]`.
  ///
  /// Valid after ``start(_:_:)`` and ``accept()``.
  public let rate: Vector
  private let storage: Storage

  /// The last step taken: from `t` by `h` to `tNew`.
  public final var t: Double { last.t }
  public final var tNew: Double { last.tNew }
  public final var h: Double { last.h }
  public final var yOld: Vector { last.yOld }
  public final var yNew: Vector { last.yNew }
  // Stored out of other modules' sight, as the field's counts are: no run-time access checks.
  final var last: Attempt

  struct Attempt {
    var t = 0.0
    var tNew = 0.0
    var h = 0.0
    var yOld: Vector
    var yNew: Vector
  }

  /// Allocates for a field.
  public init(_ field: VectorField) {
    self.field = field
    dimension = field.dimension
    storage = Storage(2 * field.dimension)
    error = storage.vector.slice(0, field.dimension)
    rate = storage.vector.slice(field.dimension, field.dimension)
    last = Attempt(yOld: error, yNew: error)
  }

  /// The order of convergence, or the present one of a method that varies it.
  open var order: Int { 1 }

  /// The power of h with which the error estimate falls.
  open var errorPower: Double { Double(order) }

  /// The degree of the polynomial that ``interpolate(_:into:)`` evaluates.
  open var interpolantDegree: Int { 1 }

  /// Starts at (t, y), forgetting any history: at the beginning, after an event that changes y, and
  /// at breakpoints.
  ///
  /// One evaluation.
  open func start(_ t: Double, _ y: Vector) { field(t, y, into: rate) }

  /// Goes on at (t, y) after the field has changed: starts anew, unless a method's memory is worth
  /// keeping.
  open func fieldChanged(_ t: Double, _ y: Vector) { start(t, y) }

  /// Tries the step from (t, y) to `tNew`.
  ///
  /// - Shape: `y`, `yNew`: `[dimension]`, both alive until the step is accepted or tried again.
  /// - Returns: false if the method's own iteration failed; `yNew` is then meaningless.
  public final func step(
    _ t: Double, _ y: Vector, to tNew: Double, _ yNew: Vector
  ) -> Bool {
    last = Attempt(t: t, tNew: tNew, h: tNew - t, yOld: y, yNew: yNew)
    return attempt()
  }

  /// Computes `yNew` and `error` from `t`, `h`, `yOld` and `rate`.
  open func attempt() -> Bool {
    for i in 0..<dimension { yNew[i] = yOld[i] + h * rate[i] }
    error.fill(0)
    return true
  }

  /// The weighted norm of the error of the last step: at most 1 if the tolerance is met.
  open func scaledError(_ norm: ErrorNorm) -> Double { norm.measure(error, yOld, yNew) }

  /// Takes the extra stages of the interpolant, if it has any: at most once a step.
  open func prepareInterpolant(_ norm: ErrorNorm) {}

  /// Writes the solution at t + θh, 0 ≤ θ ≤ 1; `y`: `[dimension]`.
  open func interpolate(_ theta: Double, into y: Vector) {
    for i in 0..<dimension { y[i] = yOld[i] + theta * (yNew[i] - yOld[i]) }
  }

  /// Moves to the end of the last step.
  open func accept() { field(tNew, yNew, into: rate) }

  /// The factor for the next step, where the method decides it itself: called after every attempt,
  /// before ``accept()`` if it was accepted.
  ///
  /// `error` is what ``scaledError(_:)`` returned, NaN where the method's own iteration failed.
  open func ownFactor(_ error: Double, _ norm: ErrorNorm, accepted: Bool) -> Double? { nil }

  /// Takes from the settings of an integration what concerns the method alone; called once, before
  /// the first ``start(_:_:)``.
  open func configure(_ settings: IntegrationSettings) {}

  /// Why the last attempt is to be accepted or not, where the method says more than its error.
  open var verdict: StepVerdict? { nil }

  /// An estimate of the spectral radius of ∂f/∂y from the last step, where one is at hand.
  open var spectralRadius: Double? { nil }

  /// Writes the differences of rates and of states between two stages at the end of the last step,
  /// whose ratio estimates the spectral radius; false where the method has no such stages.
  ///
  /// Both `[dimension]`.
  open func writeStagePair(_ rates: Vector, _ states: Vector) -> Bool { false }

  /// The longest step that the method can take at present, where it knows one.
  open var largestStep: Double? { nil }

  /// What a restart needs to go on bit for bit, beside t, y and the control's memory; nil if the
  /// method's history is out of reach and it restarts at order 1.
  open func saveHistory() -> [Double]? { rate.array }

  /// Takes back what ``saveHistory()`` returned; called after ``start(_:_:)``.
  open func restoreHistory(_ history: [Double]) { rate.assign(Array(history.prefix(dimension))) }
}

import Numerics

/// Linearly implicit Euler with a quadratic correction, on the gradient flow of a least-squares loss.
///
/// (D²/h + JᵀJ)v = −Jᵀr, then with r_vv = (2/δ)[(r(θ + δv) − r)/δ − Jv], the second derivative of r
/// along v, (D²/h + JᵀJ)a = −Jᵀr_vv, and θ⁺ = θ + v + a/2: the Levenberg-Marquardt method with
/// geodesic acceleration and damping 1/h. Order 1 as an integrator of the flow; near a solution its
/// steps grow to Gauss-Newton's. How steps are accepted is a ``ModelControl``.
///
/// A step costs a linearisation and a factorisation, two passes of residuals, one product with J and
/// one with Jᵀ (`residual`: one more with J; `state`: one more with Jᵀ); a rejected one spares the
/// linearisation.
/// Source: M. K. Transtrum & J. P. Sethna, arXiv:1201.5885 (the correction); H. B. Nielsen,
/// IMM-REP-1999-05 (`descent`).
public final class Lie2: Stepper {
  let curved: any CurvedField
  private let system: ShiftedSystem
  var model = ModelSettings()
  /// The two parts of the step; `[dimension]`.
  let velocity: Vector
  let acceleration: Vector
  let scratch: Vector
  private let work: Storage
  /// Jv, r_vv and r(θ⁺); `[3·N]`.
  private var passes: Storage
  var rows: Int

  /// What the loop reads of the last attempt.
  var state = State()

  struct State {
    var verdict: StepVerdict?
    var ratio = 0.0
    var gain = 0.0
    var trialLoss = Double.nan
    /// Infinite before the first attempt.
    var predicted = Double.infinity
    /// Nielsen's factor for the next rejection.
    var nu = 2.0
    /// Where the matrix was last found singular, raised again step by step.
    var ceiling = Double.infinity
    var justRejected = false
    /// ‖Da‖/‖Dv‖ of the last attempt at this point, where it was beyond the limit; else infinite.
    var refusedRatio = Double.infinity
  }

  /// Allocates for a field that is open about its residuals.
  public init(_ field: any CurvedField) {
    curved = field
    system = field.makeShiftedSystem()
    let n = field.dimension
    work = Storage(3 * n)
    velocity = work.vector.slice(0, n)
    acceleration = work.vector.slice(n, n)
    scratch = work.vector.slice(2 * n, n)
    rows = field.residualCount
    passes = Storage(3 * rows)
    super.init(field)
  }

  var slope: Vector { passes.vector.slice(0, rows) }
  var curvature: Vector { passes.vector.slice(rows, rows) }
  var trial: Vector { passes.vector.slice(2 * rows, rows) }

  public override var order: Int { 1 }
  public override var errorPower: Double { 2 }
  public override var verdict: StepVerdict? { state.verdict }

  /// The loss at the end of the last attempt; NaN where the attempt failed before it was asked for.
  public var trialLoss: Double { state.trialLoss }

  /// Half the Newton decrement of the last step, −g·v/2: the linear model promises that decrease of
  /// the loss, and at most twice as much.
  public var predictedDecrease: Double { state.predicted }

  /// Beyond 1/(ε·curvature) the matrix is singular to rounding.
  public override var largestStep: Double? {
    let curvature = curved.largestCurvature
    return curvature.isFinite ? min(state.ceiling, 2 / (Double.ulpOfOne * curvature)) : nil
  }

  public override func configure(_ settings: IntegrationSettings) { model = settings.model }

  public override func start(_ t: Double, _ y: Vector) {
    if curved.residualCount != rows {
      rows = curved.residualCount
      passes = Storage(3 * rows)
    }
    state.ceiling = .infinity
    arrive(y)
  }

  public override func accept() {
    if state.ceiling < .infinity { state.ceiling *= 1.2 }
    arrive(yNew)
  }

  private func arrive(_ y: Vector) {
    state.refusedRatio = .infinity
    curved.arrive(at: y)
    let (gradient, scale) = (curved.gradient, curved.scale)
    for i in 0..<dimension { rate[i] = -gradient[i] / scale[i] }
  }

  public override func attempt() -> Bool {
    state.verdict = nil
    state.trialLoss = .nan
    guard system.factor(1 / h) else {
      state.verdict = .singular
      return false
    }
    velocity.assign(rate)
    system.solve(velocity)
    state.predicted = -0.5 * curved.gradient.dot(velocity)
    takeCurvature()
    system.solve(acceleration)
    state.ratio = accelerationRatio()
    dropNoise()
    for i in 0..<dimension { yNew[i] = yOld[i] + velocity[i] + 0.5 * acceleration[i] }
    if bounds(.pair) || bounds(.descent), !(state.ratio <= model.largestRatio) { return true }
    curved.residual(yNew, into: trial)
    state.trialLoss = 0.5 * trial.squaredNorm
    return true
  }

  /// Solves (D²/h + JᵀJ)x = D²b in place with the factor of the last attempt.
  func solve(_ b: Vector) { system.solve(b) }

  private func bounds(_ control: ModelControl) -> Bool { model.control == control }

  /// r_vv by a difference along v, and −D⁻²Jᵀr_vv.
  private func takeCurvature() {
    let delta = model.probe
    let (slope, curvature, residual) = (slope, curvature, curved.residual)
    // First what is asked at the point linearised last: its passes may still be at hand there.
    curved.product(yOld, velocity, into: slope)
    for i in 0..<dimension { scratch[i] = yOld[i] + delta * velocity[i] }
    curved.residual(scratch, into: curvature)
    for i in 0..<rows {
      curvature[i] = 2 / delta * ((curvature[i] - residual[i]) / delta - slope[i])
    }
    curved.transposedProduct(yOld, curvature, into: acceleration)
    let scale = curved.scale
    for i in 0..<dimension { acceleration[i] /= -scale[i] }
  }

  /// Leaves a out where it is noise: a falls as v², so a shorter step lowers the ratio, unless r_vv is
  /// a difference of jumps, as those of residuals that an integrator chose the steps of.
  private func dropNoise() {
    guard state.ratio > model.largestRatio else { return }
    if state.ratio < state.refusedRatio {
      state.refusedRatio = state.ratio
    } else {
      acceleration.fill(0)
      state.ratio = 0
    }
  }

  /// ‖Da‖/‖Dv‖; plain norms for `descent`, as GSL takes them.
  private func accelerationRatio() -> Double {
    let scale = curved.scale
    let isPlain = bounds(.descent)
    var (a, v) = (0.0, 0.0)
    for i in 0..<dimension {
      let weight = isPlain ? 1 : scale[i]
      a += weight * acceleration[i] * acceleration[i]
      v += weight * velocity[i] * velocity[i]
    }
    return a == 0 ? 0 : (a / v).squareRoot()
  }

  public override func scaledError(_ norm: ErrorNorm) -> Double { controlError(norm) }

  public override func ownFactor(_ error: Double, _ norm: ErrorNorm, accepted: Bool) -> Double? {
    controlFactor(error, accepted: accepted)
  }

  public override func saveHistory() -> [Double]? {
    [
      state.nu, state.ceiling == .infinity ? 0 : state.ceiling, state.justRejected ? 1 : 0,
      state.refusedRatio == .infinity ? 0 : state.refusedRatio,
    ] + curved.scale.array
  }

  public override func restoreHistory(_ history: [Double]) {
    precondition(history.count == 4 + dimension, "\(history.count) numbers of lie2's history")
    state.nu = history[0]
    state.ceiling = history[1] == 0 ? .infinity : history[1]
    state.justRejected = history[2] == 1
    state.refusedRatio = history[3] == 0 ? .infinity : history[3]
    curved.scale.assign(Array(history[4...]))
    let (gradient, scale) = (curved.gradient, curved.scale)
    for i in 0..<dimension { rate[i] = -gradient[i] / scale[i] }
  }
}

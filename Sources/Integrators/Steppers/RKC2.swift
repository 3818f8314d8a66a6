import Glibc
import Numerics

/// The stabilised explicit method of order 2: Runge-Kutta-Chebyshev, for mildly stiff diffusion.
///
/// s stages are stable along 0.65·s² of the negative real axis, so that a step costs evaluations like
/// the square root of its stiffness and no linear algebra. The stage count follows from the spectral
/// radius ρ of ∂f/∂y: the field's own bound, or a power iteration now and then. Not for eigenvalues
/// far from the negative real axis.
/// Source: B. P. Sommeijer, L. F. Shampine & J. G. Verwer, J. Comput. Appl. Math. 88 (1998) 315.
public final class RKC2: Stepper {
  /// The damping ε = 2/13, which keeps the stability region wide everywhere.
  private static let damping = 2.0 / 13
  /// A step is stable for h·ρ ≤ (s² − 1)/1.54.
  private static let stability = 1.54
  /// Estimates of ρ hold for so many steps, and are raised by a factor.
  private static let stepsAnEstimate = 25
  private static let safety = 1.2

  /// Beyond this rounding, which grows as s², would show within the tolerance.
  private var mostStages: Int
  private let radius: SpectralRadius
  /// Y of stages j − 2, j − 1 and j, f of stage j − 1, f at the end of the step.
  private let buffers: [Vector]
  private let slope: Vector
  private let rateNew: Vector
  private let work: Storage
  private var rho = 0.0
  private var age = -1
  /// Whether the last attempt was not accepted, and whether ρ was estimated where it started.
  private var isRetry = false
  private var isFresh = false
  /// Stages of the last attempt.
  public private(set) var stages = 0

  /// Allocates for a field; `tolerances` bound the stage count.
  public init(_ field: VectorField, _ tolerances: Tolerances) {
    let n = field.dimension
    let limit = (tolerances.relative / (10 * Double.ulpOfOne)).squareRoot().rounded()
    mostStages = max(2, Int(min(limit, 1e5)))
    let metric = (field as? any DescendingField)?.scale
    radius = SpectralRadius(dimension: n, tolerances, metric: metric)
    work = Storage(5 * n)
    buffers = (0..<3).map { [work] in work.vector.slice($0 * n, n) }
    slope = work.vector.slice(3 * n, n)
    rateNew = work.vector.slice(4 * n, n)
    super.init(field)
  }

  public override func configure(_ settings: IntegrationSettings) {
    if let limit = settings.mostStages { mostStages = max(2, min(mostStages, limit)) }
  }

  public override var order: Int { 2 }
  public override var errorPower: Double { 3 }
  public override var interpolantDegree: Int { 3 }
  public override var spectralRadius: Double? { age < 0 ? nil : rho }

  /// The longest step that the most stages keep stable.
  public override var largestStep: Double? {
    guard age >= 0, rho > 0 else { return nil }
    let s = Double(mostStages)
    return 0.999 * (s * s - 1) / (RKC2.stability * rho)
  }

  public override func start(_ t: Double, _ y: Vector) {
    super.start(t, y)
    age = -1
    isRetry = false
    radius.restart()
  }

  public override func attempt() -> Bool {
    if !isRetry { isFresh = false }
    defer { isRetry = true }
    // A rejected step may mean that ρ has grown.
    if age < 0 || age >= RKC2.stepsAnEstimate || (isRetry && !isFresh) {
      guard estimateRadius() else { return false }
    }
    let count = 1 + (RKC2.stability * h.magnitude * rho + 1).squareRoot()
    guard count < Double(mostStages + 1) else { return false }
    stages = max(2, Int(count))
    takeStages()
    field(tNew, yNew, into: rateNew)
    estimateError()
    return true
  }

  private func estimateRadius() -> Bool {
    if let bound = field.spectralRadiusBound(t, yOld) {
      guard bound.isFinite, bound >= 0 else { return false }
      rho = bound
    } else {
      var last = -1.0
      for _ in 0..<50 {
        guard let next = radius.estimate(field, t, yOld, rate: rate) else { return false }
        let isSettled = last >= 0 && (next - last).magnitude <= 0.01 * max(next, last)
        last = next
        if isSettled { break }
      }
      rho = RKC2.safety * last
    }
    age = 0
    isFresh = true
    return true
  }

  /// T, T' and T'' of the Chebyshev polynomials at w₀ for two orders, with what follows from them.
  private struct Recurrence {
    var t = (1.0, 0.0)
    var dt = (0.0, 1.0)
    var d2t = (0.0, 0.0)
    var b = (0.0, 0.0)
    var c = (0.0, 0.0)

    init(_ w0: Double, _ w1: Double) {
      t.1 = w0
      b.0 = 1 / (4 * w0 * w0)
      b.1 = b.0
      c.1 = w1 * b.1
    }
  }

  /// The three-term recurrence from stage to stage (section 2).
  private func takeStages() {
    let s = Double(stages)
    let w0 = 1 + RKC2.damping / (s * s)
    let root = (w0 * w0 - 1).squareRoot()
    let angle = s * log(w0 + root)
    // T'(w₀)/T''(w₀) of order s.
    let w1 = sinh(angle) * root * root / (cosh(angle) * s * root - w0 * sinh(angle))
    var r = Recurrence(w0, w1)
    var (older, newer, free) = (yOld, buffers[0], buffers[1])
    let first = r.c.1 * h
    for i in 0..<dimension { newer[i] = yOld[i] + first * rate[i] }
    for j in 2...stages {
      let t = 2 * w0 * r.t.1 - r.t.0
      let dt = 2 * w0 * r.dt.1 - r.dt.0 + 2 * r.t.1
      let d2t = 2 * w0 * r.d2t.1 - r.d2t.0 + 4 * r.dt.1
      let b = d2t / (dt * dt)
      let a = 1 - r.t.1 * r.b.1
      let mu = 2 * w0 * b / r.b.1
      let nu = -b / r.b.0
      let muSlope = mu * w1 / w0
      field(self.t + r.c.1 * h, newer, into: slope)
      let target = j == stages ? yNew : free
      combine(mu, newer, nu, older, muSlope * h, a, into: target)
      let c = mu * r.c.1 + nu * r.c.0 + muSlope * (1 - a)
      r.t = (r.t.1, t)
      r.dt = (r.dt.1, dt)
      r.d2t = (r.d2t.1, d2t)
      r.b = (r.b.1, b)
      r.c = (r.c.1, c)
      (older, newer, free) = (newer, target, j == 2 ? buffers[2] : older)
    }
  }

  /// (1 − μ − ν)·y₀ + μ·Yⱼ₋₁ + ν·Yⱼ₋₂ + h·μ̃·(f − a·f₀), in one pass.
  private func combine(
    _ mu: Double, _ newer: Vector, _ nu: Double, _ older: Vector, _ step: Double, _ a: Double,
    into target: Vector
  ) {
    let rest = 1 - mu - nu
    let (y0, y1, y2, f, f0) = (yOld.base, newer.base, older.base, slope.base, rate.base)
    let result = target.base
    for i in 0..<dimension {
      result[i] = rest * y0[i] + mu * y1[i] + nu * y2[i] + step * (f[i] - a * f0[i])
    }
  }

  /// What a cubic through both ends leaves over (section 3.1).
  private func estimateError() {
    let (y0, y1, f0, f1) = (yOld.base, yNew.base, rate.base, rateNew.base)
    let half = 0.4 * h
    let result = error.base
    for i in 0..<dimension { result[i] = 0.8 * (y0[i] - y1[i]) + half * (f0[i] + f1[i]) }
  }

  /// Hermite's cubic through values and rates of both ends.
  public override func interpolate(_ theta: Double, into y: Vector) {
    let rest = 1 - theta
    let start = rest * rest * (1 + 2 * theta)
    let end = theta * theta * (3 - 2 * theta)
    let startRate = h * theta * rest * rest
    let endRate = -h * theta * theta * rest
    for i in 0..<dimension {
      y[i] = start * yOld[i] + end * yNew[i] + startRate * rate[i] + endRate * rateNew[i]
    }
  }

  public override func accept() {
    rate.assign(rateNew)
    age += 1
    isRetry = false
  }

  public override func saveHistory() -> [Double]? {
    rate.array + [rho, Double(age), isRetry ? 1 : 0, isFresh ? 1 : 0] + radius.save()
  }

  public override func restoreHistory(_ history: [Double]) {
    super.restoreHistory(history)
    rho = history[dimension]
    age = Int(history[dimension + 1])
    isRetry = history[dimension + 2] == 1
    isFresh = history[dimension + 3] == 1
    radius.restore(history[(dimension + 4)...])
  }
}

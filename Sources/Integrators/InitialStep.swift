import Glibc
import Numerics

extension Integration {
  /// A first step for which an explicit Euler step moves y by little: one evaluation.
  ///
  /// Source: Hairer, Nørsett & Wanner, Solving ODEs I, sec. II.4, "Starting step size".
  func hairerStep() -> Double {
    let span = (end - t).magnitude
    let rate = stepper.rate
    let d0 = norm.measure(y, y, y)
    let d1 = norm.measure(rate, y, y)
    var h0 = d0 < 1e-5 || d1 < 1e-5 ? 1e-6 * span : 0.01 * d0 / d1
    h0 = min(h0, span, settings.maxStep ?? span)
    for i in 0..<field.dimension { probe[i] = y[i] + direction * h0 * rate[i] }
    field(t + direction * h0, probe, into: yNew)
    for i in 0..<field.dimension { probe[i] = yNew[i] - rate[i] }
    let d2 = norm.measure(probe, y, y) / h0
    guard d1.isFinite, d2.isFinite else { return min(h0, 1e-6 * span) }
    let largest = max(d1, d2)
    let power = Double(stepper.order + 1)
    let h1 = largest <= 1e-15 ? max(1e-6 * span, h0 * 1e-3) : pow(0.01 / largest, 1 / power)
    // The rates of a system with a mass matrix are not those of y: start small.
    let limit = field.mass == nil ? span : 1e-6 * span
    return min(100 * h0, h1, limit, settings.maxStep ?? limit)
  }
}

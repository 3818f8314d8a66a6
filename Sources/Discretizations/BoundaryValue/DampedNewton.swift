import Numerics

/// Equations F(x) = 0 that Newton's iteration solves: residual, and solutions with its Jacobian.
protocol NewtonTarget: AnyObject {
  var dimension: Int { get }
  /// The kinds of numbers in the vector, each measured against its own largest: for each the order
  /// of derivative that it is.
  var kindOrders: [Int] { get }
  /// The length over which derivatives are taken to act.
  var length: Double { get }
  /// What kind of number stands at a place of the vector.
  func kind(_ place: Int) -> Int
  func residual(_ values: Vector, into result: Vector)
  /// Factorizes the Jacobian; false where it is singular.
  func factor(_ values: Vector) -> Bool
  /// Solves in place with the last factors.
  func solve(_ b: Vector)
}

/// What Newton's iteration cost.
struct NewtonCounts: Sendable {
  var iterations = 0
  var evaluations = 0
  var jacobians = 0
  var factorizations = 0

  static func += (a: inout NewtonCounts, b: NewtonCounts) {
    a.iterations += b.iterations
    a.evaluations += b.evaluations
    a.jacobians += b.jacobians
    a.factorizations += b.factorizations
  }
}

/// How Newton's iteration ended.
enum NewtonOutcome: Sendable, Equatable {
  case converged
  /// The Jacobian has no inverse.
  case singular
  /// The residual is not finite at the start.
  case notFinite
  /// Even the smallest damping did not bring the next correction down.
  case stalled(damping: Double)
  case tooMany(iterations: Int, damping: Double)
  case stopped
}

/// Newton's iteration, damped by the natural monotonicity test.
///
/// The simplified correction, with the factors at hand, must shrink: a test that does not depend on
/// how equations are scaled.
/// - Source: P. Deuflhard, Newton Methods for Nonlinear Problems (2004), algorithm NLEQ-ERR.
final class DampedNewton {
  /// Corrections below this, relative to the solution, end the iteration.
  var tolerance = 1e-10
  var iterationLimit = 60
  /// The smallest damping tried.
  var leastDamping = 1e-5
  var isCancelled: () -> Bool = { false }
  private(set) var iterations = 0
  /// The largest residual at the last point accepted, and the last correction, relative.
  private(set) var residualSize = Double.nan
  private(set) var correctionSize = Double.nan
  private(set) var lastDamping = 1.0
  private let target: any NewtonTarget
  private let x: Vector
  private let trial: Vector
  private let step: Vector
  private let simplified: Vector
  private let previous: Vector
  private let scales: Vector
  private let storage: Storage

  /// Starts at the numbers of `start`.
  init(_ target: any NewtonTarget, _ start: [Double]) {
    self.target = target
    let n = target.dimension
    storage = Storage(5 * n + target.kindOrders.count)
    x = storage.vector.slice(0, n)
    trial = storage.vector.slice(n, n)
    step = storage.vector.slice(2 * n, n)
    simplified = storage.vector.slice(3 * n, n)
    previous = storage.vector.slice(4 * n, n)
    scales = storage.vector.slice(5 * n, target.kindOrders.count)
    x.assign(start)
  }

  /// The last point accepted.
  var values: [Double] { x.array }

  /// Iterates to convergence, or to where it cannot go on.
  func run() -> NewtonOutcome {
    var damping = 1.0
    var oldStepSize = 0.0
    guard evaluate(x, into: step) else { return .notFinite }
    while iterations < iterationLimit {
      if isCancelled() { return .stopped }
      guard target.factor(x) else { return .singular }
      solve(step)
      guard step.isFinite else { return .singular }
      iterations += 1
      rescale()
      let size = norm(step)
      correctionSize = size
      if size <= tolerance { return finish(step) }
      if iterations > 1 {
        let change = distance(previous, step, 1)
        let predicted = oldStepSize * norm(previous) / (change * size) * damping
        damping = change > 0 ? min(1, predicted) : 1
      }
      switch advance(size, &damping) {
      case .none: break
      case .some(let outcome): return outcome
      }
      oldStepSize = size
      lastDamping = damping
    }
    return .tooMany(iterations: iterations, damping: lastDamping)
  }

  /// Finds a damping that passes the test and moves there; the residual is left in `step`.
  private func advance(_ size: Double, _ damping: inout Double) -> NewtonOutcome? {
    var wasReduced = false
    while true {
      if damping < leastDamping {
        lastDamping = damping
        // Rounding alone keeps small corrections from shrinking.
        return size < 1e-9 ? finish(step) : .stalled(damping: damping)
      }
      for i in 0..<x.count { trial[i] = x[i] + damping * step[i] }
      guard evaluate(trial, into: simplified) else {
        damping /= 4
        wasReduced = true
        continue
      }
      previous.assign(simplified)
      solve(simplified)
      let next = norm(simplified)
      let bend = distance(simplified, step, 1 - damping)
      let limit = bend > 0 ? 0.5 * size * damping * damping / bend : .infinity
      guard next <= (1 - damping / 4) * size else {
        if size < 1e-9, next < 2 * size { return finish(step) }
        damping = min(limit, damping / 2)
        wasReduced = true
        continue
      }
      let wanted = min(1, limit)
      if damping == 1, next <= tolerance {
        x.assign(trial)
        correctionSize = next
        return finish(simplified)
      }
      if wanted >= 4 * damping, !wasReduced {
        damping = wanted
        continue
      }
      x.assign(trial)
      // `previous` holds the residual here and takes the simplified correction for the predictor.
      step.assign(previous)
      previous.assign(simplified)
      residualSize = largest(step)
      return nil
    }
  }

  private func finish(_ correction: Vector) -> NewtonOutcome {
    x.add(1, correction)
    return .converged
  }

  private func evaluate(_ values: Vector, into result: Vector) -> Bool {
    target.residual(values, into: result)
    guard result.isFinite else { return false }
    if residualSize.isNaN { residualSize = largest(result) }
    return true
  }

  private func largest(_ residual: Vector) -> Double {
    (0..<residual.count).reduce(0) { max($0, residual[$1].magnitude) }
  }

  private func solve(_ residual: Vector) {
    for i in 0..<residual.count { residual[i] = -residual[i] }
    target.solve(residual)
  }

  // MARK: Norms

  /// Each kind is measured against the largest number of its kind, here and after the step.
  private func rescale() {
    scales.fill(0)
    for i in 0..<x.count {
      let kind = target.kind(i)
      let size = max(x[i].magnitude, (x[i] + step[i]).magnitude)
      if size > scales[kind] { scales[kind] = size }
    }
    // What vanishes is all rounding of the others.
    let orders = target.kindOrders
    let most = orders.indices.reduce(0) { orders[$1] == 0 ? max($0, scales[$1]) : $0 }
    for kind in orders.indices {
      let unit = (0..<orders[kind]).reduce(1.0) { size, _ in size / target.length }
      scales[kind] = max(scales[kind], most > 0 ? 1e-10 * most * unit : unit)
    }
  }

  private func norm(_ v: Vector) -> Double {
    var sum = 0.0
    for i in 0..<v.count {
      let share = v[i] / scales[target.kind(i)]
      sum += share * share
    }
    return (sum / Double(max(v.count, 1))).squareRoot()
  }

  /// The norm of a − factor·b.
  private func distance(_ a: Vector, _ b: Vector, _ factor: Double) -> Double {
    var sum = 0.0
    for i in 0..<a.count {
      let share = (a[i] - factor * b[i]) / scales[target.kind(i)]
      sum += share * share
    }
    return (sum / Double(max(a.count, 1))).squareRoot()
  }
}

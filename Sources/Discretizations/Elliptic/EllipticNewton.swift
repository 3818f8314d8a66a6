import Numerics
import Problems

/// Damped Newton iteration on all rows of a discrete system.
///
/// Damping by the natural monotonicity test: a step is taken where the simplified correction after
/// it is smaller than the correction before it.
/// Source: P. Deuflhard, Newton Methods for Nonlinear Problems (2004), algorithm NLEQ-ERR.
final class EllipticNewton {
  private let elliptic: EllipticProblem
  private let discrete: DiscreteSystem
  private let linear: EllipticLinearSystem
  private let tolerance: Double
  private let work: Storage
  private let y: Vector
  private let trial: Vector
  private let step: Vector
  private let simplified: Vector
  private var report = EllipticReport()
  private var isSingularityChecked = false
  /// The size of each component, from the present iterate and its correction.
  private var scales: [Double]

  /// The most Newton steps of one solution.
  private static let limit = 100
  /// The smallest part of a step that is tried.
  private static let leastDamping = 1e-6

  init(_ elliptic: EllipticProblem, tolerance: Double) {
    self.elliptic = elliptic
    discrete = elliptic.discrete
    self.tolerance = tolerance
    linear = EllipticLinearSystem(elliptic.discrete)
    scales = [Double](repeating: 1, count: discrete.system.components.count)
    let n = discrete.dimension
    work = Storage(4 * n)
    y = work.vector.slice(0, n)
    trial = work.vector.slice(n, n)
    step = work.vector.slice(2 * n, n)
    simplified = work.vector.slice(3 * n, n)
  }

  /// Iterates from `start` with the present parameters.
  ///
  /// - Throws: `ProblemFaults` where the linearised system is singular at the start.
  func solve(_ start: [Double]) throws -> EllipticSolution {
    y.assign(start)
    report.isConverged = false
    report.message = ""
    report.method = linear.name
    try iterate()
    report.linearIterations = linear.iterations
    report.rcond = linear.rcond
    return EllipticSolution(fields: y.array, report: report)
  }

  private func iterate() throws {
    var damping = 1.0
    guard evaluate(y, into: step) else { return fail("the equations are not finite at the start") }
    for _ in 0..<EllipticNewton.limit {
      report.iterations += 1
      guard try linearize() else { return fail("the linearised system became singular") }
      guard linear.solve(step) else { return fail("the linear iteration did not converge") }
      measure()
      let size = norm(step)
      guard size.isFinite else { return fail("a Newton step is not finite") }
      report.correction = size
      if size <= tolerance { return finish() }
      guard let next = takeStep(size, &damping) else {
        return fail(
          "no part of a Newton step brings the iteration nearer to a solution (correction "
            + "\(brief(size)))")
      }
      if next.isLast { return finish() }
    }
    fail("\(EllipticNewton.limit) Newton steps were not enough")
  }

  /// Adds the last correction and looks at the residual.
  private func finish() {
    for k in 0..<y.count { y[k] -= step[k] }
    _ = evaluate(y, into: simplified)
    report.residual = linear.scaledNorm(simplified)
    report.isConverged = y.isFinite
  }

  private func fail(_ message: String) { report.message = message }

  private func brief(_ value: Double) -> String {
    let digits = String(value)
    return digits.count > 10 ? String(Float(value)) : digits
  }

  /// Writes the rows at a full vector; false where one is not finite.
  private func evaluate(_ y: Vector, into rows: Vector) -> Bool {
    discrete.fields.assign(y)
    discrete.evaluate(0, into: rows)
    return rows.isFinite
  }

  private func linearize() throws -> Bool {
    discrete.fields.assign(y)
    if linear.isConstant, linear.isFactored { return true }
    report.jacobians += 1
    report.factorizations += 1
    let isRegular = linear.linearize()
    if !isSingularityChecked {
      isSingularityChecked = true
      if !isRegular || linear.isSingular() { try refuseSingular() }
    }
    return isRegular
  }

  private func refuseSingular() throws {
    let problem = elliptic.problem
    throw problem.fault(
      path: "conditions",
      "the discrete system is singular: the conditions do not determine the solution",
      "add a condition, or pin a constant at a point, such as u = 0 at "
        + problem.variables.map { "\($0.name) = \($0.lower)" }.joined(separator: ", "))
  }

  /// Finds a part of the step that passes the test, and moves y.
  ///
  /// The last one has a negligible simplified correction, which is left in `step`.
  private func takeStep(_ size: Double, _ damping: inout Double) -> (isLast: Bool, Void)? {
    while damping >= EllipticNewton.leastDamping {
      for k in 0..<y.count { trial[k] = y[k] - damping * step[k] }
      if evaluate(trial, into: simplified), linear.solve(simplified) {
        let next = norm(simplified)
        if next <= (1 - damping / 4) * size {
          y.assign(trial)
          step.assign(simplified)
          if damping == 1, next <= tolerance.squareRoot() * 1e-2, next * next / size <= tolerance {
            return (true, ())
          }
          guard evaluate(y, into: step) else { return nil }
          damping = min(1, 4 * damping)
          return (false, ())
        }
      }
      damping /= 2
    }
    return nil
  }

  /// Sets what corrections are measured against: each component's own size.
  private func measure() {
    let n = discrete.grid.count
    for component in discrete.system.components.indices {
      var size = 0.0
      for k in component * n..<(component + 1) * n {
        size = max(size, y[k].magnitude, step[k].magnitude)
      }
      scales[component] = size > 0 ? size : 1
    }
  }

  /// The largest entry of a correction, each component relative to its own size.
  private func norm(_ step: Vector) -> Double {
    let n = discrete.grid.count
    var largest = 0.0
    for component in discrete.system.components.indices {
      var change = 0.0
      for k in component * n..<(component + 1) * n {
        change = max(change, step[k].magnitude)
        if !step[k].isFinite { return .nan }
      }
      largest = max(largest, change / scales[component])
    }
    return largest
  }

  /// Changes the parameters for what follows.
  func setParameters(_ values: [Double]) {
    discrete.setParameters(values)
    linear.invalidate()
  }
}

import Glibc
import Numerics

/// Numerical differentiation formulas of order 1 to 5 with a quasi-constant step: the variable-order
/// BDF method for stiff systems, large ones above all, and index-1 DAEs.
///
/// One to four evaluations a step; the Jacobian is kept until Newton's iteration slows, the factors
/// until the step size changes. A change of step size re-spaces the backward differences.
/// Source: L. F. Shampine & M. W. Reichelt, SIAM J. Sci. Comput. 18 (1997) 1, sec. 2 (formulas and
/// the κ of table 1); Hairer & Wanner, Solving ODEs II, sec. IV.8 (Newton's stopping test).
public final class BDF: Stepper {
  private static let maxOrder = 5
  /// Newton's iteration may leave this share of the tolerance.
  private static let newtonShare = 0.002
  /// The power that takes a contraction from one step to the next.
  private static let trust = 0.9
  private static let kappa = [0, -0.1850, -1.0 / 9, -0.0823, -0.0415, 0]
  private static let gamma: [Double] = (0...5).map { k in
    (0..<k).reduce(0) { $0 + 1 / Double($1 + 1) }
  }
  private static let alpha = (0...5).map { (1 - kappa[$0]) * gamma[$0] }
  private static let errorConstant = (0...5).map { kappa[$0] * gamma[$0] + 1 / Double($0 + 1) }

  private let system: ShiftedSystem
  /// What Newton's iteration is for: the field, or the part of it that the rest follows.
  private let core: VectorField
  private let weights: ErrorNorm
  private let newtonTolerance: Double
  /// Backward differences ∇⁰…∇⁷ at the present point, and at the end of the last step.
  private var present: Vector
  private var next: Vector
  private let predicted: Vector
  private let psi: Vector
  private let massPsi: Vector
  private let correction: Vector
  private let delta: Vector
  private let scratch: Vector
  private let spacingTables: Vector
  /// For each order the weights of the differences in the predictor and in ψ.
  private let predictors: [StageRow]
  private let pastSlopes: [StageRow]
  private let work: Storage
  private var k = 1
  private var stepsAtSize = 0
  private var spacing = 0.0
  private var factoredShift = 0.0
  private var isJacobianFresh = false
  private var hasJacobian = false
  /// What is left to come after a correction, in units of it: θ/(1 − θ) for a contraction θ.
  private var remainder = 1.0
  /// Where the Jacobian in use was taken, so that a restart can take it again.
  private let jacobianPoint: Vector
  private var jacobianTime = 0.0

  /// Allocates for a field; `tolerances` are what Newton's iteration is held to.
  public init(_ field: VectorField, _ tolerances: Tolerances) {
    let n = field.dimension
    core = field.leading ?? field
    system = core.makeShiftedSystem()
    weights = ErrorNorm(tolerances)
    let rtol = tolerances.relative
    newtonTolerance = max(10 * Double.ulpOfOne / rtol, BDF.newtonShare)
    work = Storage(23 * n + 108)
    let all = work.vector
    present = all.slice(0, 8 * n)
    next = all.slice(8 * n, 8 * n)
    predicted = all.slice(16 * n, n)
    psi = all.slice(17 * n, n)
    massPsi = all.slice(18 * n, core.dimension)
    correction = all.slice(19 * n, n)
    delta = all.slice(20 * n, core.dimension)
    scratch = all.slice(21 * n, n)
    jacobianPoint = all.slice(22 * n, core.dimension)
    spacingTables = all.slice(23 * n, 108)
    let orders = 1...BDF.maxOrder
    predictors = orders.map { k in
      StageRow((0...k).map { $0 == 0 ? 0 : 1 }, dimension: n)
    }
    pastSlopes = orders.map { k in
      StageRow((0...k).map { BDF.gamma[$0] / BDF.alpha[k] }, dimension: n)
    }
    super.init(field)
  }

  public override var order: Int { k }
  public override var errorPower: Double { Double(k + 1) }
  public override var interpolantDegree: Int { k }

  public override func start(_ t: Double, _ y: Vector) {
    super.start(t, y)
    k = 1
    stepsAtSize = 0
    spacing = 0
    factoredShift = 0
    hasJacobian = false
    isJacobianFresh = false
    present.fill(0)
    difference(present, 0).assign(y)
  }

  private func difference(_ table: Vector, _ index: Int) -> Vector {
    table.slice(index * dimension, dimension)
  }

  public override func attempt() -> Bool {
    respace()
    predict()
    guard converge() else { return false }
    let constant = BDF.errorConstant[k]
    let (result, correction) = (error.base, correction.base)
    for c in 0..<dimension { result[c] = constant * correction[c] }
    advanceDifferences()
    return true
  }

  /// The predictor Σ ∇ʲ and ψ = Σ γⱼ/αₖ ∇ʲ, in one pass over the differences.
  private func predict() {
    predictors[k - 1].combine(
      difference(present, 0), present, into: predicted, pastSlopes[k - 1], 1, into: psi)
  }

  /// Re-spaces the differences for a changed h; the first step takes its slope from the rate.
  private func respace() {
    if spacing == 0 {
      spacing = h
      if field.mass == nil {
        let first = difference(present, 1)
        for c in 0..<dimension { first[c] = h * rate[c] }
      }
    } else if h != spacing {
      changeSpacing(h / spacing)
      spacing = h
      stepsAtSize = 0
    }
  }

  /// Differences for a spacing `factor` times the old one: D ← (R(factor)·R(1))ᵀ D.
  ///
  /// Source: Shampine & Reichelt, sec. 2.2.
  private func changeSpacing(_ factor: Double) {
    let size = k + 1
    let r = spacingTables.slice(0, size * size)
    let u = spacingTables.slice(36, size * size)
    fillSpacingTable(r, factor)
    fillSpacingTable(u, 1)
    let product = spacingTables.slice(72, size * size)
    for i in 0..<size {
      for j in 0..<size {
        var sum = 0.0
        for l in 0..<size { sum += r[i * size + l] * u[l * size + j] }
        product[i * size + j] = sum
      }
    }
    // ∇⁰ is the value itself, whatever the spacing.
    difference(next, 0).assign(difference(present, 0))
    for i in 1..<size {
      let row = difference(next, i).base
      for c in 0..<dimension {
        var sum = 0.0
        for j in 1..<size { sum += product.base[j * size + i] * present.base[j * dimension + c] }
        row[c] = sum
      }
    }
    swap(&present, &next)
  }

  /// R(factor): entry (i, j) is Π over m = 1…i of (m − 1 − factor·j)/m, row-major.
  private func fillSpacingTable(_ table: Vector, _ factor: Double) {
    let size = k + 1
    for j in 0..<size {
      table[j] = 1
      for i in 1..<size {
        let ratio = (Double(i - 1) - factor * Double(j)) / Double(i)
        table[i * size + j] = ratio * table[(i - 1) * size + j]
      }
    }
  }

  /// Newton's iteration with at most one fresh Jacobian.
  private func converge() -> Bool {
    if !hasJacobian { takeJacobian(tNew, predicted) }
    let shift = BDF.alpha[k] / h
    while true {
      if factoredShift != shift {
        factoredShift = 0
        guard system.factor(shift) else {
          // Taken again at the next attempt: where it is not finite, no shift helps.
          hasJacobian = false
          return false
        }
        factoredShift = shift
        remainder = 1
      }
      if iterate(shift) { return followUp(shift) }
      if isJacobianFresh { return false }
      takeJacobian(tNew, predicted)
    }
  }

  /// Corrects the components that follow from those of the iteration.
  private func followUp(_ shift: Double) -> Bool {
    if core === field { return true }
    guard field.follow(tNew, shift, yNew, past: psi, into: correction) else { return false }
    for c in core.dimension..<dimension { yNew[c] = predicted[c] + correction[c] }
    return true
  }

  private func takeJacobian(_ t: Double, _ y: Vector) {
    system.linearize(t, y.slice(0, core.dimension))
    jacobianPoint.assign(y.slice(0, core.dimension))
    jacobianTime = t
    hasJacobian = true
    isJacobianFresh = true
    factoredShift = 0
    remainder = 1
  }

  /// Solves M(ψ + d)·α/h = f(t + h, y + d) for the correction d.
  private func iterate(_ shift: Double) -> Bool {
    correction.fill(0)
    yNew.assign(predicted)
    var previous = 0.0
    // The last steps' contraction is believed, less from step to step.
    remainder = pow(max(remainder, Double.ulpOfOne), BDF.trust)
    for iteration in 0..<4 {
      core(tNew, yNew.slice(0, delta.count), into: delta)
      subtractSlope(shift)
      system.solve(delta)
      let size = weights.measure(delta, yOld, predicted)
      guard size.isFinite else { return false }
      // A correction this small is converged as it is; its ratio to the last one would be noise.
      let isTiny = size <= 0.01 * newtonTolerance
      let contraction = iteration == 0 ? 0 : size / previous
      if iteration > 0, !isTiny {
        let ahead = pow(contraction, Double(4 - iteration)) / (1 - contraction) * size
        if contraction >= 1 || ahead > newtonTolerance { return false }
        remainder = contraction / (1 - contraction)
      }
      let (sum, change, point) = (correction.base, delta.base, yNew.base)
      for c in 0..<delta.count {
        sum[c] += change[c]
        point[c] += change[c]
      }
      if isTiny || remainder * size < newtonTolerance { return true }
      previous = size
    }
    return false
  }

  /// δ ← δ − α/h·M(ψ + d).
  private func subtractSlope(_ shift: Double) {
    let (n, delta, psi, sum) = (delta.count, delta.base, psi.base, correction.base)
    if core.mass == nil {
      for c in 0..<n { delta[c] -= shift * (psi[c] + sum[c]) }
    } else {
      for c in 0..<n { scratch[c] = psi[c] + sum[c] }
      system.applyMass(scratch.slice(0, n), into: massPsi)
      for c in 0..<n { delta[c] -= shift * massPsi[c] }
    }
  }

  /// Differences at the end of the step: ∇ᵏ⁺¹ is the correction, the others follow by sums.
  private func advanceDifferences() {
    let (n, k) = (dimension, k)
    let (old, new, correction) = (present.base, next.base, correction.base)
    for c in 0..<n {
      var sum = correction[c]
      new[(k &+ 2) &* n &+ c] = sum - old[(k &+ 1) &* n &+ c]
      new[(k &+ 1) &* n &+ c] = sum
      var j = k
      while j >= 0 {
        sum += old[j &* n &+ c]
        new[j &* n &+ c] = sum
        j &-= 1
      }
    }
  }

  /// After k + 1 equal steps: the order among k − 1, k, k + 1 that allows the largest step.
  public override func ownFactor(_ error: Double, _ norm: ErrorNorm, accepted: Bool) -> Double? {
    guard accepted else { return nil }
    stepsAtSize += 1
    isJacobianFresh = false
    guard stepsAtSize >= k + 1 else { return 1 }
    var best = pow(error, -1 / Double(k + 1))
    var change = 0
    if k > 1 {
      let factor = pow(scaled(k, by: BDF.errorConstant[k - 1], norm), -1 / Double(k))
      if factor > best {
        best = factor
        change = -1
      }
    }
    if k < BDF.maxOrder {
      let factor = pow(scaled(k + 2, by: BDF.errorConstant[k + 1], norm), -1 / Double(k + 2))
      if factor > best {
        best = factor
        change = 1
      }
    }
    orderChange = change
    // A change of step size costs a factorisation: not for less than a fifth.
    let factor = min(10, 0.9 * best)
    if factor >= 1, factor < 1.2, change == 0 {
      stepsAtSize = 0
      return 1
    }
    return factor
  }

  private var orderChange = 0

  private func scaled(_ index: Int, by constant: Double, _ norm: ErrorNorm) -> Double {
    let row = difference(next, index)
    for c in 0..<dimension { scratch[c] = constant * row[c] }
    return norm.measure(scratch, yOld, yNew)
  }

  public override func accept() {
    swap(&present, &next)
    k += orderChange
    if orderChange != 0 { stepsAtSize = 0 }
    orderChange = 0
  }

  /// The polynomial through the last k + 1 points.
  public override func interpolate(_ theta: Double, into y: Vector) {
    y.assign(difference(next, 0))
    var product = 1.0
    for j in 0..<k {
      product *= (theta - 1 + Double(j)) / Double(j + 1)
      let row = difference(next, j + 1)
      for c in 0..<dimension { y[c] += product * row[c] }
    }
  }

  public override var spectralRadius: Double? { hasJacobian ? system.jacobianNorm() : nil }

  public override func saveHistory() -> [Double]? {
    [
      Double(k), Double(stepsAtSize), spacing, jacobianTime, hasJacobian ? 1 : 0, factoredShift,
      isJacobianFresh ? 1 : 0, remainder,
    ] + jacobianPoint.array + present.array
  }

  public override func restoreHistory(_ history: [Double]) {
    let n = core.dimension
    precondition(
      history.count == 8 + n + 8 * dimension,
      "\(history.count) numbers of history for \(dimension) unknowns")
    if history[4] == 1 {
      jacobianPoint.assign(Array(history[8..<8 + n]))
      takeJacobian(history[3], jacobianPoint)
    }
    k = Int(history[0])
    stepsAtSize = Int(history[1])
    spacing = history[2]
    isJacobianFresh = history[6] == 1
    remainder = history[7]
    if history[5] != 0, system.factor(history[5]) { factoredShift = history[5] }
    present.assign(Array(history[(8 + n)...]))
  }
}

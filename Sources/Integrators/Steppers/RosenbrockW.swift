import Numerics

/// A Rosenbrock method of two stages that keeps order 2 with any matrix in the place of ∂f/∂y.
///
/// (I − γhA)k₁ = f(t, y) + γh ∂f/∂t, (I − γhA)k₂ = f(t + h, y + hk₁) − 2k₁ − γh ∂f/∂t and
/// y⁺ = y + h(3k₁ + k₂)/2; the error estimate h(k₁ + k₂)/2 is the difference to y + hk₁. With
/// γ = 1 + 1/√2 both are L-stable, and the first stage falls short of Newton's step instead of
/// overshooting it (γ = 1 − 1/√2 by 3.4 times). Two evaluations, one linearisation and one
/// factorisation a step; a rejected step keeps the linearisation.
/// Source: J. G. Verwer, E. J. Spee, J. G. Blom & W. Hundsdorfer, SIAM J. Sci. Comput. 20 (1999) 1456.
public final class RosenbrockW: Stepper {
  private static let gamma = 1 + 0.5.squareRoot()

  private let system: ShiftedSystem
  private let first: Vector
  private let second: Vector
  private let slope: Vector
  private let rateNew: Vector
  private let work: Storage
  private var isLinearized = false
  private var hasEndRate = false

  /// Allocates for a field.
  public override init(_ field: VectorField) {
    let n = field.dimension
    system = field.makeShiftedSystem()
    work = Storage(4 * n)
    first = work.vector.slice(0, n)
    second = work.vector.slice(n, n)
    slope = work.vector.slice(2 * n, n)
    rateNew = work.vector.slice(3 * n, n)
    super.init(field)
  }

  public override var order: Int { 2 }
  public override var interpolantDegree: Int { 3 }

  public override func start(_ t: Double, _ y: Vector) {
    super.start(t, y)
    isLinearized = false
  }

  public override func attempt() -> Bool {
    hasEndRate = false
    if !isLinearized {
      system.linearize(t, yOld)
      field.timeDerivative(t, yOld, into: slope)
      isLinearized = true
    }
    // System and right-hand sides are divided by γh.
    let shift = 1 / (RosenbrockW.gamma * h)
    guard system.factor(shift) else { return false }
    for i in 0..<dimension { first[i] = shift * rate[i] + slope[i] }
    system.solve(first)
    for i in 0..<dimension { yNew[i] = yOld[i] + h * first[i] }
    field(tNew, yNew, into: second)
    for i in 0..<dimension { second[i] = shift * (second[i] - 2 * first[i]) - slope[i] }
    system.solve(second)
    for i in 0..<dimension {
      error[i] = 0.5 * h * (first[i] + second[i])
      yNew[i] += error[i]
    }
    return true
  }

  /// A cubic through both ends and their rates; the one at the end is needed next anyway.
  public override func prepareInterpolant(_ norm: ErrorNorm) { takeEndRate() }

  private func takeEndRate() {
    if !hasEndRate { field(tNew, yNew, into: rateNew) }
    hasEndRate = true
  }

  public override func interpolate(_ theta: Double, into y: Vector) {
    let rest = 1 - theta
    for i in 0..<dimension {
      let chord = yNew[i] - yOld[i]
      let bend = rest * (h * rate[i] - chord) - theta * (h * rateNew[i] - chord)
      y[i] = yOld[i] + theta * (chord + rest * bend)
    }
  }

  public override func accept() {
    takeEndRate()
    rate.assign(rateNew)
    isLinearized = false
  }

  public override var spectralRadius: Double? { isLinearized ? system.jacobianNorm() : nil }
}

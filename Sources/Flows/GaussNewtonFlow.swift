import Integrators
import Numerics
import Residuals

/// The Gauss-Newton flow θ' = −(JᵀJ + εD²)⁻¹Jᵀr, the natural gradient of a least-squares loss.
///
/// Not stiff: what J can reach of r decays as exp(−τ), so explicit steppers go with it. Along it
/// dL/dτ = −gᵀ(JᵀJ + εD²)⁻¹g, g = Jᵀr. A step that raises the loss is refused. An evaluation costs a
/// linearisation and a factorisation.
/// Source: Y. Nesterov, CORE 2003; J. Müller & M. Zeinhofer, ICML 2023 (for physics-informed nets).
public final class GaussNewtonFlow: LeastSquaresFlow {
  /// ε, of the squares of D.
  public let damping: Double
  private let cholesky: Cholesky

  /// Makes the flow of a problem.
  ///
  /// - Parameter damping: ε: what keeps the matrix regular where parameters do not matter.
  public init(
    _ problem: any LeastSquares, _ scaling: FlowScaling = .more, damping: Double = 1e-8
  ) {
    self.damping = damping
    cholesky = Cholesky(dimension: problem.parameterCount)
    super.init(problem, scaling)
  }

  public override func evaluate(_ t: Double, _ y: Vector, into dydt: Vector) {
    // The pass of residuals counts itself, where there is one.
    counts.evaluations -= 1
    linearize(y)
    counts.factorizations += 1
    guard cholesky.factor(normal, adding: damping, times: scale) else { return dydt.fill(.nan) }
    for i in 0..<dimension { dydt[i] = -gradient[i] }
    cholesky.solve(dydt)
  }

  /// Whether the loss falls, or stays.
  public override func admits(_ start: Vector, _ end: Vector) -> Bool {
    guard loss(at: end) <= heldLoss(at: start) else { return false }
    hold(end)
    return true
  }
}

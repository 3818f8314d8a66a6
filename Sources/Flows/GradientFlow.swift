import Integrators
import Numerics
import Residuals

/// The gradient flow θ' = −D⁻²Jᵀr of a least-squares loss.
///
/// Along it dL/dτ = −‖D⁻¹Jᵀr‖². Stiff: JᵀJ's eigenvalues span ten decades and more. Implicit
/// steppers take −D⁻²JᵀJ, Gauss and Newton's part of the exact Jacobian, in its place.
public final class GradientFlow: LeastSquaresFlow, CurvedField, DescendingField {
  public var friction: Double? { nil }

  /// Makes the flow of a problem.
  ///
  /// - Parameters:
  ///   - hasMatrix: whether steppers may ask for the dense Jacobian, as GSL's implicit ones do; its
  ///     list of places alone takes 16·P² bytes.
  ///   - hasNormal: whether JᵀJ is wanted at all; without it D = 1, and P² numbers are saved.
  public init(
    _ problem: any LeastSquares, _ scaling: FlowScaling = .more, hasMatrix: Bool = true,
    hasNormal: Bool = true
  ) {
    super.init(problem, scaling, hasMatrix: hasMatrix, hasNormal: hasNormal)
  }

  public override func evaluate(_ t: Double, _ y: Vector, into dydt: Vector) {
    // The pass of residuals counts itself, where there is one.
    counts.evaluations -= 1
    let gradient = point(at: y).gradient.vector
    for i in 0..<dimension { dydt[i] = -gradient[i] / scale[i] }
  }

  /// −D⁻²JᵀJ, row by row.
  public override func jacobian(_ t: Double, _ y: Vector, into entries: Vector) {
    precondition(pattern.count == dimension * dimension, "a flow made without a dense Jacobian")
    // Whoever asks has counted the linearisation.
    counts.jacobians -= 1
    linearize(y)
    for row in 0..<dimension {
      for column in 0..<dimension {
        let place = max(row, column) + min(row, column) * dimension
        entries[row * dimension + column] = -normal[place] / scale[row]
      }
    }
  }

  public override func makeShiftedSystem() -> ShiftedSystem { NormalSystem(self) }
}

/// (σI + D⁻²JᵀJ)x = b as (σD² + JᵀJ)x = D²b, by Cholesky's factors.
///
/// A rejected step factors again, but keeps JᵀJ.
private final class NormalSystem: ShiftedSystem {
  private let flow: GradientFlow
  private let cholesky: Cholesky

  init(_ flow: GradientFlow) {
    self.flow = flow
    cholesky = Cholesky(dimension: flow.dimension)
    super.init(flow)
  }

  override func linearize(_ t: Double, _ y: Vector) { flow.linearize(y) }

  override func factor(_ sigma: Double) -> Bool {
    flow.counts.factorizations += 1
    return cholesky.factor(flow.normal, adding: sigma, times: flow.scale)
  }

  override func solve(_ b: Vector) {
    for i in 0..<b.count { b[i] *= flow.scale[i] }
    cholesky.solve(b)
  }

  override func jacobianNorm() -> Double { flow.trace }
}

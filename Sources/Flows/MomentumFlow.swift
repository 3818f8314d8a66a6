import Integrators
import Numerics
import Residuals

/// The gradient flow with inertia, θ'' + γθ' = −D⁻²Jᵀr, as a system of 2P: the state is [θ | θ'].
///
/// The force is measured by D, as in ``GradientFlow``: the path does not depend on the units of the
/// parameters, and with Moré's D the time does not either, since the frequencies of the modes are
/// roots of eigenvalues of D⁻²JᵀJ, between 0 and √P. Along it d(L + ½‖Dθ'‖²)/dτ = −γ‖Dθ'‖²: the loss
/// alone may rise. A step that raises the sum by more than a twentieth is refused. Not for implicit steppers: it has no curvature of its own to give them.
/// Source: B. T. Polyak, USSR Comput. Math. Math. Phys. 4 (1964) 1 (the heavy ball).
public final class MomentumFlow: LeastSquaresFlow, DescendingField {
  /// γ, of the flow's time.
  public let damping: Double

  public var friction: Double? { damping }

  /// Makes the flow of a problem.
  ///
  /// - Parameter damping: γ; ``TrainingSettings/friction`` says how its default was chosen.
  public init(
    _ problem: any LeastSquares, _ scaling: FlowScaling = .more, damping: Double
  ) {
    precondition(damping >= 0, "a friction of \(damping)")
    self.damping = damping
    super.init(problem, scaling, hasVelocity: true)
  }

  public override func evaluate(_ t: Double, _ y: Vector, into dydt: Vector) {
    // The pass of residuals counts itself, where there is one.
    counts.evaluations -= 1
    let gradient = point(at: parameters(of: y)).gradient.vector
    let velocity = velocity(of: y)
    let acceleration = self.velocity(of: dydt)
    parameters(of: dydt).assign(velocity)
    for i in 0..<parameterCount {
      acceleration[i] = -damping * velocity[i] - gradient[i] / scale[i]
    }
  }

  /// Whether the energy does not rise, but for what steps of order 1 let it sway by.
  ///
  /// Without it steps that are chosen by the change of the rate resonate with fast modes of curved
  /// losses: a network of 25 parameters was lost within 3000 of them, with a bound of 2 as well.
  public override func admits(_ start: Vector, _ end: Vector) -> Bool {
    let after = loss(at: parameters(of: end)) + kineticEnergy(end)
    let before = heldLoss(at: parameters(of: start)) + kineticEnergy(start)
    guard after <= 1.05 * before else { return false }
    hold(parameters(of: end))
    return true
  }

  override var refusal: String { "energy would rise" }

  /// The second half of a state, θ'.
  private func velocity(of state: Vector) -> Vector {
    state.slice(parameterCount, parameterCount)
  }

  /// ½‖Dθ'‖² of a state; `[2P]`.
  public func kineticEnergy(_ state: Vector) -> Double {
    let velocity = velocity(of: state)
    var sum = 0.0
    for i in 0..<parameterCount { sum += scale[i] * velocity[i] * velocity[i] }
    return 0.5 * sum
  }
}

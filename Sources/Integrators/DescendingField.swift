import Numerics

/// The gradient flow of a loss, with inertia or without: what `recycled-euler` needs beyond a
/// ``VectorField``.
public protocol DescendingField: VectorField {
  /// The squares of D, the metric of gradients and rates; `[P]`.
  var scale: Vector { get }
  /// γ of θ'' + γθ' = −D⁻²∇L, whose state is [θ | θ']; nil for θ' = −D⁻²∇L, whose state is θ.
  var friction: Double? { get }
}

import Integrators
import Numerics

/// A trainable field with the derivative of its state along one direction of the parameters.
///
/// [y | s], s' = ∂F/∂y·s + ∂F/∂p·v: Jv where J is not formed.
final class TangentField: SensitivityField {
  /// v; `[P]`.
  let direction: Storage
  private lazy var rows = Storage(base.dimension * base.parameterCount)

  init(_ base: TrainableField) {
    direction = Storage(base.parameterCount)
    super.init(base, columns: 1)
  }

  override func differentiate(_ t: Double, _ y: Vector, rate: Vector, into part: Vector) {
    let count = base.parameterCount
    base.linearize(
      t, y, rate: rate, jacobian: jacobian.vector, rows: rows.vector, stride: count)
    for i in 0..<base.dimension {
      part[i] = rows.vector.slice(i * count, count).dot(direction.vector)
    }
  }
}

import Expressions
import Numerics

/// The point at which programs of a system are evaluated: t, the forcings at t, their derivatives.
public final class ForcedPoint {
  /// In the order of the system's inputs.
  public let vector: Vector
  private let storage: Storage
  private let forcings: [Interpolation]

  /// Makes room for the point inputs of a system.
  public init(_ system: CompiledSystem) {
    forcings = system.forcings
    storage = Storage(system.inputs.point.count)
    vector = storage.vector
  }

  /// Moves to t.
  @inline(__always)
  public func move(to t: Double) {
    vector.base[0] = t
    if !forcings.isEmpty { moveForcings(to: t) }
  }

  private func moveForcings(to t: Double) {
    for (index, forcing) in forcings.enumerated() {
      vector[1 + index] = forcing.value(t)
      vector[1 + forcings.count + index] = forcing.derivative(t)
    }
  }
}

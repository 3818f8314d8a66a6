import Expressions
import Numerics
import Problems

/// The point at which programs of a system are evaluated: t, the forcings at t, their derivatives.
public final class ForcedPoint {
  /// In the order of the system's inputs.
  public let vector: Vector
  private let storage: Storage
  private let forcings: [Interpolation]

  /// Makes room for the point inputs of a system.
  public convenience init(_ system: CompiledSystem) {
    self.init(system.forcings, count: system.inputs.point.count)
  }

  /// Makes room for `count` numbers; those after the forcings' are the caller's.
  public init(_ forcings: [Interpolation], count: Int) {
    self.forcings = forcings
    storage = Storage(count)
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

extension Interpolation {
  /// The function that a forcing's table stands for.
  ///
  /// - Throws: `GSLError` where the table cannot be fitted.
  public convenience init(_ forcing: Problems.Forcing) throws(GSLError) {
    try self.init(
      forcing.interpolation.kind, abscissae: forcing.times, ordinates: forcing.values)
  }
}

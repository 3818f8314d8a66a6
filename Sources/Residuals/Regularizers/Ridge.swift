import Numerics

/// The ridge: r = θ of the network, ½‖r‖² = ½·Σθ².
///
/// A Gaussian prior of standard deviation 1 on every weight and bias, where data are in units of
/// their noise.
public final class Ridge: Regularizer {
  /// What the report calls it.
  public let name = RegularizerKind.ridge.rawValue
  /// The count of rows: the network's parameters.
  public let count: Int
  /// P.
  public let parameterCount: Int
  /// Empty: no product goes by rows.
  public var panel: Vector { empty.vector }
  private let empty = Storage(0)
  private let offset: Int

  /// Takes `count` parameters from `offset` on, of `parameterCount`.
  public init(offset: Int, count: Int, parameterCount: Int) {
    precondition(
      offset >= 0 && count >= 0 && offset + count <= parameterCount,
      "parameters \(offset)..<\(offset + count) of \(parameterCount)")
    self.offset = offset
    self.count = count
    self.parameterCount = parameterCount
  }

  /// Writes θ.
  public func residual(_ parameters: Vector, into residual: Vector) {
    residual.assign(parameters.slice(offset, count))
  }

  /// Writes rows of the unit matrix.
  public func rows(_ parameters: Vector, _ range: Range<Int>, into rows: Vector) {
    rows.fill(0)
    for index in range {
      rows[(index - range.lowerBound) * parameterCount + offset + index] = 1
    }
  }

  /// Writes the network's part of a direction.
  public func product(_ parameters: Vector, _ direction: Vector, into result: Vector) {
    result.assign(direction.slice(offset, count))
  }

  /// Adds the weights to the network's part.
  public func addTransposedProduct(_ parameters: Vector, _ weights: Vector, to sum: Vector) {
    for index in 0..<count { sum[offset + index] += weights[index] }
  }

  /// Adds to the diagonal.
  public func addNormal(_ parameters: Vector, scale: Double, to normal: Vector) {
    for index in offset..<offset + count { normal[index * (parameterCount + 1)] += scale }
  }
}

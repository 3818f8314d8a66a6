import Networks
import Numerics

/// A dense network and the points at which a regulariser looks into its layers.
public final class LayerPoints {
  let pass: LayerPass
  /// The count of points.
  let count: Int
  /// The count of all parameters, P.
  let parameterCount: Int
  /// Room for rows of J.
  let panel: Vector
  /// The root of 1/count: half of the sum of squares becomes a mean over the points.
  let share: Double
  private let features: Storage
  private let room: Storage

  /// Copies the features; ``RegularizerKind/make(shape:offset:parameterCount:features:count:targets:sigma:)``
  /// says what is what.
  public init(
    _ shape: NetworkShape, offset: Int, parameterCount: Int, features: [Double], count: Int
  ) {
    precondition(
      count > 0 && features.count == count * shape.inputs,
      "\(features.count) features of \(count) points")
    precondition(
      offset >= 0 && offset + shape.parameterCount <= parameterCount,
      "a network of \(shape.parameterCount) parameters from \(offset) on of \(parameterCount)")
    pass = LayerPass(shape, offset: offset)
    self.count = count
    self.parameterCount = parameterCount
    self.features = Storage(features)
    room = Storage(32 * parameterCount)
    panel = room.vector
    share = (1 / Double(count)).squareRoot()
  }

  /// What goes into the network at a point.
  subscript(point: Int) -> Vector { features.vector.slice(point * pass.inputs, pass.inputs) }
}

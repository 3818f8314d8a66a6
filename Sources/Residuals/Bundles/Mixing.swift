import Numerics

/// Residuals of bundles of points: z(g), where g holds the values of some expressions at the points
/// of one bundle.
///
/// An integral against a test function, a step of an implicit Runge-Kutta method and the defect of a
/// flow map are such residuals. Base class: what it declares is asked for once a bundle, and nothing
/// may be allocated there.
class Mixing {
  /// Of a bundle.
  let points: Int
  /// Of each point.
  let expressions: Int
  /// Residuals come in blocks of the same size: z is `[blocks][rowsPerBlock]`.
  let blocks: Int
  let rowsPerBlock: Int

  init(points: Int, expressions: Int, blocks: Int, rowsPerBlock: Int) {
    precondition(
      min(points, expressions, blocks, rowsPerBlock) > 0,
      "\(blocks)×\(rowsPerBlock) residuals of \(expressions) expressions at \(points) points")
    self.points = points
    self.expressions = expressions
    self.blocks = blocks
    self.rowsPerBlock = rowsPerBlock
  }

  var rows: Int { blocks * rowsPerBlock }
  /// How many numbers g has, `[expressions][points]`.
  var width: Int { expressions * points }

  /// Writes z; `values`: `[width]`, `result`: `[rows]`; `place`: the bundle's first point.
  func evaluate(_ values: Vector, at place: Vector, into result: Vector) {
    preconditionFailure("a mixing without residuals")
  }

  /// Writes z, and its derivative by the values: `matrix`: `[rows × width]`.
  func linearize(_ values: Vector, at place: Vector, into result: Vector, matrix: Vector) {
    preconditionFailure("a mixing without residuals")
  }

  /// Another one of the same, for another worker.
  func copy() -> Mixing { self }
}

/// z = M·g with one matrix for all bundles.
final class LinearMixing: Mixing {
  private let matrix: Storage

  /// - Parameter matrix: `[blocks·rowsPerBlock][expressions·points]`, row-major.
  init(points: Int, expressions: Int, blocks: Int, rowsPerBlock: Int, matrix: [Double]) {
    self.matrix = Storage(matrix)
    super.init(
      points: points, expressions: expressions, blocks: blocks, rowsPerBlock: rowsPerBlock)
    precondition(matrix.count == rows * width, "\(matrix.count) numbers for \(rows) × \(width)")
  }

  override func evaluate(_ values: Vector, at place: Vector, into result: Vector) {
    let size = width
    for row in 0..<rows {
      var sum = 0.0
      for index in 0..<size { sum += matrix.vector[row * size + index] * values[index] }
      result[row] = sum
    }
  }

  override func linearize(
    _ values: Vector, at place: Vector, into result: Vector, matrix: Vector
  ) {
    evaluate(values, at: place, into: result)
    matrix.assign(self.matrix.vector)
  }
}

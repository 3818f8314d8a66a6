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
  /// By block: the expressions that its residuals are made of; what ∂z/∂g says of others is not read.
  let spans: [Range<Int>]

  /// - Parameter spans: all expressions in every block if nil.
  init(
    points: Int, expressions: Int, blocks: Int, rowsPerBlock: Int, spans: [Range<Int>]? = nil
  ) {
    precondition(
      min(points, expressions, blocks, rowsPerBlock) > 0,
      "\(blocks)×\(rowsPerBlock) residuals of \(expressions) expressions at \(points) points")
    self.points = points
    self.expressions = expressions
    self.blocks = blocks
    self.rowsPerBlock = rowsPerBlock
    self.spans = spans ?? Array(repeating: 0..<expressions, count: blocks)
    precondition(self.spans.count == blocks, "\(self.spans.count) spans for \(blocks) blocks")
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

  /// ∂z/∂g, where it is the same whatever the values and the place: `[rows × width]`; then
  /// ``linearize(_:at:into:matrix:)`` is never called.
  var fixedMatrix: Vector? { nil }

  /// Another one of the same, for another worker.
  func copy() -> Mixing { self }
}

/// z = M·g with one matrix for all bundles.
final class LinearMixing: Mixing {
  private let matrix: Storage

  /// - Parameter matrix: `[blocks·rowsPerBlock][expressions·points]`, row-major.
  init(
    points: Int, expressions: Int, blocks: Int, rowsPerBlock: Int, matrix: [Double],
    spans: [Range<Int>]? = nil
  ) {
    self.matrix = Storage(matrix)
    super.init(
      points: points, expressions: expressions, blocks: blocks, rowsPerBlock: rowsPerBlock,
      spans: spans)
    precondition(matrix.count == rows * width, "\(matrix.count) numbers for \(rows) × \(width)")
  }

  override var fixedMatrix: Vector? { matrix.vector }

  override func evaluate(_ values: Vector, at place: Vector, into result: Vector) {
    let (size, matrix) = (width, matrix.vector)
    for block in 0..<blocks {
      let (first, end) = (spans[block].lowerBound * points, spans[block].upperBound * points)
      for row in (block * rowsPerBlock)..<((block + 1) * rowsPerBlock) {
        var sum = 0.0
        for index in first..<end { sum += matrix[row * size + index] * values[index] }
        result[row] = sum
      }
    }
  }
}

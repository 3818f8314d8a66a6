import Numerics
import Problems
import Residuals

/// The linearised equations of an error as least squares over an ``ErrorSpace``.
///
/// Its solution is a correction: subtracted from the learned solution it leaves a smaller defect.
/// - Cost: m·P² operations for P functions at m points.
final class ErrorSystem {
  typealias Leaf = ErrorSpace.Leaf

  let space: ErrorSpace
  /// Of the correction, by function.
  private(set) var coefficients: [Double] = []
  /// In the order of the equations, then of the conditions.
  let blocks: [Block]
  /// Row by row, its columns scaled to length 1.
  let matrix: Storage
  let rowCount: Int
  let normal: Cholesky
  let columnScales: [Double]
  /// What the correction leaves of an equation or a condition at each row's point.
  private(set) var leftovers: [Double] = []

  /// The rows of an equation or of a condition.
  struct Block {
    var first: Int
    var points: ErrorPoints
    /// What each row is multiplied by: its point's √weight, times the block's scale.
    var scales: [Double]

    var rows: Range<Int> { first..<(first + scales.count) }
  }

  /// - Throws: ``NoBound`` where the conditions do not determine an error; errors of evaluation.
  init(
    _ linear: LinearizedProblem, _ parts: [DefectSamples], _ residuals: PhysicsResiduals,
    _ theta: Vector, counts: [Int]
  ) throws {
    let space = ErrorSpace(linear.problem, orders: linear.orders, counts: counts)
    let nodes = ErrorSystem.nodes(counts)
    var blocks: [Block] = []
    var values: [[[Double]]] = []
    var rowCount = 0
    for part in parts {
      let points = try ErrorPoints(linear.problem, part.place, counts: nodes)
      let found = try residuals.evaluate(
        [part.row.residual] + part.row.slopes, theta, at: points.points)
      guard found.joined().allSatisfy(\.isFinite) else {
        throw NoBound("'\(part.row.text)' has no value somewhere")
      }
      // Conditions weigh more: what is left of them costs more than it shows.
      let emphasis = part.isEquation ? 1.0 : 10
      let scale = emphasis / ErrorSystem.size(part.row, found, linear.problem)
      blocks.append(
        Block(
          first: rowCount, points: points, scales: points.weights.map { scale * $0.squareRoot() }))
      values.append(found)
      rowCount += points.weights.count
    }
    (self.space, self.blocks, self.rowCount) = (space, blocks, rowCount)
    let (matrix, right) = (Storage(rowCount * space.count), Storage(rowCount))
    defer { matrix.keep(right) }
    for ((part, block), found) in zip(zip(parts, blocks), values) {
      space.fill(part.row.leaves, found, block, matrix.vector, right.vector)
    }
    self.matrix = matrix
    columnScales = ErrorSystem.scaleColumns(matrix.vector, rowCount, space.count)
    normal = Cholesky(dimension: space.count)
    BLAS.addSquare(
      ofRows: matrix.vector, count: rowCount, dimension: space.count, to: normal.entries,
      overwriting: true)
    for column in 0..<space.count { normal.entries[column * (space.count + 1)] *= 1 + 1e-13 }
    guard normal.factor() else { throw NoBound("the conditions do not determine the error") }
    solve(right.vector)
  }

  /// Points along each variable for so many functions.
  static func nodes(_ counts: [Int]) -> [Int] {
    counts.map { count in
      switch counts.count {
      case 1, 2: (3 * count + 1) / 2 + 4
      case 3: (13 * count + 9) / 10 + 3
      default: count + 2
      }
    }
  }

  /// What a row's operator does to the slowest waves.
  private static func size(
    _ row: LinearizedProblem.Row, _ values: [[Double]], _ problem: Problem
  ) -> Double {
    var size = 0.0
    for (leaf, slope) in zip(row.leaves, values.dropFirst()) {
      var part = (slope.reduce(0) { $0 + $1 * $1 } / Double(max(slope.count, 1))).squareRoot()
      for (order, interval) in zip(leaf.orders, problem.variables) {
        for _ in 0..<order { part *= .pi / (interval.upper - interval.lower) }
      }
      size += part
    }
    return size > 0 ? size : 1
  }

  /// Gives every column the length 1.
  private static func scaleColumns(_ matrix: Vector, _ rows: Int, _ columns: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let entry = matrix.base[row * columns + column]
        sums[column] += entry * entry
      }
    }
    let scales = sums.map { $0 > 0 ? 1 / $0.squareRoot() : 1 }
    for row in 0..<rows {
      for column in 0..<columns { matrix.base[row * columns + column] *= scales[column] }
    }
    return scales
  }

  /// Solves the normal equations, and again for what rounding left.
  private func solve(_ right: Vector) {
    let (defect, step) = (Storage(rowCount), Storage(space.count))
    let (sum, product) = (Storage(space.count), Storage(rowCount))
    defer { defect.keep(step, sum, product) }
    defect.vector.assign(right)
    for _ in 0..<3 {
      step.vector.fill(0)
      BLAS.addTransposedProduct(
        ofRows: matrix.vector, count: rowCount, dimension: space.count, defect.vector,
        to: step.vector)
      normal.solve(step.vector)
      for index in 0..<space.count { sum.vector[index] += step.vector[index] }
      BLAS.addProduct(
        matrix.vector, sum.vector, to: product.vector, rows: rowCount, inner: space.count,
        columns: 1, beta: 0)
      for row in 0..<rowCount { defect.vector[row] = right[row] - product.vector[row] }
    }
    coefficients = (0..<space.count).map { sum.vector[$0] * columnScales[$0] }
    leftovers = blocks.flatMap { block in
      block.rows.map { defect.vector[$0] / block.scales[$0 - block.first] }
    }
  }
}

extension ErrorSpace {
  /// Writes the rows of an equation or a condition.
  ///
  /// - Parameter values: what is left of it and its slopes, by point.
  fileprivate func fill(
    _ leaves: [Leaf], _ values: [[Double]], _ block: ErrorSystem.Block, _ matrix: Vector,
    _ right: Vector
  ) {
    for (point, scale) in block.scales.enumerated() {
      let row = block.first + point
      let at = block.points.points[(point * dimension)..<((point + 1) * dimension)]
      let terms = leaves.indices.map {
        (leaf: leaves[$0], slope: scale * values[$0 + 1][point])
      }
      add(terms, at: at, to: matrix.slice(row * count, count))
      right[row] = scale * values[0][point]
    }
  }
}

import Numerics
import Problems
import Residuals

/// The equations of an error as least squares over an ``ErrorSpace``, solved by Newton's method.
///
/// The solution is a correction: subtracted from the learned solution it leaves a smaller defect.
/// - Cost: m·P² operations for P functions at m points, twice or more where nonlinear.
final class ErrorSystem {
  typealias Leaf = ErrorSpace.Leaf

  let space: ErrorSpace
  /// Of the correction, by function.
  private(set) var coefficients: [Double]
  /// Of its last step.
  private(set) var lastStep: [Double]
  /// In the order of the equations, then of the conditions.
  let blocks: [Block]
  /// Row by row, its columns scaled to length 1.
  let matrix: Storage
  let rowCount: Int
  let normal: Cholesky
  private(set) var columnScales: [Double] = []

  /// The rows of an equation or of a condition.
  struct Block {
    var first: Int
    var points: ErrorPoints
    var table: DefectTable
    /// What each row is multiplied by: its point's √weight, times the block's scale.
    var scales: [Double]

    var rows: Range<Int> { first..<(first + scales.count) }
  }

  /// - Parameter parts: the equations and conditions; their points are others.
  /// - Throws: ``NoBound`` where the conditions do not determine an error; errors of evaluation.
  init(
    _ linear: LinearizedProblem, _ parts: [DefectTable], _ residuals: PhysicsResiduals,
    _ theta: Vector, counts: [Int]
  ) throws {
    space = ErrorSpace(linear.problem, orders: linear.orders, counts: counts)
    var blocks: [Block] = []
    var rowCount = 0
    for part in parts {
      let points = try ErrorPoints(
        linear.problem, part.place, counts: ErrorSystem.nodes(counts))
      let table = try DefectTable(part.row, part.place, points.points, residuals, theta)
      // Conditions weigh more: what is left of them costs more than it shows.
      let emphasis = part.isEquation ? 1.0 : 10
      let scale = emphasis / ErrorSystem.size(table, linear.problem)
      blocks.append(
        Block(
          first: rowCount, points: points, table: table,
          scales: points.weights.map { scale * $0.squareRoot() }))
      rowCount += points.weights.count
    }
    (self.blocks, self.rowCount) = (blocks, rowCount)
    matrix = Storage(rowCount * space.count)
    normal = Cholesky(dimension: space.count)
    coefficients = [Double](repeating: 0, count: space.count)
    lastStep = coefficients
    try iterate(isLinear: linear.isLinear)
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
  private static func size(_ table: DefectTable, _ problem: Problem) -> Double {
    var size = 0.0
    for (leaf, slope) in zip(table.row.leaves, table.slopes) {
      var part = (slope.reduce(0) { $0 + $1 * $1 } / Double(max(slope.count, 1))).squareRoot()
      for (order, interval) in zip(leaf.orders, problem.variables) {
        for _ in 0..<order { part *= .pi / (interval.upper - interval.lower) }
      }
      size += part
    }
    return size > 0 ? size : 1
  }

  // MARK: Newton's method

  private func iterate(isLinear: Bool) throws {
    let right = Storage(rowCount)
    defer { right.keep() }
    // On one interval iterations are cheap, and may wander before they converge.
    let isCheap = space.dimension == 1
    var last = Double.infinity
    for _ in 0..<(isCheap ? 12 : 4) {
      matrix.vector.fill(0)
      for block in blocks { space.fill(block, matrix.vector, right.vector) }
      try factor()
      lastStep = solve(right.vector)
      for index in coefficients.indices { coefficients[index] += lastStep[index] }
      for block in blocks {
        try block.table.move { correction($0, at: block.table.points) }
      }
      let step = length(lastStep)
      if isLinear || step <= 1e-3 * length(coefficients) { return }
      if !isCheap, step > 0.7 * last { break }
      last = step
    }
    throw NoBound("the error is too large: Newton's iteration does not correct it")
  }

  private func length(_ coefficients: [Double]) -> Double {
    zip(coefficients, columnScales).reduce(0) { $0 + ($1.0 / $1.1) * ($1.0 / $1.1) }.squareRoot()
  }

  private func factor() throws(NoBound) {
    scaleColumns()
    BLAS.addSquare(
      ofRows: matrix.vector, count: rowCount, dimension: space.count, to: normal.entries,
      overwriting: true)
    for column in 0..<space.count { normal.entries[column * (space.count + 1)] *= 1 + 1e-13 }
    guard normal.factor() else { throw NoBound("the conditions do not determine the error") }
  }

  /// Gives every column the length 1.
  private func scaleColumns() {
    let (matrix, columns) = (matrix.vector, space.count)
    var sums = [Double](repeating: 0, count: columns)
    for row in 0..<rowCount {
      for column in 0..<columns {
        let entry = matrix.base[row * columns + column]
        sums[column] += entry * entry
      }
    }
    columnScales = sums.map { $0 > 0 ? 1 / $0.squareRoot() : 1 }
    for row in 0..<rowCount {
      for column in 0..<columns { matrix.base[row * columns + column] *= columnScales[column] }
    }
  }

  /// Solves the normal equations, and again for what rounding left.
  private func solve(_ right: Vector) -> [Double] {
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
    return (0..<space.count).map { sum.vector[$0] * columnScales[$0] }
  }

  /// How much of the correction lies in the last quarter of the functions of each variable.
  var tails: [Double] {
    let scaled = zip(coefficients, columnScales).map { $0 / $1 }
    var tails = [Double](repeating: 0, count: space.dimension)
    for (index, value) in scaled.enumerated() {
      for axis in space.tailAxes(index) { tails[axis] += value * value }
    }
    return tails.map { $0.squareRoot() }
  }
}

extension ErrorSpace {
  /// Writes the rows of an equation or a condition.
  fileprivate func fill(_ block: ErrorSystem.Block, _ matrix: Vector, _ right: Vector) {
    let table = block.table
    for (point, scale) in block.scales.enumerated() {
      let row = block.first + point
      let at = table.points[(point * dimension)..<((point + 1) * dimension)]
      let terms = table.row.leaves.indices.map {
        (leaf: table.row.leaves[$0], slope: scale * table.slopes[$0][point])
      }
      add(terms, at: at, to: matrix.slice(row * count, count))
      right[row] = scale * table.residual[point]
    }
  }
}

import Numerics

extension TrajectoryResiduals {
  /// r and Jᵀw by adjoints, w being r where no weights are given: no row of J is formed.
  func differentiate(
    _ parameters: Vector, residual: Vector, weights: Vector?, gradient: Vector
  ) {
    for worker in workers { worker.gradient.vector.fill(0) }
    let isWhole = run { worker, segment in
      worker.differentiate(parameters, segment, self, residual: residual, weights: weights)
    }
    if !isWhole { residual.slice(0, rowCount).fill(.nan) }
    if weights == nil { regularizers.residual(parameters, into: residual) }
    gradient.fill(isWhole ? 0 : .nan)
    for worker in workers { gradient.add(1, times: worker.gradient.vector) }
    addRegularizers(parameters, weights ?? residual, to: gradient)
  }

  /// JᵀJ from rows, some at a time.
  func addRows(_ parameters: Vector, to normal: Vector) {
    let size = parameterCount
    let block = max(1, min(rowCount, 32))
    let rows = Storage(block * size)
    defer { rows.keep() }
    normal.fill(0)
    for first in stride(from: 0, to: rowCount, by: block) {
      let count = min(block, rowCount - first)
      writeRows(parameters, first..<first + count, into: rows.vector)
      BLAS.addSquare(
        ofRows: rows.vector.slice(0, count * size), count: count, dimension: size, to: normal,
        overwriting: false)
    }
    regularizers.addNormal(parameters, to: normal)
  }

  /// Rows of the data and gaps, one adjoint pass each.
  func writeRows(_ parameters: Vector, _ range: Range<Int>, into rows: Vector) {
    let (residual, weights) = (
      unseen.vector.slice(0, rowCount), unseen.vector.slice(rowCount, rowCount)
    )
    weights.fill(0)
    for (place, row) in range.enumerated() {
      weights[row] = 1
      for worker in workers { worker.gradient.vector.fill(0) }
      let isWhole = run { worker, segment in
        worker.differentiate(parameters, segment, self, residual: residual, weights: weights)
      }
      weights[row] = 0
      let result = rows.slice(place * parameterCount, parameterCount)
      result.fill(isWhole ? 0 : .nan)
      for worker in workers { result.add(1, times: worker.gradient.vector) }
    }
  }
}

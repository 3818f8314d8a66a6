import CGSL

/// Sums over the rows of a tall row-major matrix A: `[count × dimension]`.
extension BLAS {
  /// Adds AᵀA to a symmetric matrix: its lower triangle by columns, the other one is left as it is.
  ///
  /// - Parameter overwriting: whether what was in the triangle counts for nothing.
  /// - Cost: count·dimension² operations.
  public static func addSquare(
    ofRows rows: Vector, count: Int, dimension: Int, to square: Vector, overwriting: Bool = false
  ) {
    assert(
      rows.count >= count * dimension && square.count == dimension * dimension,
      "a product of shapes that do not match")
    cblas_dsyrk(
      CblasColMajor, CblasLower, CblasNoTrans, Int32(dimension), Int32(count), 1, rows.base,
      Int32(dimension), overwriting ? 0 : 1, square.base, Int32(dimension))
  }

  /// Adds Aᵀw; `weights`: `[count]`, `sum`: `[dimension]`.
  public static func addTransposedProduct(
    ofRows rows: Vector, count: Int, dimension: Int, _ weights: Vector, to sum: Vector
  ) {
    assert(
      rows.count >= count * dimension && weights.count >= count && sum.count == dimension,
      "a product of shapes that do not match")
    cblas_dgemv(
      CblasRowMajor, CblasTrans, Int32(count), Int32(dimension), 1, rows.base, Int32(dimension),
      weights.base, 1, 1, sum.base, 1)
  }
}

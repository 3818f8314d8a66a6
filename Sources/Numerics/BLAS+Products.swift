import CGSL

/// Products of dense matrices, row-major.
extension BLAS {
  /// Writes the product of a [rows × inner] and an [inner × columns] matrix.
  ///
  /// - Parameters:
  ///   - transposed: whether the second factor is stored as [columns × inner].
  /// - Cost: 2·rows·inner·columns operations; one row or one column is a matrix-vector product.
  public static func multiply(
    _ left: Vector, _ right: Vector, into result: Vector, rows: Int, inner: Int, columns: Int,
    transposed: Bool = false
  ) {
    assert(
      left.count == rows * inner && right.count == inner * columns
        && result.count == rows * columns, "a product of shapes that do not match")
    if rows == 1, transposed {
      cblas_dgemv(
        CblasRowMajor, CblasNoTrans, Int32(columns), Int32(inner), 1, right.base, Int32(inner),
        left.base, 1, 0, result.base, 1)
      return
    }
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, transposed ? CblasTrans : CblasNoTrans, Int32(rows),
      Int32(columns), Int32(inner), 1, left.base, Int32(inner), right.base,
      Int32(transposed ? inner : columns), 0, result.base, Int32(columns))
  }
}

extension BLAS {
  /// Writes C ← α·A·B + β·C of row-major matrices, A or B being transposed on the way if asked.
  ///
  /// - Parameters:
  ///   - left: A, `[rows × inner]`, or `[inner × rows]` where `leftTransposed`.
  ///   - right: B, `[inner × columns]`, or `[columns × inner]` where `rightTransposed`.
  ///   - result: C, `[rows × columns]`; with `beta` 0 its old numbers do not matter.
  /// - Cost: 2·rows·inner·columns operations.
  public static func addProduct(
    _ left: Vector, _ right: Vector, to result: Vector, rows: Int, inner: Int, columns: Int,
    leftTransposed: Bool = false, rightTransposed: Bool = false, alpha: Double = 1,
    beta: Double = 1
  ) {
    assert(
      left.count == rows * inner && right.count == inner * columns
        && result.count == rows * columns, "a product of shapes that do not match")
    guard rows > 0, columns > 0 else { return }
    cblas_dgemm(
      CblasRowMajor, leftTransposed ? CblasTrans : CblasNoTrans,
      rightTransposed ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), Int32(inner),
      alpha, left.base, Int32(leftTransposed ? rows : inner), right.base,
      Int32(rightTransposed ? inner : columns), beta, result.base, Int32(columns))
  }
}

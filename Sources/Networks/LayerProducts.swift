import CKernels
import Numerics

/// Products of a tall block of jets with the weights of a layer.
///
/// Own tiles where the processor has AVX-512 or AVX2 (BLAS packs both factors, which costs more than
/// so small a product), BLAS elsewhere.
enum LayerProducts {
  private static let hasTiles = cauchy_has_product() != 0
  /// Up to here a row is so short that most of a vector of eight would be empty.
  private static let few = 4

  /// C = A·B, or C + A·B; A: `[rows × inner]`, B: `[inner × columns]`.
  static func multiply(
    _ left: Vector, _ right: Vector, into result: Vector, rows: Int, inner: Int, columns: Int,
    isAdded: Bool = false
  ) {
    assert(left.count == rows * inner && right.count == inner * columns)
    assert(result.count == rows * columns)
    if hasTiles {
      cauchy_product(
        left.base, inner, 1, right.base, columns, result.base, rows, inner, columns,
        isAdded ? 1 : 0)
    } else {
      BLAS.addProduct(
        left, right, to: result, rows: rows, inner: inner, columns: columns, beta: isAdded ? 1 : 0)
    }
  }

  /// C = A·Bᵀ, or C + A·Bᵀ; A: `[rows × inner]`, B: `[columns × inner]`, `scratch`: as B.
  static func multiplyTransposed(
    _ left: Vector, _ right: Vector, into result: Vector, rows: Int, inner: Int, columns: Int,
    scratch: Vector, isAdded: Bool = false
  ) {
    if hasTiles, columns <= few {
      cauchy_dots(left.base, right.base, result.base, rows, inner, columns, isAdded ? 1 : 0)
      return
    }
    cauchy_transpose(right.base, columns, inner, scratch.base)
    multiply(
      left, scratch.slice(0, inner * columns), into: result, rows: rows, inner: inner,
      columns: columns, isAdded: isAdded)
  }

  /// C + Aᵀ·B; A: `[inner × rows]`, B: `[inner × columns]`, `scratch`: as C.
  static func addOuter(
    _ left: Vector, _ right: Vector, to result: Vector, rows: Int, inner: Int, columns: Int,
    scratch: Vector
  ) {
    assert(left.count == rows * inner && right.count == inner * columns)
    assert(result.count == rows * columns)
    guard hasTiles else {
      BLAS.addProduct(
        left, right, to: result, rows: rows, inner: inner, columns: columns, leftTransposed: true)
      return
    }
    guard columns <= few, columns < rows else {
      cauchy_product(
        left.base, 1, rows, right.base, columns, result.base, rows, inner, columns, 1)
      return
    }
    // Bᵀ·A has long rows.
    cauchy_product(
      right.base, 1, columns, left.base, rows, scratch.base, columns, inner, rows, 0)
    for row in 0..<rows {
      for column in 0..<columns { result[row * columns + column] += scratch[column * rows + row] }
    }
  }
}

import COpenBLAS

/// The Cholesky factor of a symmetric positive definite matrix, made once and refilled each time.
///
/// Entries are column-major; the lower triangle alone is read and written. LAPACK's `dpotrf` and
/// `dpotrs`.
public final class Cholesky {
  public let dimension: Int
  /// The lower triangle before ``factor()``, L of L·Lᵀ after; entry (i, j) at `i + j·dimension`.
  public let entries: Vector
  private let storage: Storage

  /// Allocates a matrix of `dimension` rows and columns, all zero.
  public init(dimension: Int) {
    self.dimension = dimension
    storage = Storage(dimension * dimension)
    entries = storage.vector
  }

  /// Replaces the lower triangle by its factor.
  ///
  /// - Returns: false if the matrix is not positive definite to rounding, or not finite.
  /// - Cost: n³/3 operations, on as many threads as ``BLAS/threads``; allocates nothing of its own.
  ///   Two threads pay from some 500 rows on (n = 1300: 12.5 ms for 21.6 with AVX-512 kernels, both
  ///   cores free; n = 129: 0.09 for 0.06), and spin while they wait.
  public func factor() -> Bool {
    var n = Int32(dimension)
    var lead = n
    var info: Int32 = 0
    dpotrf_("L", &n, entries.base, &lead, &info)
    guard info == 0 else { return false }
    // A NaN passes LAPACK's comparisons, but reaches a pivot.
    var isPositive = true
    for i in 0..<dimension {
      let pivot = entries.base[i * (dimension + 1)]
      isPositive = isPositive && pivot > 0 && pivot.isFinite
    }
    return isPositive
  }

  /// Factors `normal` + `shift`·diag(`diagonal`), which stay as they are.
  ///
  /// - Shape: `normal`: `[n·n]`, its lower triangle by columns; `diagonal`: `[n]`.
  /// - Returns, Cost: as ``factor()``.
  public func factor(_ normal: Vector, adding shift: Double, times diagonal: Vector) -> Bool {
    let n = dimension
    assert(normal.count == n * n && diagonal.count == n, "a matrix of another size")
    for column in 0..<n {
      let first = column * (n + 1)
      (entries.base + first).update(from: normal.base + first, count: n - column)
      entries.base[first] += shift * diagonal.base[column]
    }
    return factor()
  }

  /// Solves in place with the factor of the last ``factor()``.
  ///
  /// - Shape: `b`: `[dimension]`. Cost: 2n² operations.
  public func solve(_ b: Vector) {
    assert(b.count == dimension, "\(b.count) numbers for \(dimension) rows")
    var n = Int32(dimension)
    var one: Int32 = 1
    var lead = n
    var leadB = n
    var info: Int32 = 0
    dpotrs_("L", &n, &one, entries.base, &lead, b.base, &leadB, &info)
  }
}

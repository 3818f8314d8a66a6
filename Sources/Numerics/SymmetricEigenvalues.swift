import COpenBLAS

/// The eigenvalues and eigenvectors of a symmetric matrix, made once and refilled each time.
///
/// LAPACK's `dsyevd`: tridiagonal form, then divide and conquer.
public final class SymmetricEigenvalues {
  public let dimension: Int
  /// Ascending, after ``decompose()``; `[dimension]`.
  public let values: Vector
  /// The lower triangle by columns before ``decompose()``, entry (i, j) at `i + j·dimension`; after
  /// it one orthonormal eigenvector a column; `[dimension·dimension]`.
  public let vectors: Vector
  private let storage: Storage
  private let work: Storage
  private let integers: UnsafeMutablePointer<Int32>
  private let integerCount: Int32

  /// Allocates a matrix of `dimension` rows and columns, all zero, and 2·dimension² numbers to work
  /// with.
  public init(dimension n: Int) {
    precondition(n > 0, "a matrix of \(n) rows")
    dimension = n
    storage = Storage(n * n + n)
    vectors = storage.vector.slice(0, n * n)
    values = storage.vector.slice(n * n, n)
    work = Storage(1 + 6 * n + 2 * n * n)
    integerCount = Int32(3 + 5 * n)
    integers = .allocate(capacity: 3 + 5 * n)
    integers.initialize(repeating: 0, count: 3 + 5 * n)
  }

  deinit { integers.deallocate() }

  /// Replaces the lower triangle by the eigenvectors.
  ///
  /// - Returns: false if an entry is not finite or the iteration does not converge.
  /// - Cost: some 9n³ operations; allocates nothing of its own.
  public func decompose() -> Bool {
    var sum = 0.0
    for j in 0..<dimension {
      for i in j..<dimension { sum += 0 * vectors[i + j * dimension] }
    }
    guard sum == 0 else { return false }
    var n = Int32(dimension)
    var lead = n
    var length = Int32(work.vector.count)
    var integerLength = integerCount
    var info: Int32 = 0
    dsyevd_(
      "V", "L", &n, vectors.base, &lead, values.base, work.vector.base, &length, integers,
      &integerLength, &info)
    return info == 0
  }

  /// Writes the coordinates of `x` along the eigenvectors; both `[dimension]`.
  public func coordinates(of x: Vector, into result: Vector) {
    let n = dimension
    BLAS.multiply(vectors, x, into: result, rows: n, inner: n, columns: 1)
  }

  /// Writes the vector that has these coordinates; both `[dimension]`.
  public func vector(of coordinates: Vector, into result: Vector) {
    let n = dimension
    BLAS.multiply(coordinates, vectors, into: result, rows: 1, inner: n, columns: n)
  }
}

import COpenBLAS

/// A band matrix and its LU factors with partial pivoting (LAPACK's `dgbtrf` and `dgbtrs`).
public final class BandLU {
  public let dimension: Int
  public let lower: Int
  public let upper: Int
  private let lead: Int
  private let storage: Storage
  private let pivots: UnsafeMutablePointer<Int32>

  /// Allocates a matrix with `lower` diagonals below and `upper` above the main one, all zero.
  public init(dimension: Int, lower: Int, upper: Int) {
    self.dimension = dimension
    self.lower = lower
    self.upper = upper
    lead = 2 * lower + upper + 1
    storage = Storage(lead * dimension)
    pivots = .allocate(capacity: max(dimension, 1))
    pivots.initialize(repeating: 0, count: max(dimension, 1))
  }

  deinit { pivots.deallocate() }

  /// Sets all entries to zero.
  public func clear() { storage.vector.fill(0) }

  /// Where entry (row, column) lies in ``entries``; it must lie inside the band.
  public func position(_ row: Int, _ column: Int) -> Int {
    assert(row - column <= lower && column - row <= upper, "(\(row), \(column)) is off the band")
    return lower + upper + row - column + column * lead
  }

  /// The band in LAPACK's layout: diagonal k of column j at `lower + upper + k + j·lead`.
  public var entries: Vector { storage.vector }

  /// Replaces the entries by their LU factors.
  ///
  /// - Returns: false if a pivot is zero. Cost: about 2n·lower·(lower + upper) operations.
  public func factor() -> Bool {
    var m = Int32(dimension)
    var n = m
    var kl = Int32(lower)
    var ku = Int32(upper)
    var ldab = Int32(lead)
    var info: Int32 = 0
    dgbtrf_(&m, &n, &kl, &ku, storage.vector.base, &ldab, pivots, &info)
    return info == 0
  }

  /// Solves in place with the factors of the last ``factor()``; `b`: `[dimension]`.
  public func solve(_ b: Vector) {
    var n = Int32(dimension)
    var kl = Int32(lower)
    var ku = Int32(upper)
    var one: Int32 = 1
    var ldab = Int32(lead)
    var leadB = n
    var info: Int32 = 0
    dgbtrs_(
      "N", &n, &kl, &ku, &one, storage.vector.base, &ldab, pivots, b.base, &leadB, &info)
  }
}

import COpenBLAS

/// A band matrix and its LU factors with partial pivoting.
///
/// Narrow bands are eliminated here, from both ends: LAPACK's overhead on a column costs more than
/// its arithmetic. Wide ones by LAPACK's `dgbtrf` and `dgbtrs`.
public final class BandLU {
  public let dimension: Int
  public let lower: Int
  public let upper: Int
  /// The band, at places that ``position(_:_:)`` tells; zeros elsewhere.
  public let entries: Vector
  private let lead: Int
  private let storage: Storage
  private let pivots: UnsafeMutablePointer<Int32>
  private let narrow: NarrowBand?

  /// Allocates a matrix with `lower` diagonals below and `upper` above the main one, all zero.
  public init(dimension: Int, lower: Int, upper: Int) {
    self.dimension = dimension
    self.lower = lower
    self.upper = upper
    lead = 2 * lower + upper + 1
    let isNarrow = NarrowBand.suits(dimension: dimension, lower: lower, upper: upper)
    narrow = isNarrow ? NarrowBand(dimension: dimension, lower: lower, upper: upper) : nil
    storage = Storage(isNarrow ? 0 : lead * dimension)
    entries = narrow?.entries ?? storage.vector
    pivots = .allocate(capacity: max(dimension, 1))
    pivots.initialize(repeating: 0, count: max(dimension, 1))
  }

  deinit { pivots.deallocate() }

  /// Sets all entries to zero.
  public func clear() { entries.fill(0) }

  /// Where entry (row, column) lies in ``entries``; it must lie inside the band.
  public func position(_ row: Int, _ column: Int) -> Int {
    assert(row - column <= lower && column - row <= upper, "(\(row), \(column)) is off the band")
    if let narrow { return narrow.position(row, column) }
    return lower + upper + row - column + column * lead
  }

  /// Replaces the entries by their LU factors.
  ///
  /// - Returns: false if a pivot is zero. Cost: about 2n·lower·upper operations, without exchanges
  ///   of rows; up to 2n·lower·(lower + upper) with them.
  public func factor() -> Bool {
    if let narrow { return narrow.factor() }
    var m = Int32(dimension)
    var n = m
    var kl = Int32(lower)
    var ku = Int32(upper)
    var ldab = Int32(lead)
    var info: Int32 = 0
    dgbtrf_(&m, &n, &kl, &ku, entries.base, &ldab, pivots, &info)
    return info == 0
  }

  /// Solves in place with the factors of the last ``factor()``; `b`: `[dimension]`.
  public func solve(_ b: Vector) {
    if let narrow { return narrow.solve(b) }
    var n = Int32(dimension)
    var kl = Int32(lower)
    var ku = Int32(upper)
    var one: Int32 = 1
    var ldab = Int32(lead)
    var leadB = n
    var info: Int32 = 0
    dgbtrs_("N", &n, &kl, &ku, &one, entries.base, &ldab, pivots, b.base, &leadB, &info)
  }
}

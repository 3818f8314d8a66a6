import COpenBLAS

/// A dense matrix and its LU factors with partial pivoting, made once and refilled each time.
///
/// Entries are column-major. Up to ``DenseLU/smallest`` rows the elimination is written out here (a
/// LAPACK call costs more than the arithmetic); beyond, LAPACK's `dgetrf` and `dgetrs`.
public final class DenseLU {
  /// Rows up to which our own elimination beats a LAPACK call (measured crossing near 20).
  public static let smallest = 16

  public let dimension: Int
  /// The matrix before ``factor()``, its factors after; entry (i, j) at `i + j·dimension`.
  public let entries: Vector
  private let storage: Storage
  private let pivots: UnsafeMutablePointer<Int32>

  /// Allocates a matrix of `dimension` rows and columns, all zero.
  public init(dimension: Int) {
    self.dimension = dimension
    storage = Storage(dimension * dimension)
    entries = storage.vector
    pivots = .allocate(capacity: max(dimension, 1))
    pivots.initialize(repeating: 0, count: max(dimension, 1))
  }

  deinit { pivots.deallocate() }

  /// Replaces the entries by their LU factors.
  ///
  /// - Returns: false if a pivot is zero or not finite: the matrix is singular to rounding.
  /// - Cost: 2n³/3 operations; allocates nothing.
  public func factor() -> Bool {
    if dimension <= DenseLU.smallest { return factorSmall() }
    var n = Int32(dimension)
    var m = n
    var lead = n
    var info: Int32 = 0
    dgetrf_(&m, &n, entries.base, &lead, pivots, &info)
    return info == 0
  }

  /// Solves in place with the factors of the last ``factor()``.
  ///
  /// - Shape: `b`: `[dimension]`. Cost: 2n² operations.
  public func solve(_ b: Vector) {
    assert(b.count == dimension, "\(b.count) numbers for \(dimension) rows")
    if dimension <= DenseLU.smallest { return solveSmall(b.base) }
    var n = Int32(dimension)
    var one: Int32 = 1
    var lead = n
    var leadB = n
    var info: Int32 = 0
    dgetrs_("N", &n, &one, entries.base, &lead, pivots, b.base, &leadB, &info)
  }

  /// Solves in place for several right-hand sides, one after the other.
  ///
  /// - Shape: `b`: `[count][dimension]`. Cost: 2n² operations each.
  public func solve(columns b: Vector) {
    let count = b.count / max(dimension, 1)
    assert(b.count == count * dimension, "\(b.count) numbers for columns of \(dimension) rows")
    if dimension <= DenseLU.smallest {
      for column in 0..<count { solveSmall(b.base + column * dimension) }
      return
    }
    guard count > 0 else { return }
    var n = Int32(dimension)
    var many = Int32(count)
    var lead = n
    var leadB = n
    var info: Int32 = 0
    dgetrs_("N", &n, &many, entries.base, &lead, pivots, b.base, &leadB, &info)
  }

  /// Right-looking elimination; the diagonal keeps the reciprocals of the pivots.
  private func factorSmall() -> Bool {
    let n = dimension
    let a = entries.base
    for k in 0..<n {
      let column = a + k * n
      var pivot = k
      var largest = column[k].magnitude
      for i in k + 1..<n where column[i].magnitude > largest {
        largest = column[i].magnitude
        pivot = i
      }
      guard largest > 0, largest.isFinite else { return false }
      pivots[k] = Int32(pivot)
      if pivot != k {
        for j in 0..<n {
          let other = a + j * n
          let held = other[k]
          other[k] = other[pivot]
          other[pivot] = held
        }
      }
      let reciprocal = 1 / column[k]
      column[k] = reciprocal
      for i in k + 1..<n { column[i] *= reciprocal }
      for j in k + 1..<n {
        let target = a + j * n
        let factor = target[k]
        if factor != 0 {
          for i in k + 1..<n { target[i] -= factor * column[i] }
        }
      }
    }
    return true
  }

  private func solveSmall(_ b: UnsafeMutablePointer<Double>) {
    let n = dimension
    let a = entries.base
    for k in 0..<n {
      let pivot = Int(pivots[k])
      let value = b[pivot]
      b[pivot] = b[k]
      b[k] = value
    }
    for k in 0..<n {
      let column = a + k * n
      let value = b[k]
      for i in k + 1..<n { b[i] -= value * column[i] }
    }
    for k in stride(from: n - 1, through: 0, by: -1) {
      let column = a + k * n
      let value = b[k] * column[k]
      b[k] = value
      for i in 0..<k { b[i] -= value * column[i] }
    }
  }
}

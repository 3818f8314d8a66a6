import Numerics

/// LU with partial pivoting of a narrow band matrix, its rows contiguous.
///
/// For the bands of lines in one dimension, a few diagonals wide, where LAPACK's calls cost more than
/// the arithmetic.
final class NarrowBandLU {
  let dimension: Int
  private let lower: Int
  private let upper: Int
  /// Numbers of a row: the band, with room for what pivoting brings in above it.
  private let width: Int
  private let storage: Storage
  /// The multipliers of each column, `lower` of them.
  private let multipliers: Storage
  private let pivots: UnsafeMutablePointer<Int32>

  /// The widest band for which it beats LAPACK.
  static let widest = 24

  init(dimension: Int, lower: Int, upper: Int) {
    self.dimension = dimension
    self.lower = lower
    self.upper = upper
    width = 2 * lower + upper + 1
    storage = Storage(width * dimension)
    multipliers = Storage(max(lower, 1) * dimension)
    pivots = .allocate(capacity: dimension)
    pivots.initialize(repeating: 0, count: dimension)
  }

  deinit { pivots.deallocate() }

  /// The band: row i holds its columns from i − lower on.
  var entries: Vector { storage.vector }

  /// Where entry (row, column) lies in ``entries``.
  func position(_ row: Int, _ column: Int) -> Int { row * width + column - row + lower }

  /// Replaces the entries by their factors; the diagonal keeps the pivots' reciprocals.
  ///
  /// - Returns: false if a pivot is zero or not finite.
  func factor() -> Bool {
    let a = storage.vector.base
    let reach = lower + upper
    for k in 0..<dimension {
      let last = min(lower, dimension - 1 - k)
      // Column k of row k + i lies at k − (k + i) + lower.
      let origin = a + k * width + lower
      var pivot = 0
      var largest = origin[0].magnitude
      for i in 0..<last + 1 {
        let size = origin[i * (width - 1)].magnitude
        if size > largest {
          largest = size
          pivot = i
        }
      }
      guard largest > 0, largest.isFinite else { return false }
      pivots[k] = Int32(pivot)
      let span = min(reach, dimension - 1 - k)
      if pivot > 0 { exchange(origin, origin + pivot * (width - 1), span) }
      let reciprocal = 1 / origin[0]
      origin[0] = reciprocal
      for i in 1..<last + 1 {
        let row = origin + i * (width - 1)
        let factor = row[0] * reciprocal
        multipliers.vector.base[k * lower + i - 1] = factor
        if factor != 0 { for j in 1..<span + 1 { row[j] -= factor * origin[j] } }
      }
    }
    return true
  }

  @inline(__always)
  private func exchange(
    _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, _ span: Int
  ) {
    for j in 0..<span + 1 {
      let held = a[j]
      a[j] = b[j]
      b[j] = held
    }
  }

  /// Solves in place with the last factors; `b`: `[dimension]`.
  func solve(_ b: Vector) {
    let x = b.base
    let n = dimension
    let factors = multipliers.vector.base
    for k in 0..<n {
      let pivot = k + Int(pivots[k])
      let value = x[pivot]
      if pivot != k {
        x[pivot] = x[k]
        x[k] = value
      }
      for i in 1..<min(lower, n - 1 - k) + 1 { x[k + i] -= factors[k * lower + i - 1] * value }
    }
    let reach = lower + upper
    let a = storage.vector.base
    for k in stride(from: n - 1, through: 0, by: -1) {
      let row = a + k * width + lower
      var sum = x[k]
      for j in 1..<min(reach, n - 1 - k) + 1 { sum -= row[j] * x[k + j] }
      x[k] = sum * row[0]
    }
  }
}

/// One end of a band under elimination: rows stored one after the other, column by column.
///
/// Row i keeps the columns i − lower … i + lower + upper; the upper ones beyond i + upper are for
/// fill by row exchanges. Borrows its memory. After elimination a row holds the multipliers left of
/// its diagonal, the reciprocal pivot on it, and the row of U divided by the pivot right of it: a
/// substitution then waits for one product and one difference a row.
struct BandChain {
  let base: UnsafeMutablePointer<Double>
  /// How many columns are eliminated, and how many rows that takes.
  let pivots: Int
  let rows: Int
  let lower: Int
  let upper: Int
  private let step: Int
  private let exchanges: UnsafeMutablePointer<Int32>

  /// What an elimination finds out on its way.
  struct Progress {
    /// The last column that a row used so far reaches.
    var reach = 0
    /// The most diagonals right of the main one that a pivot row has.
    var extent = 0
    /// Whether no rows were exchanged.
    var isOrdered = true
  }

  init(
    _ base: UnsafeMutablePointer<Double>, _ exchanges: UnsafeMutablePointer<Int32>, pivots: Int,
    lower: Int, upper: Int
  ) {
    self.base = base
    self.exchanges = exchanges
    self.pivots = pivots
    self.lower = lower
    self.upper = upper
    rows = pivots + lower
    step = 2 * lower + upper
  }

  /// The row, so that column j is at index j.
  @inline(__always)
  func row(_ i: Int) -> UnsafeMutablePointer<Double> { base + (i * step + lower) }

  /// The place of an entry from ``base`` on.
  func place(_ i: Int, _ j: Int) -> Int { i * step + lower + j }

  /// Eliminates column k; false if its pivot is zero or not finite.
  @inline(__always)
  func eliminate(_ k: Int, _ progress: inout Progress) -> Bool {
    let pivotRow = row(k)
    var pivot = k
    var largest = pivotRow[k].magnitude
    var candidate = pivotRow
    for i in k &+ 1..<k &+ 1 &+ lower {
      candidate += step
      let size = candidate[k].magnitude
      if size > largest {
        largest = size
        pivot = i
      }
    }
    guard largest > 0, largest < .infinity else { return false }
    let reach = max(progress.reach, pivot &+ upper)
    progress.reach = reach
    progress.extent = max(progress.extent, reach &- k)
    exchanges[k] = Int32(truncatingIfNeeded: pivot)
    if pivot != k {
      progress.isOrdered = false
      let other = row(pivot)
      for j in k...reach {
        let held = pivotRow[j]
        pivotRow[j] = other[j]
        other[j] = held
      }
    }
    let reciprocal = 1 / pivotRow[k]
    pivotRow[k] = reciprocal
    var target = pivotRow
    for _ in 0..<lower {
      target += step
      let multiplier = target[k] * reciprocal
      target[k] = multiplier
      var j = k &+ 1
      while j <= reach {
        target[j] -= multiplier * pivotRow[j]
        j &+= 1
      }
    }
    var j = k &+ 1
    while j <= reach {
      pivotRow[j] *= reciprocal
      j &+= 1
    }
    return true
  }

  /// Substitutes forwards in row i < `pivots` where no rows were exchanged; `b`: of row 0, `stride`
  /// apart; `last`: the result of row i − 1, or 0.
  @inline(__always)
  func forward(
    _ i: Int, _ b: UnsafeMutablePointer<Double>, _ stride: Int, _ last: Double
  ) -> Double {
    let row = row(i)
    var sum = b[i &* stride]
    var j = max(0, i &- lower)
    while j < i &- 1 {
      sum -= row[j] * b[j &* stride]
      j &+= 1
    }
    if lower > 0, i > 0 { sum -= row[i &- 1] * last }
    b[i &* stride] = sum
    return sum
  }

  /// The rows after the last pivot, for the dense block.
  func finishForward(_ b: UnsafeMutablePointer<Double>, _ stride: Int) {
    for i in pivots..<rows {
      for j in max(0, i - lower)..<pivots { b[i * stride] -= row(i)[j] * b[j * stride] }
    }
  }

  /// Substitutes forwards through all rows with their exchanges.
  func forwardWithExchanges(_ b: UnsafeMutablePointer<Double>, _ stride: Int) {
    for k in 0..<pivots {
      let pivot = Int(exchanges[k])
      let value = b[pivot &* stride]
      b[pivot &* stride] = b[k &* stride]
      b[k &* stride] = value
      var target = row(k)
      for i in k &+ 1..<k &+ 1 &+ lower {
        target += step
        b[i &* stride] -= target[k] * value
      }
    }
  }

  /// Substitutes backwards in row k < `pivots`; `next`: the result of row k + 1.
  @inline(__always)
  func backward(
    _ k: Int, _ b: UnsafeMutablePointer<Double>, _ stride: Int, _ extent: Int, _ next: Double
  ) -> Double {
    let row = row(k)
    var sum = b[k &* stride] * row[k]
    var j = k &+ extent
    while j > k &+ 1 {
      sum -= row[j] * b[j &* stride]
      j &-= 1
    }
    if extent > 0 { sum -= row[k &+ 1] * next }
    b[k &* stride] = sum
    return sum
  }
}

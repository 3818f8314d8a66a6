/// LU factors of a narrow band, eliminated from both ends towards the middle.
///
/// Each column of a narrow band waits for the one before it: the two ends make two chains that run
/// side by side. The upper end is eliminated downwards, the lower one, read backwards, upwards; where
/// they meet a dense block of `lower + upper` rows is left. Partial pivoting in all three parts.
/// Source: H. A. van der Vorst, Parallel Comput. 5 (1987) 45 (elimination from both ends).
final class NarrowBand {
  /// Diagonals beside the main one up to which this beats LAPACK's band elimination.
  static let widest = 24

  let storage: Storage
  private let dimension: Int
  private let lower: Int
  private let upper: Int
  private let front: BandChain
  private let back: BandChain
  private let exchanges: UnsafeMutablePointer<Int32>
  private let middle: DenseLU
  private var ends = (BandChain.Progress(), BandChain.Progress())

  /// Whether a band is narrow, and long enough for two ends.
  static func suits(dimension: Int, lower: Int, upper: Int) -> Bool {
    lower + upper <= widest && dimension >= 4 * (lower + upper) + 2
  }

  init(dimension n: Int, lower: Int, upper: Int) {
    dimension = n
    self.lower = lower
    self.upper = upper
    let size = lower + upper
    let first = (n - size) / 2
    let second = n - size - first
    let split = (first + lower) * (2 * lower + upper + 1)
    storage = Storage(split + (second + upper) * (lower + 2 * upper + 1))
    exchanges = .allocate(capacity: n)
    exchanges.initialize(repeating: 0, count: n)
    front = BandChain(
      storage.vector.base, exchanges, pivots: first, lower: lower, upper: upper)
    back = BandChain(
      storage.vector.base + split, exchanges + first, pivots: second, lower: upper, upper: lower)
    middle = DenseLU(dimension: size)
  }

  deinit { exchanges.deallocate() }

  /// Where entry (row, column) lies in the storage.
  func position(_ row: Int, _ column: Int) -> Int {
    if row < front.rows { return front.place(row, column) }
    return back.base - front.base + back.place(dimension - 1 - row, dimension - 1 - column)
  }

  /// Replaces the entries by their factors; false if a pivot is zero or not finite.
  func factor() -> Bool {
    let (front, back) = (front, back)
    var (down, up) = (BandChain.Progress(), BandChain.Progress())
    // The back end has as many pivots as the front, or one more.
    for k in 0..<front.pivots {
      guard front.eliminate(k, &down), back.eliminate(k, &up) else { return false }
    }
    if back.pivots > front.pivots, !back.eliminate(front.pivots, &up) { return false }
    ends = (down, up)
    gatherMiddle()
    return middle.factor()
  }

  /// The rows that neither end has used up, in the columns that neither has eliminated.
  private func gatherMiddle() {
    let size = lower + upper
    let first = front.pivots
    for j in 0..<size {
      let column = first + j
      for i in 0..<lower { middle.entries[i + j * size] = front.row(first + i)[column] }
      for i in lower..<size {
        let row = back.row(dimension - 1 - first - i)
        middle.entries[i + j * size] = row[dimension - 1 - column]
      }
    }
  }

  /// Solves in place with the last factors.
  func solve(_ b: Vector) {
    let top = b.base
    let bottom = b.base + (dimension - 1)
    let (front, back, (down, up)) = (front, back, ends)
    if down.isOrdered, up.isOrdered {
      var (above, below) = (0.0, 0.0)
      for i in 0..<front.pivots {
        above = front.forward(i, top, 1, above)
        below = back.forward(i, bottom, -1, below)
      }
      if back.pivots > front.pivots { _ = back.forward(front.pivots, bottom, -1, below) }
      front.finishForward(top, 1)
      back.finishForward(bottom, -1)
    } else {
      front.forwardWithExchanges(top, 1)
      back.forwardWithExchanges(bottom, -1)
    }
    middle.solve(b.slice(front.pivots, lower + upper))
    var k = back.pivots - 1
    var above = top[front.pivots]
    var below = bottom[-back.pivots]
    if back.pivots > front.pivots {
      below = back.backward(k, bottom, -1, up.extent, below)
      k -= 1
    }
    while k >= 0 {
      above = front.backward(k, top, 1, down.extent, above)
      below = back.backward(k, bottom, -1, up.extent, below)
      k -= 1
    }
  }
}

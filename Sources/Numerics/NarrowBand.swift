/// LU factors of a narrow band, eliminated from both ends towards the middle.
///
/// Each column of a narrow band waits for the one before it. The upper end is eliminated downwards
/// and the lower one, read backwards, upwards, side by side in the two lanes of a register; where
/// they meet a dense block is left. Partial pivoting in all three parts.
///
/// Row i of an end keeps its columns i − w … i + 2w, w the wider of the two halves of the band; those
/// beyond i + w are for fill by exchanges of rows. After elimination it holds the multipliers left
/// of its diagonal, the reciprocal pivot on it, and the row of U divided by the pivot right of it:
/// a substitution then waits for one product and one difference a row.
/// Source: H. A. van der Vorst, Parallel Comput. 5 (1987) 45 (elimination from both ends).
final class NarrowBand {
  private typealias Pair = SIMD2<Double>

  /// Diagonals on either side of the main one up to which this beats LAPACK's band elimination.
  static let widest = 12

  let entries: Vector
  private let storage: Storage
  private let dimension: Int
  private let w: Int
  /// Columns eliminated at each end; the rows after them that this reaches belong to the middle.
  private let pivots: Int
  private let base: UnsafeMutableRawPointer
  /// The row chosen for each pivot: of the upper end, then of the lower one.
  private let exchanges: UnsafeMutablePointer<Int32>
  private let middle: DenseLU
  /// Both ends of a right-hand side, side by side, and the right-hand side of the middle.
  private let pairs: Storage
  private let held: Storage
  /// Diagonals right of the main one that the rows of U have, and whether rows stayed in order.
  private var extent = 0
  private var isOrdered = true

  /// Whether a band is narrow, and long enough for two ends.
  static func suits(dimension: Int, lower: Int, upper: Int) -> Bool {
    let w = max(lower, upper)
    return w <= widest && dimension >= 8 * w + 2
  }

  init(dimension n: Int, lower: Int, upper: Int) {
    dimension = n
    w = max(lower, upper)
    pivots = (n - 2 * w) / 2
    let size = n - 2 * pivots
    // The row in the middle of an odd number belongs to neither end.
    let ends = 2 * (pivots + w) * (3 * w + 1)
    storage = Storage(ends + (size - 2 * w) * size)
    entries = storage.vector
    base = UnsafeMutableRawPointer(entries.base)
    exchanges = .allocate(capacity: n)
    exchanges.initialize(repeating: 0, count: n)
    middle = DenseLU(dimension: size)
    pairs = Storage(2 * (pivots + 2 * w + 1))
    held = Storage(size)
  }

  deinit { exchanges.deallocate() }

  /// Where entry (row, column) lies in the storage.
  func position(_ row: Int, _ column: Int) -> Int {
    if row < pivots + w { return place(row, column, 0) }
    let (i, j) = (dimension - 1 - row, dimension - 1 - column)
    if i < pivots + w { return place(i, j, 1) }
    return entries.count - middle.dimension + column - pivots
  }

  private func place(_ i: Int, _ j: Int, _ lane: Int) -> Int { 2 * (i * 3 * w + w + j) + lane }

  /// The two rows i, so that columns j are at offset 16j.
  @inline(__always)
  private func row(_ i: Int) -> UnsafeMutableRawPointer { base + 16 &* (i &* 3 &* w &+ w) }

  /// Replaces the entries by their factors; false if a pivot is zero or not finite.
  func factor() -> Bool {
    let w = w
    var reach = 0
    var extent = 0
    var isOrdered = true
    // Becomes NaN with the first pivot that is zero or not finite.
    var sound = Pair.zero
    for k in 0..<pivots {
      let pivotRow = row(k)
      if isExchanged(pivotRow, k) {
        isOrdered = false
        reach = max(reach, exchange(k, 0, reach), exchange(k, 1, reach))
      } else {
        exchanges[k] = Int32(truncatingIfNeeded: k)
        exchanges[pivots &+ k] = Int32(truncatingIfNeeded: k)
        reach = max(reach, k &+ w)
      }
      extent = max(extent, reach &- k)
      let pivot = pivotRow.load(fromByteOffset: 16 &* k, as: Pair.self)
      let reciprocal = 1 / pivot
      sound += 0 * (pivot + reciprocal)
      pivotRow.storeBytes(of: reciprocal, toByteOffset: 16 &* k, as: Pair.self)
      NarrowBand.subtract(pivotRow, reciprocal, k, reach, rows: w, step: 48 &* w)
    }
    self.extent = extent
    self.isOrdered = isOrdered
    guard sound == .zero else { return false }
    gatherMiddle()
    return middle.factor()
  }

  /// Whether a row below has the larger entry in column k, at either end.
  @inline(__always)
  private func isExchanged(_ pivotRow: UnsafeMutableRawPointer, _ k: Int) -> Bool {
    let mask = SIMD2<UInt64>(repeating: 0x7fff_ffff_ffff_ffff)
    func size(_ row: UnsafeMutableRawPointer) -> Pair {
      let bits = row.load(fromByteOffset: 16 &* k, as: SIMD2<UInt64>.self) & mask
      return unsafeBitCast(bits, to: Pair.self)
    }
    let own = size(pivotRow)
    var target = pivotRow
    var larger = own .!= own
    for _ in 0..<w {
      target += 48 &* w
      larger = larger .| (size(target) .> own)
    }
    return any(larger)
  }

  /// Subtracts multiples of row k from the rows below, and divides it by its pivot.
  @inline(__always)
  private static func subtract(
    _ pivotRow: UnsafeMutableRawPointer, _ reciprocal: Pair, _ k: Int, _ reach: Int, rows: Int,
    step: Int
  ) {
    var target = pivotRow
    let first = 16 &* (k &+ 1)
    let last = 16 &* reach
    for _ in 0..<rows {
      target += step
      let multiplier = target.load(fromByteOffset: 16 &* k, as: Pair.self) * reciprocal
      target.storeBytes(of: multiplier, toByteOffset: 16 &* k, as: Pair.self)
      var at = first
      while at <= last {
        let product = multiplier * pivotRow.load(fromByteOffset: at, as: Pair.self)
        let entry = target.load(fromByteOffset: at, as: Pair.self)
        target.storeBytes(of: entry - product, toByteOffset: at, as: Pair.self)
        at &+= 16
      }
    }
    var at = first
    while at <= last {
      let entry = pivotRow.load(fromByteOffset: at, as: Pair.self)
      pivotRow.storeBytes(of: entry * reciprocal, toByteOffset: at, as: Pair.self)
      at &+= 16
    }
  }

  /// Brings the largest entry of column k to the diagonal of one end.
  ///
  /// - Returns: the last column that the row then reaches.
  private func exchange(_ k: Int, _ lane: Int, _ reach: Int) -> Int {
    let own = entries.base + place(k, 0, lane)
    var pivot = k
    var largest = own[2 * k].magnitude
    for i in k + 1..<k + 1 + w where entries.base[place(i, k, lane)].magnitude > largest {
      largest = entries.base[place(i, k, lane)].magnitude
      pivot = i
    }
    exchanges[lane * pivots + k] = Int32(pivot)
    guard pivot != k else { return k + w }
    let other = entries.base + place(pivot, 0, lane)
    for j in k...max(reach, pivot + w) {
      let held = own[2 * j]
      own[2 * j] = other[2 * j]
      other[2 * j] = held
    }
    return pivot + w
  }

  /// The rows that neither end has used up, in the columns that neither has eliminated.
  private func gatherMiddle() {
    let size = middle.dimension
    for j in 0..<size {
      for i in 0..<size {
        let back = size - 1 - i
        let from =
          if i < w {
            place(pivots + i, pivots + j, 0)
          } else if back < w {
            place(pivots + back, pivots + size - 1 - j, 1)
          } else {
            entries.count - size + j
          }
        middle.entries[i + j * size] = entries[from]
      }
    }
  }

  /// Solves in place with the last factors.
  func solve(_ b: Vector) {
    let z = UnsafeMutableRawPointer(pairs.vector.base)
    if isOrdered { forward(b.base, z) } else { forwardWithExchanges(b.base) }
    let size = middle.dimension
    let held = held.vector
    let ends = pairs.vector.base + 2 * pivots
    if size > 2 * w { held[w] = b[pivots + w] }
    for i in 0..<w {
      held[i] = ends[2 * i]
      held[size - 1 - i] = ends[2 * i + 1]
    }
    middle.solve(held)
    for i in 0..<size {
      b[pivots + i] = held[i]
      ends[2 * i] = held[i]
      ends[2 * i + 1] = held[size - 1 - i]
    }
    backward(b.base, z)
  }

  private func forward(_ b: UnsafeMutablePointer<Double>, _ z: UnsafeMutableRawPointer) {
    let (n, w) = (dimension, w)
    var last = Pair.zero
    for i in 0..<pivots &+ w {
      let row = row(i)
      var sum = Pair(b[i], b[n &- 1 &- i])
      // The rows of the middle only lose what belongs to eliminated columns.
      let end = min(i, pivots)
      var at = 16 &* max(0, i &- w)
      let before = 16 &* (i <= pivots ? end &- 1 : end)
      while at < before {
        sum -=
          row.load(fromByteOffset: at, as: Pair.self) * z.load(fromByteOffset: at, as: Pair.self)
        at &+= 16
      }
      if i <= pivots, i > 0, w > 0 {
        sum -= row.load(fromByteOffset: 16 &* (i &- 1), as: Pair.self) * last
      }
      z.storeBytes(of: sum, toByteOffset: 16 &* i, as: Pair.self)
      last = sum
    }
  }

  private func forwardWithExchanges(_ b: UnsafeMutablePointer<Double>) {
    let z = pairs.vector.base
    for i in 0..<pivots + w {
      z[2 * i] = b[i]
      z[2 * i + 1] = b[dimension - 1 - i]
    }
    for k in 0..<pivots {
      for lane in 0..<2 {
        let pivot = 2 &* Int(exchanges[lane &* pivots &+ k]) &+ lane
        let value = z[pivot]
        z[pivot] = z[2 &* k &+ lane]
        z[2 &* k &+ lane] = value
        var target = entries.base + place(k, k, lane)
        for i in k &+ 1..<k &+ 1 &+ w {
          target += 6 &* w
          z[2 &* i &+ lane] -= target[0] * value
        }
      }
    }
  }

  private func backward(_ b: UnsafeMutablePointer<Double>, _ z: UnsafeMutableRawPointer) {
    let (n, extent) = (dimension, extent)
    var next = z.load(fromByteOffset: 16 &* pivots, as: Pair.self)
    var k = pivots &- 1
    while k >= 0 {
      let row = row(k)
      let here = 16 &* k
      var sum =
        z.load(fromByteOffset: here, as: Pair.self) * row.load(fromByteOffset: here, as: Pair.self)
      var at = here &+ 16 &* extent
      while at > here &+ 16 {
        sum -=
          row.load(fromByteOffset: at, as: Pair.self) * z.load(fromByteOffset: at, as: Pair.self)
        at &-= 16
      }
      if extent > 0 { sum -= row.load(fromByteOffset: here &+ 16, as: Pair.self) * next }
      z.storeBytes(of: sum, toByteOffset: here, as: Pair.self)
      b[k] = sum[0]
      b[n &- 1 &- k] = sum[1]
      next = sum
      k &-= 1
    }
  }
}

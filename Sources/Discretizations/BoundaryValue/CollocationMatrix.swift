import Numerics

/// The matrix of a collocation system: a band, a folded band, or dense.
///
/// Rows as in ``CollocationRows``, columns as in ``CollocationLayout``. Conditions that hold at one
/// end each give a band; conditions that tie the ends together a band of twice the width, with the
/// mesh folded in the middle (0, N, 1, N − 1, …); integrals a dense matrix.
final class CollocationMatrix {
  enum Shape: Sendable { case band, folded, dense }

  private enum Backend {
    case band(BandLU)
    case dense(DenseLU)
  }

  let dimension: Int
  private let backend: Backend
  private let rowPlaces: [Int]
  private let columnPlaces: [Int]
  private let scratch: Storage
  /// Factors that make the largest entry of each row 1.
  private let scales: Storage

  init(_ rows: CollocationRows, _ shape: Shape) {
    let layout = rows.layout
    dimension = layout.count(intervals: rows.intervals)
    scratch = Storage(dimension)
    scales = Storage(dimension)
    if shape == .dense {
      rowPlaces = Array(0..<dimension)
      columnPlaces = rowPlaces
      backend = .dense(DenseLU(dimension: dimension))
      return
    }
    let order = CollocationMatrix.order(rows, shape)
    rowPlaces = order.rows
    columnPlaces = order.columns
    var (lower, upper) = (0, 0)
    func touch(_ row: Int, _ columns: Range<Int>) {
      for column in columns {
        let off = order.rows[row] - order.columns[column]
        lower = max(lower, off)
        upper = max(upper, -off)
      }
    }
    let last = rows.intervals - 1
    for row in 0..<rows.lower { touch(row, 0..<layout.stride) }
    for row in rows.lower..<layout.stateCount {
      touch(row, last * layout.stride..<dimension)
      if shape == .folded { touch(row, 0..<layout.stateCount) }
    }
    for i in 0...last {
      for row in rows.first(of: i)..<rows.first(of: i) + layout.stride {
        touch(row, i * layout.stride..<(i + 1) * layout.stride + layout.stateCount)
      }
    }
    backend = .band(BandLU(dimension: dimension, lower: lower, upper: upper))
  }

  /// Numbers that a matrix would need, to be compared with the memory there is.
  static func size(_ rows: CollocationRows, _ shape: Shape) -> Int {
    let dimension = rows.layout.count(intervals: rows.intervals)
    switch shape {
    case .dense: return dimension * dimension
    case .band: return dimension * 4 * (rows.layout.stride + rows.layout.stateCount)
    case .folded: return dimension * 10 * (rows.layout.stride + rows.layout.stateCount)
    }
  }

  /// Places of rows and columns that keep what touches together.
  private static func order(_ rows: CollocationRows, _ shape: Shape) -> (
    rows: [Int], columns: [Int]
  ) {
    let layout = rows.layout
    let (n, stride) = (layout.stateCount, layout.stride)
    let count = layout.count(intervals: rows.intervals)
    var rowOrder: [Int] = []
    var columnOrder: [Int] = []
    if shape == .band {
      rowOrder += 0..<rows.lower
      rowOrder += n..<count
      rowOrder += rows.lower..<n
      columnOrder += 0..<count
    } else {
      rowOrder += 0..<n
      columnOrder += 0..<n
      columnOrder += rows.intervals * stride..<count
      for turn in 0..<rows.intervals {
        let isLeft = turn % 2 == 0
        let i = isLeft ? turn / 2 : rows.intervals - 1 - turn / 2
        rowOrder += rows.first(of: i)..<rows.first(of: i) + stride
        columnOrder += i * stride + n..<(i + 1) * stride
        guard turn + 1 < rows.intervals else { continue }
        let node = isLeft ? i + 1 : i
        columnOrder += node * stride..<node * stride + n
      }
    }
    func places(_ order: [Int]) -> [Int] {
      var places = [Int](repeating: 0, count: count)
      for (place, index) in order.enumerated() { places[index] = place }
      return places
    }
    return (places(rowOrder), places(columnOrder))
  }

  /// Sets all entries to zero.
  func clear() {
    switch backend {
    case .band(let lu): lu.clear()
    case .dense(let lu): lu.entries.fill(0)
    }
  }

  /// Fills the columns from `first` on of one row, scaled by its largest entry.
  ///
  /// - Parameter parts: runs of numbers and the columns where they begin; they may not overlap.
  func set(_ row: Int, _ parts: (first: Int, numbers: Vector)...) {
    var largest = 0.0
    for part in parts {
      for k in 0..<part.numbers.count { largest = max(largest, part.numbers[k].magnitude) }
    }
    let scale = largest > 0 && largest.isFinite ? 1 / largest : 1
    scales.vector[row] = scale
    for part in parts {
      for k in 0..<part.numbers.count where part.numbers[k] != 0 {
        put(row, part.first + k, scale * part.numbers[k])
      }
    }
  }

  private func put(_ row: Int, _ column: Int, _ value: Double) {
    let (r, c) = (rowPlaces[row], columnPlaces[column])
    switch backend {
    case .band(let lu): lu.entries[lu.position(r, c)] = value
    case .dense(let lu): lu.entries[r + c * dimension] = value
    }
  }

  /// Replaces the entries by their factors; false where a pivot is zero.
  func factor() -> Bool {
    switch backend {
    case .band(let lu): lu.factor()
    case .dense(let lu): lu.factor()
    }
  }

  /// Solves in place: a right side by rows becomes a solution by columns.
  func solve(_ b: Vector) {
    for row in 0..<dimension { b[row] *= scales.vector[row] }
    solveScaled(b)
  }

  /// The same for a right side of the scaled rows.
  func solveScaled(_ b: Vector) {
    let work = scratch.vector
    for row in 0..<dimension { work[rowPlaces[row]] = b[row] }
    switch backend {
    case .band(let lu): lu.solve(work)
    case .dense(let lu): lu.solve(work)
    }
    for column in 0..<dimension { b[column] = work[columnPlaces[column]] }
  }
}

/// Where the equations of a collocation system stand: the conditions, then for each interval those at
/// its Gauss points and the continuity of the state at its right end.
struct CollocationRows: Sendable {
  let layout: CollocationLayout
  let intervals: Int
  /// The number of conditions at the lower end; they come first.
  let lower: Int

  /// The first equation of an interval; it has as many as the layout's stride.
  func first(of interval: Int) -> Int { layout.stateCount + interval * layout.stride }
}

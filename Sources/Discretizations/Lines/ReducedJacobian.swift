import Integrators
import Numerics

/// ∂f/∂y of the eliminated system, for methods that factor it themselves.
///
/// The eliminated values respond to y by S = −g_b⁻¹·g_y, block by block; a row of the differential
/// equations is then F_y + F_b·S.
final class ReducedJacobian {
  let pattern: SparsityPattern
  private let matrix: JetMatrix
  private let boundary: BoundaryValues?
  private let stateOf: [Int32]
  private let kept: [Int]
  private let rowStarts: [Int]
  /// The entries of y that each eliminated value depends on, increasing, and its response to them.
  private let reach: [Int: [Int32]]
  private var responses: [Int: [Double]] = [:]

  /// Whether the pattern fits into memory beside the fields.
  static func isAffordable(_ matrix: JetMatrix) -> Bool {
    matrix.pattern.count <= 30_000_000
  }

  init(_ matrix: JetMatrix, _ boundary: BoundaryValues?, kept: [Int], stateOf: [Int32]) {
    self.matrix = matrix
    self.boundary = boundary
    self.kept = kept
    self.stateOf = stateOf
    let full = matrix.pattern
    let reach = ReducedJacobian.findReach(boundary, full, stateOf)
    self.reach = reach
    var rows: [Int] = []
    var columns: [Int] = []
    var starts = [0]
    var marks = [Int32](repeating: -1, count: kept.count)
    for (row, index) in kept.enumerated() {
      let first = columns.count
      func mark(_ column: Int32) {
        guard marks[Int(column)] != Int32(row) else { return }
        marks[Int(column)] = Int32(row)
        columns.append(Int(column))
      }
      for k in full.rowStarts[index]..<full.rowStarts[index + 1] {
        let column = full.columns[k]
        if stateOf[column] >= 0 {
          mark(stateOf[column])
        } else {
          for other in reach[column] ?? [] { mark(other) }
        }
      }
      columns[first...].sort()
      rows += [Int](repeating: row, count: columns.count - first)
      starts.append(columns.count)
    }
    rowStarts = starts
    pattern = SparsityPattern(dimension: kept.count, rows: rows, columns: columns)
  }

  private static func findReach(
    _ boundary: BoundaryValues?, _ full: SparsePattern, _ stateOf: [Int32]
  ) -> [Int: [Int32]] {
    var reach: [Int: [Int32]] = [:]
    for block in boundary?.allBlocks ?? [] {
      var all: Set<Int32> = []
      for row in block.rows {
        for k in full.rowStarts[row]..<full.rowStarts[row + 1] {
          let column = full.columns[k]
          if stateOf[column] >= 0 { all.insert(stateOf[column]) }
          all.formUnion(reach[column] ?? [])
        }
      }
      let sorted = all.sorted()
      for row in block.rows { reach[row] = sorted }
    }
    return reach
  }

  /// Writes the entries of ``pattern`` from the matrix as assembled, and the boundary's factors.
  func fill(_ entries: Vector) {
    respond()
    entries.fill(0)
    let full = matrix.pattern
    for (row, index) in kept.enumerated() {
      for k in full.rowStarts[index]..<full.rowStarts[index + 1] {
        let column = full.columns[k]
        let value = matrix.entries[k]
        if stateOf[column] >= 0 {
          entries[place(row, Int(stateOf[column]))] += value
        } else if let own = reach[column], let response = responses[column] {
          for (other, factor) in zip(own, response) {
            entries[place(row, Int(other))] += value * factor
          }
        }
      }
    }
  }

  private func place(_ row: Int, _ column: Int) -> Int {
    var low = rowStarts[row]
    var high = rowStarts[row + 1]
    while low < high {
      let middle = (low + high) / 2
      if pattern.columns[middle] < column { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// S of every eliminated value.
  private func respond() {
    boundary?.factorBlocks()
    let full = matrix.pattern
    for block in boundary?.allBlocks ?? [] {
      let own = reach[block.rows[0]] ?? []
      let size = block.rows.count
      var right = [[Double]](
        repeating: [Double](repeating: 0, count: size), count: own.count)
      let places = Dictionary(uniqueKeysWithValues: own.enumerated().map { ($1, $0) })
      for (i, row) in block.rows.enumerated() {
        for k in full.rowStarts[row]..<full.rowStarts[row + 1] {
          let column = full.columns[k]
          let value = matrix.entries[k]
          if stateOf[column] >= 0 {
            if let place = places[stateOf[column]] { right[place][i] -= value }
          } else if let earlier = reach[column], let response = responses[column],
            !block.rows.contains(column)
          {
            for (other, factor) in zip(earlier, response) {
              if let place = places[other] { right[place][i] -= value * factor }
            }
          }
        }
      }
      let b = Storage(size)
      var result = [[Double]](repeating: [Double](repeating: 0, count: own.count), count: size)
      for place in own.indices {
        b.vector.assign(right[place])
        block.solveOwn(b.vector)
        for i in 0..<size { result[i][place] = b.vector[i] }
      }
      b.keep()
      for (i, row) in block.rows.enumerated() { responses[row] = result[i] }
    }
  }
}

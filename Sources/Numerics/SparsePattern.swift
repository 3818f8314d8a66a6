/// Where a square sparse matrix has entries: compressed rows, the columns of each in order.
public struct SparsePattern: Sendable, Equatable {
  public let dimension: Int
  /// Row i has the entries `rowStarts[i]..<rowStarts[i + 1]`; `[dimension + 1]`.
  public let rowStarts: [Int]
  /// The column of each entry, increasing within a row; `[count]`.
  public let columns: [Int]

  public var count: Int { columns.count }

  /// Takes compressed rows as they are.
  ///
  /// - Precondition: columns lie in `0..<dimension` and increase within each row.
  public init(dimension: Int, rowStarts: [Int], columns: [Int]) {
    let isClosed = rowStarts.first == 0 && rowStarts.last == columns.count
    precondition(
      isClosed && rowStarts.count == dimension + 1,
      "\(rowStarts.count) row starts for \(dimension) rows, \(columns.count) columns")
    for i in 0..<dimension {
      precondition(rowStarts[i] <= rowStarts[i + 1], "row \(i) ends before it starts")
      for k in rowStarts[i]..<rowStarts[i + 1] {
        let isOrdered = k == rowStarts[i] || columns[k - 1] < columns[k]
        precondition(
          isOrdered && columns[k] >= 0 && columns[k] < dimension, "row \(i), column \(columns[k])")
      }
    }
    self.dimension = dimension
    self.rowStarts = rowStarts
    self.columns = columns
  }

  /// Compresses a list of places, in any order, each any number of times.
  ///
  /// - Returns: the pattern, and for each given place the index of its entry.
  public static func compress(
    dimension: Int, rows: [Int], columns: [Int]
  ) -> (pattern: SparsePattern, entries: [Int]) {
    precondition(rows.count == columns.count, "\(rows.count) rows, \(columns.count) columns")
    var starts = [Int](repeating: 0, count: dimension + 1)
    for row in rows { starts[row + 1] += 1 }
    for i in 0..<dimension { starts[i + 1] += starts[i] }
    var order = [Int](repeating: 0, count: rows.count)
    var next = starts
    for (place, row) in rows.enumerated() {
      order[next[row]] = place
      next[row] += 1
    }
    var entries = [Int](repeating: 0, count: rows.count)
    var kept: [Int] = []
    kept.reserveCapacity(rows.count)
    var rowStarts = [0]
    rowStarts.reserveCapacity(dimension + 1)
    for i in 0..<dimension {
      for place in order[starts[i]..<starts[i + 1]].sorted(by: { columns[$0] < columns[$1] }) {
        if kept.count == rowStarts[i] || kept[kept.count - 1] != columns[place] {
          kept.append(columns[place])
        }
        entries[place] = kept.count - 1
      }
      rowStarts.append(kept.count)
    }
    return (SparsePattern(dimension: dimension, rowStarts: rowStarts, columns: kept), entries)
  }

  /// The index of entry (row, column), or nil where the pattern has none.
  ///
  /// - Cost: logarithmic in the length of the row.
  public func index(_ row: Int, _ column: Int) -> Int? {
    var low = rowStarts[row]
    var high = rowStarts[row + 1]
    while low < high {
      let middle = (low + high) / 2
      if columns[middle] < column { low = middle + 1 } else { high = middle }
    }
    return low < rowStarts[row + 1] && columns[low] == column ? low : nil
  }
}

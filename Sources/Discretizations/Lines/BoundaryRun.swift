import Numerics

/// Consecutive single-row blocks in flat memory: substitution row by row.
final class BoundaryRun {
  private let rows: [Int32]
  private let diagonals: [Int32]
  private let reciprocals: Storage
  /// Terms of earlier rows: where each row's begin, their entries and columns.
  private let starts: [Int32]
  private let entries: [Int32]
  private let columns: [Int32]

  /// Takes blocks of one row each.
  init(_ blocks: ArraySlice<BoundaryBlock>, _ pattern: SparsePattern) {
    rows = blocks.map { Int32($0.rows[0]) }
    diagonals = blocks.map { Int32(pattern.index($0.rows[0], $0.rows[0]) ?? 0) }
    reciprocals = Storage(blocks.count)
    starts = blocks.reduce(into: [0]) { $0.append(($0.last ?? 0) + Int32($1.before.count)) }
    entries = blocks.flatMap { $0.before.map { Int32($0.entry) } }
    columns = blocks.flatMap { $0.before.map { Int32($0.column) } }
  }

  /// Takes the diagonal; false where it is zero or not finite.
  func factor(_ values: Vector) -> Bool {
    var isRegular = true
    for (k, entry) in diagonals.enumerated() {
      let value = 1 / values[Int(entry)]
      reciprocals.vector[k] = value
      if !value.isFinite || value == 0 { isRegular = false }
    }
    return isRegular
  }

  /// Solves for the rows of `result`; the earlier ones are known.
  func solve(_ rightSides: Vector, _ values: Vector, into result: Vector) {
    rows.withUnsafeBufferPointer { rows in
      starts.withUnsafeBufferPointer { starts in
        entries.withUnsafeBufferPointer { entries in
          columns.withUnsafeBufferPointer { columns in
            for k in 0..<rows.count {
              var sum = rightSides.base[Int(rows[k])]
              for term in Int(starts[k])..<Int(starts[k + 1]) {
                sum -= values.base[Int(entries[term])] * result.base[Int(columns[term])]
              }
              result.base[Int(rows[k])] = sum * reciprocals.vector.base[k]
            }
          }
        }
      }
    }
  }
}

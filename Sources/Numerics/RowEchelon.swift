/// The row echelon form of a small matrix: its rank, and what its rows combine to zero.
///
/// Gaussian elimination with complete pivoting: E·A·P = [U; 0].
public struct RowEchelon: Sendable {
  /// E, row-major; the rows from ``rank`` on span the left null space of A.
  public private(set) var combination: [[Double]]
  public private(set) var rank = 0

  /// Eliminates.
  ///
  /// Rows are first divided by their largest entries, so that units do not matter.
  /// - Parameter tolerance: entries below this part of the largest one then count as zero.
  /// - Cost: about n³ operations; for matrices of at most some hundred rows.
  public init(_ rows: [[Double]], tolerance: Double = 1e-12) {
    let n = rows.count
    let columns = rows.first?.count ?? 0
    var a = rows
    let sizes = rows.map { row in row.reduce(0) { max($0, $1.magnitude) } }
    let scales = sizes.map { $0 > 0 ? 1 / $0 : 1 }
    combination = (0..<n).map { i in (0..<n).map { $0 == i ? scales[i] : 0 } }
    for i in 0..<n { for j in 0..<columns { a[i][j] *= scales[i] } }
    var free = Array(0..<columns)
    while rank < n, !free.isEmpty {
      var best = (row: rank, column: 0, size: -1.0)
      for i in rank..<n {
        for (place, column) in free.enumerated() where a[i][column].magnitude > best.size {
          best = (i, place, a[i][column].magnitude)
        }
      }
      guard best.size > tolerance else { break }
      a.swapAt(rank, best.row)
      combination.swapAt(rank, best.row)
      let column = free.remove(at: best.column)
      for i in rank + 1..<n where a[i][column] != 0 {
        let factor = a[i][column] / a[rank][column]
        for j in 0..<columns { a[i][j] -= factor * a[rank][j] }
        for j in 0..<n { combination[i][j] -= factor * combination[rank][j] }
        a[i][column] = 0
      }
      rank += 1
    }
  }
}

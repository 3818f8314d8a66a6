import Reports

/// Takes points out of curves that no eye would miss.
enum CurveThinning {
  /// More points than this are thinned: some two a pixel.
  static let mostPoints = 1500

  /// Keeps of each run of neighbours the lowest and the highest point, and both ends of the curve.
  ///
  /// - Parameter most: points that are left at most, but for the ends.
  static func line(_ x: [Double], _ y: [Double], most: Int = mostPoints) -> (
    x: [Double], y: [Double]
  ) {
    guard x.count > most else { return (x, y) }
    let block = (2 * x.count + most - 1) / most
    var kept: Set<Int> = [0, x.count - 1]
    for start in stride(from: 0, to: x.count, by: block) {
      let rows = start..<min(start + block, x.count)
      let finite = rows.filter { y[$0].isFinite }
      if finite.count < rows.count, let gap = rows.first(where: { !y[$0].isFinite }) {
        kept.insert(gap)
      }
      if let low = finite.min(by: { y[$0] < y[$1] }) { kept.insert(low) }
      if let high = finite.max(by: { y[$0] < y[$1] }) { kept.insert(high) }
    }
    let rows = kept.sorted()
    return (rows.map { x[$0] }, rows.map { y[$0] })
  }

  /// The rows of a path without those that lie within a step of the last one kept.
  ///
  /// - Parameters:
  ///   - columns: the coordinates, each with the axis that shows it.
  ///   - step: in parts of each axis; a pixel is some 0.001.
  static func path(_ columns: [(values: [Double], axis: Axis)], step: Double = 0.002) -> [Int] {
    let count = columns[0].values.count
    guard count > mostPoints else { return Array(0..<count) }
    let parts = columns.map { column in column.values.map(column.axis.part) }
    var kept = [0]
    for row in 1..<count {
      let last = kept[kept.count - 1]
      let isFar = parts.contains { !(($0[row] - $0[last]).magnitude <= step) }
      if isFar || row == count - 1 { kept.append(row) }
    }
    return kept
  }

  /// Evenly spread rows, both ends among them.
  static func spread(_ rows: [Int], most: Int) -> [Int] {
    if rows.count <= most { return rows }
    return RunField.thinned(rows.count, to: max(most, 2)).map { rows[$0] }
  }
}

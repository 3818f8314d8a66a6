import Reports

/// Rows of a table on the disk: enough to draw it, however long it is, or has become so far.
///
/// A table that is being written stands under its name with `.partial` added.
///
/// Not `Sendable` on purpose: one look at a time.
final class TableSample {
  private let reader: CSVReader
  /// Up to where rows were given.
  private var offset: Int

  /// The names in the first row.
  var columns: [String] { reader.columns }

  /// A table up to this size is read whole, bytes.
  private static let small = 1 << 20
  /// The most that is looked at of what came since the last look.
  private static let most = 8 << 20
  /// Where the last row of a long table begins, at the latest.
  private static let longestRow = 1 << 18

  /// Opens a table under its own or its temporary name.
  ///
  /// - Returns: nil where there is none yet, or not yet a header.
  init?(_ path: String) {
    let names = [path, path + ".partial"]
    guard let reader = names.lazy.compactMap({ try? CSVReader($0) }).first,
      !reader.columns.isEmpty
    else { return nil }
    self.reader = reader
    offset = reader.place
  }

  /// Rows up to the present end, evenly spaced, the last one among them.
  ///
  /// - Parameter limit: how many at most.
  /// - Cost: of a table above 1 MB some `limit` small reads, whatever its size.
  func rows(limit: Int) -> [String] {
    let (first, size) = (offset, reader.size)
    if size - first <= TableSample.small { return TableSample.thinned(newRows(), to: limit) }
    var rows: [String] = []
    for index in 0..<limit {
      let place = max(first + index * ((size - first) / limit), offset)
      // Behind the first row the place asked for is within a row: the next one is whole.
      guard let row = row(behind: place, isRowsStart: place == first) else { break }
      rows.append(row)
    }
    if let last = row(behind: max(offset, size - TableSample.longestRow), isRowsStart: false) {
      rows.append(newRows().last ?? last)
    }
    return rows
  }

  /// The first whole row behind a place; the next look begins behind it.
  private func row(behind place: Int, isRowsStart: Bool) -> String? {
    reader.go(to: place)
    if !isRowsStart, (try? reader.next()) != true { return nil }
    return next()
  }

  /// The next row that is whole and has as many fields as the header.
  private func next() -> String? {
    while (try? reader.next()) == true {
      offset = reader.place
      if reader.count == columns.count {
        return (0..<reader.count).map(reader.text).joined(separator: ",")
      }
    }
    return nil
  }

  /// The whole rows that came since the last call, their fields joined by commas.
  func newRows() -> [String] {
    reader.go(to: offset)
    var rows: [String] = []
    // What comes faster than this between two looks is looked at in the next one.
    let limit = offset + TableSample.most
    while offset < limit, let row = next() { rows.append(row) }
    return rows
  }

  /// Rows evenly spaced, the last one among them.
  static func thinned(_ rows: [String], to limit: Int) -> [String] {
    guard rows.count > limit, limit > 1 else { return rows }
    return (0..<limit).map { rows[$0 * (rows.count - 1) / (limit - 1)] }
  }
}

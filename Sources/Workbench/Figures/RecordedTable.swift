import Reports

/// A table of a run, thinned where it has more rows than a figure shows.
struct RecordedTable {
  /// More rows than this are thinned.
  static let mostRows = 100_000

  let columns: [String]
  /// By column; NaN for blanks and words.
  private(set) var values: [[Double]]
  /// The words of the columns that were asked for.
  private(set) var texts: [String: [String]] = [:]

  var rowCount: Int { values.first?.count ?? 0 }

  func column(_ name: String) -> [Double]? {
    columns.firstIndex(of: name).map { values[$0] }
  }

  /// Reads a table of curves.
  ///
  /// Of a long one those rows are kept at which a column is smallest or largest among its neighbours,
  /// so that no peak is lost; one with words loses rows evenly.
  /// - Parameter words: names of columns that hold words.
  /// - Throws: `ReportError.cannotRead`.
  init(_ path: String, words: [String] = []) throws(ReportError) {
    let table = try CSVReader(path)
    columns = table.columns
    values = table.columns.map { _ in [] }
    let places = words.compactMap { table.columns.firstIndex(of: $0) }
    for place in places { texts[table.columns[place]] = [] }
    var count = 0
    try table.visit { _ in
      count += 1
      return true
    }
    let stride = (count + RecordedTable.mostRows - 1) / RecordedTable.mostRows
    if stride > 1, places.isEmpty {
      try readExtremes(table, block: stride * (2 * columns.count + 1))
    } else {
      try read(table, each: max(stride, 1), places)
    }
  }

  private mutating func read(
    _ table: CSVReader, each stride: Int, _ places: [Int]
  ) throws(ReportError) {
    var index = 0
    try table.visit { row in
      defer { index += 1 }
      guard index % stride == 0 else { return true }
      for column in values.indices { values[column].append(row.value(column)) }
      for place in places { texts[columns[place], default: []].append(row.text(place)) }
      return true
    }
  }

  private mutating func readExtremes(_ table: CSVReader, block: Int) throws(ReportError) {
    var held: [[Double]] = []
    try table.visit { row in
      held.append(columns.indices.map(row.value))
      if held.count == block {
        keepExtremes(held)
        held.removeAll(keepingCapacity: true)
      }
      return true
    }
    keepExtremes(held)
    if let last = held.last, last[0] != values[0].last { append(last) }
  }

  private mutating func keepExtremes(_ rows: [[Double]]) {
    if rows.isEmpty { return }
    var kept: Set<Int> = [0]
    for column in columns.indices {
      let finite = rows.indices.filter { rows[$0][column].isFinite }
      kept.formUnion([
        finite.min { rows[$0][column] < rows[$1][column] } ?? 0,
        finite.max { rows[$0][column] < rows[$1][column] } ?? 0,
      ])
    }
    for index in kept.sorted() { append(rows[index]) }
  }

  private mutating func append(_ row: [Double]) {
    for column in values.indices { values[column].append(row[column]) }
  }
}

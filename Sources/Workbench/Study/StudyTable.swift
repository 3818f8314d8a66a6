import Reports

/// A table of words and numbers that goes into a CSV file.
struct StudyTable {
  /// One row for each figure.
  static let fileName = "study.csv"
  /// One column for each curve.
  static let figureName = "figure.csv"

  /// A field; a number that is not finite is written as a missing one.
  enum Cell {
    case text(String)
    case number(Double)
    case count(Int)
  }

  var columns: [String]
  private(set) var rows: [[Cell]] = []

  init(_ columns: [String]) { self.columns = columns }

  mutating func append(_ cells: [Cell]) {
    precondition(cells.count == columns.count, "\(cells.count) fields in \(columns.count) columns")
    rows.append(cells)
  }

  /// - Throws: `ReportError.cannotWrite`.
  func write(to path: String) throws(ReportError) {
    let writer = try CSVWriter(path, columns: columns)
    for row in rows {
      for cell in row {
        switch cell {
        case .text(let text): writer.append(text)
        case .count(let count): writer.append(Double(count))
        case .number(let number) where number.isFinite: writer.append(number)
        case .number: writer.appendMissing()
        }
      }
      try writer.endRow()
    }
    try writer.finish()
  }
}

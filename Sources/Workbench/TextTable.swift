/// Lays rows of short texts out for people: the first column to the left, the others to the right.
struct TextTable {
  private let widths: [Int]
  let heading: String

  /// - Parameters:
  ///   - columns: the headings.
  ///   - widths: how wide each column is at least.
  init(_ columns: [String], widths: [Int]) {
    precondition(columns.count == widths.count, "\(columns.count) columns, \(widths.count) widths")
    self.widths = zip(columns, widths).map { max($0.count, $1) }
    heading = TextTable.line(columns, self.widths)
  }

  /// One row.
  func line(_ cells: [String]) -> String { TextTable.line(cells, widths) }

  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = "  "
    for (index, (cell, width)) in zip(cells, widths).enumerated() {
      let space = String(repeating: " ", count: max(0, width - cell.count))
      text += index == 0 ? cell + space : "  " + space + cell
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}

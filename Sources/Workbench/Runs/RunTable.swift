import Reports

/// Lays runs out as a table that fits the reader's lines.
struct RunTable {
  private struct Column: Sendable {
    var heading: String
    var isNumber: Bool
    /// The higher, the later the column is left out of a line that is too short.
    var importance: Int
    var cell: @Sendable (RecordedRun) -> String
  }

  private static let gap = 2
  /// How many characters of a run's folder are shown at least.
  private static let shortest = 16

  /// The run's folder stands before them.
  private static let columns = [
    Column(heading: "problem", isNumber: false, importance: 1) { $0.stem },
    Column(heading: "verb", isNumber: false, importance: 2) { $0.verb },
    Column(heading: "outcome", isNumber: false, importance: 9) { $0.state.word },
    Column(heading: "error", isNumber: true, importance: 8) { short($0.worstError) },
    Column(heading: "loss", isNumber: true, importance: 6) { short($0.loss) },
    Column(heading: "chi2", isNumber: true, importance: 5) { short($0.chi2PerPoint) },
    Column(heading: "seconds", isNumber: true, importance: 7) { short($0.seconds) },
    Column(heading: "when", isNumber: false, importance: 4) { LocalTime.text($0.modified) },
  ]

  private static func short(_ number: Double?) -> String {
    number.map { NumberText.text($0, digits: 3) } ?? ""
  }

  private let runs: [RecordedRun]
  private let terminal: Terminal

  init(_ runs: [RecordedRun], on terminal: Terminal) {
    self.runs = runs
    self.terminal = terminal
  }

  /// A column with what stands in it.
  private struct Filled {
    let column: Column
    let cells: [String]
    let width: Int

    init(_ column: Column, _ runs: [RecordedRun]) {
      self.column = column
      cells = runs.map(column.cell)
      width = max(column.heading.count, cells.map(\.count).max() ?? 0)
    }
  }

  /// The heading and a line for each run.
  ///
  /// Columns in which nothing stands are left out, and those that the width has no room for.
  var lines: [String] {
    let (columns, longest) = (fittingColumns, self.longest)
    let rest = columns.reduce(0) { $0 + $1.width + RunTable.gap }
    let first = terminal.width.map { min(longest, $0 - rest) } ?? longest
    let heading = RunTable.padded("run", first, isNumber: false)
    let headings = columns.map {
      RunTable.padded($0.column.heading, $0.width, isNumber: $0.column.isNumber)
    }
    return [RunTable.line([heading] + headings)]
      + runs.indices.map { index in
        let path = terminal.cutStart(runs[index].path, to: first)
        let cells = columns.map { filled in
          let (cell, column) = (filled.cells[index], filled.column)
          let padded = RunTable.padded(cell, filled.width, isNumber: column.isNumber)
          return column.heading == "outcome"
            ? terminal.paint(padded, runs[index].state.ink) : padded
        }
        return RunTable.line([RunTable.padded(path, first, isNumber: false)] + cells)
      }
  }

  private var longest: Int { max(runs.map(\.path.count).max() ?? 0, "run".count) }

  private var fittingColumns: [Filled] {
    var columns = RunTable.columns.map { Filled($0, runs) }.filter { filled in
      filled.cells.contains { !$0.isEmpty }
    }
    guard let width = terminal.width else { return columns }
    let first = min(longest, RunTable.shortest)
    while columns.reduce(first, { $0 + $1.width + RunTable.gap }) > width {
      let least = columns.indices.min {
        columns[$0].column.importance < columns[$1].column.importance
      }
      guard let least else { break }
      columns.remove(at: least)
    }
    return columns
  }

  private static func padded(_ text: String, _ width: Int, isNumber: Bool) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return isNumber ? space + text : text + space
  }

  private static func line(_ cells: [String]) -> String {
    var line = cells.joined(separator: String(repeating: " ", count: gap))
    while line.last == " " { line.removeLast() }
    return line
  }
}

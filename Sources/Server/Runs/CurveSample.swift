import Reports
import Workbench

/// The solution of a run as curves: few enough, of few enough points, to be drawn on a page.
///
/// Ordinary equations give a curve of each column over the variable, one for each case of a sweep.
/// Fields of two variables give slices; fields of more are none that a curve could show.
struct CurveSample: Sendable {
  /// Most cases, and most points of each.
  static let mostCases = 8
  static let mostPoints = 600
  /// Slices of a field.
  static let slices = 5

  /// One case, or one slice.
  struct Part: Sendable, Equatable {
    /// Such as `rho = 28`; empty where there is one only.
    var name: String
    /// Fields as the table holds them, joined by commas.
    var rows: [String]
  }

  /// What is drawn over: the variable's name.
  var over = ""
  /// The columns of the rows, the first one `over`.
  var columns: [String] = []
  var parts: [Part] = []
  /// How many parts the table has.
  var count = 0
  /// What is shown, in words.
  var words = ""

  var json: JSONValue {
    .object([
      ("over", .text(over)), ("columns", .list(columns.map(JSONValue.text))),
      (
        "parts",
        .list(
          parts.map {
            .object([("name", .text($0.name)), ("rows", .list($0.rows.map(JSONValue.text)))])
          })
      ),
      ("count", .integer(count)), ("words", .text(words)),
    ])
  }

  /// Reads the solution of a run.
  ///
  /// - Returns: one without parts, and why in its words, where there is nothing to draw.
  /// - Cost: reads `trajectory.csv` twice.
  init(_ run: RecordedRun) {
    let names = ["trajectory.csv", "trajectory.csv.partial"].map { "\(run.path)/\($0)" }
    guard let path = names.first(where: FileBytes.exists), let table = try? CSVReader(path) else {
      words = "The run has no table of its solution."
      return
    }
    guard let meaning = SolutionColumns(table.columns, of: run) else {
      words = "The problem of this run cannot be read: nothing tells what its table holds."
      return
    }
    do {
      switch meaning.variables.count {
      case 1: try readCases(table, meaning)
      case 2: try readSlices(table, meaning)
      default:
        words =
          "A field of \(meaning.variables.count) variables is no curve: draw the figures to look "
          + "at it."
      }
    } catch { words = "The table cannot be read: \(error)." }
  }

  // MARK: Ordinary equations

  private mutating func readCases(_ table: CSVReader, _ meaning: SolutionColumns) throws {
    let first = meaning.leading.count
    (over, columns) = (meaning.variables[0], meaning.variables + meaning.values)
    var sizes: [Int] = []
    var cases = CaseTeller(meaning.leading)
    try table.visit { row in
      if cases.isNew(row) { sizes.append(0) }
      sizes[sizes.count - 1] += 1
      return true
    }
    count = sizes.count
    let kept = Self.spread(count, Self.mostCases)
    var (number, line) = (-1, 0)
    cases = CaseTeller(meaning.leading)
    try table.visit { row in
      if cases.isNew(row) {
        (number, line) = (number + 1, 0)
        if kept.contains(number) { parts.append(Part(name: cases.name, rows: [])) }
      }
      if kept.contains(number), Self.isKept(line, of: sizes[number]) {
        parts[parts.count - 1].rows.append(Self.text(row, first..<table.columns.count))
      }
      line += 1
      return true
    }
    if count > 1 {
      let all = count == parts.count ? "All \(count)" : "\(parts.count) of \(count)"
      words = "\(all) cases of \(meaning.leading.joined(separator: ", ")), over \(over)."
    }
  }

  // MARK: Fields of two variables

  private mutating func readSlices(_ table: CSVReader, _ meaning: SolutionColumns) throws {
    let first = meaning.leading.count
    // Slices at places of the marching variable, or else of the second one.
    let sliced = meaning.variables.first == meaning.marching ? 0 : 1
    let across = first + sliced
    let along = first + 1 - sliced
    over = meaning.variables[1 - sliced]
    columns = [over] + meaning.values
    var cases = CaseTeller(meaning.leading)
    var places: [String] = []
    var seen: Set<String> = []
    var rows = 0
    try table.visit { row in
      if cases.isNew(row), rows > 0 { return false }
      rows += 1
      let place = row.text(across)
      if seen.insert(place).inserted { places.append(place) }
      return true
    }
    count = places.count
    let kept = Self.spread(count, Self.slices).map { places[$0] }
    let length = count > 0 ? rows / count : 0
    var lines = Dictionary(uniqueKeysWithValues: kept.map { ($0, 0) })
    var found = Dictionary(uniqueKeysWithValues: kept.map { ($0, [String]()) })
    var left = rows
    try table.visit { row in
      guard left > 0 else { return false }
      left -= 1
      let place = row.text(across)
      guard let line = lines[place] else { return true }
      lines[place] = line + 1
      if Self.isKept(line, of: length) {
        found[place]?.append(
          ([along] + Array((first + 2)..<table.columns.count)).map(row.text)
            .joined(separator: ","))
      }
      return true
    }
    let name = meaning.variables[sliced]
    parts = kept.map { place in
      let short = Double(place).map { NumberText.text($0, digits: 4) } ?? place
      return Part(name: "\(name) = \(short)", rows: found[place] ?? [])
    }
    let ofFirst = meaning.leading.isEmpty ? "" : " of the first case"
    words = "Slices\(ofFirst) over \(over), at \(parts.count) of \(count) places of \(name)."
  }

  // MARK: Choosing

  /// Some of the first numbers, evenly spaced, both ends among them.
  private static func spread(_ count: Int, _ most: Int) -> [Int] {
    count <= most ? Array(0..<count) : (0..<most).map { $0 * (count - 1) / (most - 1) }
  }

  /// Whether a row is one of those drawn, which are evenly spaced, both ends among them.
  private static func isKept(_ line: Int, of count: Int) -> Bool {
    if count <= mostPoints || line == 0 || line == count - 1 { return true }
    return line * (mostPoints - 1) / (count - 1) != (line - 1) * (mostPoints - 1) / (count - 1)
  }

  private static func text(_ row: CSVReader, _ fields: Range<Int>) -> String {
    fields.map(row.text).joined(separator: ",")
  }
}

/// Tells the cases of a table apart, whose rows stand together.
private struct CaseTeller {
  private let columns: [String]
  private var present: [String]?

  init(_ columns: [String]) { self.columns = columns }

  /// Whether a row begins a case.
  mutating func isNew(_ row: CSVReader) -> Bool {
    let fields = columns.indices.map(row.text)
    if fields == present { return false }
    present = fields
    return true
  }

  /// Such as `rho = 28, sigma = 10`.
  var name: String {
    zip(columns, present ?? []).filter { !$1.isEmpty }.map { column, field in
      column == "trajectory"
        ? "trajectory \(field)"
        : "\(column) = \(Double(field).map { NumberText.text($0, digits: 4) } ?? field)"
    }.joined(separator: ", ")
  }
}

import Reports

/// One table of `cauchy bench`; adding one is a file and a row in ``all``.
public struct BenchTable: Sendable {
  public let name: String
  /// What is measured, against what, in a sentence.
  public let about: String
  /// The name by which it is chosen together with others; such tables take long, and are measured
  /// only when named.
  public var group: String?
  /// The names of its rows, where some of them can be chosen.
  public var rows: [String] = []
  /// Measures the rows and hands each over as soon as it is known.
  let body: @Sendable (_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws -> Void

  /// The tables in the order in which they are measured.
  public static let all = [
    stiff, nonstiff, rows, code, start, ensemble, peers, lines, trainErrors, trainCost,
    trainDeepXDE, flows, neural, fits, serve,
  ]
}

/// A measured figure beside what it is measured against.
package struct BenchRow: Sendable {
  package var what: String
  package var ours: BenchFigure
  package var theirs: BenchFigure?
  /// Ours over theirs, or over a median of pairs where times are compared.
  package var ratio: Double?
  package var target: BenchTarget?
  /// Whether everything that the target asks for is met; nil without a target.
  package var isReached: Bool?
  package var note = ""

  /// The row with the ratio of its two figures.
  static func compare(
    _ what: String, _ ours: BenchFigure, _ theirs: BenchFigure?, atMost limit: Double? = nil,
    ratio: Double? = nil, note: String = ""
  ) -> BenchRow {
    var row = BenchRow(what: what, ours: ours, theirs: theirs, note: note)
    row.ratio = ratio ?? theirs.map { ours.number / $0.number }
    row.target = limit.map(BenchTarget.ratioAtMost)
    row.isReached = limit.flatMap { limit in row.ratio.map { $0 <= limit } }
    return row
  }

  /// The row of a figure that has a bound of its own.
  static func bound(
    _ what: String, _ ours: BenchFigure, _ target: BenchTarget, note: String = ""
  ) -> BenchRow {
    BenchRow(
      what: what, ours: ours, target: target, isReached: target.isMet(by: ours.number), note: note)
  }

  var json: JSONValue {
    .object([
      ("what", .text(what)), ("unit", .text(ours.unit)), ("ours", .number(ours.number)),
      ("theirs", .optional(theirs?.number)), ("ratio", .optional(ratio)),
      ("target", .optional(target?.text)), ("reached", isReached.map(JSONValue.bool) ?? .null),
      ("note", .text(note)),
    ])
  }
}

/// A number with its unit.
package enum BenchFigure: Sendable {
  case evaluations(Int)
  case seconds(Double)
  case error(Double)
  /// Digits of agreement, −log₁₀ of an error.
  case digits(Double)
  case bytes(Int)
  /// How many of something that the row names.
  case count(Int)

  package var number: Double {
    switch self {
    case .evaluations(let count), .bytes(let count), .count(let count): Double(count)
    case .seconds(let value), .error(let value), .digits(let value): value
    }
  }

  var unit: String {
    switch self {
    case .evaluations: "evaluations"
    case .seconds: "s"
    case .error: "error"
    case .digits: "digits"
    case .bytes: "bytes"
    case .count: "1"
    }
  }

  var text: String {
    switch self {
    case .evaluations(let count): "\(count) f"
    case .seconds(let value) where value < 1e-3:
      NumberText.text(value * 1e6, digits: 3) + " us"
    case .seconds(let value) where value < 1: NumberText.text(value * 1e3, digits: 3) + " ms"
    case .seconds(let value): NumberText.text(value, digits: 3) + " s"
    case .error(let value): NumberText.text(value, digits: 2)
    case .digits(let value): NumberText.text(value, digits: 3) + " digits"
    case .count(let count): "\(count)"
    case .bytes(let count): NumberText.text(Double(count) / 1e6, digits: 3) + " MB"
    }
  }
}

/// What is wanted of a row.
package enum BenchTarget: Sendable {
  case ratioAtMost(Double)
  case atMost(BenchFigure)
  case atLeast(BenchFigure)

  func isMet(by number: Double) -> Bool {
    switch self {
    case .ratioAtMost(let limit): number <= limit
    case .atMost(let limit): number <= limit.number
    case .atLeast(let limit): number >= limit.number
    }
  }

  var text: String {
    switch self {
    case .ratioAtMost(let limit): "ratio <= \(NumberText.text(limit, digits: 3))"
    case .atMost(let limit): "<= \(limit.text)"
    case .atLeast(let limit): ">= \(limit.text)"
    }
  }
}

/// Lays a table out for people.
struct BenchText {
  private let table: BenchTable

  init(_ table: BenchTable) { self.table = table }

  var heading: String {
    "\n\(table.name): \(table.about)\n"
      + columns(["", "ours", "theirs", "ratio", "target", "reached"])
  }

  func line(_ row: BenchRow) -> String {
    let ratio = row.ratio.map { NumberText.text($0, digits: 3) } ?? ""
    let reached = row.isReached.map { $0 ? "yes" : "NO" } ?? ""
    let text = columns([
      row.what, row.ours.text, row.theirs?.text ?? "", ratio, row.target?.text ?? "", reached,
    ])
    return row.note.isEmpty ? text : text + "  " + row.note
  }

  private func columns(_ cells: [String]) -> String {
    let widths = [44, 11, 11, 7, 16, 7]
    let padded = zip(cells, widths).enumerated().map { index, cell in
      let space = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
      return index == 0 ? cell.0 + space : index < 4 ? space + cell.0 : cell.0 + space
    }
    return "  " + padded.joined(separator: "  ")
  }
}

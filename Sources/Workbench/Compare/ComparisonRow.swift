import Problems
import Reports

/// What one way of solving a problem came to.
struct ComparisonRow {
  /// `classical` or `learned`.
  var kind: String
  /// How the command named it, or its method.
  var name: String
  /// The method that was at work.
  var method = ""
  /// The distance from the truth, or from the classical answer where there is none; by unknown.
  var errors: [(unknown: String, norms: Summary.ErrorNorms)] = []
  /// What the errors are measured against: `truth` or `classical`; nil where nothing was there.
  var against: String?
  /// What no relative error of an unknown exceeds, as far as the defects tell; nil where they do not.
  var bound: Double?
  /// The largest relative error of an unknown that the way itself tells.
  var estimate: Double?
  var seconds = 0.0
  var counts = WorkCounts()
  var energy: EnergyMeter.Reading?
  /// The loss at the end, and the count of what was trained; nil where nothing was.
  var loss: Double?
  var parameters: Int?
  /// What was sought, and χ² divided by the count of measurements; nil without measurements.
  var estimates: [(parameter: String, estimate: Summary.Estimate)] = []
  var chi2PerPoint: Double?
  /// How it ended.
  var outcome = Outcome.reached
  var message = ""
  /// What should be known before trusting it.
  var warnings: [String] = []

  /// The largest relative error of an unknown; absolute for one that is zero throughout.
  var error: Double? { errors.map { $0.norms.relativeL2 ?? $0.norms.max }.max() }

  var json: JSONValue {
    .object([
      ("kind", .text(kind)), ("name", .text(name)), ("method", .text(method)),
      ("outcome", .text(outcome.rawValue)), ("message", .text(message)),
      ("error", .optional(error)), ("error_against", .optional(against)),
      (
        "errors",
        .object(
          errors.map { unknown, norms in
            let members: [(key: String, value: JSONValue)] = [
              ("relative_l2", .optional(norms.relativeL2)), ("max", .number(norms.max)),
            ]
            return (unknown, .object(members))
          })
      ),
      ("error_bound", .optional(bound)), ("estimated_error", .optional(estimate)),
      ("seconds", .number(seconds)),
      ("steps", .integer(counts.steps)), ("rejected", .integer(counts.rejected)),
      ("evaluations", .integer(counts.evaluations)), ("jacobians", .integer(counts.jacobians)),
      ("factorizations", .integer(counts.factorizations)),
      ("energy_joules", .optional(energy?.joules)),
      ("energy_source", .optional(energy?.source.rawValue)), ("loss", .optional(loss)),
      ("parameters", .optional(parameters)),
      (
        "estimates",
        estimates.isEmpty ? .null : .object(estimates.map { ($0.parameter, $0.estimate.json) })
      ),
      ("chi2_per_point", .optional(chi2PerPoint)),
    ])
  }

  /// What was found, and how well it agrees with the data; nil where nothing was sought.
  var found: String? {
    var parts = estimates.map { parameter, estimate in
      let spread = estimate.standardError.map { " ± \(NumberText.text($0, digits: 2))" } ?? ""
      return "\(parameter) = \(NumberText.text(estimate.value, digits: 6))\(spread)"
    }
    if let chi2PerPoint {
      parts.append("chi2 a measurement \(NumberText.text(chi2PerPoint, digits: 3))")
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

/// The table of a comparison, for people and as `comparison.csv`.
struct ComparisonTable {
  static let fileName = "comparison.csv"

  private(set) var rows: [ComparisonRow] = []
  private let text: TextTable

  /// - Parameter names: what the rows will be called.
  init(names: [String]) {
    text = TextTable(
      ["", "error", "bound", "estimate", "seconds", "steps", "rejected", "evaluations", "energy"],
      widths: [max(names.map(\.count).max() ?? 0, 24), 8, 8, 8, 7, 6, 8, 11, 8])
  }

  var heading: String { text.heading }

  /// Adds a row; the line for people.
  mutating func append(_ row: ComparisonRow) -> String {
    rows.append(row)
    func digits(_ number: Double?, _ count: Int = 2) -> String {
      number.map { NumberText.text($0, digits: count) } ?? "-"
    }
    let line = text.line([
      row.name, digits(row.error), digits(row.bound), digits(row.estimate),
      digits(row.seconds, 3),
      "\(row.counts.steps)", "\(row.counts.rejected)", "\(row.counts.evaluations)",
      row.energy.map { digits($0.joules, 3) + " J" } ?? "-",
    ])
    let end =
      switch row.outcome {
      case .failed: "  failed: \(row.message)"
      case .stopped: "  stopped"
      case .reached: ""
      }
    return line + end + (row.found.map { "\n    \($0)" } ?? "")
  }

  /// - Throws: `ReportError.cannotWrite`.
  func write(to path: String) throws(ReportError) {
    let writer = try CSVWriter(
      path,
      columns: [
        "kind", "name", "method", "error", "error_against", "error_bound", "estimated_error",
        "seconds", "steps", "rejected", "evaluations", "jacobians", "factorizations",
        "energy_joules", "energy_source", "loss", "parameters", "outcome", "message",
      ])
    func append(_ number: Double?) {
      if let number, number.isFinite { writer.append(number) } else { writer.appendMissing() }
    }
    for row in rows {
      for word in [row.kind, row.name, row.method] { writer.append(word) }
      append(row.error)
      writer.append(row.against ?? "")
      for number in [row.bound, row.estimate, row.seconds] { append(number) }
      let counts = row.counts
      for count in [
        counts.steps, counts.rejected, counts.evaluations, counts.jacobians, counts.factorizations,
      ] { writer.append(Double(count)) }
      append(row.energy?.joules)
      writer.append(row.energy?.source.rawValue ?? "")
      append(row.loss)
      append(row.parameters.map(Double.init))
      for word in [row.outcome.rawValue, row.message] { writer.append(word) }
      try writer.endRow()
    }
    try writer.finish()
  }
}

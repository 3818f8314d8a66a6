import Problems
import Reports
import Residuals

/// What a run says of the formulas that it found.
struct DiscoveryFiles {
  private let discovery: Discovery
  private let tables: FitTables

  init(_ discovery: Discovery, _ tables: FitTables) {
    self.discovery = discovery
    self.tables = tables
  }

  /// Writes `discovered.csv` and the trajectories of the formulas; the names of the files.
  func write(_ record: inout RunRecord) throws -> [String] {
    let best = discovery.best
    for formula in best.formulas { record.summary.remarks.append("found: \(formula.text())") }
    let chi = NumberText.text(best.chiSquarePerPoint, digits: 3)
    record.summary.remarks.append(
      "the best of \(discovery.tried) formulas, fitted in the equations: chi2 a point \(chi); standard "
        + "errors in discovered.csv are after selection, and too small for that")
    let errors = try tables.writeTrajectories(best.problem, "formula-trajectory.csv", &record)
    for entry in errors ?? [] {
      let relative = entry.norms.relativeL2.map { NumberText.text($0, digits: 2) } ?? "-"
      record.summary.remarks.append(
        "error of \(entry.unknown) by the formulas: relative \(relative)")
    }
    record.summary.more.append(("discovered", json(errors)))
    try writeTable(record)
    return ["formula-trajectory.csv", "discovered.csv"]
  }

  private func writeTable(_ record: RunRecord) throws {
    let writer = try CSVWriter(
      record.folder.file("discovered.csv"),
      columns: ["output", "term", "coefficient", "standard_error"])
    for (formula, errors) in zip(discovery.best.formulas, discovery.best.errors) {
      for (part, error) in zip(formula.parts, errors) {
        writer.append(formula.output)
        writer.append(part.term.text)
        writer.append(part.coefficient)
        if let error { writer.append(error) } else { writer.appendMissing() }
        try writer.endRow()
      }
    }
    try writer.finish()
  }

  private func json(_ errors: [(unknown: String, norms: Summary.ErrorNorms)]?) -> JSONValue {
    let best = discovery.best
    let formulas = zip(best.formulas, best.errors).map { formula, errors in
      JSONValue.object([
        ("output", .text(formula.output)), ("formula", .text(formula.text(digits: 6))),
        (
          "terms",
          .list(
            zip(formula.parts, errors).map { part, error in
              .object([
                ("term", .text(part.term.text)), ("coefficient", .number(part.coefficient)),
                ("standard_error", .optional(error)),
              ])
            })
        ),
      ])
    }
    var members: [(key: String, value: JSONValue)] = [
      ("formulas", .list(formulas)), ("chi2_per_point", .number(best.chiSquarePerPoint)),
      ("candidates", .integer(discovery.tried)),
    ]
    if let errors {
      members.append(
        (
          "errors",
          .object(
            errors.map {
              (
                $0.unknown,
                .object([
                  ("relative_l2", .optional($0.norms.relativeL2)), ("max", .number($0.norms.max)),
                ])
              )
            })
        ))
    }
    return .object(members)
  }
}

import Problems
import Reports

/// A page that sets several runs side by side.
struct ReportComparison {
  private let runs: [RecordedRun]
  private let problems: [Problem?]

  init(_ runs: [RecordedRun]) {
    self.runs = runs
    problems = runs.map { RunDescription($0).problem }
  }

  func text() throws -> String {
    let stems = Set(runs.map(\.stem))
    let title =
      stems.count == 1 ? "\(stems.first ?? ""): \(runs.count) runs" : "\(runs.count) runs compared"
    return HTML.document(
      title: title,
      body: [
        "<h1>\(HTML.escaped(title))</h1>", table, differences, try figures, again,
      ])
  }

  private var table: String {
    let rows = runs.map { run -> [String] in
      [
        HTML.escaped(run.path), HTML.escaped(run.verb), HTML.escaped(run.method ?? ""),
        "<span class=\"outcome \(run.state.word)\">\(run.state.word)</span>",
        number(run.worstError ?? run.estimatedErrors.map(\.relative).max()), number(run.loss),
        number(run.chi2PerPoint), number(run.seconds), number(run.energyJoules),
      ]
    }
    return HTML.section(
      "What came out",
      [
        HTML.table(
          ["run", "verb", "method", "outcome", "error", "loss", "χ²", "seconds", "joules"], rows),
        HTML.paragraph(
          "Error: relative, of the worst unknown, against the truth that the problem declares; "
            + "where it declares none, the run's own estimate."),
        estimates,
      ])
  }

  private var estimates: String {
    var names: [String] = []
    for run in runs {
      for (name, _) in run.estimates where !names.contains(name) { names.append(name) }
    }
    if names.isEmpty { return "" }
    let rows = runs.map { run -> [String] in
      [HTML.escaped(run.path)]
        + names.map { name in
          guard let found = run.estimates.first(where: { $0.parameter == name })?.estimate else {
            return ""
          }
          let spread = found.standardError.map { " ± \(NumberText.text($0, digits: 2))" } ?? ""
          return HTML.escaped(NumberText.text(found.value, digits: 8) + spread)
        }
    }
    return HTML.table(["run"] + names, rows)
  }

  /// Settings that are not the same in all runs.
  private var differences: String {
    let rows = SettingDifference.all(of: problems).map { difference in
      ["<code>\(HTML.escaped(difference.path))</code>"]
        + difference.values.map { HTML.escaped($0 ?? "–") }
    }
    return HTML.section(
      "What differs",
      [
        rows.isEmpty
          ? HTML.paragraph("All settings are the same.")
          : HTML.table(["setting"] + runs.map(\.path), rows)
      ])
  }

  /// Figures of the same name side by side.
  private var figures: String {
    get throws {
      let drawn = try runs.map(ReportFigures.drawn)
      var names: [String] = []
      for figures in drawn {
        for figure in figures where !names.contains(figure.name) { names.append(figure.name) }
      }
      let groups = names.map { name in
        let cells = zip(runs, drawn).compactMap { run, figures in
          figures.first { $0.name == name }.map { figure in
            "<div><h3>\(HTML.escaped(run.path))</h3><figure>\(figure.svg)</figure></div>"
          }
        }
        return "<div class=\"side\">\(cells.joined(separator: "\n"))</div>"
      }
      return HTML.section("Figures", groups + [ReportFigures.advice])
    }
  }

  private var again: String {
    let lines = runs.flatMap { RunDescription($0).again.prefix(1) }
    return HTML.section(
      "How to make them again", lines.isEmpty ? [] : [HTML.code(lines.joined(separator: "\n"))])
  }

  private func number(_ value: Double?) -> String {
    value.map { HTML.escaped(NumberText.text($0, digits: 3)) } ?? ""
  }
}

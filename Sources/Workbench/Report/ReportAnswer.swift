import Expressions
import Glibc
import Problems
import Reports

/// What a run found, how far off it may be, and what that means.
struct ReportAnswer {
  let run: RecordedRun
  let problem: Problem?
  let description: RunDescription

  var sections: [String] {
    [
      HTML.section(
        "The answer",
        [HTML.facts(lines("answer") + lines("rows") + lines("claim")), estimates, formulas, events]),
      HTML.section("How good it is", errorParts),
    ]
  }

  private func lines(_ label: String) -> [(label: String, value: String)] {
    description.parts.filter { $0.label == label }.flatMap { part in
      part.lines.map { (part.label, HTML.escaped($0)) }
    }
  }

  private var estimates: String {
    let rows = run.estimates.map { name, estimate -> [String] in
      let spread = estimate.standardError.map { text($0, 2) } ?? "not known"
      let interval =
        estimate.standardError.map {
          "\(text(estimate.value - 1.96 * $0, 6)) to \(text(estimate.value + 1.96 * $0, 6))"
        } ?? ""
      return [
        problem?.scope.mathML(name: name) ?? HTML.escaped(name), text(estimate.value, 8), spread,
        interval,
      ]
    }
    return rows.isEmpty
      ? "" : HTML.table(["parameter", "value", "standard error", "95 % interval"], rows)
  }

  /// What `discover` found.
  private var formulas: String {
    let found = (run.summary?["discovered"]?["formulas"]?.elements ?? []).compactMap {
      $0["formula"]?.string
    }
    if found.isEmpty { return "" }
    let drawn = found.map { formula in
      let math = problem?.scope.mathML(equation: formula) ?? HTML.escaped(formula)
      return "<div class=\"formula\">\(math)</div>"
    }
    return "<h3>Formulas found</h3>\n" + drawn.joined(separator: "\n")
      + HTML.paragraph("Standard errors of their coefficients are after selection: too small.")
  }

  private var events: String {
    guard run.files.contains("events.csv") else { return "" }
    return "<p>Events are in <a href=\"events.csv\">events.csv</a>.</p>"
  }

  // MARK: Errors

  private var errorParts: [String] {
    let known = [truthErrors, estimated, fit, residuals].filter { !$0.isEmpty }
    return (known.isEmpty ? [HTML.paragraph(nothingKnown)] : known) + [warnings]
  }

  private var truthErrors: String {
    if run.errors.isEmpty { return "" }
    let rows = run.errors.map { unknown, norms -> [String] in
      [
        problem?.scope.mathML(name: unknown) ?? HTML.escaped(unknown),
        norms.relativeL2.map { text($0, 3) } ?? "",
        text(norms.max, 3), norms.relativeL2.map(Self.digits) ?? "",
      ]
    }
    return HTML.table(["unknown", "relative error", "largest error", "correct digits"], rows)
      + HTML.paragraph(
        "Measured \(description.against), over the rows of trajectory.csv: the root of the sum of "
          + "squared differences over that of the truth, and the largest difference."
          + (run.summary?["noise"] == nil ? "" : " Noise was added to the table after that."))
  }

  /// About how many leading digits are right.
  static func digits(_ relative: Double) -> String {
    relative > 0 ? "about \(max(0, Int(-log10(relative))))" : "all"
  }

  private var estimated: String {
    if run.estimatedErrors.isEmpty { return "" }
    let rows = run.estimatedErrors.map { [HTML.escaped($0), text($1, 2)] }
    let source =
      run.verb == "train"
      ? "The distance from the classical solution of the same problem, and that one's own error: "
        + "a measurement, not a bound."
      : "From the run's own refinement: the difference between its last grids, so far as it "
        + "shrinks as it should. An estimate, not a bound."
    return HTML.table(["unknown", "estimated relative error"], rows) + HTML.paragraph(source)
  }

  private var fit: String {
    guard let chi = run.chi2PerPoint else { return "" }
    let source = problem?.data?.noise == .unknown ? "estimated" : "declared"
    let words =
      chi < 0.5
      ? "below 1 by much: the noise is smaller than \(source), or the model follows it"
      : chi > 2
        ? "above 1 by much: the model misses part of what was measured, or the noise is larger than "
          + source
        : "near 1, as it is where model and noise are right"
    return HTML.paragraph(
      "χ² a measurement is \(NumberText.text(chi, digits: 3)): \(words).")
  }

  private var residuals: String {
    let posterior = run.summary?["a_posteriori"]
    let rows = ["equations", "conditions"].flatMap { posterior?[$0]?.elements ?? [] }
      .compactMap { row -> [String]? in
        guard let rms = row["rms"]?.double else { return nil }
        return [
          HTML.escaped(row["name"]?.string ?? ""), text(rms, 2),
          row["max"]?.double.map { text($0, 2) } ?? "",
        ]
      }
    if rows.isEmpty { return "" }
    return HTML.table(["what is left of", "root mean square", "largest"], rows)
      + HTML.paragraph(
        "Residuals say how well the equations hold at points that were not trained on, in the "
          + "equations' own units. They are not the error: that depends on how the problem "
          + "amplifies them.")
  }

  private var nothingKnown: String {
    guard run.outcome != nil else {
      return "The run has not ended: nothing is known of its error."
    }
    if run.verb == "compare" { return "Errors stand in the rows above, and in comparison.csv." }
    guard let problem else { return "The run tells of no error." }
    if !problem.exact.isEmpty || problem.reference != nil {
      return "The problem declares a truth, but the cases of a sweep are not compared with it."
    }
    return "The problem declares no truth to compare with. solve.rtol = "
      + "\(NumberText.text(problem.solve.rtol)) bounds the error of each step, not that of the "
      + "end: solve again with a tolerance a thousand times smaller and compare, or let "
      + "'cauchy reference' make a truth of stated accuracy."
  }

  private var warnings: String {
    run.warnings.map { "<p class=\"warning\">Warning: \(HTML.escaped($0))</p>" }
      .joined(separator: "\n")
  }

  private func text(_ number: Double, _ digits: Int) -> String {
    HTML.escaped(NumberText.text(number, digits: digits))
  }
}

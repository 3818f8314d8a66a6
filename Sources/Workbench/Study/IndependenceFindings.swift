import Flows
import Reports

/// What the runs of ``Independence`` say.
package struct IndependenceFindings {
  /// With the ridge, the largest difference of test errors in their mean.
  package static let largestSpread = 0.1
  /// Without it, the spread in that with it.
  package static let leastRatio = 5.0
  /// With the ridge, the largest difference of objectives in the least.
  package static let largestGap = 5e-3

  private let study: Independence
  private let runs: [Independence.Run]
  /// (max − min)/mean of the test errors, with the ridge and without.
  package let spread: (with: Double, without: Double)
  /// (max − min)/min of the objectives with the ridge.
  package let gap: Double

  package init(_ study: Independence, _ runs: [Independence.Run]) {
    (self.study, self.runs) = (study, runs)
    func range(_ numbers: [Double]) -> Double {
      guard numbers.allSatisfy(\.isFinite) else { return .infinity }
      return (numbers.max() ?? 0) - (numbers.min() ?? 0)
    }
    func spread(_ numbers: [Double]) -> Double {
      let range = range(numbers)
      let mean = numbers.reduce(0, +) / Double(max(numbers.count, 1))
      return range.isFinite && mean.isFinite ? range / mean : .infinity
    }
    let regular = runs.filter { $0.ridge > 0 }
    self.spread = (
      spread(regular.map(\.error)), spread(runs.filter { $0.ridge == 0 }.map(\.error))
    )
    let objectives = regular.map(\.objective)
    gap = range(objectives) / (objectives.min() ?? .nan)
  }

  /// Whether the claim holds; it does not where a run has no finite figures.
  package var holds: Bool {
    lost == nil && spread.with <= IndependenceFindings.largestSpread
      && spread.without >= IndependenceFindings.leastRatio * spread.with
      && gap <= IndependenceFindings.largestGap
  }

  var findings: StudyFindings {
    let count = 2 * Independence.optimisers.count * study.starts.count
    var findings = StudyFindings(
      table: table, figure: figure, lines: lines, holds: holds && runs.count == count,
      verdict: verdict, facts: facts,
      method: Independence.optimisers.map(\.name).joined(separator: ", "))
    for run in runs {
      findings.steps += run.report.steps
      findings.rejected += run.report.rejected
      findings.evaluations += run.report.evaluations
      findings.factorizations += run.report.factorizations
    }
    findings.isInterrupted = Interrupt.isRequested && runs.count < count
    return findings
  }

  private var table: StudyTable {
    var table = StudyTable([
      "optimiser", "start", "ridge", "test_error", "objective", "data_loss", "steps", "rejected",
      "evaluations", "ended",
    ])
    for run in runs {
      table.append([
        .text(run.optimiser.name), .number(run.start), .number(run.ridge), .number(run.error),
        .number(run.objective), .number(run.data), .count(run.report.steps),
        .count(run.report.rejected), .count(run.report.evaluations),
        .text(run.report.outcome.sentence),
      ])
    }
    return table
  }

  /// The runs of an optimiser and a start, without the ridge and with it.
  private var pairs: [(without: Independence.Run, with: Independence.Run)] {
    runs.filter { $0.ridge == 0 }.compactMap { plain in
      runs.first {
        $0.ridge > 0 && $0.optimiser == plain.optimiser && $0.start == plain.start
      }.map { (plain, $0) }
    }
  }

  private var figure: StudyTable {
    var figure = StudyTable(["optimiser", "start", "without_ridge", "with_ridge"])
    for (plain, regular) in pairs {
      figure.append([
        .text(plain.optimiser.name), .number(plain.start), .number(plain.error),
        .number(regular.error),
      ])
    }
    return figure
  }

  private var lines: [String] {
    let names = pairs.map(\.without.optimiser.name.count).max() ?? 0
    let table = TextTable(
      ["test error", "start", "without ridge", "with ridge", "objective"],
      widths: [names, 5, 13, 10, 9])
    return [table.heading]
      + pairs.map { plain, regular in
        table.line(
          [plain.optimiser.name, NumberText.text(plain.start)]
            + [plain.error, regular.error, regular.objective].map {
              NumberText.text($0, digits: 4)
            })
      }
  }

  private var facts: [(key: String, value: JSONValue)] {
    [
      ("spread_with_ridge", .number(spread.with)),
      ("spread_without_ridge", .number(spread.without)),
      ("objective_gap", .number(gap)),
      ("optimisers", .list(Independence.optimisers.map { .text($0.name) })),
      ("starts", .list(study.starts.map(JSONValue.number))),
    ]
  }

  private var verdict: String {
    func percent(_ part: Double) -> String { NumberText.text(100 * part, digits: 3) + " %" }
    if let lost {
      return
        "the claim does not hold: \(words(lost)) \(lost.ridge > 0 ? "with" : "without") the ridge "
        + "has no finite figures"
    }
    let found =
      "test errors spread by \(percent(spread.with)) of their mean with the ridge and by "
      + "\(percent(spread.without)) without, the objectives with it by \(percent(gap))"
    if holds { return found }
    let odd = outlier.map { "; furthest from the others is \($0)" } ?? ""
    return "the claim does not hold: \(found); it wants at most "
      + "\(percent(IndependenceFindings.largestSpread)), "
      + "\(NumberText.text(IndependenceFindings.leastRatio)) times as much, and at most "
      + "\(percent(IndependenceFindings.largestGap))\(odd)"
  }

  /// A run whose figures are not finite; without the ridge only the error is judged.
  private var lost: Independence.Run? {
    runs.first { !$0.error.isFinite || $0.ridge > 0 && !$0.objective.isFinite }
  }

  /// The run with the ridge whose objective is highest.
  private var outlier: String? {
    runs.filter { $0.ridge > 0 }.max { $0.objective < $1.objective }.map(words)
  }

  private func words(_ run: Independence.Run) -> String {
    "\(run.optimiser.name) from \(NumberText.text(run.start)) (\(run.report.outcome.sentence))"
  }
}

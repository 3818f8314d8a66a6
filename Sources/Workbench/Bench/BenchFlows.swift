import Flows
import Glibc
import Reports

/// Flows, steppers, controls and scalings against each other, on five problems for the same time.
package enum BenchFlows {
  package static let problems = ["poisson", "heat", "helmholtz", "wave", "burgers"]

  /// Those that are in the catalogs of what is wanted here.
  package static let choices = wanted.filter { (try? FlowChoice($0)) != nil }

  private static let wanted =
    errorControlled
    + [
      "gradient/lie2/descent", "gradient/lie2/descent/identity", "gradient/lie2/residual/identity",
      "gradient/rosenbrock-w", "gradient/exponential-rosenbrock", "gradient/bdf", "gradient/rkc2",
      "gradient/tsit5", "gradient/recycled-euler", "gauss-newton/tsit5", "momentum", "adam",
      "lbfgs",
    ]

  /// Error control alone: no gain ratio, no line search.
  package static let errorControlled = [
    "gradient/lie2/residual", "gradient/lie2/pair", "gradient/lie2/state",
  ]

  /// How much worse than the best of a problem error control may be.
  static let allowance = 1.5
  private static let seconds = 30.0
  /// A relative error of 1 is that of the answer 0: nothing is worse.
  private static let worst = 1.0

  /// Errors by problem and choice, means of their logarithms over the seeds.
  private typealias Logarithms = [String: [String: Double]]

  /// Measures the problems and choices that are wanted, then says which choices are best.
  package static func measure(
    _ options: BenchOptions, _ give: (BenchRow) throws -> Void
  ) throws {
    let problems = wantedNames(problems, options)
    let choices = wantedNames(choices, options)
    var found: Logarithms = [:]
    for problem in problems {
      for choice in choices {
        let (row, logarithm) = try measure(problem, choice, options)
        found[problem, default: [:]][choice] = logarithm
        try give(row)
      }
    }
    let ranking = rank(found, choices)
    for row in best(ranking) + controlled(found, ranking, problems) { try give(row) }
  }

  /// The names among the words of the command; all where none of them is.
  private static func wantedNames(_ names: [String], _ options: BenchOptions) -> [String] {
    let named = names.filter(options.rows.contains)
    return named.isEmpty ? names : named
  }

  private static func measure(
    _ problem: String, _ choice: String, _ options: BenchOptions
  ) throws -> (BenchRow, logarithm: Double) {
    var results: [BenchTraining.Result] = []
    do {
      for seed in 1...min(options.seeds, 2) {
        results.append(try train(problem, choice, seed, options))
      }
    } catch let fault as FlowError {
      // A stepper for small networks: nothing was learned.
      let row = BenchRow(
        what: "\(problem) \(choice)", ours: .error(worst), note: "refused: \(fault)")
      return (row, log10(worst))
    }
    let logarithms = results.map { log10($0.error < worst ? max($0.error, 1e-16) : worst) }
    let mean = logarithms.reduce(0, +) / Double(logarithms.count)
    let steps = results.map { "\($0.steps)" }.joined(separator: ", ")
    let errors = results.map { NumberText.text($0.error, digits: 2) }.joined(separator: ", ")
    var row = BenchRow(what: "\(problem) \(choice)", ours: .error(pow(10, mean)))
    row.note = "\(errors) by seed; \(steps) steps"
    if let failure = results.compactMap(\.failure).first { row.note += "; failed: \(failure)" }
    return (row, mean)
  }

  private static func train(
    _ problem: String, _ choice: String, _ seed: Int, _ options: BenchOptions
  ) throws -> BenchTraining.Result {
    let rules = ["train.seed=\(seed)", "train.stop={seconds: \(options.limited(seconds))}"]
    let training = try BenchTraining(
      "problems/\(problem).yaml", try FlowChoice(choice).overrides + rules,
      threads: options.workers)
    return try training.run(goal: 0)
  }

  /// Choices by the mean over the problems of log10(error / the best error of the problem).
  private static func rank(
    _ found: Logarithms, _ choices: [String]
  ) -> [(choice: String, digits: Double)] {
    choices.map { choice in
      let lost = found.values.map { row in
        (row[choice] ?? 0) - (row.values.min() ?? 0)
      }
      return (choice, lost.reduce(0, +) / Double(max(lost.count, 1)))
    }.sorted { $0.digits < $1.digits }
  }

  private static func best(_ ranking: [(choice: String, digits: Double)]) -> [BenchRow] {
    zip(["best", "second", "third"], ranking).map { place, row in
      BenchRow(
        what: "\(place) over all rows: \(row.choice)", ours: .digits(row.digits),
        note: "lost to the best of each problem, on average")
    }
  }

  /// The best of ``errorControlled`` beside the best of each problem; nothing where no other choice was
  /// measured.
  private static func controlled(
    _ found: Logarithms, _ ranking: [(choice: String, digits: Double)], _ problems: [String]
  ) -> [BenchRow] {
    guard let own = ranking.first(where: { errorControlled.contains($0.choice) })?.choice,
      ranking.contains(where: { !errorControlled.contains($0.choice) })
    else { return [] }
    return problems.compactMap { problem in
      guard let row = found[problem], let ours = row[own],
        let best = row.min(by: { ($0.value, $0.key) < ($1.value, $1.key) })
      else { return nil }
      return .compare(
        "\(problem): \(own) / best", .error(pow(10, ours)), .error(pow(10, best.value)),
        atMost: allowance, note: "best: \(best.key)")
    }
  }
}

extension BenchTable {
  static let flows = BenchTable(
    name: "flows",
    about: "relative L2 error of trainings for 30 s each, geometric mean of two seeds; then the "
      + "best choices over all problems, and error control alone beside the best of each",
    group: "flows", rows: BenchFlows.problems + BenchFlows.choices, body: BenchFlows.measure)
}

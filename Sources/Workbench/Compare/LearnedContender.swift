import Discretizations
import Flows
import Integrators
import Numerics
import Problems
import Reports
import Residuals

/// The learned side of a comparison: one training, measured.
struct LearnedContender {
  /// As the command named it; nil for the file's own training.
  let name: String?
  let problem: Problem
  let choices: TrainingChoices
  let usesReference: Bool
  let threads: Int

  /// Makes the model; everything that can be refused is refused here.
  ///
  /// - Throws: `ProblemFaults`, `FlowError`.
  func make() throws -> BenchTraining {
    try BenchTraining(problem, choices, threads: threads, usesReference: usesReference)
  }

  /// What the table calls it.
  var title: String { name ?? method }

  private var method: String {
    let settings = choices.settings
    let stepper = choices.choices.first { $0.key == "train.stepper" }?.value ?? ""
    let control = stepper == "lie2" ? "/" + settings.control.rawValue : ""
    return "\(settings.flow)/\(stepper)\(control)"
  }

  /// Trains, and measures the distance from the truth, or from the classical answer.
  ///
  /// - Parameter show: told of every step.
  func train(
    _ training: BenchTraining, _ answer: ClassicalAnswer?,
    show: @escaping (TrainingRow, Double) -> Void
  ) throws -> ComparisonRow {
    let stop = choices.stop
    training.training.isCancelled = { Interrupt.isRequested }
    training.training.on.append { [unowned training] event in
      guard case .step(let row) = event else { return }
      show(row, training.training.fraction(row))
    }
    let (report, _, energy) = ClassicalContender.measured { training.run() }
    let takesScaling = training.training.training.flowRow.takesScaling
    let scaling = takesScaling ? "/" + choices.settings.scaling.rawValue : ""
    var row = ComparisonRow(kind: "learned", name: title, method: method + scaling)
    row.seconds = report.seconds
    row.energy = energy
    row.counts.steps = report.steps
    row.counts.rejected = report.rejected
    row.counts.evaluations = report.evaluations
    row.counts.jacobians = report.jacobians
    row.counts.factorizations = report.factorizations
    row.loss = report.loss.isFinite ? report.loss : nil
    row.parameters = training.model.windows.reduce(0) { $0 + $1.parameters.count }
    row.message = report.outcome.sentence
    switch report.outcome {
    case .reached(let rule, let sentence) where stop.isMissed(by: rule):
      (row.outcome, row.message) = (.failed, "\(sentence); \(stop.missed)")
    case .reached: break
    case .stopped: row.outcome = .stopped
    case .failed: row.outcome = .failed
    }
    estimate(training.model, &row)
    try measure(training, answer, &row)
    return row
  }

  /// What the training found of the parameters that were sought.
  private func estimate(_ model: LearnedModel, _ row: inout ComparisonRow) {
    row.chi2PerPoint = model.chiSquarePerPoint
    let statements = model.estimates
    row.estimates = statements.map(\.entry)
    row.warnings = statements.compactMap(\.weakness)
  }

  private func measure(
    _ training: BenchTraining, _ answer: ClassicalAnswer?, _ row: inout ComparisonRow
  ) throws {
    let model = training.model
    let solution = model.solution()
    // Of windows that were not learned there are no values, and no error of the whole.
    let isWhole = solution.values.prefix(problem.unknowns.count).allSatisfy {
      $0.allSatisfy(\.isFinite)
    }
    guard isWhole else { return }
    row.take(try training.truth.errors(solution))
    var posterior = try Posterior(model)
    let bounds = posterior.bound?.entries.compactMap(\.relativeL2) ?? []
    row.bound = bounds.count == model.problem.unknowns.count ? bounds.max() : nil
    guard let answer else { return }
    posterior.compare(solution, answer, model)
    row.estimate = posterior.estimates?.map(\.relative).max()
    if row.against == nil, !posterior.distances.isEmpty {
      row.errors = posterior.distances.map { ($0.unknown, $0.norms) }
      row.against = "classical"
    }
  }
}

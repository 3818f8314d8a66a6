import Discretizations
import Flows
import Integrators
import Numerics
import Problems
import Reports
import Residuals

/// What a training says and writes when it is over.
struct TrainingFiles {
  private let options: TrainOptions
  private let choices: TrainingChoices
  private let model: LearnedModel
  private let truth: LearnedTruth
  private let progress: Progress

  init(
    _ options: TrainOptions, _ choices: TrainingChoices, _ model: LearnedModel,
    _ truth: LearnedTruth, _ progress: Progress
  ) {
    self.options = options
    self.choices = choices
    self.model = model
    self.truth = truth
    self.progress = progress
  }

  /// - Parameter timed: the steps of every window, where time ended one; else nil.
  func write(_ report: TrainingReport, timed: [Int]?, _ record: inout RunRecord) throws
    -> ExitStatus
  {
    describe(report, &record)
    let rows = model.solution()
    record.summary.errors = try truth.errors(rows)
    record.summary.chi2PerPoint = model.chiSquarePerPoint
    describeEstimates(&record)
    tell(rounds: report.rounds, &record)
    let posterior = try posterior(rows, report)
    if posterior.isInterrupted { record.summary.outcome = .stopped }
    record.summary.estimatedErrors = posterior.estimates
    record.summary.more = [("a_posteriori", posterior.json), ("choices", choices.json)]
    record.summary.remarks = noiseLines + posterior.lines
    if let least = model.smallestCausalWeight { tell(causalWeight: least, &record) }
    record.settings = choices.overrides + [choices.stop.override(endedBySeconds: timed)]
    let text = try record.resolvedText()
    let folder = record.folder
    let names =
      ["trajectory.csv", TrainingTable.fileName, CollocationTable.fileName, ModelFile.fileName]
      + [ErrorTable.fileName, SavedRun.fileName].filter { FileBytes.exists(folder.file($0)) }
    return try record.close(names) {
      try CollocationTable.write(model, to: folder.file(CollocationTable.fileName))
      try ModelFile.write(model, problem: text, to: folder.file(ModelFile.fileName))
      try DomainFiles.write(rows, to: folder.file("trajectory.csv"), leavingBlanks: true)
    }
  }

  private func describe(_ report: TrainingReport, _ record: inout RunRecord) {
    record.summary.seed = Int(truncatingIfNeeded: choices.physics.seed)
    record.summary.threads = model.residuals.threads
    record.summary.parameters = model.windows.reduce(0) { $0 + $1.parameters.count }
    record.take(report, choices.settings, choices.stop)
  }

  /// The parameters that were to be found, how well the data determine them, and the noise.
  private func describeEstimates(_ record: inout RunRecord) {
    let statements = model.estimates
    guard !statements.isEmpty else { return }
    record.summary.estimates = statements.map(\.entry)
    for statement in statements {
      if let weakness = statement.weakness { record.warn(weakness) }
    }
  }

  private var noiseLines: [String] {
    model.noise.filter(\.isEstimated).map {
      "noise of \($0.unknown): \(NumberText.text($0.deviation, digits: 3)), estimated"
    }
  }

  /// Says whether the equations came to their full weight beside the measurements.
  private func tell(rounds: Int, _ record: inout RunRecord) {
    let residuals = model.residuals
    let (factor, full) = (residuals.physicsFactor(round: rounds), PhysicsResiduals.physicsOverData)
    guard residuals.measurementCount > 0, factor < full else { return }
    let noise =
      rounds == 0 && residuals.estimatesNoise
      ? ", and the noise is a first guess, a tenth of the largest value" : ""
    record.warn(
      "the equations weigh \(NumberText.text(factor)) times as much as the data, and "
        + "\(NumberText.text(full)) times after more steps\(noise): train longer, or with a "
        + "smaller train.points.refresh")
  }

  /// Says whether all residuals counted alike at the end.
  private func tell(causalWeight least: Double, _ record: inout RunRecord) {
    record.summary.more.append(("smallest_causal_weight", .number(least)))
    let text = NumberText.text(least, digits: 3)
    record.summary.remarks.append("smallest causal weight: \(text)")
    guard least < 0.99 else { return }
    record.warn(
      "causal weights have not reached the end: the smallest is \(text); train longer, or with a "
        + "smaller 'causal'")
  }

  /// Seconds that the classical solver may take, or as many as the training where that took longer.
  private static let patience = 30.0

  private func posterior(_ rows: SampledSolution, _ report: TrainingReport) throws -> Posterior {
    var posterior = try Posterior(model)
    guard !truth.isKnown, case .reached = report.outcome else { return posterior }
    let limit = max(TrainingFiles.patience, report.seconds)
    let end = Clock.now + limit
    do {
      let answer = try ClassicalAnswer.find(
        model.problem.estimating(model.found), options, progress
      ) {
        Interrupt.isRequested || Clock.now > end
      }
      progress.finish()
      if let answer {
        posterior.compare(rows, answer, model)
      } else if Interrupt.isRequested {
        posterior.unanswered = "interrupted"
        posterior.isInterrupted = true
      } else {
        posterior.unanswered = "it would take more than \(NumberText.text(limit, digits: 2)) s"
      }
    } catch {
      progress.finish()
      posterior.unanswered = error.description
    }
    return posterior
  }
}

extension RunRecord {
  /// Takes the outcome and the counts of a training.
  mutating func take(
    _ report: TrainingReport, _ settings: TrainingSettings, _ stop: TrainingStop
  ) {
    summary.method = [
      report.flow, report.stepper, report.stepper == "lie2" ? settings.control.rawValue : nil,
    ].compactMap { $0 }.joined(separator: "/")
    summary.loss = report.loss.isFinite ? report.loss : nil
    summary.steps = report.steps
    summary.rejected = report.rejected
    summary.evaluations = report.evaluations
    summary.jacobians = report.jacobians
    summary.factorizations = report.factorizations
    let loss = report.loss.isFinite ? ", loss \(NumberText.text(report.loss, digits: 3))" : ""
    switch report.outcome {
    case .reached(let rule, let sentence):
      summary.message = sentence + loss
      if stop.isMissed(by: rule) { fail("\(sentence)\(loss); \(stop.missed)") }
    case .stopped:
      summary.outcome = .stopped
      summary.message =
        "stopped after \(report.steps) steps\(loss); go on with --resume \(folder.path)"
    case .failed(let sentence):
      fail("\(sentence); partial: the last good parameters were written\(loss)")
    }
  }
}

extension TrainingChoices {
  /// The summary's `choices`.
  var json: JSONValue { TrainingChoices.json(choices + stop.choices) }

  static func json(_ choices: [Choice]) -> JSONValue {
    .list(
      choices.map { choice in
        .object([
          ("key", .text(choice.key)), ("value", .text(choice.value)),
          ("reason", .text(choice.reason)),
        ])
      })
  }
}

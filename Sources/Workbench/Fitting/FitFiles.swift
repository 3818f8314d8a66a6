import Discretizations
import Flows
import Integrators
import Networks
import Numerics
import Problems
import Reports
import Residuals

/// What a fit says and writes when it is over.
struct FitFiles {
  private let options: TrainOptions
  private let choices: FitChoices
  private let training: FitTraining
  private let progress: Progress
  private var fit: TrajectoryFit { training.fit }

  init(
    _ options: TrainOptions, _ choices: FitChoices, _ training: FitTraining, _ progress: Progress
  ) {
    self.options = options
    self.choices = choices
    self.training = training
    self.progress = progress
  }

  func write(_ report: TrainingReport, _ record: inout RunRecord) throws -> ExitStatus {
    let model = FittedModel(fit, parameters: training.parameters, states: training.states)
    describe(report, &record)
    let residuals = try training.residuals ?? fit.residuals(pieces: 1)
    describeData(residuals, report, &record)
    describePhases(report, &record)
    record.summary.more.append(("choices", choices.json))
    if let data = fit.problem.data {
      record.summary.more.append(("measurements", try data.record(seed: fit.plan.seed)))
    }
    let timed = training.stepsEndedBySeconds(report)
    record.settings = choices.overrides + [choices.stop.override(endedBySeconds: timed)]
    let text = try record.resolvedText()
    let folder = record.folder
    var names = ["trajectory.csv"] + (fit.problem.events.isEmpty ? [] : ["events.csv"])
    names += ["fit.csv"] + (fit.problem.networks.isEmpty ? [] : ["terms.csv"])
    names += [TrainingTable.fileName, ModelFile.fileName]
    if FileBytes.exists(folder.file(SavedRun.fileName)) { names.append(SavedRun.fileName) }
    try ModelFile.write(model, problem: text, to: folder.file(ModelFile.fileName))
    let tables = FitTables(
      model, residuals,
      usesReference: fit.problem.reference != nil && !options.run.changesTruth)
    try tables.write(&record)
    if let discovery = try discover(model, residuals, report) {
      names += try DiscoveryFiles(discovery, tables).write(&record)
    } else if fit.problem.declared["discover"] != nil, case .reached = report.outcome {
      record.warn(
        "no formula: none of the terms has values along the fit, or none could be fitted; give others "
          + "in discover.terms")
    }
    return try record.close(names) {}
  }

  private func discover(
    _ model: FittedModel, _ residuals: TrajectoryResiduals, _ report: TrainingReport
  ) throws -> Discovery? {
    guard case .reached = report.outcome else { return nil }
    progress.work(1, "formulas for the learned terms")
    defer { progress.finish() }
    return try Discovery(model, residuals) { Interrupt.isRequested }
  }

  private func describe(_ report: TrainingReport, _ record: inout RunRecord) {
    record.summary.seed = Int(truncatingIfNeeded: fit.plan.seed)
    record.summary.threads = fit.threads
    record.summary.parameters = fit.layout.count
    record.take(report, choices.settings, choices.stop)
  }

  /// χ², noise and estimates at the end.
  private func describeData(
    _ residuals: TrajectoryResiduals, _ report: TrainingReport, _ record: inout RunRecord
  ) {
    let theta = Storage(training.parameters + residuals.statesStarting(with: training.states))
    defer { theta.keep() }
    record.summary.chi2PerPoint = residuals.chiSquarePerPoint(theta.vector)
    if let ridge = training.ridge {
      record.summary.remarks.append(
        "ridge: \(NumberText.text(ridge * fit.plan.ridge)), the best on the validation data")
    }
    for noise in residuals.noise where noise.isEstimated {
      record.summary.remarks.append(
        "noise of \(noise.unknown): \(NumberText.text(noise.deviation, digits: 3)), estimated")
    }
    let statements = residuals.estimateStatements(theta.vector)
    guard !statements.isEmpty else { return }
    record.summary.estimates = statements.map(\.entry)
    for statement in statements {
      if let weakness = statement.weakness { record.warn(weakness) }
    }
    describeCorrelations(residuals.estimateCorrelations(theta.vector), &record)
  }

  private func describeCorrelations(_ correlations: [[Double]], _ record: inout RunRecord) {
    guard correlations.count > 1 else { return }
    let names = fit.layout.estimates.map(\.name)
    record.summary.more.append(
      (
        "correlations",
        .object(
          zip(names, correlations).map { name, row in
            (name, .object(zip(names, row).map { ($0, .number($1)) }))
          })
      ))
    let pairs = names.indices.flatMap { i in
      (i + 1..<names.count).map { j in
        "\(names[i]), \(names[j]) \(NumberText.text(correlations[i][j], digits: 2))"
      }
    }
    record.summary.remarks.append("correlations: \(pairs.joined(separator: "; "))")
  }

  private func describePhases(_ report: TrainingReport, _ record: inout RunRecord) {
    var phases: [JSONValue] = []
    var used = (steps: 0, seconds: 0.0)
    func add(_ name: String, _ steps: Int, _ seconds: Double, _ loss: Double, _ sentence: String) {
      let text = NumberText.text(loss, digits: 3)
      record.summary.remarks.append(
        "phase \(name): \(steps) steps, \(NumberText.text(seconds, digits: 2)) s, loss \(text)")
      phases.append(
        .object([
          ("phase", .text(name)), ("steps", .integer(steps)), ("seconds", .number(seconds)),
          ("loss", .number(loss)), ("message", .text(sentence)),
        ]))
      used = (used.steps + steps, used.seconds + seconds)
    }
    for phase in training.finished {
      add(phase.phase.name, phase.work.steps, phase.work.seconds, phase.loss, phase.sentence)
    }
    add(
      training.phase.name, report.steps - used.steps, report.seconds - used.seconds, report.loss,
      report.outcome.sentence)
    record.summary.more.append(("phases", .list(phases)))
  }
}

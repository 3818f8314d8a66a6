import Discretizations
import Flows
import Numerics
import Problems
import Reports
import Residuals

/// Learns one problem into a run folder of its own.
final class TrainingRun {
  /// Seconds between checkpoints.
  static let checkpointInterval = 30.0

  private let options: TrainOptions
  private let problem: Problem
  private let choices: TrainingChoices
  private let warnings: [Diagnostic]
  private let threads: Int
  private let usesReference: Bool
  private let progress: Progress
  private var checkpointFailure: (any Error)?
  /// Of the last step that was accepted.
  private var lastRow: TrainingRow?

  init(
    _ options: TrainOptions, _ problem: Problem, _ choices: TrainingChoices,
    _ warnings: [Diagnostic]
  ) {
    self.options = options
    self.problem = problem
    self.choices = choices
    self.warnings = warnings
    threads = options.run.threads ?? MachineDescription.usableCores
    usesReference = problem.reference != nil && !options.run.changesTruth
    progress = Progress(quiet: options.run.quiet || options.run.json)
  }

  func run() throws -> ExitStatus {
    // Followed now: `latest` is about to point at the new run.
    let resumed = options.resume.map(resolvedPath)
    let saved = try options.resume.map { try SavedTraining.read($0, problem, choices) }
    let model = try LearnedModel(problem, choices.physics, threads: threads)
    let truth = LearnedTruth(problem, model, usesReference: usesReference)
    let training = try WindowTraining(model, choices, usesReference: usesReference)
    var record = try RunRecord(options.command, options.run, problem, warnings)
    // The factors of a step are those of this many threads, on every machine.
    BLAS.setThreads(threads)
    if let saved, !saved.checkpoint.isExact {
      record.warn(saved.checkpoint.restart)
    }
    if let saved, saved.threads != threads {
      record.warn("resumed with \(threads) threads instead of \(saved.threads): bits may differ")
    }
    if problem.reference != nil, !usesReference {
      record.warn("--set changes the problem itself: not compared with the reference")
    }
    if !options.run.quiet, !options.run.json {
      let bundles = model.residuals.arrangement.map { ["  points lie in \($0)"] } ?? []
      try Console.print(
        ([options.file + ":"] + choices.lines + bundles).joined(separator: "\n"))
    }
    let table = try TrainingTable(record.folder, blocks: model.residuals.blocks.map(\.name))
    let errors = try ErrorTable(truth, record.folder)
    if let saved, let resumed {
      table.copyRows(of: resumed, count: saved.rows)
      errors?.copyRows(of: resumed, count: saved.errorRows)
    }
    connect(training, table, errors, record.folder)
    let report = try saved.map { try training.resume($0) } ?? training.run()
    progress.finish()
    if let lastRow { errors?.row(lastRow, isForced: true, training.presentErrors) }
    try table.finish()
    try errors?.finish()
    if let checkpointFailure { throw checkpointFailure }
    return try TrainingFiles(options, choices, model, truth, progress)
      .write(report, timed: training.stepsEndedBySeconds(report), &record)
  }

  // MARK: While it runs

  private func connect(
    _ training: WindowTraining, _ table: TrainingTable, _ errors: ErrorTable?, _ folder: RunFolder
  ) {
    training.isCancelled = { [unowned self] in
      Interrupt.isRequested || table.failure != nil || errors?.failure != nil
        || checkpointFailure != nil
    }
    let text = SavedTraining.text(problem, choices)
    training.on.append { [unowned self, unowned training] event in
      switch event {
      case .step(let row), .reject(let row):
        table.row(row)
        if row.isAccepted {
          errors?.row(row, training.presentErrors)
          lastRow = row
        }
        progress.training(
          training.fraction(row), loss: row.isAccepted ? row.loss : nil,
          training.name + TrainingRun.words(row))
      case .checkpoint(let checkpoint):
        // A checkpoint must not run ahead of the rows.
        table.flush()
        errors?.flush()
        guard table.failure == nil, errors?.failure == nil else { return }
        let saved = SavedTraining(
          problem: text, threads: threads, rows: table.rowCount,
          errorRows: errors?.rowCount ?? 0, checkpoint: checkpoint, finished: training.finished)
        do { try SavedRun.write(saved, folder) } catch { checkpointFailure = error }
      case .start(let row):
        if row.step == 0 { errors?.row(row, training.presentErrors) }
        progress.begin(at: training.fraction(row))
      case .resample, .stop: break
      }
    }
  }

  /// What a line of progress says of a step, the most important first: a narrow terminal leaves the
  /// last parts out.
  static func words(_ row: TrainingRow) -> String {
    let numbers = [row.loss, row.error, row.h, row.tau].map { NumberText.text($0, digits: 3) }
    return "loss \(numbers[0])  error \(numbers[1])  h = \(numbers[2])  tau = \(numbers[3])"
      + "  step \(row.step)"
  }
}

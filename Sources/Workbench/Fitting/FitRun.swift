import Discretizations
import Flows
import Numerics
import Problems
import Reports
import Residuals

/// Fits the trajectories of one problem into a run folder of its own.
final class FitRun {
  private let options: TrainOptions
  private let problem: Problem
  private let choices: FitChoices
  private let threads: Int
  private let progress: Progress
  private var checkpointFailure: (any Error)?

  init(_ options: TrainOptions, _ problem: Problem, _ choices: FitChoices) {
    self.options = options
    self.problem = problem
    self.choices = choices
    threads = options.run.threads ?? MachineDescription.usableCores
    progress = Progress(quiet: options.run.quiet || options.run.json)
  }

  func run() throws -> ExitStatus {
    // Followed now: `latest` is about to point at the new run.
    let resumed = options.resume.map(resolvedPath)
    let saved = try options.resume.map { try SavedFit.read($0, problem, choices) }
    let fit = try TrajectoryFit(problem, choices.plan, threads: threads)
    let training = try FitTraining(fit, choices)
    var record = try RunRecord(options.command, options.run, problem, [])
    BLAS.setThreads(threads)
    if let saved, !saved.checkpoint.isExact { record.warn(saved.checkpoint.restart) }
    if let saved, saved.threads != threads {
      record.warn("resumed with \(threads) threads instead of \(saved.threads): bits may differ")
    }
    if !options.run.quiet, !options.run.json {
      try Console.print(
        ([options.file + ":"] + choices.lines + phaseLines(fit)).joined(separator: "\n"))
    }
    let names = try training.blockNames()
    let table = try TrainingTable(record.folder, blocks: names + ["solve_evaluations"])
    if let saved, let resumed { table.copyRows(of: resumed, count: saved.rows) }
    connect(training, names, table, record.folder)
    let report = try saved.map { try training.resume($0) } ?? training.run()
    progress.finish()
    try table.finish()
    if let checkpointFailure { throw checkpointFailure }
    return try FitFiles(options, choices, training, progress).write(report, &record)
  }

  private func phaseLines(_ fit: TrajectoryFit) -> [String] {
    let names = FitPhase.all(fit).map(\.name)
    let why =
      fit.isWhole
      ? "the whole state is measured"
      : fit.lines == nil
        ? "part of the state is not measured: the horizon grows"
        : "the horizon grows"
    let noise = fit.noise.map {
      "\($0.unknown) \(NumberText.text($0.deviation, digits: 3))"
        + ($0.isEstimated ? " (from neighbouring points)" : "")
    }
    let lines = fit.lines.map {
      "  lines: \($0.grid.nodes.count) nodes in \($0.grid.variable), differences of order "
        + "\(LinesGrid.order)"
    }
    return (lines.map { [$0] } ?? []) + [
      "  phases: \(names.joined(separator: ", then ")); \(why)",
      "  noise: \(noise.joined(separator: ", "))",
    ]
  }

  // MARK: While it runs

  private func connect(
    _ training: FitTraining, _ names: [String], _ table: TrainingTable, _ folder: RunFolder
  ) {
    training.isCancelled = { [unowned self] in
      Interrupt.isRequested || table.failure != nil || checkpointFailure != nil
    }
    let text = SavedFit.text(problem, choices)
    training.on.append { [unowned self, unowned training] event in
      switch event {
      case .step(let row), .reject(let row):
        table.row(FitRun.aligned(row, training, names))
        progress.training(
          training.fraction(row), loss: row.isAccepted ? row.loss : nil,
          training.phase.name + "  " + TrainingRun.words(row))
      case .checkpoint(let checkpoint):
        // A checkpoint must not run ahead of the rows.
        table.flush()
        guard table.failure == nil else { return }
        let saved = SavedFit(
          problem: text, threads: threads, rows: table.rowCount, phase: training.phase,
          checkpoint: checkpoint, settling: training.settling.values, finished: training.finished)
        do { try SavedRun.write(saved, folder) } catch { checkpointFailure = error }
      case .start(let row): progress.begin(at: training.fraction(row))
      case .resample, .stop: break
      }
    }
  }

  /// The row with a loss for every block of any phase, and what a solve costs behind them.
  private static func aligned(_ row: TrainingRow, _ training: FitTraining, _ names: [String])
    -> TrainingRow
  {
    var row = row
    let present = training.blocks
    row.blocks =
      names.map { name in
        present.firstIndex(of: name).flatMap { $0 < row.blocks.count ? row.blocks[$0] : nil }
          ?? .nan
      } + [training.solveEvaluations.map(Double.init) ?? .nan]
    return row
  }
}

import Flows
import Numerics
import Problems
import Reports
import Residuals

/// A training as `cauchy train` does it, with nothing written: what it reached, and when.
final class BenchTraining {
  let problem: Problem
  let model: LearnedModel
  let training: Training
  let truth: LearnedTruth
  private let threads: Int

  /// What a training came to.
  struct Result {
    /// The largest relative error of an unknown at the end.
    var error: Double
    var steps: Int
    var seconds: Double
    /// When an error was first at the goal or below it; nil if it never was.
    var reachedAfter: Double?
    /// Why it ended before its time; nil for a rule that was met.
    var failure: String?
  }

  /// Parameters at a time.
  private struct Snapshot {
    var seconds: Double
    var theta: [Double]
  }

  /// How many times a training's error is measured at most.
  private static let snapshots = 150.0

  /// Reads a problem file and makes everything ready.
  convenience init(_ file: String, _ overrides: [String], threads: Int) throws {
    let problem = try ProblemFile.read(file, overrides)
    try self.init(
      problem, try TrainingChoices(problem), threads: threads,
      usesReference: problem.reference != nil)
  }

  /// Makes everything ready for a problem that was read.
  init(
    _ problem: Problem, _ choices: TrainingChoices, threads: Int, usesReference: Bool
  ) throws {
    self.problem = problem
    model = try LearnedModel(problem, choices.physics, threads: threads)
    truth = LearnedTruth(problem, model, usesReference: usesReference)
    training = try Training(model.residuals, choices.settings)
    self.threads = threads
    training.resample = { [residuals = model.residuals] in residuals.resample($0, round: $1) }
    training.measureError = { [model, truth] theta in
      model.parameters = theta.array
      return truth.worst
    }
  }

  /// Trains; BLAS works with as many threads as the training meanwhile.
  func run() -> TrainingReport {
    let before = BLAS.threads
    BLAS.setThreads(threads)
    defer { BLAS.setThreads(before) }
    return training.run(from: model.parameters)
  }

  /// Trains, and measures the errors on the way when the clock has stopped.
  func run(goal: Double) -> Result {
    let pause = (training.settings.stop.seconds ?? 0) / BenchTraining.snapshots
    var kept: [Snapshot] = []
    training.on.append { [unowned training] event in
      guard case .step(let row) = event else { return }
      if let last = kept.last, row.seconds < last.seconds + pause { return }
      kept.append(Snapshot(seconds: row.seconds, theta: training.parameters))
    }
    let report = run()
    let error = error(report.theta)
    let first = kept.first { self.error($0.theta) <= goal }
    var result = Result(error: error, steps: report.steps, seconds: report.seconds)
    result.reachedAfter = first?.seconds ?? (error <= goal ? report.seconds : nil)
    if case .failed(let sentence) = report.outcome { result.failure = sentence }
    return result
  }

  private func error(_ theta: [Double]) -> Double {
    model.parameters = theta
    return truth.worst
  }
}

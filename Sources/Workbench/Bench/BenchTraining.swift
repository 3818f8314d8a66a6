import Discretizations
import Flows
import Numerics
import Problems
import Reports
import Residuals

/// A training as `cauchy train` does it, with nothing written: what it reached, and when.
final class BenchTraining {
  let problem: Problem
  let model: LearnedModel
  let training: WindowTraining
  let truth: LearnedTruth
  private let threads: Int
  private let measured: Measured

  /// Whose relative error counts.
  enum Measured: Sendable {
    /// The worst of the unknowns, beside the truth that the problem declares.
    case unknowns
    /// An observable, another one being its error: the norm over the rows.
    case observable(String, error: String)
    /// An estimate, beside its true value.
    case estimate(String, Double)
  }

  /// What a training came to.
  struct Result {
    /// The relative error at the end of what is measured.
    var error: Double
    var steps: Int
    var seconds: Double
    /// When an error was first at the goal or below it; nil if it never was.
    var reachedAfter: Double?
    /// Why it ended before its time; nil for a rule that was met.
    var failure: String?
    /// Whether the true value lies in the 95 % interval of the estimate; nil for other measures.
    var isCovered: Bool?
  }

  /// The windows learned at a time, all of them.
  private struct Snapshot {
    var seconds: Double
    var windows: [LearnedWindow]
  }

  /// How many times a training's error is measured at most.
  private static let snapshots = 150.0

  /// Reads a problem file and makes everything ready.
  convenience init(
    _ file: String, _ overrides: [String], threads: Int, measured: Measured = .unknowns
  ) throws {
    let problem = try ProblemFile.read(file, overrides)
    try self.init(
      problem, try TrainingChoices(problem), threads: threads,
      usesReference: problem.reference != nil, measured: measured)
  }

  /// Makes everything ready for a problem that was read.
  init(
    _ problem: Problem, _ choices: TrainingChoices, threads: Int, usesReference: Bool,
    measured: Measured = .unknowns
  ) throws {
    self.problem = problem
    self.measured = measured
    model = try LearnedModel(problem, choices.physics, threads: threads)
    truth = LearnedTruth(problem, model, usesReference: usesReference)
    training = try WindowTraining(model, choices, usesReference: usesReference)
    self.threads = threads
  }

  /// Trains; BLAS works with as many threads as the training meanwhile.
  func run() -> TrainingReport {
    let before = BLAS.threads
    BLAS.setThreads(threads)
    defer { BLAS.setThreads(before) }
    return training.run()
  }

  /// Trains, and measures the errors on the way when the clock has stopped.
  ///
  /// - Throws: ``BenchInterrupted``.
  func run(goal: Double) throws -> Result {
    training.isCancelled = { Interrupt.isRequested }
    let pause = (training.training.settings.stop.seconds ?? 0) / BenchTraining.snapshots
    var kept: [Snapshot] = []
    training.on.append { [unowned training, model] event in
      // The error is that of the whole domain: there is one in the last window.
      guard case .step(let row) = event, model.windows.count == model.plan.windows else { return }
      if let last = kept.last, row.seconds < last.seconds + pause { return }
      var windows = model.windows
      windows[windows.count - 1].parameters = training.training.parameters
      kept.append(Snapshot(seconds: row.seconds, windows: windows))
    }
    let report = run()
    try BenchInterrupted.check()
    let error = error(model.windows)
    let first = kept.first { self.error($0.windows) <= goal }
    var result = Result(error: error, steps: report.steps, seconds: report.seconds)
    result.reachedAfter = first?.seconds ?? (error <= goal ? report.seconds : nil)
    if case .failed(let sentence) = report.outcome { result.failure = sentence }
    result.isCovered = isCovered
    return result
  }

  private func error(_ windows: [LearnedWindow]) -> Double {
    model.windows = windows
    switch measured {
    case .unknowns: return truth.worst
    case .observable(let name, let miss):
      let rows = model.solution()
      guard let value = rows.columns.firstIndex(of: name),
        let error = rows.columns.firstIndex(of: miss)
      else { return .infinity }
      var (missed, size) = (0.0, 0.0)
      for (value, error) in zip(rows.values[value], rows.values[error]) {
        missed += error * error
        size += (value - error) * (value - error)
      }
      return (missed / size).squareRoot()
    case .estimate(let name, let value):
      return model.found[name].map { ($0 / value - 1).magnitude } ?? .infinity
    }
  }

  private var isCovered: Bool? {
    guard case .estimate(let name, let value) = measured,
      let found = model.estimates.first(where: { $0.name == name })
    else { return nil }
    return found.standardError.map { (found.value - value).magnitude <= 1.96 * $0 }
  }
}

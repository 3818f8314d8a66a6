import Flows
import Numerics
import Problems
import Residuals

/// Trains the windows of a model one after the other; without windows that is one training.
///
/// Steps, evaluations and seconds go on from window to window; the time of the flow starts anew.
/// Not `Sendable`: one task trains.
final class WindowTraining {
  /// A window whose training has reached its end.
  struct Finished: Codable {
    var parameters: [Double]
    var rule: TrainingRule
    var sentence: String
    var loss: Double
    var work: TrainingWork
  }

  let model: LearnedModel
  /// Called in order with every event; the end is told once, of all windows.
  var on: [Training.Hook] = []
  /// Polled between steps.
  var isCancelled: () -> Bool = { false }
  private(set) var finished: [Finished] = []
  /// What ended the last window; nil where no rule did.
  private var lastRule: TrainingRule?
  private let choices: TrainingChoices
  private let usesReference: Bool

  /// Of the present window.
  private(set) var training: Training
  /// Of the present window.
  private var truth: LearnedTruth

  /// Prepares the training of a model with its first window alone.
  ///
  /// - Throws: `FlowError` if there is no such flow, or the stepper does not go with it.
  init(_ model: LearnedModel, _ choices: TrainingChoices, usesReference: Bool) throws(FlowError) {
    self.model = model
    self.choices = choices
    self.usesReference = usesReference
    training = try Training(model.residuals, Self.settings(choices, model, []))
    truth = LearnedTruth(model.residuals.problem, model, usesReference: usesReference)
  }

  private static func settings(
    _ choices: TrainingChoices, _ model: LearnedModel, _ finished: [Finished]
  ) -> TrainingSettings {
    var settings = choices.settings
    settings.stop = choices.stop.rule(
      window: finished.count, of: model.plan.windows,
      used: work(finished).seconds)
    return settings
  }

  private func prepare() throws(FlowError) {
    training = try Training(model.residuals, Self.settings(choices, model, finished))
    truth = LearnedTruth(model.residuals.problem, model, usesReference: usesReference)
  }

  private var count: Int { model.plan.windows }
  private static func work(_ finished: [Finished]) -> TrainingWork {
    finished.reduce(into: TrainingWork()) { $0 += $1.work }
  }
  /// Of the windows before the present one.
  private var work: TrainingWork { Self.work(finished) }

  /// Trains all windows, until one fails or is told to stop.
  ///
  /// The model is left with the last parameters accepted. Of the report, `theta` and what belongs
  /// to a place of the flow are those of the last window; the loss is the mean over the windows.
  func run() -> TrainingReport { go(from: nil) }

  /// Goes on from a checkpoint, in the window where it was written.
  ///
  /// - Throws: what a window cannot be made for.
  func resume(_ saved: SavedTraining) throws -> TrainingReport {
    finished = saved.finished
    for window in finished {
      model.parameters = window.parameters
      try model.addWindow()
    }
    try prepare()
    return go(from: saved.checkpoint)
  }

  private func go(from checkpoint: TrainingCheckpoint?) -> TrainingReport {
    var report = train(from: checkpoint)
    while case .reached(let rule, let sentence) = report.outcome, finished.count + 1 < count {
      finished.append(
        Finished(
          parameters: report.theta, rule: rule, sentence: sentence, loss: report.loss,
          work: TrainingWork(report)))
      do {
        try model.addWindow()
        try prepare()
        report = train(from: nil)
      } catch {
        // A second window was made at the start, to be sure that this does not happen.
        finished.removeLast()
        report.outcome = .failed("a window cannot start from the one before: \(error)")
      }
    }
    if case .reached(let rule, _) = report.outcome { lastRule = rule }
    let whole = whole(report)
    tell(.stop(whole))
    return whole
  }

  private func train(from checkpoint: TrainingCheckpoint?) -> TrainingReport {
    let (model, residuals, truth) = (model, model.residuals, truth)
    training.resample = { residuals.resample($0, round: $1) }
    training.measureError = { theta in
      model.parameters = theta.array
      return truth.worst
    }
    training.isCancelled = isCancelled
    training.on = [{ [unowned self] event in pass(event) }]
    let report =
      checkpoint.map { training.resume($0) } ?? training.run(from: model.parameters)
    model.parameters = report.theta
    return report
  }

  /// The relative error of each unknown with a truth, at the last parameters accepted.
  ///
  /// - Cost: a forward pass over the rows of the present window.
  func presentErrors() -> [Double] {
    model.parameters = training.parameters
    return truth.present
  }

  // MARK: What is told

  private func tell(_ event: TrainingEvent) {
    for hook in on { hook(event) }
  }

  private func pass(_ event: TrainingEvent) {
    if case .stop = event { return }
    tell(work.before(event))
  }

  /// What a line of progress starts with.
  var name: String { count == 1 ? "" : "window \(finished.count + 1) of \(count)  " }

  /// How much of the time or the steps is used at a row, from 0 to 1.
  func fraction(_ row: TrainingRow) -> Double {
    let part = TrainingStop.fraction(
      training.settings.stop, seconds: row.seconds - work.seconds, steps: row.step - work.steps)
    return (Double(finished.count) + min(part, 1)) / Double(count)
  }

  /// The steps of every window, where time ended one of them and all are trained; else nil.
  ///
  /// - Parameter whole: the report of all windows.
  func stepsEndedBySeconds(_ whole: TrainingReport) -> [Int]? {
    guard let lastRule, (finished.map(\.rule) + [lastRule]).contains(.seconds) else { return nil }
    return finished.map(\.work.steps) + [whole.steps - work.steps]
  }

  private func whole(_ last: TrainingReport) -> TrainingReport {
    if count == 1 { return last }
    var report = work.before(last)
    report.loss =
      finished.reduce(last.loss) { $0 + $1.loss } / Double(finished.count + 1)
    let name = "window \(finished.count + 1) of \(count): "
    switch last.outcome {
    case .failed(let sentence): report.outcome = .failed(name + sentence)
    case .stopped: break
    case .reached(let rule, let sentence):
      report.outcome = .reached(rule, name + sentence)
      // A target that any window missed was not reached.
      for (index, window) in finished.enumerated() where choices.stop.isMissed(by: window.rule) {
        report.outcome = .reached(
          window.rule, "window \(index + 1) of \(count): \(window.sentence)")
        break
      }
    }
    return report
  }
}

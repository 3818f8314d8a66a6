import Flows
import Problems
import Reports

/// What a fit leaves behind so that `--resume` goes on with it.
struct SavedFit: Codable {
  /// The resolved problem without `train.stop`.
  var problem: String
  var threads: Int
  /// Rows of training.csv up to the checkpoint.
  var rows: Int
  /// Of the present phase.
  var phase: FitPhase
  var checkpoint: TrainingCheckpoint
  /// What the rule looks back on that tells when a fit gets no better.
  var settling: [Double]
  /// The phases before.
  var finished: [FitTraining.Finished]

  /// Reads the checkpoint of a run of the same problem.
  ///
  /// - Throws: ``UsageFault`` where the run cannot go on.
  static func read(_ run: String, _ problem: Problem, _ choices: FitChoices) throws -> SavedFit {
    let saved = try SavedRun.read(run, SavedFit.self)
    guard saved.problem == text(problem, choices) else {
      throw UsageFault(
        description: "\(run) is a run of another problem or of other settings; resume with the "
          + "same file and the same --set (train.stop may differ)")
    }
    guard saved.rows >= 0, saved.threads > 0,
      saved.checkpoint.isWhole(parameters: saved.checkpoint.scale.count)
    else {
      throw UsageFault(
        description: "\(run)/\(SavedRun.fileName) is damaged; run the problem anew")
    }
    return saved
  }

  /// The problem's text as checkpoints hold it.
  static func text(_ problem: Problem, _ choices: FitChoices) -> String {
    problem.resolvedYAML(setting: choices.overrides + ["train.stop=null"])
  }
}

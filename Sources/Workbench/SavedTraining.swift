import Flows
import Problems
import Reports

/// What a training leaves behind so that `--resume` goes on with it.
struct SavedTraining: Codable {
  /// The resolved problem without `train.stop`: a run goes on with the same one, and may go further.
  var problem: String
  var threads: Int
  /// Rows of training.csv up to the checkpoint.
  var rows: Int
  var checkpoint: TrainingCheckpoint

  /// Reads the checkpoint of a run of the same problem.
  ///
  /// - Throws: ``UsageFault`` where the run cannot go on.
  static func read(_ run: String, _ problem: Problem, _ choices: TrainingChoices) throws
    -> SavedTraining
  {
    let saved = try SavedRun.read(run, SavedTraining.self)
    guard saved.problem == text(problem, choices) else {
      throw UsageFault(
        description: "\(run) is a run of another problem or of other settings; resume with the "
          + "same file and the same --set (train.stop may differ)")
    }
    return saved
  }

  /// The problem's text as checkpoints hold it.
  static func text(_ problem: Problem, _ choices: TrainingChoices) -> String {
    problem.resolvedYAML(setting: choices.overrides + ["train.stop=null"])
  }
}

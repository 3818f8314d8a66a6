import Flows
import Networks
import Problems
import Reports
import Residuals

/// What a training leaves behind so that `--resume` goes on with it.
struct SavedTraining: Codable {
  /// The resolved problem without `train.stop`: a run goes on with the same one, and may go further.
  var problem: String
  var threads: Int
  /// Rows of training.csv up to the checkpoint.
  var rows: Int
  /// Rows of errors.csv up to the checkpoint.
  var errorRows: Int
  /// Of the present window.
  var checkpoint: TrainingCheckpoint
  /// The windows before.
  var finished: [WindowTraining.Finished]

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
    let plan = choices.physics
    let size =
      ParameterLayout(problem, solution: plan.shape, coefficients: plan.coefficients).count
    guard saved.rows >= 0, saved.errorRows >= 0, saved.threads > 0,
      saved.checkpoint.isWhole(parameters: size),
      saved.finished.count < plan.windows,
      saved.finished.allSatisfy({ $0.parameters.count == size })
    else {
      throw UsageFault(
        description: "\(run)/\(SavedRun.fileName) is damaged; run the problem anew")
    }
    return saved
  }

  /// The problem's text as checkpoints hold it.
  static func text(_ problem: Problem, _ choices: TrainingChoices) -> String {
    problem.resolvedYAML(setting: choices.overrides + ["train.stop=null"])
  }
}

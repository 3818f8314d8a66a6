import Discretizations
import Flows
import Numerics
import Problems
import Reports
import Residuals

/// Learns the solution of a problem file; nothing is written.
///
/// - Parameters:
///   - path: the problem file.
///   - overrides: `path=value`, as `--set` of the command takes them.
///   - threads: how many work; nil for one a core. The same count gives the same bits.
///   - hook: told of every event: the start, steps, rejected attempts, new points, the end.
/// - Returns: the model, with the report of its training. A numerical failure is the report's
///   outcome; the parameters are then the last good ones.
/// - Throws: `ProblemUnreadable`, `ProblemFaults` (their text is what the command prints).
public func train(
  problemFile path: String, set overrides: [String] = [], threads: Int? = nil,
  on hook: @escaping Training.Hook = { _ in }
) throws -> LearnedModel {
  let problem = try ProblemFile.read(path, overrides)
  try TrainWorkflow.requireTrainable(problem)
  _ = try WellPosedness.check(problem)
  let choices = try TrainingChoices(problem)
  let model = try LearnedModel(
    problem, choices.physics, threads: threads ?? MachineDescription.usableCores)
  let training = try WindowTraining(model, choices, usesReference: problem.reference != nil)
  training.on.append(hook)
  model.report = training.run()
  return model
}

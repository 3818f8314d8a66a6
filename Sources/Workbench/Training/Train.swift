import Discretizations
import Problems
import Reports
import Residuals

/// Runs `cauchy train`.
public struct TrainWorkflow {
  private let options: TrainOptions

  /// Makes the workflow of the options given.
  public init(_ options: TrainOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    Interrupt.install()
    do {
      let problem = try ProblemFile.read(options.file, options.overrides)
      for warning in problem.warnings where !options.run.quiet {
        Console.complain(warning)
      }
      try TrainWorkflow.requireTrainable(problem)
      if problem.training == .trajectory {
        return try FitRun(options, problem, FitChoices(problem)).run()
      }
      let posed = try WellPosedness.check(problem)
      for warning in posed where !options.run.quiet { Console.complain(warning) }
      let choices = try TrainingChoices(problem)
      return try TrainingRun(options, problem, choices, posed).run()
    } catch {
      return ErrorReport.tell(error, file: options.file)
    }
  }

  /// Refuses what this verb does not learn, before any work.
  static func requireTrainable(_ problem: Problem) throws {
    for variable in problem.variables where problem.output[variable.name] == .steps {
      throw problem.fault(
        path: "output.\(variable.name)", "a learned solution has no steps in '\(variable.name)'",
        "write a number of points")
    }
  }
}

import Discretizations
import Expressions
import Integrators
import Problems

/// Reads a problem file, solves it and returns the whole solution; nothing is written.
///
/// - Parameters:
///   - path: the file, an initial-value problem.
///   - overrides: `path=value`, as `--set` of the command takes them.
/// - Returns: the rows that the file's `output` asks for, and dense output between. The components
///   are the unknowns, those of higher order followed by their derivatives:
///   ``Trajectory/names`` says which. A numerical failure is the report's outcome.
/// - Throws: `ProblemUnreadable`, `ProblemFaults` (their text is what the command prints), and the
///   errors of a system that cannot be started.
public func solve(problemFile path: String, set overrides: [String] = []) throws -> Trajectory {
  let problem = try ProblemFile.read(path, overrides)
  try SolveWorkflow.requireSolvable(problem)
  if DomainSolvers.suits(problem) {
    throw ProblemFaults(diagnostics: [
      Diagnostic(
        file: problem.file, line: 0, column: 0,
        message: "not an initial-value problem of ordinary differential equations",
        remedy: "solve it with solveDomain(problemFile:)")
    ])
  }
  let initial = try InitialValueProblem(problem)
  let code = initial.makeCode(NativeCode.Choice(rawValue: problem.solve.code.rawValue) ?? .auto)
  return try CaseSolver(problem: initial, code: code, plan: RowPlan(initial, reference: []))
    .trajectory()
}

extension CaseSolver {
  /// The solution for the declared parameters and initial values, with dense output.
  fileprivate func trajectory() throws -> Trajectory {
    let parameters = try problem.parameters()
    let field = problem.makeField(parameters, code)
    let (y0, _) = try problem.initialState(field, parameters)
    var trajectory = try Integrators.solve(
      field, from: problem.start, to: problem.end, initial: y0,
      method: problem.problem.solve.method, tolerances: problem.tolerances(y0, parameters),
      settings: settings(parameters, field))
    trajectory.names = problem.form.state.map(\.description)
    if case .failed(var failure) = trajectory.report.outcome {
      failure.names = trajectory.names
      trajectory.report.outcome = .failed(failure)
    }
    return trajectory
  }
}

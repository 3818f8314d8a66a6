import Discretizations
import Problems
import Reports

/// The solution of a problem file on its whole domain, with what is known of its error.
public struct DomainReport: Sendable {
  /// Unknowns, then observables, on the points of `output`; fewer where it ended early.
  public let solution: SampledSolution
  /// Whether the end was reached and the accuracy met.
  public let isReached: Bool
  /// One sentence: where it ended and, after a failure, why and what to try.
  public let message: String
  /// Unknown to its estimated relative error; empty where nothing was there to compare with.
  public let estimatedErrors: [String: Double]
}

/// Solves a partial differential equation or a boundary-value problem; nothing is written.
///
/// - Parameters:
///   - path: the problem file.
///   - overrides: `path=value`, as `--set` of the command takes them.
/// - Throws: `ProblemUnreadable`, `ProblemFaults` (their text is what the command prints). A numerical
///   failure, or an accuracy that is not met, is the report's.
/// - Precondition: the file is not one that ``solve(problemFile:set:)`` takes.
public func solveDomain(problemFile path: String, set overrides: [String] = []) throws
  -> DomainReport
{
  let problem = try ProblemFile.read(path, overrides)
  try SolveWorkflow.requireSolvable(problem)
  _ = try WellPosedness.check(problem)
  precondition(
    DomainSolvers.suits(problem), "\(path) is an initial-value problem: use solve(problemFile:)")
  let solver = try DomainSolvers.make(problem, usesReference: false)
  try solver.requireStart()
  let found = try solver.solve(Progress(quiet: true), isCancelled: { false })
  return DomainReport(
    solution: found.rows, isReached: found.outcome == .reached, message: found.message,
    estimatedErrors: Dictionary(
      uniqueKeysWithValues: (found.estimates ?? []).map { ($0.unknown, $0.relative) }))
}

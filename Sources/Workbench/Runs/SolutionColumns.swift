import Problems
import Reports

/// What the columns of a run's `trajectory.csv` stand for.
public struct SolutionColumns: Sendable, Equatable {
  /// What tells the cases of a sweep or the trajectories apart; none of a single solution.
  public let leading: [String]
  /// The problem's variables.
  public let variables: [String]
  /// The variable in which the solution is marched; nil where there is none.
  public let marching: String?
  /// What the table says at each place: unknowns, observables, sensitivities.
  public let values: [String]

  /// Whether the table is one solution of ordinary equations: a curve over its first column.
  public var isOneCurve: Bool { leading.isEmpty && variables.count == 1 }

  /// Tells the columns of a run's table by the problem beside it.
  ///
  /// - Parameter columns: the table's, in order.
  /// - Returns: nil where the problem cannot be read, or does not go with the table.
  /// - Cost: reads the problem file, some milliseconds.
  public init?(_ columns: [String], of run: RecordedRun) {
    guard let problem = run.resolvedProblem ?? (try? ProblemFile.read(run.problem, [])) else {
      return nil
    }
    let names = problem.variables.map(\.name)
    guard let first = names.first, let start = columns.firstIndex(of: first),
      columns.dropFirst(start).starts(with: names)
    else { return nil }
    leading = Array(columns[..<start])
    variables = names
    marching = problem.marching
    values = Array(columns[(start + names.count)...])
  }
}

import Discretizations
import Problems
import Reports

/// The solution of a problem on its whole domain, and how good it is.
struct DomainSolution {
  /// One solve on the way to it.
  struct Level: Sendable {
    var level: RefinementLevel
    var counts: WorkCounts
  }

  var rows: SampledSolution
  /// Whether the rows cover the whole domain.
  var isComplete = false
  /// Values of the unknowns at the reference's points that are no rows, `[unknown][point]`.
  var probes: [[Double]] = []
  var outcome = Outcome.reached
  var message = ""
  var method = ""
  /// Of all solves.
  var counts = WorkCounts()
  var levels: [Level] = []
  /// The level that the rows come from, where there are levels.
  var best: RefinementLevel?
  /// Relative error by unknown; nil where nothing was there to compare with.
  var estimates: [(unknown: String, relative: Double)]?
  var warnings: [String] = []
  /// Where an interrupted run stood.
  var saved: SavedRefinement?

  var worstEstimate: Double? { estimates?.map(\.relative).max() }
}

/// Solves a problem on its whole domain, in whatever way suits its kind.
protocol DomainSolver {
  var problem: Problem { get }
  /// The reference's points that are no rows; empty without a reference.
  var probes: [SamplingPlan.Probe] { get }

  /// Refuses what no run can begin with, so that nothing is left behind.
  func requireStart() throws

  /// Solves; a numerical failure is the solution's outcome.
  func solve(_ progress: Progress, isCancelled: @escaping () -> Bool) throws -> DomainSolution
}

extension DomainSolution {
  /// A solution that could not even be begun.
  static func failed(_ problem: Problem, _ why: String) -> DomainSolution {
    var solution = empty(problem)
    solution.outcome = .failed
    solution.message = why
    return solution
  }

  /// A solution without rows.
  static func empty(_ problem: Problem) -> DomainSolution {
    DomainSolution(
      rows: SampledSolution(
        variables: problem.variables.map(\.name), places: problem.variables.map { _ in [] },
        columns: problem.unknowns + problem.observables.map(\.name),
        values: (problem.unknowns + problem.observables.map(\.name)).map { _ in [] }))
  }
}

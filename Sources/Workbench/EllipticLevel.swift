import Discretizations
import Expressions
import Numerics
import Problems
import Reports

/// Solves levels of an elliptic problem: Newton's method on a grid, from the solution on the last one.
final class EllipticLevel {
  private let problem: Problem
  private let plan: SamplingPlan
  private let nonlocal: (any NonlocalSource)?
  private let progress: Progress
  private let isCancelled: () -> Bool
  private var last: (problem: EllipticProblem, fields: [Double])?

  init(
    _ problem: Problem, _ plan: SamplingPlan, nonlocal: (any NonlocalSource)?,
    progress: Progress, isCancelled: @escaping () -> Bool
  ) {
    self.problem = problem
    self.plan = plan
    self.nonlocal = nonlocal
    self.progress = progress
    self.isCancelled = isCancelled
  }

  func solve(_ level: RefinementLevel) throws -> EvolutionLevel.Solved {
    progress.note("level \(level.number), \(level.gridText)")
    let elliptic = try EllipticProblem(problem, axes: level.axes, nonlocal: nonlocal)
    let tolerance = max(1e-13, min(1e-10, problem.solve.accuracy / 100))
    var found: EllipticSolution?
    if let last {
      let start = elliptic.fields(from: last.problem, last.fields)
      found = try elliptic.solve(from: start, tolerance: tolerance)
    }
    // From a coarse solution Newton may go astray where it does not from the declared guess.
    let isFound = found?.report.isConverged ?? false
    let solution = try isFound ? found : elliptic.solve(tolerance: tolerance)
    guard let solution, !isCancelled() else { return (stopped, nil) }
    if solution.report.isConverged { last = (elliptic, solution.fields) }
    return (try answer(elliptic, solution), nil)
  }

  private func answer(_ elliptic: EllipticProblem, _ solution: EllipticSolution) throws
    -> LevelAnswer<LevelSolution>
  {
    let recorder = try FieldRecorder(
      elliptic.system, elliptic.grid, plan,
      start: StartValues(problem, start: .nan, parameters: [:]),
      makeSampler: elliptic.makeSampler)
    let fields = Storage(solution.fields)
    recorder.row(0, fields.vector)
    recorder.compare(0, fields.vector)
    recorder.probe(0, fields.vector)
    fields.keep()
    let report = solution.report
    var counts = WorkCounts()
    counts.steps = report.iterations
    counts.jacobians = report.jacobians
    counts.factorizations = report.factorizations
    let ending: LevelAnswer<LevelSolution>.Ending =
      report.isConverged ? .complete : .failed(report.message)
    return LevelAnswer(
      ending: ending, comparison: recorder.comparison, tails: recorder.tails,
      solution: LevelSolution(
        rows: recorder.rows(isBackward: false), probes: recorder.state.probes,
        method: "newton (\(report.method))", t: .nan, counts: counts))
  }

  /// Nothing of an iteration that was cut off is worth keeping.
  private var stopped: LevelAnswer<LevelSolution> {
    let empty = DomainSolution.empty(problem).rows
    return LevelAnswer(
      ending: .stopped, comparison: empty,
      solution: LevelSolution(
        rows: empty, probes: [], method: "newton", t: .nan, counts: WorkCounts()))
  }
}

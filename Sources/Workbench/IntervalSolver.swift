import Discretizations
import Problems
import Reports

/// Solves problems in one variable on their whole interval: conditions at both ends, or integrals in
/// the equations, by collocation, which refines its own mesh.
final class IntervalSolver: DomainSolver {
  let problem: Problem
  let probes: [SamplingPlan.Probe]
  private let collocation: BoundaryValueProblem

  /// - Parameter otherOrder: whether intervals have two Gauss points less than is usual.
  init(_ problem: Problem, usesReference: Bool, otherOrder: Bool = false) throws {
    self.problem = problem
    var collocation = try BoundaryValueProblem(problem)
    if otherOrder { collocation.settings.stages = max(2, collocation.settings.stages - 2) }
    self.collocation = collocation
    probes = SamplingPlan.probes(onInterval: problem, usesReference: usesReference)
  }

  func requireStart() throws {}

  func solve(_ progress: Progress, isCancelled: @escaping () -> Bool) throws -> DomainSolution {
    let found = try collocation.solve(
      progress: { state in
        progress.note(
          "\(state.intervals) intervals  \(state.newtonIterations) Newton iterations"
            + (state.estimatedError.map { "  estimated error \(short($0))" } ?? ""))
      }, isCancelled: isCancelled)
    return try solution(found)
  }

  private func solution(_ found: BoundaryValueSolution) throws -> DomainSolution {
    let report = found.report
    let interval = problem.variables[0]
    let places = problem.output[interval.name]?.points(on: interval) ?? found.mesh
    var solution = DomainSolution.empty(problem)
    if report.outcome == .reached || report.outcome == .inaccurate {
      let rows = try found.rows(at: places)
      solution.isComplete = true
      solution.rows = SampledSolution(
        variables: [interval.name], places: [places], columns: found.columnNames,
        values: found.columnNames.indices.map { column in rows.map { $0[column] } })
      solution.probes = problem.unknowns.map { name in
        probes.map { found.value(of: name, at: $0.place[0]) }
      }
    }
    let estimates = problem.unknowns.compactMap { name in
      report.estimatedErrors[name].map { (unknown: name, relative: $0) }
    }
    solution.estimates = estimates.isEmpty ? nil : estimates
    solution.method = "collocation"
    solution.counts.evaluations = report.evaluations
    solution.counts.jacobians = report.jacobians
    solution.counts.factorizations = report.factorizations
    solution.counts.steps = report.newtonIterations
    switch report.outcome {
    case .reached: solution.message = words(report, "solved")
    case .inaccurate:
      solution.outcome = .failed
      solution.message = "\(report.message); partial: the rows are those of \(words(report, ""))"
    case .failed:
      solution.outcome = .failed
      solution.message = report.message
    case .stopped:
      solution.outcome = .stopped
      solution.message = "stopped after \(report.newtonIterations) Newton iterations"
    }
    return solution
  }

  private func words(_ report: BoundaryValueReport, _ verb: String) -> String {
    let mesh = "\(report.intervals) intervals (collocation at \(report.stages) Gauss points)"
    let worst = report.estimatedErrors.values.max()
    return (verb.isEmpty ? mesh : "\(verb) on \(mesh)")
      + (worst.map { ", estimated error \(short($0))" } ?? "")
  }
}

import Discretizations
import Numerics
import Problems
import Reports
import Residuals

/// Compares a learned solution, or a window of it, with the closed forms and the reference, as
/// `solve` does.
struct LearnedTruth {
  private let problem: Problem
  private let model: LearnedModel
  private let usesReference: Bool
  private let probes: [SamplingPlan.Probe]

  init(_ problem: Problem, _ model: LearnedModel, usesReference: Bool) {
    self.problem = problem
    self.model = model
    self.usesReference = usesReference
    probes =
      problem.variables.count == 1
      ? SamplingPlan.probes(onInterval: problem, usesReference: usesReference)
      : SamplingPlan(problem, isBackward: false, usesReference: usesReference).probes
  }

  /// Whether there is anything to compare with.
  var isKnown: Bool { !unknowns.isEmpty }

  /// The unknowns that there is a truth of.
  var unknowns: [String] {
    problem.unknowns.filter { name in
      problem.exact[name] != nil
        || usesReference && problem.reference?.table.column(name) != nil
    }
  }

  /// The errors over the rows and the reference's points; nil without a truth.
  func errors(_ rows: SampledSolution) throws -> [(unknown: String, norms: Summary.ErrorNorms)]? {
    var solution = DomainSolution.empty(problem)
    solution.rows = rows
    solution.probes = probeValues()
    let errors = TruthErrors(problem, usesReference: usesReference)
    // A closed form may hold what was to be found.
    let problem = problem.estimating(model.found)
    try errors.compare(solution, problem, probes)
    return errors.norms
  }

  /// The relative error of each of ``unknowns`` at the model's present parameters, the largest
  /// difference where the truth is 0; NaN where it cannot be measured.
  var present: [Double] {
    let rows = LearnedRows(problem)
    let solution = SampledSolution(
      variables: rows.variables, places: rows.places, columns: problem.unknowns,
      values: model.unknowns(at: rows.points))
    let found = (try? errors(solution)) ?? []
    return unknowns.map { name in
      found.first { $0.unknown == name }.map { $0.norms.relativeL2 ?? $0.norms.max } ?? .nan
    }
  }

  /// The largest error of ``present``, for `train.stop.error`; infinite without a truth.
  var worst: Double {
    let errors = present.filter { !$0.isNaN }
    return errors.max() ?? .infinity
  }

  private func probeValues() -> [[Double]] {
    let marching = problem.variables.firstIndex { $0.name == problem.marching }
    var points: [Double] = []
    for probe in probes {
      var place = probe.place
      if problem.variables.count > 1, let marching { place.insert(probe.time, at: marching) }
      points += place
    }
    if points.isEmpty { return problem.unknowns.map { _ in [] } }
    return model.unknowns(at: points)
  }
}

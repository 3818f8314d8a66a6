import Discretizations
import Expressions
import Flows
import Glibc
import Integrators
import Numerics
import Problems
import Reports
import Residuals

/// Finds formulas for learned terms: sparse regression of the networks' values proposes them, the
/// measurements decide.
///
/// Every candidate is fitted again in the equations themselves, since only there the misfit is
/// noise; terms are dropped one by one, the least certain first, and of the candidates whose
/// trajectories stay near the measured range over the whole interval the one with the smallest
/// extended information criterion is kept.
/// Sources: S. Brunton, J. Proctor and J. Kutz, PNAS 113 (2016) 3932; G. Schwarz, Ann. Stat. 6 (1978)
/// 461; J. Chen and Z. Chen, Biometrika 95 (2008) 759.
struct Discovery {
  /// Formulas that were fitted to the measurements.
  struct Candidate {
    var formulas: [Formula]
    /// Of each coefficient of each formula; nil where the data do not tell.
    var errors: [[Double?]]
    /// Small is good.
    var criterion: Double
    var chiSquarePerPoint: Double
    /// Other estimates of the problem.
    var estimates: [(parameter: String, estimate: Summary.Estimate)]
    /// The problem with the formulas in the place of networks, and its values.
    var problem: Problem
  }

  let best: Candidate
  /// How many candidates were fitted.
  let tried: Int

  /// Points of each trajectory at which networks are asked.
  private static let points = 200
  /// Terms of each output that elimination starts from.
  private static let mostTerms = 6
  /// Formulas of one term that are tried for each output.
  private static let mostSingles = 6

  /// - Returns: nil where the file declares no discovery, or no candidate could be fitted.
  init?(_ model: FittedModel, _ residuals: TrajectoryResiduals, isCancelled: @escaping () -> Bool)
    throws
  {
    guard let declared = try DiscoveryDeclaration(model.fit.problem) else { return nil }
    let search = try FormulaSearch(model, residuals, declared, isCancelled)
    let samples = try TermSamples(model, declared, points: Discovery.points)
    let paths = Discovery.paths(samples, declared)
    if paths.contains(where: \.isEmpty) { return nil }
    var found: [Candidate] = []
    let small = zip(paths, Discovery.singles(samples, declared)).map { path, singles in
      singles + path.filter { (2...3).contains($0.parts.count) }
    }
    for places in Discovery.products(small.map(\.count)) where !isCancelled() {
      let formulas = zip(small, places).map { $0[$1] }
      if let candidate = try search.fit(formulas) { found.append(candidate) }
    }
    var formulas = paths.map { $0[$0.count - 1] }
    while formulas.contains(where: { !$0.parts.isEmpty }), !isCancelled() {
      guard let candidate = try search.fit(formulas) else { break }
      found.append(candidate)
      guard let fewer = Discovery.withoutWeakest(candidate) else { break }
      formulas = fewer
    }
    let ranked = found.sorted { $0.criterion < $1.criterion }
    guard let first = ranked.first else { return nil }
    best = ranked.first { search.stays($0) } ?? first
    tried = found.count
  }

  /// Formulas of a single term for each output, the nearest first: what a network says of a few data
  /// does not tell which of them is right.
  private static func singles(_ samples: TermSamples, _ declared: DiscoveryDeclaration)
    -> [[Formula]]
  {
    declared.outputs.enumerated().map { index, output in
      let target = samples.targets[index]
      let fits = zip(output.terms, samples.designs[index]).compactMap { term, values in
        let size = zip(values, values).reduce(0) { $0 + $1.0 * $1.1 }
        let product = zip(values, target).reduce(0) { $0 + $1.0 * $1.1 }
        return size > 0 && size.isFinite && product.isFinite
          ? (part: Formula.Part(product / size, term), gain: product * product / size) : nil
      }
      return fits.sorted { $0.gain > $1.gain }.prefix(mostSingles).map {
        Formula(output: output.name, parts: [$0.part])
      }
    }
  }

  /// Formulas of one to so many terms for each output, by regression.
  private static func paths(_ samples: TermSamples, _ declared: DiscoveryDeclaration)
    -> [[Formula]]
  {
    declared.outputs.indices.map { index in
      let output = declared.outputs[index]
      let regression = SparseRegression(samples.designs[index], samples.targets[index])
      return regression.path.filter { !$0.indices.isEmpty && $0.indices.count <= mostTerms }.map {
        Formula(output, regression, model: $0)
      }
    }
  }

  /// All combinations of numbers below the counts.
  private static func products(_ counts: [Int]) -> [[Int]] {
    // More than a hundred combinations are left to elimination.
    if counts.reduce(1, *) > 100 { return [counts.map { _ in 0 }] }
    return counts.reduce([[]]) { lists, count in
      lists.flatMap { list in (0..<count).map { list + [$0] } }
    }
  }

  /// The formulas without the coefficient that is least certain, the last one of an output stays.
  private static func withoutWeakest(_ candidate: Candidate) -> [Formula]? {
    var weakest: (output: Int, part: Int, certainty: Double)?
    for (output, formula) in candidate.formulas.enumerated() where formula.parts.count > 1 {
      for (part, entry) in formula.parts.enumerated() {
        let error = candidate.errors[output][part] ?? .infinity
        let certainty = entry.coefficient.magnitude / max(error, 1e-300)
        if certainty < weakest?.certainty ?? .infinity || weakest == nil {
          weakest = (output, part, certainty)
        }
      }
    }
    guard let weakest else { return nil }
    var formulas = candidate.formulas
    formulas[weakest.output].parts.remove(at: weakest.part)
    return formulas
  }
}

/// Fits formulas in the equations.
private struct FormulaSearch {
  let fit: TrajectoryFit
  let problem: Problem
  let states: [Double]
  let noise: [MeasuredNoise]
  let declared: DiscoveryDeclaration
  let isCancelled: () -> Bool

  init(
    _ model: FittedModel, _ residuals: TrajectoryResiduals, _ declared: DiscoveryDeclaration,
    _ isCancelled: @escaping () -> Bool
  ) throws {
    fit = model.fit
    problem = model.fit.problem.estimating(model.found)
    states = model.states
    noise = residuals.noise
    self.declared = declared
    self.isCancelled = isCancelled
  }

  /// nil where the formulas cannot be integrated or differentiated.
  func fit(_ formulas: [Formula]) throws -> Discovery.Candidate? {
    guard let formula = try? FormulaProblem(problem, formulas) else { return nil }
    var plan = fit.plan
    plan.shapes = formula.problem.networks.compactMap { network in
      fit.problem.networks.firstIndex { $0.name == network.name }.map { fit.plan.shapes[$0] }
    }
    let own = try TrajectoryFit(formula.problem, plan, threads: fit.threads)
    let residuals = try own.residuals(pieces: 1, noise: noise)
    var settings = TrainingSettings()
    settings.stop = StopRule(steps: 60, stagnation: 1e-9)
    settings.stop.stagnationSteps = 10
    let training = try Training(residuals, settings)
    training.isCancelled = isCancelled
    let report = training.run(
      from: own.initialParameters + residuals.statesStarting(with: states))
    guard report.loss.isFinite else { return nil }
    if case .failed = report.outcome, report.steps == 0 { return nil }
    let theta = Storage(report.theta)
    defer { theta.keep() }
    let statements = residuals.estimateStatements(theta.vector)
    let values = Dictionary(uniqueKeysWithValues: statements.map { ($0.name, $0.value) })
    let errors = Dictionary(uniqueKeysWithValues: statements.map { ($0.name, $0.standardError) })
    let found = formula.formulas(with: values)
    let terms = found.reduce(0) { $0 + $1.parts.count }
    let names = Set(formula.names.flatMap { $0.compactMap { $0 } })
    return Discovery.Candidate(
      formulas: found,
      errors: formula.names.map { $0.map { name in name.flatMap { errors[$0] ?? nil } } },
      criterion: misfit(residuals, theta.vector) + penalty(found, terms, residuals),
      chiSquarePerPoint: residuals.chiSquarePerPoint(theta.vector) ?? .nan,
      estimates: statements.filter { !names.contains($0.name) }.map(\.entry),
      problem: formula.problem.estimating(values))
  }

  /// How many times the size of the measurements a trajectory may reach.
  private static let reach = 100.0

  /// Whether the trajectories of a candidate stay within reach of the measurements all over the
  /// declared interval: a few data may not tell a term from one that makes the solution run away.
  func stays(_ candidate: Discovery.Candidate) -> Bool {
    guard let problem = try? InitialValueProblem(candidate.problem) else { return false }
    let solver = CaseSolver(
      problem: problem, code: problem.makeCode(.auto), plan: RowPlan(problem, reference: []))
    let model = FittedModel(fit, parameters: [], states: states)
    let sizes = fit.problem.unknowns.map { name in
      fit.data.columns.first { $0.name == name }?.size ?? .infinity
    }
    return fit.data.series.indices.prefix(4).allSatisfy { series in
      var isInside = true
      let report = try? model.solve(series, solver, isCancelled: { !isInside }) { _, numbers in
        for (place, size) in sizes.enumerated() {
          if !(numbers[place].magnitude <= FormulaSearch.reach * size) { isInside = false }
        }
      } event: { _, _, _ in
      }
      return isInside && report?.outcome == .reached
    }
  }

  /// Twice the negative logarithm of the likelihood, up to a constant.
  private func misfit(_ residuals: TrajectoryResiduals, _ theta: Vector) -> Double {
    let mean = residuals.meanSquares(theta)
    return zip(residuals.noise, mean).reduce(0) { sum, entry in
      let (noise, square) = entry
      let count = Double(noise.count)
      guard noise.isEstimated else {
        return sum + count * square / (noise.deviation * noise.deviation)
      }
      return sum + count * log(max(square, 1e-30))
    }
  }

  /// log N a term, and the logarithm of how many such models there are.
  ///
  /// Terms are first chosen for the network, then for each of its outputs among them: one
  /// interaction in several equations counts as one choice.
  private func penalty(_ formulas: [Formula], _ terms: Int, _ residuals: TrajectoryResiduals)
    -> Double
  {
    let all = Set(declared.outputs.flatMap { $0.terms.map(\.text) }).count
    let used = Set(formulas.flatMap { $0.parts.map(\.term.text) }).count
    let choices =
      formulas.reduce(FormulaSearch.logChoices(used, of: all)) {
        $0 + FormulaSearch.logChoices($1.parts.count, of: used)
      }
    return Double(terms) * log(Double(residuals.measurementCount)) + 2 * choices
  }

  private static func logChoices(_ part: Int, of all: Int) -> Double {
    lgamma(Double(all) + 1) - lgamma(Double(part) + 1) - lgamma(Double(all - part) + 1)
  }
}

import Discretizations
import Expressions
import Flows
import Numerics
import Problems
import Reports
import Residuals

/// A learned solution: unknowns and observables anywhere in the domain.
///
/// Not `Sendable`: it owns the workspaces of its network.
public final class LearnedModel {
  /// The problem that it solves.
  public let problem: Problem
  /// What the columns of ``values(at:)`` are called: unknowns, then observables.
  public let names: [String]
  /// What should be known before trusting it.
  public internal(set) var warnings: [String] = []
  /// Of the network, with windows of the last one's; `[P]`.
  public internal(set) var parameters: [Double] {
    get { windows[windows.count - 1].parameters }
    set { windows[windows.count - 1].parameters = newValue }
  }
  /// What its training did; nil for a model that was read from a run.
  public internal(set) var report: TrainingReport?
  let plan: PhysicsPlan
  /// Those learned so far, the present one last; one without windows.
  var windows: [LearnedWindow]
  /// Of the present window.
  var residuals: PhysicsResiduals { windows[windows.count - 1].residuals }
  /// Observables with integrals; nil where there are none.
  private var integrals: LearnedIntegrals?

  /// Makes the model of a problem with its first parameters.
  ///
  /// - Throws: `ProblemFaults` for an observable that a network does not give, and as
  ///   `PhysicsResiduals`.
  init(_ problem: Problem, _ plan: PhysicsPlan, threads: Int) throws {
    self.problem = problem
    self.plan = plan
    names = problem.unknowns + problem.observables.map(\.name)
    windows = [try LearnedWindow(problem, plan, 0, after: nil, threads: threads)]
    try requireObservables()
    try requireWindows()
  }

  /// All columns at given points.
  ///
  /// - Parameter points: row by row, the variables in declared order.
  /// - Returns: `[names][point]`. An observable may be NaN or infinite where it has no value.
  /// - Cost: one forward pass of the network, two with observables, a quadrature for each integral;
  ///   with windows a pass for each window up to that of the point.
  public func values(at points: [Double]) -> [[Double]] {
    let dimension = problem.variables.count
    precondition(
      points.count % dimension == 0, "\(points.count) numbers are no points of \(dimension)")
    if points.isEmpty { return names.map { _ in [] } }
    let columns = unknowns(at: points)
    if problem.observables.isEmpty { return columns }
    let (local, nonlocal) = expressions
    // What has no value at a point was refused when the model was made.
    let blank = [Double](repeating: .nan, count: points.count / dimension)
    let further = try? evaluate(at: points, columns: local.count) {
      local.isEmpty ? [] : try $0.evaluate(local, $1, at: $2)
    }
    var found = further ?? local.map { _ in blank }
    let theta = Storage(parameters)
    defer { theta.keep() }
    var integrated = integrals?.values(theta.vector, at: points) ?? nonlocal.map { _ in blank }
    return columns
      + problem.observables.map {
        $0.expression.integralDepth > 0 ? integrated.removeFirst() : found.removeFirst()
      }
  }

  /// The observables without integrals, and those with them.
  private var expressions: (local: [Expression], nonlocal: [Expression]) {
    let all = problem.observables.map(\.expression)
    return (all.filter { $0.integralDepth == 0 }, all.filter { $0.integralDepth > 0 })
  }

  /// The parameters that were to be found, and how well they are known.
  ///
  /// - Cost: P³/3 operations, P the count of parameters.
  public var estimates: [EstimateStatement] {
    let theta = Storage(parameters)
    defer { theta.keep() }
    return residuals.estimateStatements(theta.vector)
  }

  /// The values found of the parameters that were sought, by name.
  var found: [String: Double] {
    let values = residuals.layout.values(parameters).map { ($0.name, $0.value) }
    return Dictionary(uniqueKeysWithValues: values)
  }

  /// χ² a measurement; nil where nothing was measured.
  var chiSquarePerPoint: Double? {
    let theta = Storage(parameters)
    defer { theta.keep() }
    return residuals.chiSquarePerPoint(theta.vector)
  }

  /// The noise of the measurements, declared or estimated in training.
  public var noise: [MeasuredNoise] { residuals.noise }

  /// The unknowns alone; `points` as for ``values(at:)``.
  func unknowns(at points: [Double]) -> [[Double]] {
    evaluate(at: points, columns: problem.unknowns.count) { $0.evaluate($1, at: $2) }
  }

  /// One column at one point.
  ///
  /// - Parameters:
  ///   - name: an unknown or an observable.
  ///   - point: a number for each variable, in declared order.
  public func value(of name: String, at point: [Double]) -> Double {
    guard let column = names.firstIndex(of: name) else {
      preconditionFailure("'\(name)' is not among \(names)")
    }
    return values(at: point)[column][0]
  }

  /// The rows of `trajectory.csv`.
  func solution() -> SampledSolution { solution(of: problem) }

  /// The rows of the problem or of one of its windows.
  func solution(of part: Problem) -> SampledSolution {
    let rows = LearnedRows(part)
    return SampledSolution(
      variables: rows.variables, places: rows.places, columns: names,
      values: values(at: rows.points))
  }

  /// Refuses observables that have no value at a point, or no derivative that they ask for.
  private func requireObservables() throws {
    let middle = problem.variables.map { ($0.lower + $0.upper) / 2 }
    let theta = Storage(parameters)
    defer { theta.keep() }
    var faults: [Diagnostic] = []
    for observable in problem.observables {
      let name = observable.name
      do {
        if observable.expression.integralDepth > 0 {
          _ = try LearnedIntegrals(problem, residuals, [observable.expression])
        } else {
          _ = try residuals.evaluate([observable.expression], theta.vector, at: middle)
        }
      } catch {
        faults.append(
          problem.diagnostic(
            .error, path: "observables.\(name)",
            "the observable '\(name)' cannot be computed from a network: \(error)",
            "leave it out: --set observables.\(name)=null"))
      }
    }
    if !faults.isEmpty { throw ProblemFaults(diagnostics: faults) }
    let nonlocal = expressions.nonlocal
    if !nonlocal.isEmpty { integrals = try LearnedIntegrals(problem, residuals, nonlocal) }
  }
}

extension EstimateStatement {
  /// As summaries have it.
  var entry: (parameter: String, estimate: Summary.Estimate) {
    (name, Summary.Estimate(value: value, standardError: standardError))
  }
}

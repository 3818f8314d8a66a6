import Expressions
import Integrators
import Numerics
import Problems

/// An evolution problem by lines on one grid, ready to be integrated.
///
/// Not `Sendable`: one worker's own.
public final class LinesProblem {
  public let problem: Problem
  public let system: PointwiseSystem
  public let grid: Grid
  public let field: LinesField
  /// Values of parameters and estimates, in the order of the system's names.
  public let parameters: [Double]
  /// Where integration starts and ends; backwards where the conditions stand at the upper end.
  public let start: Double
  public let end: Double
  let known: [Symbol: Double]
  private(set) lazy var spectralRadius = estimateRadius()

  /// Reads the problem, places the nodes and readies the field.
  ///
  /// - Parameters:
  ///   - axes: one for each variable that does not march, in declared order.
  ///   - parameters: values that replace declared ones.
  ///   - nonlocal: what splits integrals off; nil refuses them.
  /// - Throws: `ProblemFaults` placed in the file: forms that lines cannot solve, conditions that do
  ///   not fit, a grid that does not fit into memory; `DifferentiationError` or `ProgramError`.
  public init(
    _ problem: Problem, axes: [AxisSpec], parameters: [String: Double] = [:],
    nonlocal: (any NonlocalSource)? = nil
  ) throws {
    guard let marching = problem.marching, let interval = problem.interval(marching) else {
      preconditionFailure("no variable marches")
    }
    precondition(
      axes.count == problem.variables.count - 1,
      "\(axes.count) axes for \(problem.variables.count) variables")
    self.problem = problem
    system = try PointwiseSystem(problem, nonlocal: nonlocal)
    let parameters = try system.parameters(replacing: parameters)
    self.parameters = parameters
    try GridFit.require(system, axes)
    grid = Grid(axes)
    let isBackward = problem.conditions.contains {
      if case .face(marching, _, let isUpper) = $0.location { isUpper } else { false }
    }
    start = isBackward ? interval.upper : interval.lower
    end = isBackward ? interval.lower : interval.upper
    let discrete = try DiscreteSystem(system, grid, parameters: parameters)
    field = try LinesField(
      discrete, exposesJacobian: LinesProblem.needsJacobian(problem))
    var known = Dictionary(
      uniqueKeysWithValues: zip(system.parameterNames.map { Symbol($0) }, parameters))
    known[Symbol(marching)] = start
    self.known = known
  }

  /// Whether the method asked for factors ∂f/∂y itself, as GSL's do.
  private static func needsJacobian(_ problem: Problem) -> Bool {
    let own = ["auto", "rodas5p", "bdf"]
    let method = problem.solve.method
    let isImplicit = StepperCatalog.all.contains { $0.name == method && $0.isImplicit }
    return isImplicit && !own.contains(method)
  }

  /// Where the right-hand side, or a condition, jumps in the marching variable.
  public var breakpoints: [Double] {
    Breakpoints.find(
      problem, system.rates + problem.conditions.flatMap(LinesProblem.sides), known)
  }

  private static func sides(_ row: ConditionRow) -> [Expressions.Expression] {
    [row.condition.left, row.condition.right].compactMap { $0 }
  }

  /// Fills a full vector from a state: the kept values, and those that the conditions give.
  ///
  /// - Shape: `y`: `[field.dimension]`; `fields`: `[components × nodes]`, component by component.
  public func reconstruct(_ t: Double, _ y: Vector, into fields: Vector) {
    field.reconstruct(t, y)
    fields.assign(field.discrete.fields)
  }

  /// Samples of unknowns and observables at the tensor product of places along each space variable.
  ///
  /// - Throws: `ProblemFaults` for an observable that is not a function of jets.
  public func makeSampler(_ places: [[Double]]) throws -> FieldSampler {
    try FieldSampler(system, grid, parameters: parameters, places: places)
  }

  /// The tolerances of `solve.rtol` and `solve.atol`; the standard absolute one is 1e-9 of the
  /// largest initial magnitude of each unknown.
  public func tolerances(_ y0: [Double], rtol: Double? = nil) -> Tolerances {
    let settings = problem.solve
    let n = grid.count
    var sizes = [Double](repeating: 0, count: system.components.count)
    for (place, index) in field.kept.enumerated() {
      sizes[index / n] = max(sizes[index / n], y0[place].magnitude)
    }
    let absolute = system.components.enumerated().map { index, component in
      let standard = Tolerances.defaultAbsolute(sizes[index])
      return switch settings.atol {
      case .all(let value): value
      case .each(let values): values[component.symbol.name] ?? standard
      case .standard: standard
      }
    }
    return Tolerances(
      relative: rtol ?? settings.rtol, absolute: field.kept.map { absolute[$0 / n] },
      norm: settings.norm == .max ? .max : .rms)
  }

  /// The evolve loop for this problem, as `solve` says.
  ///
  /// - Parameters:
  ///   - rtol: replaces `solve.rtol`.
  ///   - rows: values of the marching variable where rows are wanted.
  /// - Throws: `SteppingError` where the method does not suit the system.
  public func makeIntegration(
    _ y0: [Double], rtol: Double? = nil, method: String? = nil, rows: [Double],
    rowsAtSteps: Bool = false,
    handlers: IntegrationHandlers = IntegrationHandlers()
  ) throws -> Integration {
    let declared = problem.solve
    var settings = IntegrationSettings(declared)
    let n = grid.count
    let nonnegative = system.components.map {
      declared.nonnegative.contains($0.symbol.description)
    }
    settings.nonnegative = field.kept.indices.filter { nonnegative[field.kept[$0] / n] }
    settings.breakpoints = breakpoints
    settings.rows = rows
    settings.rowsAtSteps = rowsAtSteps
    return try Integration(
      field, method: method ?? self.method(rtol: rtol).name, tolerances: tolerances(y0, rtol: rtol),
      settings: settings, handlers: handlers)
  }
}

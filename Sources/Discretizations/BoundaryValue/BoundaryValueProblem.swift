import Expressions
import Numerics
import Problems

/// A problem in one variable solved on its whole interval at once: conditions at both ends,
/// periodicity, or equations with integrals; by collocation at Gauss points.
///
/// Equations may be of any order, implicit, algebraic; conditions may be nonlinear. Piecewise
/// polynomials with k Gauss points an interval have errors of order k + m in an unknown of order m,
/// and of order 2k at the mesh points.
/// - Source: U. Ascher, J. Christiansen & R. D. Russell, ACM TOMS 7 (1981) 209 (COLSYS); the mesh
///   follows their equidistribution, the error estimate comes from the halved mesh.
public struct BoundaryValueProblem: Sendable {
  public let problem: Problem
  /// The variable along which it is solved.
  public let variable: String
  /// Names of parameters and estimates, in the order of the programs' inputs.
  public let parameterNames: [String]
  /// How it is solved; from the section `solve`.
  public var settings: CollocationSettings
  let system: CollocationSystem
  let guess: CollocationGuess
  let rows: RowSystem

  /// Splits off the integrals, differentiates and lowers.
  ///
  /// - Throws: `ProblemFaults` placed in the file; `ProgramError` or `GSLError` where a part cannot be
  ///   lowered.
  /// - Precondition: the problem has one variable.
  public init(_ problem: Problem) throws {
    precondition(problem.variables.count == 1, "a boundary-value problem has one variable")
    if !problem.events.isEmpty {
      throw problem.fault(
        path: "events",
        "events happen on the way, and this problem is solved on its whole interval "
          + "at once",
        "remove them, or give all conditions at one end and no integrals in the equations")
    }
    self.problem = problem
    variable = problem.variables[0].name
    parameterNames = problem.parameterNames
    system = try CollocationSystem(problem)
    guess = try CollocationGuess(problem, system, parameters: parameterNames)
    settings = CollocationSettings(problem, system.orders, isNonlocal: system.isNonlocal)
    rows = try RowSystem(
      problem, variable: variable, state: RowSystem.leaves(problem),
      observables: problem.observables.map(\.expression))
  }

  /// Whether a problem is solved by collocation: conditions at both ends, or integrals in equations
  /// or conditions.
  public static func suits(_ problem: Problem) -> Bool {
    guard problem.variables.count == 1 else { return false }
    if problem.kind == .boundaryValue { return true }
    return problem.equations.contains { $0.residual.integralDepth > 0 }
      || problem.conditions.contains {
        ($0.condition.left?.integralDepth ?? 0) + ($0.condition.right?.integralDepth ?? 0) > 0
      }
  }

  /// Names of the columns after the variable: unknowns, then observables.
  public var columnNames: [String] { rows.names }

  /// Values of all parameters with some replaced; parameters defined by them follow.
  ///
  /// - Throws: `EvaluationError` where a definition has no value.
  public func parameters(replacing new: [String: Double] = [:]) throws -> [Double] {
    try problem.parameters(replacing: new)
  }

  /// Solves, refining the mesh until the estimate meets the target or no longer falls.
  ///
  /// A numerical failure is not thrown: it is the report's outcome.
  /// - Parameters:
  ///   - new: values of parameters that replace the declared ones.
  ///   - progress: called after each solve on a mesh.
  /// - Throws: `EvaluationError` for parameters, `GSLError` where GSL finds no memory.
  /// - Cost: a band solve for each Newton iteration, linear in the mesh; with integrals a dense one.
  public func solve(
    parameters new: [String: Double] = [:],
    progress: ((BoundaryValueProgress) -> Void)? = nil,
    isCancelled: @escaping () -> Bool = { false }
  ) throws -> BoundaryValueSolution {
    let solver = try CollocationSolver(
      self, replacing: new, progress: progress, isCancelled: isCancelled)
    let solution = try solver.run()
    return BoundaryValueSolution(
      problem: self, parameters: solver.parameters, polynomial: solution, report: solver.report)
  }
}

/// How collocation goes about it.
public struct CollocationSettings: Sendable, Equatable {
  /// Gauss points in an interval, 1 to 12.
  public var stages: Int
  /// Target of the estimated relative error.
  public var accuracy: Double
  /// Intervals of a mesh that is not refined; nil: as many as the target needs.
  public var intervals: Int?
  /// Whether the mesh follows the solution; otherwise its intervals are equal.
  public var adapts = true
  /// Intervals of the first mesh.
  public var firstIntervals = 10
  /// The most intervals.
  public var mostIntervals: Int

  init(_ problem: Problem, _ orders: [Int], isNonlocal: Bool) {
    accuracy = problem.solve.accuracy
    // More digits are cheaper by order than by intervals.
    let base = accuracy >= 1e-5 ? 4 : accuracy >= 1e-8 ? 5 : 7
    let isAlgebraic = orders.contains(0)
    stages = min(max(base + (isAlgebraic ? 1 : 0), orders.max() ?? 1), 12)
    let points = problem.solve.grid?[problem.variables[0].name]?.points
    intervals = points.map { max($0 - 1, 1) }
    mostIntervals = isNonlocal ? 4000 : 200_000
    if isNonlocal { firstIntervals = 6 }
  }
}

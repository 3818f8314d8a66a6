import Expressions
import Numerics
import Problems

/// Equations without a marching variable on one grid: boundary-value problems in any number of
/// variables, solved by Newton's iteration with the exact assembled Jacobian.
///
/// Not `Sendable`: one worker's own.
public final class EllipticProblem {
  public let problem: Problem
  public let system: PointwiseSystem
  public let grid: Grid
  /// Values of parameters and estimates, in the order of the system's names.
  public let parameters: [Double]
  private let replaced: [String: Double]
  let discrete: DiscreteSystem

  /// Reads the problem and readies the discrete system.
  ///
  /// - Parameters:
  ///   - axes: one for each variable, in declared order.
  ///   - parameters: values that replace declared ones.
  ///   - nonlocal: what splits integrals off; nil refuses them.
  /// - Throws: `ProblemFaults` placed in the file; `DifferentiationError` or `ProgramError`.
  public init(
    _ problem: Problem, axes: [AxisSpec], parameters: [String: Double] = [:],
    nonlocal: (any NonlocalSource)? = nil
  ) throws {
    precondition(problem.marching == nil, "a variable marches: an evolution problem")
    precondition(
      axes.count == problem.variables.count,
      "\(axes.count) axes for \(problem.variables.count) variables")
    self.problem = problem
    system = try PointwiseSystem(problem, nonlocal: nonlocal)
    replaced = parameters
    self.parameters = try system.parameters(replacing: parameters)
    try GridFit.require(system, axes)
    grid = Grid(axes)
    discrete = try DiscreteSystem(system, grid, parameters: self.parameters)
  }

  /// Solves from a start, or from `solve.guess`.
  ///
  /// - Parameters:
  ///   - start: a full vector, `[components × nodes]`.
  ///   - tolerance: the relative size of the last correction; 1e-10 if nil.
  /// - Throws: `ProblemFaults` where the discrete system is singular, or `solve.guess` has no value.
  ///   Newton's failure is the report's.
  public func solve(from start: [Double]? = nil, tolerance: Double? = nil) throws
    -> EllipticSolution
  {
    let first = try start ?? guess()
    precondition(first.count == discrete.dimension, "\(first.count) values, \(discrete.dimension)")
    let solver = EllipticNewton(self, tolerance: tolerance ?? 1e-10)
    if let path = problem.solve.continuation, start == nil {
      return try EllipticContinuation(self, solver, path).solve(first)
    }
    return try solver.solve(first)
  }

  /// The full vector that `solve.guess` describes; zero where it is silent.
  ///
  /// - Throws: `ProblemFaults` where a guess is not a function of the variables.
  public func guess() throws -> [Double] {
    var fields: [Double] = []
    let coordinates = grid.axes.indices.map { grid.coordinates($0) }
    for component in system.components {
      let value = problem.solve.guess[component.symbol.name] ?? .zero
      do {
        let program = try JetProgram(
          [value], system, coordinates: coordinates, parameters: parameters)
        guard program.jets.isEmpty else { throw ProgramError.unknownLeaf(component.symbol) }
        program.evaluate(0)
        fields += program.results[0].array
      } catch is ProgramError {
        throw problem.fault(
          path: "solve.guess.\(component.symbol.name)",
          "the guess of \(component.symbol.name) is not a function of the variables",
          "write it with variables and parameters alone")
      }
    }
    return fields
  }

  /// Values of all parameters with one more replaced, for continuation.
  func parameters(with name: String, at value: Double) throws -> [Double] {
    try system.parameters(replacing: replaced.merging([name: value]) { $1 })
  }

  /// Samples of unknowns and observables; call its `sample(0, fields)`.
  ///
  /// - Throws: `ProblemFaults` for an observable that is not a function of jets.
  public func makeSampler(_ places: [[Double]]) throws -> FieldSampler {
    try FieldSampler(system, grid, parameters: parameters, places: places)
  }

  /// A start from the solution on another grid, by interpolation; `[components × nodes]`.
  public func fields(from other: EllipticProblem, _ fields: [Double]) -> [Double] {
    let rows = TensorRows(
      other.grid, other.grid.axes.map { _ in 0 }, grid.axes.map(\.nodes))
    let source = Storage(fields)
    let result = Storage(discrete.dimension)
    defer { source.keep(result) }
    let (n, m) = (grid.count, other.grid.count)
    for component in system.components.indices {
      rows.apply(
        source.vector.slice(component * m, m), into: result.vector.slice(component * n, n))
    }
    return result.vector.array
  }
}

/// Where an elliptic problem's iteration ended, and what it cost.
public struct EllipticReport: Sendable {
  /// Whether Newton's iteration converged.
  public var isConverged = false
  /// Why it did not; empty otherwise.
  public var message = ""
  /// Newton steps, over all of a continuation.
  public var iterations = 0
  public var jacobians = 0
  public var factorizations = 0
  /// Iterations of the linear solver, where it is one that iterates.
  public var linearIterations = 0
  /// The largest magnitude of a residual, each row relative to its own coefficients.
  public var residual = Double.nan
  /// The last correction relative to the solution.
  public var correction = Double.nan
  /// How near the matrix is to a singular one: smallest over largest singular value, roughly.
  public var rcond: Double?
  /// The values of the continued parameter on the way.
  public var continuation: [Double] = []
  /// How linear systems were solved.
  public var method = ""
}

/// The values at the nodes, and how they were found.
public struct EllipticSolution: Sendable {
  /// `[components × nodes]`.
  public let fields: [Double]
  public let report: EllipticReport
}

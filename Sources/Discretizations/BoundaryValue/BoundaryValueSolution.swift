import Expressions
import Numerics

/// A solution as piecewise polynomials, to be read anywhere in the interval.
public struct BoundaryValueSolution: Sendable {
  /// How it came about, and how good it is.
  public let report: BoundaryValueReport
  let problem: BoundaryValueProblem
  /// Values of the parameters it was solved for.
  public let parameters: [Double]
  let polynomial: PiecewisePolynomial

  init(
    problem: BoundaryValueProblem, parameters: [Double], polynomial: PiecewisePolynomial,
    report: BoundaryValueReport
  ) {
    self.problem = problem
    self.parameters = parameters
    self.polynomial = polynomial
    self.report = report
  }

  /// The mesh, increasing, both ends included: finest where the solution changes most.
  public var mesh: [Double] { polynomial.mesh }

  /// Names of the columns after the variable: unknowns, then observables.
  public var columnNames: [String] { problem.columnNames }

  /// An unknown, or a derivative of it, at `x`.
  ///
  /// - Precondition: `name` is an unknown.
  /// - Cost: a bisection of the mesh and a few dozen operations.
  public func value(of name: String, derivative order: Int = 0, at x: Double) -> Double {
    guard let unknown = polynomial.layout.unknowns.firstIndex(of: name) else {
      preconditionFailure("no unknown '\(name)' among \(polynomial.layout.unknowns)")
    }
    return polynomial.value(unknown, order: order, at: x)
  }

  /// Rows of a trajectory: the columns of ``columnNames`` at each place.
  ///
  /// - Throws: `ProgramError`, `DifferentiationError` or `GSLError` where an observable's integral
  ///   cannot be prepared.
  public func rows(at places: [Double]) throws -> [[Double]] {
    let evaluator = try evaluator()
    return places.map { x in
      evaluator.fill(x)
      return evaluator.row.array
    }
  }

  /// One worker's own reader of rows and of the truth.
  public func evaluator() throws -> BoundaryValueRows { try BoundaryValueRows(self) }
}

/// Turns places into the numbers of a trajectory's row.
public final class BoundaryValueRows {
  private let solution: BoundaryValueSolution
  private let rows: RowSystem
  private let observables: Tape
  private let exact: Tape
  private let integrals: IntegralEvaluator?
  private let forcings: [Interpolation]
  private let point: ForcedPoint
  private let state: Storage
  private let parameters: Storage
  private let rowStorage: Storage
  private let truthStorage: Storage
  private let stateSources: [(unknown: Int, order: Int)]
  /// The numbers of the row: unknowns, then observables.
  public let row: Vector
  /// The largest quadrature error among the observables so far, absolute.
  public private(set) var integralError = 0.0

  init(_ solution: BoundaryValueSolution) throws {
    self.solution = solution
    let rows = solution.problem.rows
    self.rows = rows
    observables = Tape(rows.observables)
    exact = Tape(rows.exact)
    forcings = solution.problem.system.forcings
    point = ForcedPoint(forcings, count: rows.inputs.point.count)
    state = Storage(rows.state.count)
    parameters = Storage(solution.parameters)
    rowStorage = Storage(rows.names.count)
    truthStorage = Storage(rows.exactNames.count)
    row = rowStorage.vector
    let unknowns = solution.polynomial.layout.unknowns
    stateSources = rows.state.map { symbol in
      (unknowns.firstIndex(of: symbol.name) ?? 0, symbol.order)
    }
    integrals = try rows.terms.isEmpty ? nil : BoundaryValueRows.integrals(solution)
  }

  private static func integrals(_ solution: BoundaryValueSolution) throws -> IntegralEvaluator {
    let rows = solution.problem.rows
    let forcings = solution.problem.system.forcings
    let polynomial = solution.polynomial
    let unknowns = polynomial.layout.unknowns
    let known = Dictionary(
      uniqueKeysWithValues: zip(rows.inputs.parameters, solution.parameters))
    // Between mesh points everything is smooth; many of them cost more than they save.
    let breakpoints = polynomial.mesh.count <= 200 ? polynomial.mesh : []
    return try IntegralEvaluator(
      rows.terms, point: IntegralEvaluator.point(rows.variable, rows.forcings), state: rows.state,
      parameters: known, relative: min(max(solution.problem.settings.accuracy * 1e-3, 1e-13), 1e-9),
      breakpoints: breakpoints
    ) { symbol, x in
      if let unknown = unknowns.firstIndex(of: symbol.name) {
        return polynomial.value(unknown, order: symbol.order, at: x)
      }
      guard let forcing = rows.forcings.firstIndex(of: symbol.name) else { return .nan }
      return symbol.order == 0 ? forcings[forcing].value(x) : forcings[forcing].derivative(x)
    }
  }

  /// Names of the columns after the variable.
  public var names: [String] { rows.names }

  /// Names of the unknowns with a closed-form truth.
  public var exactNames: [String] { rows.exactNames }

  /// Fills ``row`` at `x`.
  public func fill(_ x: Double) {
    let polynomial = solution.polynomial
    point.move(to: x)
    for (index, source) in stateSources.enumerated() {
      state.vector[index] = polynomial.value(source.unknown, order: source.order, at: x)
    }
    let count = rows.unknowns.count
    for index in 0..<count { row[index] = state.vector[index] }
    if let integrals {
      let first = 1 + 2 * forcings.count
      for (index, result) in integrals.evaluate(point: point.vector, state: state.vector)
        .enumerated()
      {
        point.vector[first + index] = result.value
        integralError = max(integralError, result.error)
      }
    }
    observables.evaluate(
      point.vector, state.vector, parameters.vector, into: row.slice(count, row.count - count))
  }

  /// The closed-form truth at `x`, in the order of ``exactNames``; nil without one.
  public func truth(_ x: Double) -> Vector? {
    guard !rows.exactNames.isEmpty else { return nil }
    point.move(to: x)
    exact.evaluate(point.vector, state.vector, parameters.vector, into: truthStorage.vector)
    return truthStorage.vector
  }
}

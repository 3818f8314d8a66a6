import Expressions
import Problems

/// An initial-value problem as a first-order system M·y' = f(t, y) of expressions.
///
/// Higher orders are reduced: an unknown of order m gives m components u, u', …. Where the matrix of
/// the highest derivatives is regular, it is divided out (symbolically in blocks of up to three
/// equations, else by LU in the right-hand side); where it is singular, M stays and the system is
/// a differential-algebraic one.
public struct SystemForm: Sendable {
  /// The components of y: unknowns and their lower derivatives, unknown by unknown.
  public var state: [Symbol]
  /// f, one for each component.
  public var rates: [Expression]
  /// M, by rows, where it is not the identity; its entries depend on parameters alone.
  public var mass: [MassEntry] = []
  /// Highest derivatives that a matrix depending on (t, y) ties together: solved by LU.
  public var coupled: CoupledBlock?
  /// What each highest derivative is, where a formula says it.
  public var derivatives: [Symbol: Expression] = [:]
  public let marching: String

  /// A non-zero entry of M.
  public struct MassEntry: Sendable {
    public var row: Int
    public var column: Int
    public var value: Expression
  }

  /// C(t, y)·v = g(t, y) for the highest derivatives v of some unknowns.
  public struct CoupledBlock: Sendable {
    /// Rows of y' that the solution v gives.
    public var rows: [Int]
    public var unknowns: [Symbol]
    /// C, row-major.
    public var matrix: [Expression]
    public var rightSides: [Expression]
  }

  /// Whether the system has a mass matrix other than the identity; one without any entry is that of
  /// algebraic equations alone.
  public private(set) var hasMass = false

  /// Bundles a system y' = f that was made elsewhere.
  public init(state: [Symbol], rates: [Expression], marching: String) {
    precondition(state.count == rates.count, "a rate for each component")
    self.state = state
    self.rates = rates
    self.marching = marching
  }

  /// Brings the equations of a problem into this form.
  ///
  /// - Throws: `ProblemFaults` placed at the equation that stands in the way.
  public init(_ problem: Problem) throws {
    guard let marching = problem.marching else {
      preconditionFailure("a problem in which no variable marches has no first-order form")
    }
    self.marching = marching
    state = []
    rates = []
    var top: [Symbol] = []
    var topRows: [Int] = []
    for unknown in problem.allUnknowns {
      let order = problem.order(of: unknown, in: marching)
      var symbol = Symbol(unknown)
      for _ in 0..<max(order, 1) {
        state.append(symbol)
        symbol = symbol.differentiated(by: marching)
        rates.append(.symbol(symbol))
      }
      top.append(symbol)
      topRows.append(state.count - 1)
    }
    let equations = LinearEquations(problem, top)
    try equations.requireConstantIfSingular(problem, state, marching)
    if equations.isSingular(problem) {
      keepMass(equations, topRows)
    } else {
      solve(equations, top, topRows)
    }
  }

  /// M·y' = f as it stands: the equations take the rows of the highest derivatives.
  private mutating func keepMass(_ equations: LinearEquations, _ topRows: [Int]) {
    hasMass = true
    let chained = Set(state.indices).subtracting(topRows)
    for row in chained.sorted() { mass.append(MassEntry(row: row, column: row, value: .one)) }
    for (j, row) in topRows.enumerated() {
      rates[row] = equations.rightSides[j]
      for (i, column) in topRows.enumerated() where !equations.matrix[j][i].isZero {
        mass.append(MassEntry(row: row, column: column, value: equations.matrix[j][i]))
      }
    }
  }

  /// y' = f: block by block, the highest derivatives are divided out.
  private mutating func solve(_ equations: LinearEquations, _ top: [Symbol], _ topRows: [Int]) {
    for block in equations.blocks() {
      let n = block.unknowns.count
      let matrix = block.equations.map { j in block.unknowns.map { equations.matrix[j][$0] } }
      let right = block.equations.map { equations.rightSides[$0] }
      if n <= 3 {
        let solution = LinearEquations.cramer(matrix, right)
        for (place, i) in block.unknowns.enumerated() {
          rates[topRows[i]] = solution[place]
          derivatives[top[i]] = solution[place]
        }
      } else {
        appendCoupled(block, matrix, right, top, topRows)
      }
    }
  }

  private mutating func appendCoupled(
    _ block: LinearEquations.Block, _ matrix: [[Expression]], _ right: [Expression],
    _ top: [Symbol], _ topRows: [Int]
  ) {
    let old = coupled
    let before = old?.unknowns.count ?? 0
    let after = before + block.unknowns.count
    var entries = [Expression](repeating: .zero, count: after * after)
    for j in 0..<before {
      for i in 0..<before { entries[j * after + i] = old?.matrix[j * before + i] ?? .zero }
    }
    for (j, row) in matrix.enumerated() {
      for (i, entry) in row.enumerated() { entries[(before + j) * after + before + i] = entry }
    }
    coupled = CoupledBlock(
      rows: (old?.rows ?? []) + block.unknowns.map { topRows[$0] },
      unknowns: (old?.unknowns ?? []) + block.unknowns.map { top[$0] },
      matrix: entries, rightSides: (old?.rightSides ?? []) + right)
  }
}

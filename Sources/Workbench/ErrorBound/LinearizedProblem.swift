import Expressions
import Numerics
import Problems
import Residuals

/// The equations and conditions of a problem, linearised at a learned solution.
///
/// With F(u) = 0 the equations and r = F(u_θ) what is left of them, the error e = u_θ − u solves
/// F'(u_θ)e = r + ½F''[e, e]: slopes and curvatures are partial derivatives of the text.
struct LinearizedProblem {
  typealias Leaf = ErrorSpace.Leaf

  /// What is left of a text, and its slopes.
  struct Row {
    var text: String
    var residual: Expression
    /// The unknowns and their derivatives in it.
    var symbols: [Symbol]
    /// The same, as an ``ErrorSpace`` names them.
    var leaves: [Leaf]
    var slopes: [Expression]
    /// Pairs of leaves with the second derivative by them.
    var curvatures: [(first: Leaf, second: Leaf, slope: Expression)] = []
  }

  /// A condition on one face, or at a point.
  struct Condition {
    var row: Row
    /// Where each variable stands; nil: anywhere.
    var place: [Double?]
  }

  let problem: Problem
  private(set) var equations: [Row] = []
  private(set) var conditions: [Condition] = []
  /// The highest derivative, by unknown, then by variable.
  private(set) var orders: [[Int]] = []

  /// Whether second derivatives of the equations vanish.
  var isLinear: Bool { equations.allSatisfy(\.curvatures.isEmpty) }

  /// - Throws: ``NoBound``, with the reason.
  init(_ problem: Problem) throws(NoBound) {
    self.problem = problem
    try requireKnownEquations()
    equations = try problem.equations.map { equation throws(NoBound) in
      try row(equation.text, equation.residual)
    }
    for condition in problem.conditions {
      guard let left = condition.condition.left, let right = condition.condition.right else {
        continue
      }
      let row = try row(condition.text, left - right)
      guard row.curvatures.isEmpty else {
        throw NoBound("the condition '\(condition.text)' is nonlinear")
      }
      conditions += places(condition.location).map { Condition(row: row, place: $0) }
    }
    orders = problem.allUnknowns.map { _ in problem.variables.map { _ in 0 } }
    for leaf in (equations + conditions.map(\.row)).flatMap(\.leaves) {
      for axis in leaf.orders.indices {
        orders[leaf.unknown][axis] = max(orders[leaf.unknown][axis], leaf.orders[axis])
      }
    }
    if !isLinear, problem.kind == .boundaryValue || problem.kind == .elliptic {
      throw NoBound(
        "the equations are nonlinear, and without initial values may have other solutions")
    }
  }

  private func requireKnownEquations() throws(NoBound) {
    if problem.hasNetworks || !problem.estimates.isEmpty {
      throw NoBound("the equations hold what is to be found")
    }
    if problem.isUnderdetermined || problem.conditions.contains(where: \.isData) {
      throw NoBound("measurements stand for conditions")
    }
    if problem.equations.contains(where: { $0.residual.integralDepth > 0 }) {
      throw NoBound("the equations hold an integral")
    }
  }

  private func row(_ text: String, _ residual: Expression) throws(NoBound) -> Row {
    let names = problem.allUnknowns
    let residual = residual.substituting(problem.parameterValues.mapValues { .number($0) })
    let symbols = residual.symbols.filter { names.contains($0.name) }
      .sorted { $0.description < $1.description }
    do {
      let slopes = try symbols.map { try residual.derivative(by: $0) }
      var row = Row(
        text: text, residual: residual, symbols: symbols, leaves: symbols.map(leaf), slopes: slopes)
      for (index, slope) in slopes.enumerated() {
        for other in symbols where slope.contains(other) {
          row.curvatures.append(
            (leaf(symbols[index]), leaf(other), try slope.derivative(by: other)))
        }
      }
      return row
    } catch {
      throw NoBound("'\(text)' has no derivative by the unknowns")
    }
  }

  private func leaf(_ symbol: Symbol) -> Leaf {
    Leaf(
      unknown: problem.allUnknowns.firstIndex(of: symbol.name) ?? 0,
      orders: problem.variables.map { symbol.order(in: $0.name) })
  }

  private func places(_ location: ConditionRow.Location) -> [[Double?]] {
    let blank = [Double?](repeating: nil, count: problem.variables.count)
    switch location {
    case .periodic: return []
    case .point(let point): return [point]
    case .face(let name, let value, _):
      var place = blank
      if let axis = problem.variables.firstIndex(where: { $0.name == name }) {
        place[axis] = value
      }
      return [place]
    case .boundary:
      let periodic = problem.periodicVariables
      return problem.variables.indices.flatMap { axis in
        let interval = problem.variables[axis]
        if interval.name == problem.marching || periodic.contains(interval.name) {
          return [[Double?]]()
        }
        return [interval.lower, interval.upper].map { end in
          var place = blank
          place[axis] = end
          return place
        }
      }
    }
  }
}

/// Why there is no bound.
struct NoBound: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

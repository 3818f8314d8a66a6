import Expressions
import Numerics
import Problems

extension PhysicsResiduals {
  /// What is left of a condition on fresh points.
  public struct ConditionDefect: Sendable, Equatable {
    /// As written.
    public let text: String
    /// Whether it is kept by construction.
    public let isExact: Bool
    /// √ of the mean square.
    public let rootMeanSquare: Double
    /// The largest, in magnitude.
    public let largest: Double

    /// The defect of the same condition in several parts of the domain, looked at on as many points
    /// each.
    public func joined(with others: [ConditionDefect]) -> ConditionDefect {
      if others.isEmpty { return self }
      let all = [self] + others
      let squares = all.reduce(0) { $0 + $1.rootMeanSquare * $1.rootMeanSquare }
      return ConditionDefect(
        text: text, isExact: isExact,
        rootMeanSquare: (squares / Double(all.count)).squareRoot(),
        largest: all.map(\.largest).reduce(0) { $1 > $0 || $1.isNaN ? $1 : $0 })
    }
  }

  /// Evaluates the unknowns at any points, by unknown, then by point.
  ///
  /// - Parameter points: flat, point after point.
  public func evaluate(_ parameters: Vector, at points: [Double]) -> [[Double]] {
    unknowns.values(parameters, at: points, self)
  }

  /// Evaluates expressions of the variables, parameters, unknowns, their derivatives and integrals at
  /// any points, by expression, then by point.
  ///
  /// - Throws: `DifferentiationError` or `ProgramError` for what has no value at a point, a fault with
  ///   a remedy for an integral that has none.
  public func evaluate(
    _ expressions: [Expression], _ parameters: Vector, at points: [Double]
  ) throws -> [[Double]] {
    let program = try PointProgram(expressions.map(calculus.constant), model, refinement: 2)
    try following?.prepare(program.given)
    return FieldTable(program, workers).values(parameters, at: points, self)
  }

  /// Evaluates what is left of the equations, weights aside, by equation, then by point.
  ///
  /// - Parameter points: flat, point after point.
  public func equationDefects(_ parameters: Vector, at points: [Double]) -> [[Double]] {
    equations.values(parameters, at: points, self)
  }

  /// The integral of the squared equations that quadrature residuals minimise, as a mean over the box
  /// and weighted, and its error; nil for residuals of another kind.
  ///
  /// The error is the difference to the rule of two more nodes on the same cells.
  public func lossIntegral(_ parameters: Vector) throws -> (value: Double, error: Double)? {
    guard plan.residual == .quadrature else { return nil }
    let rule = cellRule
    let values = try [rule, rule.with(nodes: rule.nodes + 2)].map { rule in
      let (unit, weights) = try rule.points()
      var sum = 0.0
      for (row, defects) in equationDefects(parameters, at: spread(unit)).enumerated() {
        for (defect, weight) in zip(defects, weights) {
          sum += 0.5 * groups[0].weights[row] * weight * defect * defect
        }
      }
      return sum / Double(weights.count)
    }
    return (values[1], (values[1] - values[0]).magnitude)
  }

  /// Evaluates what is left of each condition on points that training has not seen.
  ///
  /// Periodicity, and values that data give, have no entry.
  /// - Parameter count: points a condition.
  public func conditionDefects(_ parameters: Vector, count: Int) throws -> [ConditionDefect] {
    var found: [ConditionDefect] = []
    for (row, condition) in problem.conditions.enumerated() {
      guard condition.condition.right != nil else { continue }
      let points =
        fixedPoint(of: condition.location)
        ?? boundary(
          faces(of: condition.location), stream: 1_000 + row, count: count, round: -1)
      let isExact = plan.conditions[row].isExact
      var defects: [Double] = []
      do {
        defects = try evaluate([condition.residual], parameters, at: points)[0]
      } catch let fault as DerivativeFault {
        // What is built in holds, whether it can be looked at or not.
        if !isExact { throw fault }
      }
      let squares = defects.reduce(0) { $0 + $1 * $1 } / Double(max(defects.count, 1))
      let largest = defects.reduce(0) { $1.magnitude > $0 || $1.isNaN ? $1.magnitude : $0 }
      found.append(
        ConditionDefect(
          text: condition.text, isExact: isExact,
          rootMeanSquare: squares.squareRoot(), largest: largest))
    }
    return found
  }
}

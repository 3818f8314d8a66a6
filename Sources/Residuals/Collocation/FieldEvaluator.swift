import Expressions
import Numerics

extension PhysicsResiduals {
  /// Readies expressions for evaluation at one set of points after another.
  ///
  /// - Parameter expressions: of the variables, parameters, forcings, unknowns and derivatives.
  /// - Throws: `DifferentiationError` or `ProgramError` for what has no value at a point.
  public func evaluator(of expressions: [Expression]) throws -> FieldEvaluator {
    let program = try PointProgram(expressions.map(calculus.constant), model)
    try following?.prepare(program.given)
    return FieldEvaluator(FieldTable(program, workers), self)
  }
}

/// Expressions of a learned field, ready for any points.
///
/// Works with the workers of its residuals: one of both at a time.
public final class FieldEvaluator {
  private let table: FieldTable
  private let residuals: PhysicsResiduals

  init(_ table: FieldTable, _ residuals: PhysicsResiduals) {
    (self.table, self.residuals) = (table, residuals)
  }

  /// Evaluates by expression, then by point.
  ///
  /// - Parameter points: flat, point after point.
  public func values(_ parameters: Vector, at points: [Double]) -> [[Double]] {
    table.values(parameters, at: points, residuals)
  }
}

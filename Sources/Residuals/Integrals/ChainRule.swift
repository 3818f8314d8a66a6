import Expressions

/// Derivatives of expressions that hold the symbols of integrals.
///
/// An integral depends on θ through the fields under it, and directly through leaves of the point
/// around, estimates, and integrals that were computed before.
struct ChainRule {
  let integrals: [IntegralProgram]

  /// What stands for the derivative of an integral by a leaf that it depends on directly.
  static func slope(of integral: Symbol, by leaf: Symbol) -> Symbol {
    Symbol("\(integral)/\(leaf)")
  }

  /// What a tape reads of each integral: its value, then its derivatives.
  var symbols: [Symbol] {
    integrals.flatMap { integral in
      [integral.symbol]
        + integral.directLeaves.map { Self.slope(of: integral.symbol, by: $0) }
    }
  }

  /// ∂F/∂z + Σ dF/dI·∂I/∂z: what F changes by with a leaf, through integrals too.
  func derivative(of expression: Expression, by leaf: Symbol) throws(DifferentiationError)
    -> Expression
  {
    var slope =
      expression.contains(leaf) ? try expression.derivative(by: leaf) : Expression.zero
    for integral in integrals where integral.directLeaves.contains(leaf) {
      let outer = try derivative(of: expression, by: integral.symbol)
      slope = slope + outer * .symbol(Self.slope(of: integral.symbol, by: leaf))
    }
    return slope
  }
}

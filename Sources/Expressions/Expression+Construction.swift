extension Expression {
  /// Adds; folds numbers, drops zeros and turns the sum with a negative into a difference.
  public static func + (a: Expression, b: Expression) -> Expression {
    if let folded = fold(.add, a, b) { return folded }
    if a.isZero { return b }
    if b.isZero { return a }
    if let positive = b.negated { return Expression(.subtract, [a, positive]) }
    if case .negate = a.operation { return Expression(.subtract, [b, a.operands[0]]) }
    return Expression(.add, [a, b])
  }

  /// Subtracts; folds numbers, drops zeros and turns the difference with a negative into a sum.
  public static func - (a: Expression, b: Expression) -> Expression {
    if let folded = fold(.subtract, a, b) { return folded }
    if b.isZero { return a }
    if a.isZero { return -b }
    if let positive = b.negated {
      // −a + b is b − a, bit for bit.
      if case .negate = a.operation {
        return Expression(.subtract, [positive, a.operands[0]])
      }
      return Expression(.add, [a, positive])
    }
    return Expression(.subtract, [a, b])
  }

  /// Negates; two negations cancel, and the sign of a constant factor changes in place.
  public static prefix func - (a: Expression) -> Expression {
    if let value = a.constant { return .number(-value) }
    switch a.operation {
    case .negate: return a.operands[0]
    case .multiply, .divide:
      if let factor = a.operands[0].constant {
        return Expression(a.operation, [.number(-factor), a.operands[1]])
      }
      return Expression(.negate, [a])
    default: return Expression(.negate, [a])
    }
  }

  /// Multiplies; folds numbers, 0 and 1, and moves a sign to the front.
  public static func * (a: Expression, b: Expression) -> Expression {
    if let folded = fold(.multiply, a, b) { return folded }
    if a.isZero || b.isZero { return zero }
    if a.isOne { return b }
    if b.isOne { return a }
    if a.constant == -1 { return -b }
    if b.constant == -1 { return -a }
    if case .negate = a.operation { return -(a.operands[0] * b) }
    if case .negate = b.operation { return -(a * b.operands[0]) }
    return Expression(.multiply, [a, b])
  }

  /// Divides; folds numbers, 0 and 1, and moves a sign to the front.
  public static func / (a: Expression, b: Expression) -> Expression {
    if let folded = fold(.divide, a, b) { return folded }
    if a.isZero && !b.isZero { return zero }
    if b.isOne { return a }
    if b.constant == -1 { return -a }
    if case .negate = a.operation { return -(a.operands[0] / b) }
    if case .negate = b.operation { return -(a / b.operands[0]) }
    return Expression(.divide, [a, b])
  }

  /// Raises to a power; small integer powers become products when the expression is lowered.
  public static func pow(_ base: Expression, _ exponent: Expression) -> Expression {
    if let n = exponent.constant {
      if n == 0 { return one }
      if n == 1 { return base }
      if let x = base.constant {
        let value = Arithmetic.power(x, constant: n)
        if value.isFinite { return .number(value) }
      }
    }
    if base.isOne { return one }
    return Expression(.power, [base, exponent])
  }

  /// Compares or combines truths: one of the six comparisons, `and`, `or`.
  ///
  /// - Precondition: `operation` is one of those.
  public static func logical(_ operation: Operation, _ a: Expression, _ b: Expression)
    -> Expression
  {
    switch operation {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or:
      return fold(operation, a, b) ?? Expression(operation, [a, b])
    default: preconditionFailure("\(operation) is not a comparison, and, or")
    }
  }

  /// Denies a truth: 1 where `a` is 0, else 0.
  public static func not(_ a: Expression) -> Expression {
    if let value = a.constant { return .number(Arithmetic.truth(value == 0)) }
    return Expression(.not, [a])
  }

  /// Selects `a` where `condition` is not 0, else `b`; both are evaluated.
  public static func select(_ condition: Expression, _ a: Expression, _ b: Expression)
    -> Expression
  {
    if let value = condition.constant { return value != 0 ? a : b }
    if a == b { return a }
    return Expression(.select, [condition, a, b])
  }

  /// Calls a function of the catalog; folds where every argument is a number.
  ///
  /// - Precondition: as many arguments as the function takes.
  public static func call(_ function: Function, _ arguments: [Expression]) -> Expression {
    let row = function.row
    precondition(
      arguments.count == row.argumentCount,
      "\(row.name) takes \(row.argumentCount) arguments, not \(arguments.count)")
    let numbers = arguments.compactMap(\.constant)
    if numbers.count == arguments.count {
      let value = row.value { numbers[$0] }
      if value.isFinite { return .number(value) }
    }
    return Expression(.call(function), arguments)
  }

  /// Integrates `body` over `variable`, which it binds, between the limits.
  public static func integral(
    _ body: Expression, _ variable: String, _ lower: Expression, _ upper: Expression
  ) -> Expression {
    Expression(.integral(variable), [body, lower, upper])
  }

  /// Reads an unknown (or a derivative of it) at another place: one argument for each variable.
  ///
  /// - Precondition: as many arguments as variables.
  public static func place(_ symbol: Symbol, variables: [String], _ arguments: [Expression])
    -> Expression
  {
    precondition(
      arguments.count == variables.count,
      "\(symbol) takes \(variables.count) arguments, not \(arguments.count)")
    return Expression(.place(symbol, variables: variables), arguments)
  }

  /// The expression without its leading sign, where it has one that can be moved at no rounding.
  private var negated: Expression? {
    if let value = constant { return value < 0 ? .number(-value) : nil }
    switch operation {
    case .negate: return operands[0]
    case .multiply, .divide:
      guard let factor = operands[0].constant, factor < 0 else { return nil }
      return factor == -1 && operation == .multiply
        ? operands[1] : Expression(operation, [.number(-factor), operands[1]])
    default: return nil
    }
  }

  /// The number, where both operands are numbers and the result is finite.
  private static func fold(_ operation: Operation, _ a: Expression, _ b: Expression)
    -> Expression?
  {
    guard let x = a.constant, let y = b.constant,
      let value = Arithmetic.value(operation, { $0 == 0 ? x : y }), value.isFinite
    else { return nil }
    return .number(value)
  }

  /// Makes the same operation on other operands, simplified again.
  static func rebuilt(_ operation: Operation, _ x: [Expression]) -> Expression {
    switch operation {
    case .number, .symbol: Expression(operation)
    case .negate: -x[0]
    case .add: x[0] + x[1]
    case .subtract: x[0] - x[1]
    case .multiply: x[0] * x[1]
    case .divide: x[0] / x[1]
    case .power: pow(x[0], x[1])
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or:
      logical(operation, x[0], x[1])
    case .not: not(x[0])
    case .select: select(x[0], x[1], x[2])
    case .call(let function): call(function, x)
    case .integral(let variable): integral(x[0], variable, x[1], x[2])
    case .place(let symbol, let variables): place(symbol, variables: variables, x)
    }
  }
}

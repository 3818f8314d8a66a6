extension Expression {
  /// How many steps a derivative may take: a guard against orders that no one means.
  public static let derivativeLimit = 200_000

  /// Differentiates by a leaf, every other leaf held constant.
  ///
  /// Exact; `if`, `min`, `max`, `abs`, `mod` and the step functions piece by piece. The graph is
  /// visited once, so the size grows by a constant factor.
  /// - Throws: ``DifferentiationError`` where a function has no closed rule.
  public func derivative(by symbol: Symbol) throws(DifferentiationError) -> Expression {
    var differentiator = Differentiator(by: .leaf(symbol), limit: Expression.derivativeLimit)
    return try differentiator.derivative(of: self)
  }

  /// Differentiates by a variable along the solution: unknowns become their derivatives.
  ///
  /// A leaf `s` turns into 1 where it is `variable` itself, into `s` differentiated once more where
  /// `dependents` says that its name depends on `variable`, else into 0.
  /// - Parameter variables: every variable of the problem; integrals may bind (and hide) one.
  /// - Throws: ``DifferentiationError`` where a function has no closed rule.
  public func totalDerivative(
    by variable: String, variables: [String], dependents: @escaping (String) -> Bool
  ) throws(DifferentiationError) -> Expression {
    var limit = Expression.derivativeLimit
    return try totalDerivative(
      by: variable, variables: variables, dependents: dependents, limit: &limit)
  }

  /// The same, with a budget of steps shared by several derivatives.
  func totalDerivative(
    by variable: String, variables: [String], dependents: @escaping (String) -> Bool,
    limit: inout Int
  ) throws(DifferentiationError) -> Expression {
    var differentiator = Differentiator(
      by: .variable(variable, variables, dependents), limit: limit)
    defer { limit = differentiator.limit }
    return try differentiator.derivative(of: self)
  }
}

/// Forward differentiation over the graph, each node once.
struct Differentiator {
  enum Target {
    case leaf(Symbol)
    /// The variable, all variables, and which names depend on it.
    case variable(String, [String], (String) -> Bool)
  }

  let target: Target
  private(set) var limit: Int

  init(by target: Target, limit: Int) {
    self.target = target
    self.limit = limit
  }

  mutating func derivative(of root: Expression) throws(DifferentiationError) -> Expression {
    if case .leaf(let symbol) = target, root.node.leaves & Node.bit(of: symbol) == 0 {
      return .zero
    }
    let order = Node.postorder([root], open: true)
    limit -= order.count
    guard limit >= 0 else { throw .tooLarge(limit: Expression.derivativeLimit) }
    var slopes: [ObjectIdentifier: Expression] = [:]
    slopes.reserveCapacity(order.count)
    for node in order {
      slopes[node.id] = try slope(node) { slopes[$0.node.id] ?? .zero }
    }
    return slopes[root.node.id] ?? .zero
  }

  private mutating func slope(_ node: Node, _ d: (Expression) -> Expression)
    throws(DifferentiationError) -> Expression
  {
    let x = node.operands
    switch node.operation {
    case .number, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or,
      .not:
      return .zero
    case .symbol(let symbol): return slope(symbol)
    case .negate: return -d(x[0])
    case .add: return d(x[0]) + d(x[1])
    case .subtract: return d(x[0]) - d(x[1])
    case .multiply: return d(x[0]) * x[1] + x[0] * d(x[1])
    case .divide:
      let bottom = d(x[1])
      if bottom.isZero { return d(x[0]) / x[1] }
      return (d(x[0]) - Expression(node) * bottom) / x[1]
    case .power: return power(node, d(x[0]), d(x[1]))
    case .select: return .select(x[0], d(x[1]), d(x[2]))
    case .call(let function): return try call(function, x, d)
    case .integral(let variable): return try integral(variable, x, d)
    case .place(let symbol, let variables): return try place(symbol, variables, x, d)
    }
  }

  private func slope(_ symbol: Symbol) -> Expression {
    switch target {
    case .leaf(let leaf): return symbol == leaf ? .one : .zero
    case .variable(let variable, _, let depends):
      if symbol.derivatives.isEmpty && symbol.name == variable { return .one }
      return depends(symbol.name) ? .symbol(symbol.differentiated(by: variable)) : .zero
    }
  }

  /// (aᵇ)' = b·aᵇ⁻¹·a' + aᵇ·ln a·b', the second part 0 at a = 0.
  private func power(_ node: Node, _ da: Expression, _ db: Expression) -> Expression {
    let (a, b) = (node.operands[0], node.operands[1])
    var slope = Expression.zero
    if !da.isZero { slope = b * .pow(a, b - 1) * da }
    guard !db.isZero else { return slope }
    let growth = Expression(node) * .call(.log, [a]) * db
    if let base = a.constant, base != 0 { return slope + growth }
    return slope + .select(.logical(.equal, a, .zero), .zero, growth)
  }

  private func call(
    _ function: Function, _ x: [Expression], _ d: (Expression) -> Expression
  ) throws(DifferentiationError) -> Expression {
    var slope = Expression.zero
    for index in x.indices {
      let inner = d(x[index])
      if inner.isZero { continue }
      guard let outer = function.row.slope(x, index) else {
        throw .noRule(function: function.name, argument: index + 1)
      }
      slope = slope + outer * inner
    }
    return slope
  }

  /// Leibniz: the moving limits' values of the body, and the integral of the body's derivative.
  private mutating func integral(
    _ bound: String, _ x: [Expression], _ d: (Expression) -> Expression
  ) throws(DifferentiationError) -> Expression {
    let body = x[0]
    var result = Expression.zero
    let (lower, upper) = (d(x[1]), d(x[2]))
    if !lower.isZero || !upper.isZero {
      if case .variable(_, let variables, _) = target, variables.contains(bound) {
        throw .movingLimits(variable: bound)
      }
      let leaf = Symbol(bound)
      result =
        body.substituting([leaf: x[2]]) * upper - body.substituting([leaf: x[1]]) * lower
    }
    var inner: Expression
    switch target {
    case .leaf(let symbol) where symbol == Symbol(bound): inner = .zero
    // An integral over a variable takes the unknowns along with it.
    case .variable(let variable, _, _) where variable == bound: inner = .zero
    case .leaf: inner = try derivative(of: body)
    case .variable(let variable, let variables, let depends):
      // The bound name is a constant here, even where it hides a variable.
      var nested = Differentiator(
        by: .variable(variable, variables, { $0 != bound && depends($0) }), limit: limit)
      inner = try nested.derivative(of: body)
      limit = nested.limit
    }
    if !inner.isZero { inner = .integral(inner, bound, x[1], x[2]) }
    return result + inner
  }

  private func place(
    _ symbol: Symbol, _ variables: [String], _ x: [Expression], _ d: (Expression) -> Expression
  ) throws(DifferentiationError) -> Expression {
    if case .leaf(let leaf) = target, leaf == symbol || leaf == Symbol(symbol.name) {
      throw .nonlocal(name: symbol.name)
    }
    var slope = Expression.zero
    for (variable, argument) in zip(variables, x) {
      let inner = d(argument)
      if inner.isZero { continue }
      let outer = symbol.differentiated(by: variable)
      slope = slope + .place(outer, variables: variables, x) * inner
    }
    return slope
  }
}

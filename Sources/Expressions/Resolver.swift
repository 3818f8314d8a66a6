/// Gives a syntax tree its meaning in a scope, and notes every name or count that is wrong.
struct Resolver {
  /// How deep integrals may nest.
  static let integralLimit = 4

  let scope: Scope
  let tree: SyntaxTree
  private(set) var faults: [Fault] = []
  /// What may still be spent on derivatives of whole expressions.
  var budget = Expression.derivativeLimit
  /// The names bound by the integrals around, innermost last.
  var bound: [String] = []
  /// What was differentiated as a whole, so far.
  private(set) var differentiated: [DifferentiatedPart] = []

  init(scope: Scope, tree: SyntaxTree) {
    self.scope = scope
    self.tree = tree
  }

  mutating func fault(
    _ node: SyntaxTree.Node, length: Int? = nil, _ message: String, _ remedy: String
  ) {
    faults.append(
      Fault(
        offset: node.offset, length: max(length ?? node.length, 1), message: message,
        remedy: remedy))
  }

  /// The expression of a node; nil after a fault below it.
  mutating func expression(_ index: Int) -> Expression? {
    let node = tree[index]
    switch node.form {
    case .invalid: return nil
    case .number(let value): return .number(value)
    case .name(let name): return symbol(name, node)
    case .prefix(let sign, let inner):
      guard let inner = expression(inner) else { return nil }
      return sign == "-" ? -inner : .not(inner)
    case .infix: return infix(index)
    case .primes(let inner, let count): return primes(inner, count, node)
    case .call(let name, let length, let arguments):
      return call(name, length, arguments, node)
    }
  }

  /// Long sums lean to the left: they are walked down in a loop, not by recursion.
  private mutating func infix(_ index: Int) -> Expression? {
    var chain: [(sign: String, right: Int)] = []
    var first = index
    while case .infix(let sign, let left, let right) = tree[first].form {
      chain.append((sign, right))
      first = left
    }
    var result = expression(first)
    for (sign, right) in chain.reversed() {
      let operand = expression(right)
      result = result.flatMap { left in operand.map { Resolver.combine(sign, left, $0) } }
    }
    return result
  }

  private static func combine(_ sign: String, _ a: Expression, _ b: Expression) -> Expression {
    switch sign {
    case "+": a + b
    case "-": a - b
    case "*": a * b
    case "/": a / b
    case "^": .pow(a, b)
    case "<": .logical(.less, a, b)
    case "<=": .logical(.lessOrEqual, a, b)
    case ">": .logical(.greater, a, b)
    case ">=": .logical(.greaterOrEqual, a, b)
    case "==": .logical(.equal, a, b)
    case "!=": .logical(.notEqual, a, b)
    case "and": .logical(.and, a, b)
    default: .logical(.or, a, b)
    }
  }

  // MARK: Names

  private mutating func symbol(_ name: String, _ node: SyntaxTree.Node) -> Expression? {
    if bound.contains(name) { return .symbol(name) }
    switch scope.kind(of: name) {
    case .function: return scope.functions[name]
    case .some: return .symbol(name)
    case nil: break
    }
    switch name {
    case "pi": return .number(.pi)
    case "true": return .one
    case "false": return .zero
    default: break
    }
    if let (base, variables) = scope.derivative(reading: name) {
      return derivative(of: base, by: variables, node)
    }
    unknown(name, node)
    return nil
  }

  private mutating func derivative(of base: String, by variables: [String], _ node: SyntaxTree.Node)
    -> Expression?
  {
    var result: Expression? = scope.functions[base] ?? .symbol(base)
    for variable in variables {
      result = result.flatMap { derivative(of: $0, by: variable, node) }
    }
    return result
  }

  /// Differentiates along the solution; what cannot be is a fault at `node`.
  mutating func derivative(of expression: Expression, by variable: String, _ node: SyntaxTree.Node)
    -> Expression?
  {
    let scope = scope
    let bound = bound
    if expression.leaf == nil {
      differentiated.append(
        DifferentiatedPart(
          expression: expression, variable: variable, offset: node.offset, length: node.length))
    }
    do throws(DifferentiationError) {
      return try expression.totalDerivative(
        by: variable, variables: scope.variables,
        dependents: { !bound.contains($0) && scope.depends($0, on: variable) }, limit: &budget)
    } catch {
      fault(node, error.message, error.remedy)
      return nil
    }
  }

  private mutating func unknown(_ name: String, _ node: SyntaxTree.Node) {
    if name == "data" {
      return fault(node, "'data' is a word of conditions", "write x = data at t = 0")
    }
    if name == "if" {
      return fault(node, "'if' takes three arguments", "write if(condition, a, b)")
    }
    if let line = name.lastIndex(of: "_") {
      let base = String(name[..<line])
      let suffix = name[name.index(after: line)...]
      if scope.isDifferentiable(base), !suffix.isEmpty {
        return wrongDerivative(name, base, suffix, node)
      }
    }
    if Function(named: name) != nil || Resolver.forms.contains(name) {
      return fault(node, "'\(name)' is a function", "write \(name)(…)")
    }
    let remedy: String
    if let known = Resolver.foreign[name] {
      remedy = known
    } else if let near = NearestName.find(name, among: scope.names.union(bound).union(["pi"])) {
      remedy = "did you mean '\(near)'?"
    } else {
      remedy = "declare it, or correct the name"
    }
    fault(node, "unknown name '\(name)'", remedy)
  }

  private mutating func wrongDerivative(
    _ name: String, _ base: String, _ suffix: Substring, _ node: SyntaxTree.Node
  ) {
    if suffix.count > Scope.orderLimit {
      return fault(
        node, "the derivative of '\(base)' has an order above \(Scope.orderLimit)",
        "lower the order")
    }
    if scope.variables.contains(String(suffix)) {
      return fault(
        node, "'\(name)' differentiates by a name of several letters",
        "write d(\(base), \(suffix))")
    }
    let wrong = suffix.first { !scope.variables.contains(String($0)) }
    fault(
      node,
      "'\(name)' differentiates by '\(wrong.map(String.init) ?? "")', which is not a variable",
      scope.variables.isEmpty ? "declare it" : "the variables are \(list(scope.variables))")
  }

  /// Names that other languages know.
  private static let foreign: [String: String] = [
    "e": "write exp(1)", "E": "write exp(1)", "PI": "write pi", "Pi": "write pi",
    "π": "write pi", "True": "write true", "False": "write false", "AND": "write and",
    "OR": "write or", "NOT": "write not",
  ]

  func list(_ names: [String]) -> String { names.joined(separator: ", ") }

  // MARK: Primes

  private mutating func primes(_ inner: Int, _ count: Int, _ node: SyntaxTree.Node) -> Expression? {
    guard let variable = scope.primeVariable else {
      fault(
        node, "a prime does not say by which of the variables \(list(scope.variables))",
        "write u_x or d(u, x)")
      return nil
    }
    if count > Scope.orderLimit {
      fault(node, "the derivative has an order above \(Scope.orderLimit)", "lower the order")
      return nil
    }
    if case .name(let name) = tree[inner].form {
      if bound.contains(name) || scope.kind(of: name) == .value || scope.kind(of: name) == .variable
      {
        fault(node, "'\(name)' is not an unknown and has no derivative", "remove the prime")
        return nil
      }
    } else if case .number = tree[inner].form {
      fault(node, "a number has no derivative", "remove the prime")
      return nil
    }
    var result = expression(inner)
    for _ in 0..<count {
      result = result.flatMap { derivative(of: $0, by: variable, node) }
    }
    return result
  }
}

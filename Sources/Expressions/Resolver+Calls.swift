extension Resolver {
  /// What looks like a function but is a form of the language.
  static let forms: Set<String> = ["if", "d", "laplace", "integral"]

  /// Gives a name followed by arguments its meaning.
  mutating func call(_ name: String, _ length: Int, _ arguments: [Int], _ node: SyntaxTree.Node)
    -> Expression?
  {
    switch name {
    case "if": return choice(arguments, node)
    case "d": return differential(arguments, node)
    case "laplace": return laplacian(arguments, node)
    case "integral": return integral(arguments, node)
    default: break
    }
    if let place = placed(name) {
      if !bound.isEmpty { return self.place(place, name, arguments, node) }
      if Function(named: name) == nil {
        _ = arguments.map { expression($0) }
        fault(
          node, length: length, "'\(name)' at another place may stand only inside integral(…)",
          "write \(name) alone; delays are not in this format")
        return nil
      }
    }
    guard let function = Function(named: name), name != FunctionCatalog.powerRow.name else {
      _ = arguments.map { expression($0) }
      notAFunction(name, length, node)
      return nil
    }
    return call(function, arguments, node)
  }

  /// The unknown, or derivative of one, that a name followed by `(` reads elsewhere.
  private func placed(_ name: String) -> Symbol? {
    if scope.kind(of: name) == .unknown { return Symbol(name) }
    if let (base, variables) = scope.derivative(reading: name),
      scope.kind(of: base) == .unknown
    {
      return Symbol(base, variables)
    }
    return nil
  }

  private mutating func call(_ function: Function, _ arguments: [Int], _ node: SyntaxTree.Node)
    -> Expression?
  {
    let values = arguments.map { expression($0) }
    let row = function.row
    if ["min", "max"].contains(row.name), values.count > 2 {
      let known = values.compactMap { $0 }
      guard known.count == values.count else { return nil }
      return known.dropFirst().reduce(known[0]) { .call(function, [$0, $1]) }
    }
    guard count(arguments, row.argumentCount, of: row.name, node) else { return nil }
    let known = values.compactMap { $0 }
    return known.count == values.count ? .call(function, known) : nil
  }

  /// Whether a call has the right number of arguments; notes a fault where it has not.
  private mutating func count(
    _ arguments: [Int], _ expected: Int, of name: String, _ node: SyntaxTree.Node
  ) -> Bool {
    if arguments.count == expected { return true }
    let form = Resolver.usage[name]
    let letters = ["a", "b", "c", "d"].prefix(expected).joined(separator: ", ")
    fault(
      node,
      "\(name) takes \(expected) argument\(expected == 1 ? "" : "s"), not \(arguments.count)",
      "write \(form ?? "\(name)(\(letters))")")
    return false
  }

  private static let usage = [
    "if": "if(condition, a, b)", "laplace": "laplace(u)",
    "integral": "integral(f, s, a, b)", "d": "d(u, x) or d(u, x, n)",
  ]

  private mutating func notAFunction(_ name: String, _ length: Int, _ node: SyntaxTree.Node) {
    if bound.contains(name) || scope.kind(of: name) != nil || name == "pi" {
      let isFunction = scope.kind(of: name) == .function
      return fault(
        node, length: length, "'\(name)' is not a function of arguments",
        isFunction ? "write \(name) alone" : "write \(name)*(…) to multiply")
    }
    let names = FunctionCatalog.all.map(\.name) + Array(Resolver.forms)
    let remedy: String
    if let known = Resolver.foreignFunctions[name] {
      remedy = known
    } else if let near = NearestName.find(name, among: names) {
      remedy = "did you mean '\(near)'?"
    } else {
      remedy = "'cauchy methods' lists the functions"
    }
    fault(node, length: length, "unknown function '\(name)'", remedy)
  }

  private static let foreignFunctions = [
    "ln": "write log(x)", "pow": "write x^y", "power": "write x^y", "fabs": "write abs(x)",
    "arcsin": "write asin(x)", "arccos": "write acos(x)", "arctan": "write atan(x)",
    "sgn": "write sign(x)", "step": "write heaviside(x)", "diff": "write d(u, x)",
    "D": "write d(u, x)", "lap": "write laplace(u)", "laplacian": "write laplace(u)",
    "sec": "write 1/cos(x)", "csc": "write 1/sin(x)", "cot": "write 1/tan(x)",
    "where": "write if(condition, a, b)", "piecewise": "write if(condition, a, b)",
    "log2": "write log(x)/log(2)", "log1p": "write log_1plusx(x)",
    "fmod": "write mod(a, b)", "tgamma": "write gamma(x)", "lgamma": "write lngamma(x)",
  ]

  // MARK: Forms

  private mutating func choice(_ arguments: [Int], _ node: SyntaxTree.Node) -> Expression? {
    let values = arguments.map { expression($0) }
    guard count(arguments, 3, of: "if", node), let c = values[0], let a = values[1],
      let b = values[2]
    else { return nil }
    return .select(c, a, b)
  }

  private mutating func differential(_ arguments: [Int], _ node: SyntaxTree.Node) -> Expression? {
    let inner = arguments.first.flatMap { expression($0) }
    guard arguments.count == 2 || arguments.count == 3 else {
      fault(node, "d takes 2 or 3 arguments, not \(arguments.count)", "write d(u, x) or d(u, x, n)")
      return nil
    }
    guard let variable = variable(arguments[1]) else { return nil }
    var order = 1
    if arguments.count == 3 {
      guard let value = expression(arguments[2]) else { return nil }
      guard let n = value.constant, n >= 1, n <= Double(Scope.orderLimit), n == n.rounded() else {
        fault(
          tree[arguments[2]],
          "the order of a derivative is a whole number from 1 to \(Scope.orderLimit)",
          "write d(u, x, 2)")
        return nil
      }
      order = Int(n)
    }
    var result = inner
    for _ in 0..<order {
      result = result.flatMap { derivative(of: $0, byName: variable, node) }
    }
    return result
  }

  /// The name that `d` differentiates by: a variable, or a plain input of a network.
  private mutating func variable(_ index: Int) -> String? {
    let node = tree[index]
    guard case .name(let name) = node.form else {
      fault(node, "d differentiates by a name", "write d(u, x)")
      return nil
    }
    if bound.contains(name) {
      fault(
        node, "'\(name)' is bound by integral(…) and cannot be differentiated by",
        "differentiate by a variable")
      return nil
    }
    if scope.kind(of: name) == .variable || isNetworkInput(name) { return name }
    let near = NearestName.find(name, among: scope.variables)
    let remedy =
      near.map { "did you mean '\($0)'?" }
      ?? (scope.variables.isEmpty ? "declare it" : "the variables are \(list(scope.variables))")
    fault(node, "'\(name)' is not a variable and cannot be differentiated by", remedy)
    return nil
  }

  private func isNetworkInput(_ name: String) -> Bool {
    scope.networkOutputs.values.contains { $0.contains(name) }
  }

  private mutating func derivative(
    of expression: Expression, byName name: String, _ node: SyntaxTree.Node
  ) -> Expression? {
    if scope.kind(of: name) == .variable { return derivative(of: expression, by: name, node) }
    // By an input of a network: its outputs change, everything else but the input is held.
    let outputs = scope.networkOutputs.filter { $0.value.contains(name) }
    do throws(DifferentiationError) {
      return try expression.totalDerivative(
        by: name, variables: scope.variables, dependents: { outputs[$0] != nil }, limit: &budget)
    } catch {
      fault(node, error.message, error.remedy)
      return nil
    }
  }

  private mutating func laplacian(_ arguments: [Int], _ node: SyntaxTree.Node) -> Expression? {
    let values = arguments.map { expression($0) }
    guard count(arguments, 1, of: "laplace", node) else { return nil }
    let space = scope.variables.filter { $0 != scope.marching }
    if space.isEmpty {
      fault(node, "laplace has no space variable here", "declare one, or write u''")
      return nil
    }
    guard let inner = values[0] else { return nil }
    var sum = Expression.zero
    for variable in space {
      guard let slope = derivative(of: inner, by: variable, node),
        let curvature = derivative(of: slope, by: variable, node)
      else { return nil }
      sum = sum + curvature
    }
    return sum
  }

  private mutating func integral(_ arguments: [Int], _ node: SyntaxTree.Node) -> Expression? {
    guard count(arguments, 4, of: "integral", node) else { return nil }
    let lower = expression(arguments[2])
    let upper = expression(arguments[3])
    let variable = tree[arguments[1]]
    guard case .name(let name) = variable.form, name != "pi", name != "true", name != "false" else {
      fault(variable, "integral binds a name", "write integral(f, s, a, b)")
      return nil
    }
    if let kind = scope.kind(of: name), kind != .variable {
      fault(
        variable, "'\(name)' is declared already; integral may hide a variable, no other name",
        "choose another name")
      return nil
    }
    if bound.contains(name) {
      fault(variable, "'\(name)' is bound by an integral around", "choose another name")
      return nil
    }
    if bound.count >= Resolver.integralLimit {
      fault(node, "integrals nest deeper than \(Resolver.integralLimit)", "write fewer")
      return nil
    }
    bound.append(name)
    let body = expression(arguments[0])
    bound.removeLast()
    guard let body, let lower, let upper else { return nil }
    let result = Expression.integral(body, name, lower, upper)
    if result.integralDepth > Resolver.integralLimit {
      fault(node, "integrals nest deeper than \(Resolver.integralLimit)", "write fewer")
      return nil
    }
    return result
  }

  private mutating func place(
    _ symbol: Symbol, _ name: String, _ arguments: [Int], _ node: SyntaxTree.Node
  ) -> Expression? {
    let values = arguments.map { expression($0) }
    guard arguments.count == scope.variables.count else {
      let expected = scope.variables.count
      fault(
        node,
        "\(name) takes \(expected) argument\(expected == 1 ? "" : "s"), not \(arguments.count)",
        "write one for each variable: \(name)(\(list(scope.variables)))")
      return nil
    }
    let known = values.compactMap { $0 }
    guard known.count == values.count else { return nil }
    return .place(symbol, variables: scope.variables, known)
  }
}

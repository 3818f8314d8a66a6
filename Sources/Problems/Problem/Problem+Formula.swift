import Expressions

/// Formulas in the place of networks.
extension Problem {
  /// The problem with expressions in the place of some outputs of its networks.
  ///
  /// Derivatives of an output are those of its expression. A network is left out once all its
  /// outputs are replaced, else it stays as it is; `network`, `train` and `discover` stay as written.
  /// - Parameters:
  ///   - outputs: of variables, unknowns, parameters, forcings and estimates, by output.
  ///   - added: further estimates that the expressions use, without bounds; their names are new.
  /// - Throws: `DifferentiationError` where the equations differentiate an output whose expression
  ///   has no derivative in closed form.
  /// - Precondition: the names are outputs of networks.
  public func replacing(
    outputs: [String: Expression], adding added: [(name: String, start: Double)]
  )
    throws(DifferentiationError) -> Problem
  {
    precondition(
      outputs.keys.allSatisfy { scope.networkOutputs[$0] != nil }, "outputs of no network")
    var problem = self
    problem.estimates += added.map {
      Estimate(name: $0.name, start: $0.start, lower: -.infinity, upper: .infinity)
    }
    problem.scope.values += added.map(\.name)
    let slopes = try leaves(of: Set(outputs.keys)).map { leaf throws(DifferentiationError) in
      (leaf, try derivative(of: outputs[leaf.name] ?? .zero, like: leaf))
    }
    let replacements = Dictionary(uniqueKeysWithValues: slopes)
    problem.substitute(replacements)
    problem.networks = problem.networks.filter { network in
      !network.outputs.allSatisfy { outputs[$0] != nil }
    }
    let left = Set(problem.networks.flatMap(\.outputs))
    problem.scope.networkOutputs = scope.networkOutputs.filter { left.contains($0.key) }
    let unknowns = Set(allUnknowns)
    for leaf in problem.equations.flatMap({ $0.residual.symbols })
    where unknowns.contains(leaf.name) {
      for variable in Set(leaf.derivatives) {
        problem.orders[leaf.name, default: [:]][variable] = max(
          order(of: leaf.name, in: variable), leaf.order(in: variable))
      }
    }
    return problem
  }

  /// Where outputs, and which derivatives of them, stand in the problem.
  private func leaves(of outputs: Set<String>) -> Set<Symbol> {
    var expressions = equations.flatMap { [$0.left, $0.right] }
    expressions += conditions.flatMap { [$0.condition.left, $0.condition.right, $0.value] }
      .compactMap { $0 }
    expressions += (functions + observables + networks.flatMap(\.inputs)).map(\.expression)
    expressions += events.flatMap { [$0.when] + $0.set.map(\.value) }
    expressions += solve.guess.values
    return expressions.reduce(into: []) { found, expression in
      found.formUnion(expression.symbols.filter { outputs.contains($0.name) })
    }
  }

  /// By variables along the solution, by inputs of a network with everything else held.
  private func derivative(of expression: Expression, like leaf: Symbol)
    throws(DifferentiationError) -> Expression
  {
    var result = expression
    for name in leaf.derivatives {
      result =
        scope.variables.contains(name)
        ? try scope.totalDerivative(of: result, by: name)
        : try result.derivative(by: Symbol(name))
    }
    return result
  }

  private mutating func substitute(_ new: [Symbol: Expression]) {
    func changed(_ definition: Definition) -> Definition {
      Definition(
        name: definition.name, expression: definition.expression.substituting(new),
        text: definition.text)
    }
    equations = equations.map {
      Equation(
        left: $0.left.substituting(new), right: $0.right.substituting(new), source: $0.source)
    }
    conditions = conditions.map { row in
      var condition = row.condition
      condition.left = condition.left?.substituting(new)
      condition.right = condition.right?.substituting(new)
      return ConditionRow(
        condition: condition, location: row.location, subject: row.subject,
        value: row.value?.substituting(new), source: row.source)
    }
    functions = functions.map(changed)
    scope.functions = scope.functions.mapValues { $0.substituting(new) }
    observables = observables.map(changed)
    networks = networks.map { network in
      Network(
        name: network.name, inputs: network.inputs.map(changed), outputs: network.outputs,
        hidden: network.hidden, activation: network.activation)
    }
    events = events.map { event in
      EventDeclaration(
        name: event.name, when: event.when.substituting(new), direction: event.direction,
        count: event.count, isTerminal: event.isTerminal,
        set: event.set.map { .init(target: $0.target, value: $0.value.substituting(new)) })
    }
    solve.guess = solve.guess.mapValues { $0.substituting(new) }
  }
}

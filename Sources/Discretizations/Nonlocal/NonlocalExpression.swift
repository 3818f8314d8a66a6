import Expressions

/// An expression with its integrals split off: a pointwise function of symbols that stand for them.
public struct NonlocalExpression: Sendable {
  /// The expression with a symbol for each integral and each place outside of integrals.
  public let local: Expression
  /// Unknowns read elsewhere, outside of integrals (a derivative of an integral leaves such).
  public let places: [PlacedUnknown]
  /// The integrals in the order of evaluation; one may stand in the limits of a later one.
  public let terms: [IntegralTerm]

  /// Whether there was nothing to split off.
  public var isLocal: Bool { places.isEmpty && terms.isEmpty }

  /// Splits one expression.
  ///
  /// - Parameters:
  ///   - variables: of the problem, in order.
  ///   - dependents: names whose value changes with the variables: unknowns, and forcings.
  public init(_ expression: Expression, variables: [String], dependents: [String]) {
    self =
      NonlocalExpression.split([expression], variables: variables, dependents: dependents)
      .first ?? NonlocalExpression(local: expression, places: [], terms: [])
  }

  init(local: Expression, places: [PlacedUnknown], terms: [IntegralTerm]) {
    self.local = local
    self.places = places
    self.terms = terms
  }

  /// Splits several expressions; equal integrals have equal symbols, different ones different.
  public static func split(
    _ expressions: [Expression], variables: [String], dependents: [String]
  ) -> [NonlocalExpression] {
    var splitter = IntegralSplitter(variables: variables, dependents: Set(dependents))
    return expressions.map { splitter.split($0) }
  }

  /// The terms and places of several expressions, each once, in the order of evaluation.
  public static func joined(_ parts: [NonlocalExpression]) -> (
    terms: [IntegralTerm], places: [PlacedUnknown]
  ) {
    var terms: [IntegralTerm] = []
    var places: [PlacedUnknown] = []
    var seen: Set<Symbol> = []
    for part in parts {
      for term in part.terms where seen.insert(term.symbol).inserted { terms.append(term) }
      for place in part.places where seen.insert(place.symbol).inserted { places.append(place) }
    }
    return (terms, places)
  }
}

/// Walks expressions and takes integrals out, from the outside in.
struct IntegralSplitter {
  let variables: [String]
  let dependents: Set<String>
  private var count = 0
  /// The integrals around, outermost first.
  private var frames: [Frame] = []
  /// How many integrals around a stand-in's value depends on.
  private var depths: [Symbol: Int] = [:]
  /// What was split off outside of integrals so far: integrals as written, then all by symbol.
  private var known: [Expression: Symbol] = [:]
  private var outerTerms: [Symbol: IntegralTerm] = [:]
  private var outerPlaces: [Symbol: PlacedUnknown] = [:]
  private var top = Frame(name: "", bound: Symbol(""))

  private struct Frame {
    var name: String
    var bound: Symbol
    var places: [PlacedUnknown] = []
    var terms: [IntegralTerm] = []
  }

  init(variables: [String], dependents: Set<String>) {
    self.variables = variables
    self.dependents = dependents
  }

  mutating func split(_ expression: Expression) -> NonlocalExpression {
    guard expression.integralDepth > 0 || !expression.placedSymbols.isEmpty else {
      return NonlocalExpression(local: expression, places: [], terms: [])
    }
    top = Frame(name: "", bound: Symbol(""))
    let local = replaced(expression)
    return NonlocalExpression(local: local, places: top.places, terms: top.terms)
  }

  /// The expression in the context of the frames; a loop over its nodes, operands first.
  private mutating func replaced(_ root: Expression) -> Expression {
    var results: [Expression: Expression] = [:]
    var pending = [root]
    while let next = pending.last {
      if results[next] != nil {
        pending.removeLast()
        continue
      }
      var open = next.operands[...]
      if case .integral = next.operation { open = open.dropFirst() }
      let missing = open.filter { results[$0] == nil }
      guard missing.isEmpty else {
        pending += missing.reversed()
        continue
      }
      results[next] = replaced(next, open.map { results[$0] ?? $0 })
      pending.removeLast()
    }
    return results[root] ?? root
  }

  private mutating func replaced(_ node: Expression, _ operands: [Expression]) -> Expression {
    switch node.operation {
    case .symbol(let symbol): leaf(symbol)
    case .integral(let name): .symbol(term(node, name, lower: operands[0], upper: operands[1]))
    case .place(let unknown, _): place(unknown, operands)
    default: node.rebuilt(with: operands)
    }
  }

  // MARK: Leaves and places

  /// What a variable's name means here: bound by the innermost integral over it, or itself.
  private func meaning(_ variable: String) -> Symbol {
    frames.last { $0.name == variable }?.bound ?? Symbol(variable)
  }

  private mutating func leaf(_ symbol: Symbol) -> Expression {
    if dependents.contains(symbol.name) {
      let arguments = variables.map { Expression.symbol(meaning($0)) }
      return place(symbol, arguments)
    }
    return .symbol(symbol.derivatives.isEmpty ? meaning(symbol.name) : symbol)
  }

  /// At the context's own place an unknown is a plain leaf.
  private mutating func place(_ unknown: Symbol, _ arguments: [Expression]) -> Expression {
    if zip(variables, arguments).allSatisfy({ $1.leaf == Symbol($0) }) { return .symbol(unknown) }
    let earlier = frames.last?.places ?? Array(outerPlaces.values)
    if let same = earlier.first(where: { $0.unknown == unknown && $0.arguments == arguments }) {
      if frames.isEmpty { list(same.symbol) }
      return .symbol(same.symbol)
    }
    let stand = fresh(unknown.description)
    depths[stand] = arguments.map(depth).max() ?? 0
    let place = PlacedUnknown(symbol: stand, unknown: unknown, arguments: arguments)
    if frames.isEmpty {
      outerPlaces[stand] = place
      list(stand)
    } else {
      frames[frames.count - 1].places.append(place)
    }
    return .symbol(stand)
  }

  private mutating func fresh(_ name: String) -> Symbol {
    count += 1
    return Symbol("\(name)|\(count)")
  }

  // MARK: Integrals

  /// The number of integrals around, from the outermost, that an expression here depends on.
  private func depth(_ expression: Expression) -> Int {
    expression.symbols.map { symbol in
      depths[symbol] ?? (frames.lastIndex { $0.bound == symbol }.map { $0 + 1 } ?? 0)
    }.max() ?? 0
  }

  private mutating func term(
    _ node: Expression, _ name: String, lower: Expression, upper: Expression
  ) -> Symbol {
    if frames.isEmpty, let same = known[node] {
      list(same)
      return same
    }
    frames.append(Frame(name: name, bound: fresh(name)))
    let body = replaced(node.operands[0])
    let frame = frames.removeLast()
    let term = IntegralTerm(
      symbol: fresh("integral"), bound: frame.bound, lower: lower, upper: upper, body: body,
      places: frame.places, inner: frame.terms, text: node.description)
    // What does not change with the innermost integrals is evaluated outside of them.
    let depth = term.context.map { self.depth(.symbol($0)) }.max() ?? 0
    depths[term.symbol] = depth
    if depth > 0 {
      frames[depth - 1].terms.append(term)
      return term.symbol
    }
    outerTerms[term.symbol] = term
    list(term.symbol)
    if frames.isEmpty { known[node] = term.symbol }
    return term.symbol
  }

  /// Lists what symbols stand for, in an order that does not change from run to run.
  private mutating func list(_ symbols: Set<Symbol>) {
    for symbol in symbols.sorted(by: { $0.name < $1.name }) { list(symbol) }
  }

  /// Lists what a symbol stands for among the parts of this expression, after what it depends on.
  private mutating func list(_ symbol: Symbol) {
    if let place = outerPlaces[symbol] {
      guard !top.places.contains(place) else { return }
      list(Set(place.arguments.flatMap(\.symbols)))
      top.places.append(place)
    } else if let term = outerTerms[symbol] {
      guard !top.terms.contains(where: { $0.symbol == symbol }) else { return }
      list(term.context)
      top.terms.append(term)
    }
  }
}

extension Expression {
  /// The same operation on other operands, simplified again.
  package func rebuilt(with x: [Expression]) -> Expression {
    switch operation {
    case .number, .symbol: self
    case .negate: -x[0]
    case .add: x[0] + x[1]
    case .subtract: x[0] - x[1]
    case .multiply: x[0] * x[1]
    case .divide: x[0] / x[1]
    case .power: .pow(x[0], x[1])
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .and, .or:
      .logical(operation, x[0], x[1])
    case .not: .not(x[0])
    case .select: .select(x[0], x[1], x[2])
    case .call(let function): .call(function, x)
    case .integral(let variable): .integral(x[0], variable, x[1], x[2])
    case .place(let symbol, let variables): .place(symbol, variables: variables, x)
    }
  }
}

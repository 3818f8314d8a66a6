import Discretizations
import Expressions
import Problems

/// Rates and starts of all components of a ``LinesForm``, boundary conditions solved for.
struct LinesBuilder {
  private let nodes: LinesNodes
  private let places: [Symbol: Int]
  /// What conditions say of components at the ends, and where they are written.
  private var given: [Int: (value: Expression, row: ConditionRow)] = [:]
  private var rates: [Expression?]
  private var starts: [Expression?]
  /// Components whose rates or starts are being found.
  private var open: Set<Int> = []

  private var problem: Problem { nodes.problem }
  private var marching: String { nodes.fields.marching }

  init(_ nodes: LinesNodes) throws {
    self.nodes = nodes
    let state = nodes.state
    places = Dictionary(uniqueKeysWithValues: state.enumerated().map { ($1, $0) })
    rates = [Expression?](repeating: nil, count: state.count)
    starts = rates
    for row in nodes.problem.conditions { try take(row) }
  }

  mutating func build() throws -> (rates: [Expression], starts: [Expression]) {
    let all = Array(rates.indices)
    return (try all.map { try rate($0) }, try all.map { try start($0) })
  }

  // MARK: Conditions

  private mutating func take(_ row: ConditionRow) throws {
    switch row.location {
    case .face(let variable, _, let isUpper):
      if variable == marching { return try requireInitial(row) }
      try bound(row, isUpper: isUpper)
    case .boundary:
      try bound(row, isUpper: false)
      try bound(row, isUpper: true)
    case .point:
      throw problem.fault(
        row.source, "training by lines has no conditions at single points",
        "write it along a side, or set train.unknowns: network")
    case .periodic: return
    }
  }

  private func requireInitial(_ row: ConditionRow) throws {
    let outputs = Set(problem.networks.flatMap(\.outputs))
    guard let subject = row.subject, let value = row.value, nodes.fields.state.contains(subject),
      !value.symbols.contains(where: { outputs.contains($0.name) })
    else {
      throw problem.fault(
        row.source, "training by lines starts from values that conditions give",
        "write it as 'u = value at \(marching) = start'")
    }
  }

  /// Solves a condition at an end for the value of an unknown there.
  private mutating func bound(_ row: ConditionRow, isUpper: Bool) throws {
    let node = isUpper ? nodes.count - 1 : 0
    guard let left = row.condition.left, let right = row.condition.right else {
      throw problem.fault(
        row.source, "training by lines takes no values at the ends from the data",
        "write the condition as an equation")
    }
    let condition = left - right
    let unknowns = condition.symbols.filter { problem.allUnknowns.contains($0.name) }
    let ranked = unknowns.sorted { ($0.order, $1.name) > ($1.order, $0.name) }
    let outputs = Set(problem.networks.flatMap(\.outputs))
    let isPlain = !condition.symbols.contains { outputs.contains($0.name) }
    guard isPlain, unknowns.allSatisfy({ $0.order(in: marching) == 0 }),
      let whole = nodes.at(node, condition)
    else {
      throw problem.fault(
        row.source,
        "a condition at an end that training by lines takes has no networks, integrals or "
          + "derivatives by \(marching)", "set train.unknowns: network")
    }
    for candidate in ranked {
      let symbol = LinesNodes.symbol(Symbol(candidate.name), node)
      guard let place = places[symbol], given[place] == nil else { continue }
      let slope = try whole.derivative(by: symbol)
      if slope.isZero { continue }
      guard !slope.symbols.contains(where: { places[$0] != nil }) else {
        throw problem.fault(
          row.source, "the condition is not linear in \(candidate.name)",
          "training by lines solves conditions at the ends that are; set train.unknowns: network")
      }
      let rest = whole.substituting([symbol: .zero])
      given[place] = (-(rest / slope), row)
      return
    }
    throw problem.fault(
      row.source, "this side has more conditions than unknowns",
      "training by lines takes one for each unknown; set train.unknowns: network")
  }

  // MARK: Rates

  private mutating func rate(_ place: Int) throws -> Expression {
    if let known = rates[place] { return known }
    let (level, node) = (place / nodes.count, place % nodes.count)
    let found: Expression
    let state = nodes.fields.state
    let isChained = level + 1 < state.count && state[level + 1].name == state[level].name
    if isChained {
      found = .symbol(LinesNodes.symbol(state[level + 1], node))
    } else if let formula = try formula(place) {
      found = try closed(place) { try $0.slope(of: formula) }
    } else if let value = nodes.at(node, nodes.fields.rates[level]) {
      found = value
    } else {
      throw problem.fault(
        problem.equations[0].source, "the equations have no value at a node",
        "set train.unknowns: network")
    }
    rates[place] = found
    return found
  }

  /// What a component at an end equals; nil where no condition is.
  private mutating func formula(_ place: Int) throws -> Expression? {
    if let given = given[place] { return given.value }
    let level = place / nodes.count
    guard nodes.fields.state[level].order > 0 else { return nil }
    guard let before = try formula(place - nodes.count) else { return nil }
    return try slope(of: before)
  }

  /// The derivative by the marching variable along the solution.
  private mutating func slope(of expression: Expression) throws -> Expression {
    var sum = try expression.derivative(by: Symbol(marching))
    for forcing in problem.forcings.map({ Symbol($0.name) }) where expression.contains(forcing) {
      sum =
        sum
        + (try expression.derivative(by: forcing))
        * .symbol(forcing.differentiated(by: marching))
    }
    let present = expression.symbols.compactMap { symbol in places[symbol].map { (symbol, $0) } }
    for (symbol, place) in present.sorted(by: { $0.1 < $1.1 }) {
      sum = sum + (try expression.derivative(by: symbol)) * (try rate(place))
    }
    return sum
  }

  /// Finds something of a component that must not need itself.
  private mutating func closed(
    _ place: Int, _ find: (inout LinesBuilder) throws -> Expression
  ) throws -> Expression {
    guard open.insert(place).inserted else {
      let row = given[place]?.row ?? problem.conditions[0]
      throw problem.fault(
        row.source, "the conditions of this side need one another's values",
        "solve them for one unknown each")
    }
    defer { open.remove(place) }
    return try find(&self)
  }

  // MARK: Starts

  private mutating func start(_ place: Int) throws -> Expression {
    if let known = starts[place] { return known }
    let (level, node) = (place / nodes.count, place % nodes.count)
    var found: Expression
    if let formula = try formula(place) {
      found = try closed(place) { builder in
        var values: [Symbol: Expression] = [:]
        for symbol in formula.symbols {
          if let other = builder.places[symbol] { values[symbol] = try builder.start(other) }
        }
        return formula.substituting(values)
      }
    } else {
      found = try initial(nodes.fields.state[level], node)
    }
    starts[place] = found
    return found
  }

  private func initial(_ field: Symbol, _ node: Int) throws -> Expression {
    for row in problem.conditions where row.subject == field {
      guard case .face(marching, _, _) = row.location, let value = row.value else { continue }
      return value.substituting([Symbol(nodes.grid.variable): .number(nodes.grid.nodes[node])])
    }
    throw problem.fault(
      path: "conditions", "training by lines needs the initial values of \(field)",
      "add '\(field) = value at \(marching) = start'")
  }
}

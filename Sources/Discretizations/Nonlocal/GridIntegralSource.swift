import Expressions
import Numerics
import Problems

/// Integrals in problems with several variables, by fixed Gauss-Legendre panels on the field's
/// interpolant: each a function of the values on the grid.
///
/// The integrals of all equations and conditions are split off once; equal ones are computed once.
public struct GridIntegralSource: NonlocalSource {
  /// The symbols that stand for integrals, in the order of evaluation.
  public var symbols: [Symbol] { functionals.map(\.symbol) }
  /// How many Gauss points a panel has, as a multiple of the usual number; 2 shows the error.
  public var refinement = 1
  let problem: Problem
  let functionals: [GridFunctional]
  private let replacements: [Expression: Expression]

  /// Splits the integrals off the equations and conditions; nil where there are none.
  ///
  /// - Throws: `ProblemFaults` placed at the text whose integral lines cannot compute: over the
  ///   marching variable, with limits that move in time or with the solution, of a highest time
  ///   derivative.
  public init?(_ problem: Problem) throws {
    var texts: [(Expression, NonlocalText)] = []
    for equation in problem.equations {
      texts.append((equation.residual, .text(equation.source)))
    }
    for row in problem.conditions {
      for side in [row.condition.left, row.condition.right] {
        if let side { texts.append((side, .text(row.source))) }
      }
    }
    try self.init(problem, texts)
  }

  /// Splits the integrals off the observables; nil where there are none.
  ///
  /// - Throws: as for the equations.
  public init?(observablesOf problem: Problem) throws {
    try self.init(
      problem,
      problem.observables.map { ($0.expression, .path("observables.\($0.name)", $0.text)) })
  }

  private init?(_ problem: Problem, _ texts: [(Expression, NonlocalText)]) throws {
    var nodes: [(node: Expression, text: NonlocalText)] = []
    var seen: Set<Expression> = []
    for (expression, text) in texts {
      for node in GridIntegralSource.nonlocalNodes(of: expression) where seen.insert(node).inserted
      {
        nodes.append((node, text))
      }
    }
    guard !nodes.isEmpty else { return nil }
    self.problem = problem
    let parts = NonlocalExpression.split(
      nodes.map(\.node), variables: problem.variables.map(\.name), dependents: problem.allUnknowns)
    for (part, node) in zip(parts, nodes) {
      try GridIntegralCheck(problem, node.text).check(part, node.node)
    }
    let (terms, places) = NonlocalExpression.joined(parts)
    functionals = places.map(GridFunctional.place) + terms.map(GridFunctional.integral)
    replacements = Dictionary(zip(nodes.map(\.node), parts.map(\.local))) { first, _ in first }
  }

  /// Integrals, and unknowns at other places, that stand outside of integrals.
  private static func nonlocalNodes(of root: Expression) -> [Expression] {
    guard root.integralDepth > 0 || !root.placedSymbols.isEmpty else { return [] }
    var found: [Expression] = []
    var seen: Set<Expression> = []
    var pending = [root]
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      switch next.operation {
      case .integral, .place: found.append(next)
      default: pending += next.operands.reversed()
      }
    }
    return found
  }

  /// The expression with its integrals replaced by symbols.
  public func local(_ expression: Expression) -> Expression {
    guard expression.integralDepth > 0 || !expression.placedSymbols.isEmpty else {
      return expression
    }
    var results = replacements
    var pending = [expression]
    while let next = pending.last {
      let missing = next.operands.filter { results[$0] == nil }
      if results[next] != nil || missing.isEmpty {
        if results[next] == nil {
          results[next] = next.rebuilt(with: next.operands.map { results[$0] ?? $0 })
        }
        pending.removeLast()
      } else {
        pending += missing
      }
    }
    return results[expression] ?? expression
  }

  /// Readies the integrals at the nodes of a grid.
  public func makeTerms(
    _ grid: Grid, components: [Symbol], parameters: [Symbol: Double]
  ) throws -> any NonlocalTerms {
    try GridIntegrals(
      self, grid, components: components, parameters: parameters,
      roots: grid.axes.indices.map { grid.coordinates($0) })
  }
}

/// What one symbol stands for.
enum GridFunctional: Sendable {
  case integral(IntegralTerm)
  /// An unknown at a place of its own, outside of integrals.
  case place(PlacedUnknown)

  var symbol: Symbol {
    switch self {
    case .integral(let term): term.symbol
    case .place(let place): place.symbol
    }
  }
}

/// Where a nonlocal expression was written.
enum NonlocalText: Sendable {
  case text(PlacedText)
  /// A dotted path, and the text itself.
  case path(String, String)
}

/// Refuses integrals that cannot be computed on the values of one time.
struct GridIntegralCheck {
  private let problem: Problem
  private let place: NonlocalText

  init(_ problem: Problem, _ place: NonlocalText) {
    self.problem = problem
    self.place = place
  }

  private func fault(_ message: String, _ remedy: String) -> ProblemFaults {
    switch place {
    case .text(let text): problem.fault(text, message, remedy)
    case .path(let path, _): problem.fault(path: path, message, remedy)
    }
  }

  func check(_ part: NonlocalExpression, _ node: Expression) throws {
    if let marching = problem.marching {
      try refuseMarching(node, marching)
      for place in part.places { try check(place, marching) }
      for term in part.terms { try check(term, marching) }
    }
    for place in part.places { try checkArguments(place, []) }
    for term in part.terms { try checkSpace(term, []) }
  }

  /// Integrals over the marching variable need the past, which lines do not keep.
  private func refuseMarching(_ root: Expression, _ marching: String) throws {
    var seen: Set<Expression> = []
    var pending = [root]
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      if case .integral(marching) = next.operation {
        throw fault(
          "an integral over '\(marching)', which marches",
          "add an unknown w with w_\(marching) = the integrand, and 0 at the start")
      }
      pending += next.operands
    }
  }

  private func check(_ term: IntegralTerm, _ marching: String) throws {
    for place in term.places { try check(place, marching) }
    for inner in term.inner { try check(inner, marching) }
  }

  private func check(_ place: PlacedUnknown, _ marching: String) throws {
    for (variable, argument) in zip(problem.variables, place.arguments)
    where variable.name == marching && argument.leaf != Symbol(marching) {
      throw fault(
        "\(place.unknown) is read at another '\(marching)' than the present one",
        "add an unknown w whose rate is what the past contributes")
    }
    let order = place.unknown.order(in: marching)
    if order > 0, order >= problem.order(of: place.unknown.name, in: marching) {
      throw fault(
        "an integral holds \(place.unknown), a highest derivative",
        "integrate lower derivatives, or write what the equations say it is")
    }
  }

  /// Limits and places are functions of the space variables, parameters and bound variables.
  private func checkSpace(_ term: IntegralTerm, _ bounds: Set<Symbol>) throws {
    let within = bounds.union([term.bound])
    if let leaf = moving(term.lower.symbols.union(term.upper.symbols), bounds) {
      throw fault(
        "a limit of \(term.text) depends on \(leaf)",
        "integrate between fixed limits, with if(…) or heaviside(…) in the integrand")
    }
    for place in term.places { try checkArguments(place, within) }
    for inner in term.inner { try checkSpace(inner, within) }
  }

  private func checkArguments(_ place: PlacedUnknown, _ bounds: Set<Symbol>) throws {
    for (variable, argument) in zip(problem.variables, place.arguments)
    where variable.name != problem.marching {
      guard let leaf = moving(argument.symbols, bounds) else { continue }
      throw fault(
        "\(place.unknown) is read at a place that depends on \(leaf)",
        "read it at places made of the space variables and of bound ones")
    }
  }

  /// A leaf that changes as the system runs.
  private func moving(_ leaves: Set<Symbol>, _ bounds: Set<Symbol>) -> String? {
    let known = bounds.union(problem.parameterValues.keys).union(
      problem.variables.filter { $0.name != problem.marching }.map { Symbol($0.name) })
    let found = leaves.subtracting(known).map(\.description).min()
    return found.map { $0.contains("|") ? "the solution" : $0 }
  }
}

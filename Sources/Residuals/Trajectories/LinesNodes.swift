import Discretizations
import Expressions
import Problems

/// Leaves of a problem at the nodes of a grid.
struct LinesNodes {
  let problem: Problem
  let grid: LinesGrid
  let fields: SystemForm
  /// The inputs of the network of each output.
  private let outputs: [String: [Definition]]
  private let unknowns: Set<String>

  init(_ problem: Problem, _ grid: LinesGrid, _ fields: SystemForm) {
    self.problem = problem
    self.grid = grid
    self.fields = fields
    outputs = problem.networks.reduce(into: [:]) { found, network in
      for output in network.outputs { found[output] = network.inputs }
    }
    unknowns = Set(problem.allUnknowns)
  }

  var count: Int { grid.nodes.count }

  /// All components, state by state.
  var state: [Symbol] {
    fields.state.flatMap { field in grid.nodes.indices.map { LinesNodes.symbol(field, $0) } }
  }

  /// A name that no file can declare.
  static func name(_ name: String, _ node: Int) -> String { "\(name)[\(node)]" }

  /// A state, or an output with its derivatives by inputs, at a node.
  static func symbol(_ field: Symbol, _ node: Int) -> Symbol {
    Symbol(name(field.name, node), field.derivatives)
  }

  /// An expression at a node; nil where it holds what has no value there.
  func at(_ node: Int, _ expression: Expression) -> Expression? {
    if expression.integralDepth > 0 || !expression.placedSymbols.isEmpty { return nil }
    var replacements: [Symbol: Expression] = [:]
    for symbol in expression.symbols {
      if symbol == Symbol(grid.variable) {
        replacements[symbol] = .number(grid.nodes[node])
      } else if outputs[symbol.name] != nil {
        guard let value = output(symbol, node) else { return nil }
        replacements[symbol] = value
      } else if unknowns.contains(symbol.name) {
        guard let value = difference(symbol, node) else { return nil }
        replacements[symbol] = value
      }
    }
    return expression.substituting(replacements)
  }

  /// A derivative of an unknown as a sum over nodes; nil where it is none of a state's.
  private func difference(_ symbol: Symbol, _ node: Int) -> Expression? {
    let order = symbol.order(in: grid.variable)
    let field = Symbol(symbol.name, symbol.derivatives.filter { $0 != grid.variable })
    guard fields.state.contains(field) else { return nil }
    if order == 0 { return .symbol(LinesNodes.symbol(field, node)) }
    return grid.derivative(order, at: node).reduce(Expression.zero) { sum, term in
      sum + .number(term.weight) * .symbol(LinesNodes.symbol(field, term.node))
    }
  }

  // MARK: Outputs

  /// What marks a derivative by an input of a network, everything else held.
  private static let mark = "by "

  /// An output, or a derivative of it: by the space variable along the solution, by inputs with
  /// everything else held; nil where an input has no name, or the marching variable is meant.
  private func output(_ symbol: Symbol, _ node: Int) -> Expression? {
    let isHeld = { (name: String) in
      name != grid.variable && name != fields.marching
    }
    let held = symbol.derivatives.filter(isHeld).map { LinesNodes.mark + $0 }
    var value = Expression.symbol(Symbol(symbol.name, held))
    for name in symbol.derivatives where !isHeld(name) {
      guard name == grid.variable, let slope = slope(value) else { return nil }
      value = slope
    }
    var leaves: [Symbol: Expression] = [:]
    for leaf in value.symbols where outputs[leaf.name] != nil {
      let own = leaf.derivatives.map { String($0.dropFirst(LinesNodes.mark.count)) }
      leaves[leaf] = .symbol(LinesNodes.symbol(Symbol(leaf.name, own), node))
    }
    return at(node, value.substituting(leaves))
  }

  /// The derivative along the solution by the space variable; nil where there is none.
  private func slope(_ expression: Expression) -> Expression? {
    var sum = Expression.zero
    for leaf in expression.symbols.sorted(by: { $0.description < $1.description }) {
      let own: Expression
      if leaf == Symbol(grid.variable) {
        own = .one
      } else if unknowns.contains(leaf.name) {
        own = .symbol(leaf.differentiated(by: grid.variable))
      } else if let inputs = outputs[leaf.name] {
        var chain = Expression.zero
        for input in inputs {
          guard let inner = slope(input.expression) else { return nil }
          if inner.isZero { continue }
          guard let name = input.expression.leaf?.description else { return nil }
          chain = chain + .symbol(leaf.differentiated(by: LinesNodes.mark + name)) * inner
        }
        own = chain
      } else {
        continue
      }
      guard let outer = try? expression.derivative(by: leaf) else { return nil }
      sum = sum + outer * own
    }
    return sum
  }
}

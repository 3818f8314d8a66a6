/// An immutable expression: a shared graph of operations on numbers and leaves.
///
/// The operators simplify lightly and never change the order of floating-point evaluation: what is
/// written is what is computed. Copies share their nodes.
public struct Expression: Sendable {
  var node: Node

  init(_ operation: Operation, _ operands: [Expression] = []) {
    node = Node(operation, operands)
  }

  init(_ node: Node) { self.node = node }

  /// Makes a number.
  public static func number(_ value: Double) -> Expression {
    Expression(.number(bits: value.bitPattern))
  }

  /// Makes a leaf.
  public static func symbol(_ symbol: Symbol) -> Expression { Expression(.symbol(symbol)) }

  /// Makes a leaf of a plain name.
  public static func symbol(_ name: String) -> Expression { .symbol(Symbol(name)) }

  /// The number 0.
  public static let zero = Expression.number(0)
  /// The number 1.
  public static let one = Expression.number(1)

  /// What the outermost node does.
  public var operation: Operation { node.operation }

  /// The outermost node's operands, in order.
  public var operands: [Expression] { node.operands }

  /// The value, where the expression is a number.
  public var constant: Double? {
    if case .number(let bits) = node.operation { Double(bitPattern: bits) } else { nil }
  }

  /// The leaf, where the expression is one.
  public var leaf: Symbol? {
    if case .symbol(let symbol) = node.operation { symbol } else { nil }
  }

  /// Whether the expression is the number 0 (of either sign).
  public var isZero: Bool { constant == 0 }

  /// Whether the expression is the number 1.
  public var isOne: Bool { constant == 1 }

  /// The longest path from the root to a leaf, counted in nodes.
  public var depth: Int { node.depth }

  /// How many integrals are nested in one another, at most.
  public var integralDepth: Int { node.integrals }

  /// The number of distinct nodes.
  ///
  /// Shared ones count once. Cost: one pass.
  public var nodeCount: Int { Node.postorder([self]).count }

  /// The free leaves: what must be given a value.
  ///
  /// Bound variables of integrals and unknowns at other
  /// places are not among them (see ``placedSymbols``). Cost: one pass.
  public var symbols: Set<Symbol> {
    var found: Set<Symbol> = []
    for node in Node.postorder([self], open: true) {
      switch node.operation {
      case .symbol(let symbol): found.insert(symbol)
      case .integral(let bound):
        found.formUnion(node.operands[0].symbols.subtracting([Symbol(bound)]))
      default: break
      }
    }
    return found
  }

  /// The unknowns (or derivatives of them) that integrals read at other places.
  public var placedSymbols: Set<Symbol> {
    var found: Set<Symbol> = []
    for node in Node.postorder([self]) {
      if case .place(let symbol, _) = node.operation { found.insert(symbol) }
    }
    return found
  }

  /// Whether `symbol` is a free leaf.
  ///
  /// Cost: nothing where a summary rules it out, else one pass.
  public func contains(_ symbol: Symbol) -> Bool {
    node.leaves & Node.bit(of: symbol) != 0 && symbols.contains(symbol)
  }

  /// Expressions whose zeros are where the value, or its derivative, jumps: from the comparisons,
  /// `heaviside`, `sign`, `abs`, `min` and `max` inside.
  public var switchingFunctions: [Expression] {
    var found: [Expression] = []
    for node in Node.postorder([self], open: true) {
      switch node.operation {
      case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
        found.append(node.operands[0] - node.operands[1])
      case .call(let function) where ["heaviside", "sign", "abs"].contains(function.name):
        found.append(node.operands[0])
      case .call(let function) where ["min", "max"].contains(function.name):
        found.append(node.operands[0] - node.operands[1])
      default: break
      }
    }
    return found.filter { $0.constant == nil }
  }
}

extension Expression: Hashable {
  /// Compares structures; identical nodes are equal at once, and no pair is compared twice.
  public static func == (left: Expression, right: Expression) -> Bool {
    if left.node === right.node { return true }
    struct Pair: Hashable {
      var left: ObjectIdentifier
      var right: ObjectIdentifier
    }
    var seen: Set<Pair> = []
    var pending = [(left.node, right.node)]
    while let (a, b) = pending.popLast() {
      if a === b { continue }
      guard a.hash == b.hash, a.operation == b.operation, a.operands.count == b.operands.count
      else { return false }
      guard !a.operands.isEmpty, seen.insert(Pair(left: a.id, right: b.id)).inserted else {
        continue
      }
      for (x, y) in zip(a.operands, b.operands) { pending.append((x.node, y.node)) }
    }
    return true
  }

  /// Feeds the hash computed when the node was made.
  public func hash(into hasher: inout Hasher) { hasher.combine(node.hash) }
}

extension Expression: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// Makes a number from a literal.
  public init(floatLiteral value: Double) { self = .number(value) }

  /// Makes a number from a literal.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
}

/// What an expression does with its operands.
public enum Operation: Hashable, Sendable {
  /// A number, by its bits, so that −0 differs from 0 and a NaN equals itself.
  case number(bits: UInt64)
  case symbol(Symbol)
  case negate
  case add, subtract, multiply, divide, power
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
  case and, or, not
  /// Operands: condition, value where it is not 0, value where it is 0.
  case select
  case call(Function)
  /// Binds the named variable in its first operand; the other two are the limits.
  case integral(String)
  /// An unknown (or a derivative of it) at another place: one operand for each of `variables`.
  case place(Symbol, variables: [String])
}

/// One shared, immutable node of the expression graph.
///
/// Unchecked because `operands` is a variable; the invariant: it changes in `deinit` only, when no
/// one else holds the node.
final class Node: @unchecked Sendable {
  let operation: Operation
  fileprivate(set) var operands: [Expression]
  let hash: Int
  /// One bit for each free leaf, and for unknowns read at other places, by its hash: a clear bit
  /// proves that the leaf is absent, a set one nothing.
  let leaves: UInt64
  let depth: Int
  /// How many integrals are nested inside.
  let integrals: Int

  init(_ operation: Operation, _ operands: [Expression]) {
    self.operation = operation
    self.operands = operands
    var hasher = Hasher()
    hasher.combine(operation)
    var leaves: UInt64 = 0
    var depth = 0
    var integrals = 0
    for operand in operands {
      hasher.combine(operand.node.hash)
      leaves |= operand.node.leaves
      depth = max(depth, operand.node.depth)
      integrals = max(integrals, operand.node.integrals)
    }
    switch operation {
    case .symbol(let symbol): leaves |= Node.bit(of: symbol)
    case .place(let symbol, _): leaves |= Node.bit(of: symbol) | Node.bit(of: Symbol(symbol.name))
    case .integral: integrals += 1
    default: break
    }
    self.hash = hasher.finalize()
    self.leaves = leaves
    self.depth = depth + 1
    self.integrals = integrals
  }

  static func bit(of symbol: Symbol) -> UInt64 {
    1 << UInt64(truncatingIfNeeded: symbol.hashValue & 63)
  }

  var id: ObjectIdentifier { ObjectIdentifier(self) }

  /// The operands that live in the same context: for an integral its limits, not its body.
  var openOperands: ArraySlice<Expression> {
    if case .integral = operation { operands.dropFirst() } else { operands[...] }
  }

  /// Releases long chains in a loop: the nested releases of a deep graph would overflow the stack.
  deinit {
    guard depth > 64 else { return }
    var pending = operands
    operands = []
    while var last = pending.popLast() {
      if last.node.depth > 64, isKnownUniquelyReferenced(&last.node) {
        pending.append(contentsOf: last.node.operands)
        last.node.operands = []
      }
    }
  }

  /// Lists every node reachable from `roots` once, operands before users, without recursion.
  ///
  /// Bodies of integrals are left out where `open` is set.
  static func postorder(_ roots: [Expression], open: Bool = false) -> [Node] {
    var order: [Node] = []
    var seen: Set<ObjectIdentifier> = []
    var stack: [(node: Node, next: Int)] = []
    for root in roots where seen.insert(root.node.id).inserted {
      stack.append((root.node, 0))
      while let (node, next) = stack.last {
        let operands = open ? node.openOperands : node.operands[...]
        guard next < operands.count else {
          order.append(node)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let child = operands[operands.startIndex + next].node
        if seen.insert(child.id).inserted { stack.append((child, 0)) }
      }
    }
    return order
  }
}

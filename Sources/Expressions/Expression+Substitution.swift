extension Expression {
  /// Replaces leaves by expressions, all at once; names bound by integrals are respected.
  ///
  /// Unknowns at other places are not leaves and stay. Cost: one pass over the distinct nodes.
  public func substituting(_ replacements: [Symbol: Expression]) -> Expression {
    let mask = replacements.keys.reduce(into: UInt64(0)) { $0 |= Node.bit(of: $1) }
    guard node.leaves & mask != 0 else { return self }
    var results: [ObjectIdentifier: Expression] = [:]
    for node in Node.postorder([self], open: true) {
      guard node.leaves & mask != 0 else {
        results[node.id] = Expression(node)
        continue
      }
      var operands = node.operands.map { results[$0.node.id] ?? $0 }
      switch node.operation {
      case .symbol(let symbol):
        results[node.id] = replacements[symbol] ?? Expression(node)
        continue
      case .integral(let bound):
        let (name, body) = Expression.bound(bound, node.operands[0], replacements)
        operands[0] = body
        results[node.id] = .integral(body, name, operands[1], operands[2])
        continue
      default: break
      }
      let same = zip(operands, node.operands).allSatisfy { $0.node === $1.node }
      results[node.id] = same ? Expression(node) : .rebuilt(node.operation, operands)
    }
    return results[node.id] ?? self
  }

  /// Replaces inside the body of an integral; renames the bound name where it would be captured.
  private static func bound(
    _ name: String, _ body: Expression, _ replacements: [Symbol: Expression]
  ) -> (String, Expression) {
    var inner = replacements
    inner[Symbol(name)] = nil
    let present = body.symbols
    inner = inner.filter { present.contains($0.key) }
    if inner.isEmpty { return (name, body) }
    let incoming = inner.values.reduce(into: Set<Symbol>()) { $0.formUnion($1.symbols) }
    var fresh = name
    if incoming.contains(Symbol(name)) {
      while incoming.contains(Symbol(fresh)) || present.contains(Symbol(fresh)) { fresh += "_" }
      inner[Symbol(name)] = .symbol(fresh)
    }
    return (fresh, body.substituting(inner))
  }

  /// Computes the value with numbers for the leaves.
  ///
  /// Slow: for constants, not for loops.
  /// - Throws: ``EvaluationError`` for a leaf without a value, an integral, or another place.
  public func evaluate(_ values: [Symbol: Double] = [:]) throws(EvaluationError) -> Double {
    var results: [ObjectIdentifier: Double] = [:]
    for node in Node.postorder([self], open: true) {
      let value: Double
      switch node.operation {
      case .symbol(let symbol):
        guard let given = values[symbol] else { throw .missing(symbol) }
        value = given
      case .integral, .place: throw .nonlocal(Expression(node).description)
      case .power:
        let base = results[node.operands[0].node.id] ?? .nan
        if let exponent = node.operands[1].constant {
          value = Arithmetic.power(base, constant: exponent)
        } else {
          fallthrough
        }
      default:
        value =
          Arithmetic.value(node.operation) { results[node.operands[$0].node.id] ?? .nan } ?? .nan
      }
      results[node.id] = value
    }
    return results[node.id] ?? .nan
  }
}

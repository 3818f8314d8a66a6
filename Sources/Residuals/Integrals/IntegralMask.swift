import Discretizations
import Expressions

/// An expression whose integrals are leaves, for algebra that must not look inside them.
struct IntegralMask {
  /// With a symbol for each outermost integral, and for each field at another place.
  let local: Expression
  /// What the symbols stand for; no text can declare them.
  private(set) var hidden: [Symbol: Expression] = [:]

  init(_ expression: Expression) {
    guard expression.integralDepth > 0 || !expression.placedSymbols.isEmpty else {
      local = expression
      return
    }
    var results: [Expression: Expression] = [:]
    var pending = [expression]
    while let next = pending.last {
      if results[next] != nil {
        pending.removeLast()
        continue
      }
      var operands: [Expression] = []
      switch next.operation {
      case .integral, .place:
        let symbol = Symbol("masked|\(hidden.count)")
        hidden[symbol] = next
        results[next] = .symbol(symbol)
      default: operands = next.operands
      }
      let missing = operands.filter { results[$0] == nil }
      pending += missing
      guard missing.isEmpty else { continue }
      if results[next] == nil {
        results[next] = next.rebuilt(with: operands.map { results[$0] ?? $0 })
      }
    }
    local = results[expression] ?? expression
  }

  /// Whether an expression holds an integral.
  func isHeld(by expression: Expression) -> Bool {
    hidden.keys.contains(where: expression.contains)
  }

  /// Writes the integrals back.
  func restored(_ expression: Expression) -> Expression { expression.substituting(hidden) }
}

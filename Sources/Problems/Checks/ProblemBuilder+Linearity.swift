import Expressions

/// Whether the highest derivatives of the marching variable stand linearly: M(t, y)·y' = f.
extension ProblemBuilder {
  func checkLinearity() {
    guard let marching = problem.marching, hasAllEquations else { return }
    func isHighest(_ symbol: Symbol) -> Bool {
      let order = symbol.order(in: marching)
      return order > 0 && order == problem.order(of: symbol.name, in: marching)
    }
    for equation in problem.equations where log.hasRoom {
      let highest = equation.left.symbols.union(equation.right.symbols).filter(isHighest)
      let placed = equation.left.placedSymbols.union(equation.right.placedSymbols)
      if let symbol = placed.filter(isHighest).map(primed).min() {
        reportTerm("an integral holds \(symbol), a highest derivative", equation)
        continue
      }
      for symbol in highest.sorted(by: { $0.description < $1.description }) {
        guard let term = nonlinearTerm(in: equation, symbol, highest) else { continue }
        reportTerm("the term \(shown(term)) is not linear in \(primed(symbol))", equation)
        break
      }
    }
  }

  private func reportTerm(_ message: String, _ equation: Equation) {
    log.error(
      equation.source.place, message,
      "write the equation linear in the highest derivatives, or add an unknown for them")
  }

  /// The first term of a sum in which a highest derivative stands otherwise than linearly.
  private func nonlinearTerm(
    in equation: Equation, _ symbol: Symbol, _ highest: Set<Symbol>
  ) -> Expression? {
    (terms(of: equation.left) + terms(of: equation.right)).first { term in
      guard term.contains(symbol) else { return false }
      guard let slope = try? term.derivative(by: symbol) else { return true }
      return highest.contains { slope.contains($0) }
    }
  }

  /// The terms of a sum; a long sum leans to the left, and is walked down in a loop.
  private func terms(of sum: Expression) -> [Expression] {
    var found: [Expression] = []
    var pending = [sum]
    while let next = pending.popLast() {
      switch next.operation {
      case .add, .subtract, .negate: pending += next.operands
      default: found.append(next)
      }
    }
    return found
  }

  private func shown(_ term: Expression) -> String {
    var primes: [Symbol: Expression] = [:]
    for symbol in term.symbols where symbol.order > 0 { primes[symbol] = .symbol(primed(symbol)) }
    let text = term.substituting(primes).description
    return text.utf8.count > 60 ? String(text.prefix(57)) + "…" : text
  }
}

import Expressions
import Numerics

/// Derivatives of expressions that jump: written out piece by piece, they lose what the jump adds.
extension ProblemBuilder {
  func checkJumps() {
    guard hasAllVariables, hasAllEquations, log.errorCount == 0 else { return }
    var budget = 1_000_000
    for entry in section("functions")?.entries ?? [] {
      guard let text = entry.value.text else { continue }
      report(problem.scope.differentiatedParts(of: text), entry.value.place, &budget)
    }
    for equation in problem.equations {
      report(
        problem.scope.differentiatedParts(ofEquation: equation.text), equation.source.place, &budget
      )
    }
  }

  private func report(_ parts: [DifferentiatedPart], _ place: Place, _ budget: inout Int) {
    var seen: Set<Int> = []
    for part in parts where !seen.contains(part.offset) && log.hasRoom {
      guard let jump = jump(in: part, &budget) else { continue }
      seen.insert(part.offset)
      let here = place.part(part.offset, part.length)
      let by = part.variable
      let message =
        "what is differentiated by '\(by)' here jumps at \(jump.leaf) = \(short(jump.place)), and "
        + "the derivative of the jump is lost"
      let remedy =
        "give what stands inside d(…, \(by)) as an unknown of its own (q = …, and d(q, \(by)) here), "
        + "or smooth the jump"
      if jump.isFixed {
        log.error(here, message, remedy)
      } else {
        log.warning(here, message, remedy)
      }
    }
  }

  private struct Jump {
    let leaf: Symbol
    let place: Double
    /// Where the jump is depends on the variables alone, not on the solution.
    let isFixed: Bool
  }

  /// The first jump that is found when the variable, or an unknown, moves and all else stands still.
  ///
  /// - Parameter budget: how many nodes may still be evaluated, for all of the file.
  private func jump(in part: DifferentiatedPart, _ budget: inout Int) -> Jump? {
    let size = part.expression.nodeCount
    for function in part.expression.jumpFunctions {
      budget -= 600 * function.nodeCount + 8 * size
      guard budget > 0 else { return nil }
      let leaves = function.symbols.sorted { $0.description < $1.description }
      let moving = leaves.filter {
        $0.derivatives.isEmpty && $0.name == part.variable
          || problem.scope.depends($0.name, on: part.variable)
      }
      guard let leaf = moving.first(where: { $0.name == part.variable }) ?? moving.first else {
        continue
      }
      let isFixed = leaves.allSatisfy { [.variable, .parameter].contains(names.kind(of: $0.name)) }
      let interval = problem.interval(leaf.name)
      let range = interval.map { ($0.lower, $0.upper) } ?? (-3, 3)
      var known = probe(part.expression.symbols)
      guard let place = jump(of: part.expression, function, leaf, range, &known) else { continue }
      return Jump(leaf: leaf, place: place, isFixed: isFixed)
    }
    return nil
  }

  /// Numbers for every leaf: parameters as declared, the others arbitrary and not near zero.
  private func probe(_ leaves: Set<Symbol>) -> [Symbol: Double] {
    var numbers = SplitMix64(seed: 3)
    var known = constants
    for leaf in leaves.sorted(by: { $0.description < $1.description }) where known[leaf] == nil {
      if let interval = problem.interval(leaf.name), leaf.derivatives.isEmpty {
        known[leaf] = interval.lower + (interval.upper - interval.lower) * numbers.unit()
      } else {
        known[leaf] = 0.5 + numbers.unit()
      }
    }
    return known
  }

  /// Where the value jumps while a leaf runs through a range, at a zero of the jump function.
  private func jump(
    of expression: Expression, _ function: Expression, _ leaf: Symbol,
    _ range: (lower: Double, upper: Double), _ known: inout [Symbol: Double]
  ) -> Double? {
    func value(_ expression: Expression, _ place: Double) -> Double {
      known[leaf] = place
      return (try? expression.evaluate(known)) ?? .nan
    }
    let parts = 512
    let width = range.upper - range.lower
    var left = range.lower
    var atLeft = value(function, left)
    var tries = 4
    for part in 1...parts {
      let right = range.lower + width * Double(part) / Double(parts)
      let atRight = value(function, right)
      defer { (left, atLeft) = (right, atRight) }
      guard (atLeft < 0) != (atRight < 0), atLeft.isFinite, atRight.isFinite, tries > 0 else {
        continue
      }
      tries -= 1
      var (low, high) = (left, right)
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if (value(function, middle) < 0) == (atLeft < 0) { low = middle } else { high = middle }
      }
      guard low > range.lower, high < range.upper else { continue }
      func change(_ step: Double) -> Double {
        abs(value(expression, high + step * width) - value(expression, low - step * width))
      }
      // A jump stays as the two sides close in; any continuous change shrinks.
      let near = change(1e-10)
      if near > 0.5 * change(1e-6), near > 1e-12 * value(expression, high).magnitude { return high }
    }
    return nil
  }
}

import Expressions
import Testing

/// The central difference of order 8, whose error at h = 1/64 of a unit scale is near 1e-14.
func difference(_ f: (Double) throws -> Double, at x: Double, step h: Double) rethrows -> Double {
  let weights = [4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280]
  var sum = 0.0
  for (index, weight) in weights.enumerated() {
    let reach = Double(index + 1) * h
    sum += weight * (try f(x + reach) - f(x - reach))
  }
  return sum / h
}

@Suite("Derivatives") struct DerivativeTests {
  /// Two steps must agree to 1e-9 of the size of what was differenced, else the point lies at a
  /// kink, a pole, or beyond what differences can tell; the rest must agree with the rule to 1e-7.
  @Test(
    "agree with differences of order 8",
    arguments: [(RandomExpressions.Kind.smooth, 1_000), (.any, 150)])
  func differences(_ kind: RandomExpressions.Kind, _ atLeast: Int) throws {
    var random = RandomExpressions(seed: 3, kind: kind)
    var compared = 0
    for _ in 0..<4_000 {
      let expression = random.next(depth: 4)
      let values = random.values(rough: false)
      let leaf = random.generator.pick(RandomExpressions.leaves)
      guard expression.contains(leaf) else { continue }
      guard let slope = try? expression.derivative(by: leaf) else { continue }
      var given = Dictionary(uniqueKeysWithValues: zip(RandomExpressions.leaves, values))
      let exact = try slope.evaluate(given)
      let center = given[leaf] ?? 0
      func value(_ x: Double) throws -> Double {
        given[leaf] = x
        return try expression.evaluate(given)
      }
      let size = abs(try value(center))
      let coarse = try difference(value, at: center, step: 0.004)
      let fine = try difference(value, at: center, step: 0.002)
      guard exact.isFinite, coarse.isFinite, abs(coarse - fine) <= 1e-9 * (size + abs(fine)) else {
        continue
      }
      compared += 1
      #expect(
        abs(exact - fine) <= 1e-7 * (size + abs(fine)),
        "d(\(expression), \(leaf)) = \(slope): \(exact), by differences \(fine)")
    }
    #expect(compared >= atLeast, "only \(compared) points could be compared")
  }

  @Test("total derivatives are the chain rule along u(x, t)")
  func chainRule() throws {
    // u = sin(x)·exp(−t): its derivatives are known, so is every composite's.
    let scope = RandomExpressions.scope
    let solution = try #require(scope.resolve("sin(x)*exp(-t)").expression)
    for text in ["u^3*x", "exp(u*t) + u_x^2", "if(x > 0, u*u_x, t)", "atan2(u, 1 + x^2)"] {
      let expression = try #require(scope.resolve(text).expression)
      for variable in ["x", "t"] {
        let slope = try scope.totalDerivative(of: expression, by: variable)
        func value(_ x: Double, _ t: Double, _ e: Expression) throws -> Double {
          var given: [Symbol: Double] = [Symbol("x"): x, Symbol("t"): t]
          for leaf in e.symbols where leaf.name == "u" {
            var part = solution
            for name in leaf.derivatives { part = try part.derivative(by: Symbol(name)) }
            given[leaf] = try part.evaluate([Symbol("x"): x, Symbol("t"): t])
          }
          return try e.evaluate(given)
        }
        let along = try difference(
          { try value(variable == "x" ? $0 : 0.7, variable == "t" ? $0 : 0.3, expression) },
          at: variable == "x" ? 0.7 : 0.3, step: 0.01)
        #expect(abs(try value(0.7, 0.3, slope) - along) < 1e-11, "d(\(text), \(variable))")
      }
    }
  }

  @Test("grow by a constant factor: shared parts stay shared")
  func size() throws {
    let x = Expression.symbol("x")
    var product = x
    for index in 1...2_000 { product = product * (x + .number(Double(index))) }
    let slope = try product.derivative(by: Symbol("x"))
    #expect(product.nodeCount < 6_100)
    #expect(slope.nodeCount < 3 * product.nodeCount)
    // Doubling by sharing: 2²⁰⁰ paths, 201 nodes.
    var doubled = x
    for _ in 0..<200 { doubled = .call(Function(named: "sin")!, [doubled * doubled]) }
    #expect(try doubled.derivative(by: Symbol("x")).nodeCount < 2_500)
  }

  @Test("powers have finite slopes at a base of 0, in the base and in the exponent")
  func powers() throws {
    let power = Expression.pow(.symbol("x"), .symbol("n"))
    let values = [Symbol("x"): 0.0, Symbol("n"): 2.0]
    #expect(try power.derivative(by: Symbol("x")).evaluate(values) == 0)
    #expect(try power.derivative(by: Symbol("n")).evaluate(values) == 0)
  }

  @Test("what has no rule is refused by name")
  func refusals() throws {
    let order = try #require(Function(named: "bessel_Jnu"))
    let bessel = Expression.call(order, [.symbol("n"), .symbol("x")])
    #expect(throws: DifferentiationError.noRule(function: "bessel_Jnu", argument: 1)) {
      try bessel.derivative(by: Symbol("n"))
    }
    let nonlocal = try #require(
      RandomExpressions.scope.resolve("integral(u(s, t), s, 0, 1)").expression)
    #expect(throws: DifferentiationError.nonlocal(name: "u")) {
      try nonlocal.derivative(by: Symbol("u"))
    }
  }

  /// Leaves are ruled out by one bit of their hash, whose seed changes with the run: among 500 names
  /// some bits are the same, and the derivative must be what it is elsewhere.
  @Test("an unknown in an integral does not hide its derivative outside")
  func nonlocalBeside() throws {
    for number in 0..<500 {
      let u = Symbol("u\(number)")
      let there = Expression.place(u, variables: ["x", "t"], [.symbol("s"), .symbol("t")])
      let equation = 3 * .symbol(Symbol(u.name, ["t"])) - .integral(there, "s", .zero, .one)
      #expect(try equation.derivative(by: Symbol(u.name, ["t"])) == 3)
    }
  }

  @Test("substitution renames a bound variable that would capture")
  func capture() throws {
    let scope = RandomExpressions.scope
    let integral = try #require(scope.resolve("integral(k*s, s, 0, x)").expression)
    let changed = integral.substituting([Symbol("k"): .symbol("s"), Symbol("x"): .symbol("t")])
    #expect(changed.description == "integral(s*s_, s_, 0, t)")
    #expect(integral.substituting([Symbol("s"): 1]) == integral)
  }
}

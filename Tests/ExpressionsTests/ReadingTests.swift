import Expressions
import Testing

@Suite("Reading and printing") struct ReadingTests {
  let scope = RandomExpressions.scope

  @Test("what is printed reads back as an equal expression")
  func roundTrip() {
    for kind in [RandomExpressions.Kind.any, .nonlocal] {
      var random = RandomExpressions(seed: 1, kind: kind)
      for _ in 0..<4_000 {
        let expression = random.next(depth: Int.random(in: 1...6, using: &random.generator))
        let text = expression.description
        let (read, faults) = scope.resolve(text)
        #expect(read == expression, "\(text) read as \(read?.description ?? "\(faults)")")
      }
    }
  }

  @Test(
    "texts mean what mathematics means by them",
    arguments: [
      ("-x^2", "-x^2"), ("2^-x", "2^-x"), ("2^3^2", "512"), ("(2^3)^2", "64"), ("2-3-4", "-5"),
      ("8/4/2", "1"), ("-2^2", "-4"), ("2*-x", "-2*x"), ("-(x*t)", "-(x*t)"), ("-x*t", "-(x*t)"),
      ("x - -4", "x + 4"),
      ("1 < 2 and not 2 < 1 or false", "1"), ("not 1 == 2", "1"), ("x*1 + 0*t", "x"),
      ("min(3, 1, 2)", "1"), ("max(3, 1, 2)", "3"), ("if(x > 0, 1, 2)", "if(x > 0, 1, 2)"),
      ("gamma*gamma(5)", "gamma*24"), ("u_t + u*u_x - k*u_xx", "u_t + u*u_x - k*u_xx"),
      ("u'", "u_t"), ("u''", "u_tt"), ("u_xt", "u_tx"), ("d(u, x, 2)", "u_xx"),
      ("d(u_t, x)", "u_tx"), ("laplace(u)", "u_xx"),
      ("laplace(u^3 - u)", "3*(2*u*u_x)*u_x + 3*u^2*u_xx - u_xx"),
      ("d(x*u, x)", "u + x*u_x"), ("(u*v)'", "u_t*v + u*v_t"), ("d(k*u, t)", "k*u_t"),
      ("integral(u(s, t)*x, s, 0, 1)", "integral(u(s, t)*x, s, 0, 1)"),
      ("d(integral(u(s, t)*x, s, 0, x), x)", "u(x, t)*x + integral(u(s, t), s, 0, x)"),
      ("d(integral(u(s, t), s, 0, 1), t)", "integral(u_t(s, t), s, 0, 1)"),
      ("integral(u, x, -1, 1)", "integral(u, x, -1, 1)"), ("d(integral(u, x, -1, 1), x)", "0"),
      ("1e3 + .5 + 2.", "1002.5"), ("θ*2", "θ*2"), ("true + pi*0", "1"), ("x\n + \t1", "x + 1"),
    ])
  func meaning(_ text: String, _ meaning: String) {
    let (expression, faults) = scope.resolve(text)
    #expect(expression?.description == meaning, "\(faults)")
  }

  @Test("a prime differentiates by the only variable, whatever its name")
  func primes() {
    let scope = Scope(variables: ["tau"], unknowns: ["y"], values: ["k"])
    #expect(scope.resolve("y'' + k*y'").expression?.description == "d(y, tau, 2) + k*d(y, tau)")
    let again = scope.resolve("d(y, tau, 2) + k*d(y, tau)").expression
    #expect(again == scope.resolve("y'' + k*y'").expression)
  }

  @Test("functions are written out, and differentiated by the chain rule")
  func functions() {
    var scope = RandomExpressions.scope
    scope.functions["w"] = scope.resolve("x*u^2").expression
    #expect(scope.resolve("w + 1").expression?.description == "x*u^2 + 1")
    #expect(scope.resolve("w_x").expression == scope.resolve("d(x*u^2, x)").expression)
    #expect(scope.resolve("w'").expression?.description == "x*(2*u*u_t)")
  }

  @Test("forcings change with the marching variable only, network outputs with their inputs too")
  func dependents() {
    let scope = Scope(
      variables: ["x", "t"], marching: "t", unknowns: ["q"], forcings: ["f"],
      networkOutputs: ["H": ["q"]])
    #expect(scope.resolve("f_t").expression == .symbol(Symbol("f", ["t"])))
    #expect(scope.resolve("f_x").expression == .zero)
    #expect(scope.resolve("d(H, q)").expression == .symbol(Symbol("H", ["q"])))
    #expect(scope.resolve("d(q*H, q)").expression?.description == "H + q*H_q")
    #expect(scope.resolve("H_t").expression == .symbol(Symbol("H", ["t"])))
  }

  @Test("equations and conditions are taken apart")
  func equationsAndConditions() throws {
    let sides = try #require(scope.resolveEquation("u_t = k*u_xx").sides)
    #expect(sides.left == .symbol(Symbol("u", ["t"])))
    #expect(sides.right.description == "k*u_xx")
    let point = try #require(
      scope.resolveCondition("u_x + u = sin(pi) at x = -1/2, t = k*0").condition)
    guard case .at(let places) = point.kind else { return #expect(Bool(false), "\(point)") }
    #expect(places.map(\.variable) == ["x", "t"])
    #expect(places.map { try? $0.value.evaluate() } == [-0.5, 0])
    #expect(places.map(\.offset) == [25, 35])
    #expect(scope.resolveCondition("u = 0 at boundary").condition?.kind == .boundary)
    #expect(scope.resolveCondition("periodic in x").condition?.kind == .periodic("x"))
    let data = try #require(scope.resolveCondition("v = data at t = 0").condition)
    #expect(data.isData && data.right == nil && data.left == .symbol("v"))
  }

  @Test("the longest texts are read, and far deeper graphs are released, without a deep stack")
  func long() throws {
    let sum = Array(repeating: "x", count: 9_999).joined(separator: "+")
    let expression = try #require(scope.resolve(sum).expression)
    #expect(expression.depth == 9_999)
    #expect(scope.resolve(expression.description).expression == expression)
    #expect(try expression.derivative(by: Symbol("x")) == 9_999)
    let nested = String(repeating: "(", count: 199) + "x" + String(repeating: ")", count: 199)
    #expect(scope.resolve(nested).expression == .symbol("x"))
    var chain = Expression.symbol("x")
    for _ in 0..<300_000 { chain = .call(Function(named: "sin")!, [chain]) + 1 }
    #expect(try chain.evaluate([Symbol("x"): 1]).isFinite)
  }
}

import Discretizations
import Expressions
import Glibc
import Numerics
import Testing

/// An expression of u(x) with integrals, and its value for u = exp(x) at x = 0.5, a = 2.
struct NonlocalSample: Sendable, CustomTestStringConvertible {
  let text: String
  let value: Double
  var testDescription: String { text }
}

private let e = exp(1.0)
private let h = exp(0.5)

@Suite("Integrals split off expressions") struct NonlocalTests {
  static let samples = [
    NonlocalSample(text: "integral(u, x, 0, 1)", value: e - 1),
    NonlocalSample(text: "integral(u(s), s, 0, x)", value: h - 1),
    NonlocalSample(text: "a*integral(x*s, s, 0, 1) + u", value: 0.5 + h),
    NonlocalSample(text: "integral(exp(s - x)*u(s), s, 0, x)", value: (h * h - 1) / (2 * h)),
    NonlocalSample(text: "integral(u(x - s), s, 0, x)", value: h - 1),
    // The bound x hides the point's own, also in a derivative; the limits see the point's own.
    NonlocalSample(text: "integral(x*u_x, x, 0, x)", value: 1 - 0.5 * h),
    // A plain unknown under an integral over another name stands at the point.
    NonlocalSample(text: "integral(s*u, s, 0, 1)", value: h / 2),
    NonlocalSample(text: "integral(integral(u(r), r, 0, s), s, 0, x)", value: h - 1.5),
    NonlocalSample(text: "integral(s*integral(u, x, 0, 1), s, 0, x)", value: (e - 1) / 8),
    NonlocalSample(
      text: "integral(u(s)*integral(u(r)*s, r, 0, 1), s, 0, 1)", value: e - 1),
    NonlocalSample(text: "integral(u(s), s, 1, 0)", value: 1 - e),
    NonlocalSample(
      text: "integral(u(s)/sqrt(x - s), s, 0, x)", value: h * sqrt(.pi) * erf(sqrt(0.5))),
    NonlocalSample(
      text: "integral(s, s, 0, integral(u, x, 0, 1))", value: (e - 1) * (e - 1) / 2),
    NonlocalSample(text: "integral(u(s), s, x, x)", value: 0),
  ]

  private let scope = Scope(variables: ["x"], unknowns: ["u"], values: ["a"])

  private func split(_ text: String) throws -> NonlocalExpression {
    let expression = try #require(scope.resolve(text).expression)
    return NonlocalExpression(expression, variables: ["x"], dependents: ["u"])
  }

  /// The quadrature is asked for 1e-10, and delivers about 1e-14 on smooth integrands.
  @Test("values agree with closed forms", arguments: samples)
  func value(_ sample: NonlocalSample) throws {
    let parts = try split(sample.text)
    #expect(!parts.isLocal)
    let point = [Symbol("x")]
    let state = [Symbol("u")]
    let evaluator = try IntegralEvaluator(
      parts.terms, point: point, state: state, parameters: [Symbol("a"): 2]
    ) { unknown, place in
      unknown.name == "u" ? exp(place) : .nan
    }
    let (x, u) = (Storage([0.5]), Storage([h]))
    defer { x.keep(u) }
    let results = evaluator.evaluate(point: x.vector, state: u.vector)
    var values: [Symbol: Double] = [Symbol("x"): 0.5, Symbol("u"): h, Symbol("a"): 2]
    for (term, result) in zip(parts.terms, results) {
      values[term.symbol] = result.value
      #expect(result.isConverged, "\(term.text)")
    }
    let value = try parts.local.evaluate(values)
    #expect((value - sample.value).magnitude < 1e-9, "\(value)")
    let error = results.map(\.error).reduce(0, +)
    #expect((value - sample.value).magnitude <= 3 * error + 1e-14, "\(value), \(error)")
  }

  @Test("equal integrals are one, different ones are told apart") func sharing() throws {
    let texts = ["u + integral(u, x, 0, 1)", "2*integral(u, x, 0, 1)", "integral(u, x, 0, 2)"]
    let expressions = try texts.map { try #require(scope.resolve($0).expression) }
    let parts = NonlocalExpression.split(expressions, variables: ["x"], dependents: ["u"])
    #expect(parts.map(\.terms.count) == [1, 1, 1])
    #expect(parts[0].terms[0].symbol == parts[1].terms[0].symbol)
    #expect(parts[0].terms[0].symbol != parts[2].terms[0].symbol)
    #expect(NonlocalExpression.joined(parts).terms.count == 2)
  }

  @Test("an integral that does not change with the one around it is taken out of it")
  func hoisting() throws {
    let parts = try split("integral(s*integral(u, x, 0, 1) + integral(u(r)*s, r, 0, 1), s, 0, x)")
    #expect(parts.terms.count == 2)
    #expect(parts.terms[0].inner.isEmpty && parts.terms[1].inner.count == 1)
    #expect(parts.terms[1].body.contains(parts.terms[0].symbol))
    #expect(parts.terms[1].inner[0].context.contains(parts.terms[1].bound))
    #expect(parts.terms[1].context == [Symbol("x"), parts.terms[0].symbol])
  }

  @Test("places have one argument for each variable") func places() throws {
    let scope = Scope(variables: ["x", "t"], unknowns: ["u"])
    let text = "integral(u + u_x + u(s, t), x, 0, t) + integral(u(s, t)*u, s, 0, 1)"
    // `s` is not bound in the first.
    #expect(scope.resolve(text).expression == nil)
    let expression = try #require(
      scope.resolve("integral(u*u_x, x, 0, t) + integral(u(s, t)*u, s, 0, 1)").expression)
    let parts = NonlocalExpression(expression, variables: ["x", "t"], dependents: ["u"])
    let (first, second) = (parts.terms[0], parts.terms[1])
    #expect(Set(first.places.map(\.unknown)) == [Symbol("u"), Symbol("u", ["x"])])
    for place in first.places {
      #expect(place.arguments == [.symbol(first.bound), .symbol("t")])
    }
    #expect(second.places.map(\.arguments) == [[.symbol(second.bound), .symbol("t")]])
    #expect(second.context == [Symbol("u"), Symbol("t")])
    #expect(first.placedUnknowns == [Symbol("u"), Symbol("u", ["x"])])
  }

  @Test("the derivative of an integral leaves the unknown at the point") func leibniz() throws {
    let parts = try split("d(integral(exp(s - x)*u(s), s, 0, x), x)")
    #expect(parts.places.isEmpty && parts.terms.count == 1)
    #expect(parts.local.contains(Symbol("u")))
  }
}

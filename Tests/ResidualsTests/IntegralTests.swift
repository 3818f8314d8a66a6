import Expressions
import Glibc
import Numerics
import Problems
import Residuals
import Testing

/// Equations and conditions with integrals of every form; more points than a chunk has.
let integralCatalog: [Sample] = [
  Sample(
    "Volterra",
    """
    variables: {t: [0, 5]}
    unknowns: [u]
    equations: ["u' + u = integral(exp(s - t)*u(s), s, 0, t)"]
    conditions: [u = 1 at t = 0]
    """),
  Sample(
    "nonlinear Fredholm: a kink, a constant integral, one inside, an estimate",
    """
    variables: {x: [0, 1]}
    unknowns: [u]
    estimate: {k: {start: 1, bounds: [0, 3]}}
    equations:
      - "u' = integral(abs(x - s)*sin(k*u(s))*u(s), s, 0, 1) - k*integral(u(s)^3, s, 0, 1)^2
        + integral(s*u(s)*integral(exp(-r*s)*u(r)*x, r, 0, s), s, 0, 1)"
    conditions: ["integral(u(s)^2, s, 0, 1) = 1 + u at x = 0"]
    """),
  Sample(
    "the point itself and two places under one integral, one integral under another's square",
    """
    variables: {x: [0, 2]}
    unknowns: [u, v]
    equations:
      - "u'' = integral((v - u(s))^2*u(x - s)*integral(v(r), r, 0, 1)*u', s, 0, x)"
      - "v' = integral(u'*v, x, 0, 2)*d(integral(u(s)*v(s), s, 0, x^2/2), x)"
    conditions: ["u = 1 at x = 0", "u' = v/4 at x = 0", "v = 2 at x = 0"]
    """),
  Sample(
    "competition at a distance, an unknown coefficient",
    """
    variables: {x: [0, 1], t: [0, 2]}
    unknowns: [u]
    networks: {c: {inputs: [x], outputs: [a], hidden: [4]}}
    equations:
      - "u_t = u_xx/9 + u*(1 - integral(exp(-(x - s)^2)*u_x(s, t)^2, s, 0, 1)
        *integral(x*a*u, x, 0, 1))"
    conditions: ["u = 1 at t = 0", "u_x = 0 at x = 0", "integral(u, x, 0, 1) = t + 1 at x = 1"]
    """),
  Sample(
    "weak, with a convolution that multiplies a derivative",
    """
    variables: {x: [0, 1]}
    unknowns: [u]
    equations: ["(1 + integral(u(x - s)*s, s, 0, x))*u'' + d(x*u', x) = integral(u, x, 0, 1)"]
    conditions: ["u = 0 at x = 0", "u = 1 at x = 1"]
    train: {residual: weak}
    """),
  Sample(
    "steps of an evolution",
    """
    variables: {x: [0, 1], t: [0, 1]}
    unknowns: [u]
    equations:
      - "(1 + x*u)*u_t = integral(u(s, t), s, 0, 1)*u_xx + integral(u(s, t)^2, s, 0, x)"
    conditions: ["u = 1 + x at t = 0", "u_x = 0 at boundary"]
    train: {residual: integrator, stages: 3}
    """),
]

@Suite("Integrals") struct IntegralTests {
  @Test("integrals of a known field are those of a table", .tags(.unit))
  func closedForms() throws {
    // At θ = 0 the network is 0, and the conditions' lift is left: u = 1 + 2x.
    let cases: [(text: String, value: (Double) -> Double)] = [
      ("integral(exp(s - x)*u(s), s, 0, x)", { x in 2 * x - 1 + exp(-x) }),
      ("integral(abs(x - s)*u(s), s, 0, 1)", { x in 7.0 / 6 - 2 * x + x * x + 2 * x * x * x / 3 }),
      ("integral(u(s)^3, s, 0, 1)", { _ in 10 }),
      ("integral(u(s)*u, s, 0, 1)", { x in 2 * (1 + 2 * x) }),
      ("integral(u(s)*u(x - s), s, 0, x)", { x in x + 2 * x * x + 2 * x * x * x / 3 }),
      ("integral(integral(u(r), r, 0, s), s, 0, 1)", { _ in 5.0 / 6 }),
      ("integral(integral(u, x, 0, 1)*u(s)*s, s, x, 0)", { x in -x * x - 4 * x * x * x / 3 }),
      ("integral(u', x, 0, 1)", { _ in 2 }),
      ("d(integral(u(s)*s, s, 0, x^2), x)", { x in 2 * x * x * x * (1 + 2 * x * x) }),
      ("integral(heaviside(s - x/2)*u(s)*k, s, 0, x)", { x in 1.5 * (x / 2 + 0.75 * x * x) }),
    ]
    let observables = cases.enumerated().map { "  o\($0): \"\($1.text)\"" }
    let sample = Sample(
      "line",
      """
      variables: {x: [0, 1]}
      unknowns: [u]
      estimate: {k: {start: 1.5}}
      equations: ["u'' = 0*k"]
      conditions: ["u = 1 at x = 0", "u = 3 at x = 1"]
      observables:
      \(observables.joined(separator: "\n"))
      """)
    let residuals = try sample.residuals(threads: 2)
    let places = (0...64).map { Double($0) / 64 }
    let theta = [Double](repeating: 0, count: residuals.parameterCount)
    let found = try borrowed(theta) {
      try residuals.evaluate(residuals.problem.observables.map(\.expression), $0, at: places)
    }
    for (index, (text, value)) in cases.enumerated() {
      for (place, number) in zip(places, found[index]) {
        // Polynomials (and an exponential) to rounding, of numbers up to 10.
        #expect(abs(number - value(place)) < 1e-13, "\(text) at \(place)")
      }
    }
  }

  @Test("integrals over one of two variables, and over both", .tags(.unit))
  func twoVariables() throws {
    let sample = Sample(
      "plane",
      """
      variables: {x: [0, 1], t: [0, 2]}
      unknowns: [u]
      equations: [u_t = u_xx]
      conditions: [u = x at t = 0, u = 0 at x = 0, u = 1 at x = 1]
      observables:
        part: integral(u(s, t)*t, s, 0, x)
        whole: integral(u^2, x, 0, 1)
        slope: integral(u_x*x, x, 0, 1)
        both: integral(integral(u*t, x, 0, 1), t, 0, 2)
        line: integral(u(s, s), s, 0, 1)
      """)
    let residuals = try sample.residuals()
    let places = [0.0, 0, 0.25, 1, 1, 0.5, 0.7, 2]
    let theta = [Double](repeating: 0, count: residuals.parameterCount)
    let found = try borrowed(theta) {
      try residuals.evaluate(residuals.problem.observables.map(\.expression), $0, at: places)
    }
    for index in 0..<4 {
      let (x, t) = (places[2 * index], places[2 * index + 1])
      let values = [t * x * x / 2, 1 / 3.0, 0.5, 1, 0.5]
      for (row, value) in zip(found, values) { #expect(abs(row[index] - value) < 1e-14) }
    }
  }

  @Test("the same threads give the same bytes", .tags(.unit), arguments: integralCatalog)
  func threads(_ sample: Sample) throws {
    func linearized(_ threads: Int) throws -> (r: [Double], g: [Double], a: [Double]) {
      let residuals = try sample.residuals(threads: threads)
      let (p, n) = (residuals.parameterCount, residuals.residualCount)
      var numbers = Numbers(4)
      let (r, g, a) = (Storage(n), Storage(p), Storage(p * p))
      defer { r.keep(g, a) }
      borrowed(numbers.array(p)) {
        residuals.linearize($0, residual: r.vector, gradient: g.vector, normal: a.vector)
      }
      return (r.vector.array, g.vector.array, a.vector.array)
    }
    let (one, two, again) = (try linearized(1), try linearized(2), try linearized(2))
    #expect(one.r == two.r)
    #expect(two.r == again.r && two.g == again.g && two.a == again.a)
    #expect(norm(zip(one.a, two.a).map(-)) < 1e-13 * norm(one.a))
  }
}

/// Integrals that are refused when the residuals are made: what the equation is, what is said.
private let roughIntegrals: [(equation: String, message: String)] = [
  (
    "u' = integral(u(s)/sqrt(x - s), s, 0, x)",
    "the integrand of integral(u(s)/sqrt(x - s), s, 0, x) is too rough: 320 nodes give its value to "
      + "0.0019 only; substitute the bound variable so that the integrand is smooth"
  ),
  (
    "u' = integral(u(s), s, 0, 2*x)",
    "integral(u(s), s, 0, 2*x) reads u at x = 2, outside of its interval; keep the places of the "
      + "unknown inside"
  ),
  (
    "u' = integral(s, s, 0, u)",
    "a limit of integral(s, s, 0, u) depends on what is to be found; write limits of the variables "
      + "and parameters"
  ),
  (
    "u' = integral(u(s*u), s, 0, 1)",
    "integral(u(s*u), s, 0, 1) reads u at a place that depends on what is to be found; write places "
      + "of the variables, of parameters and of bound names"
  ),
]

extension IntegralTests {
  @Test("what no rule computes is refused", .tags(.unit), arguments: roughIntegrals)
  func refusals(_ refusal: (equation: String, message: String)) throws {
    let sample = Sample(
      "rough",
      """
      variables: {x: [0, 1]}
      unknowns: [u]
      equations: ["\(refusal.equation)"]
      conditions: [u = 1 at x = 0]
      """)
    let faults = #expect(throws: ProblemFaults.self) { try sample.residuals() }
    let said = faults?.diagnostics.map { String($0.rendered.prefix { $0 != "\n" }) }
    #expect(said == ["test.yaml:3:13: " + refusal.message])
  }
}

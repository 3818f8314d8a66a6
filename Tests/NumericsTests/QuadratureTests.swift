import Glibc
import Numerics
import Testing

@Suite("Quadrature") struct QuadratureTests {
  @Test(
    "Gauss-Legendre rules are exact to degree 2n − 1",
    arguments: [1, 2, 3, 5, 8, 13, 21, 24, 40, 64, 96, 170, 400])
  func legendre(_ count: Int) throws {
    let rule = try QuadratureRule.gaussLegendre(count, from: -1, to: 3)
    #expect(rule.nodes == rule.nodes.sorted() && rule.nodes.count == count)
    for degree in [0, 1, 2, 12, count, 2 * count - 2, 2 * count - 1] where degree < 2 * count {
      let sum = zip(rule.nodes, rule.weights).reduce(0) {
        $0 + $1.1 * pow(($1.0 - 1) / 2, Double(degree))
      }
      let truth = degree % 2 == 0 ? 4 / Double(degree + 1) : 0
      // Rounding of n terms of size 1.
      #expect((sum - truth).magnitude < 1e-14 * Double(count + 3), "degree \(degree): \(sum)")
    }
  }

  @Test("Gauss-Hermite rules know the moments of exp(−x²)", arguments: [1, 4, 20, 100])
  func hermite(_ count: Int) throws {
    let rule = try QuadratureRule.gaussHermite(count)
    var moment = sqrt(Double.pi)
    for degree in stride(from: 0, through: min(2 * count - 2, 8), by: 2) {
      if degree > 0 { moment *= Double(degree - 1) / 2 }
      let sum = zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(degree)) }
      #expect((sum - moment).magnitude < 1e-12 * moment, "degree \(degree)")
    }
  }

  struct Sample: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let limits: (Double, Double)
    let function: @Sendable (Double) -> Double
    let truth: Double
    var breakpoints: [Double] = []
  }

  static let samples = [
    Sample(testDescription: "exp", limits: (0, 1), function: { exp($0) }, truth: exp(1) - 1),
    Sample(testDescription: "reversed", limits: (1, 0), function: { exp($0) }, truth: 1 - exp(1)),
    Sample(testDescription: "empty", limits: (2, 2), function: { _ in .nan }, truth: 0),
    Sample(
      testDescription: "a peak", limits: (-1, 1), function: { 1 / (1e-4 + $0 * $0) },
      truth: 200 * atan(100)),
    Sample(
      testDescription: "a root at the end", limits: (0, 1), function: { 1 / sqrt($0) }, truth: 2),
    Sample(
      testDescription: "a step at a breakpoint", limits: (0, 1),
      function: { $0 < 0.3 ? 1 : exp($0) }, truth: 0.3 + exp(1) - exp(0.3), breakpoints: [0.3, 7]),
    Sample(
      testDescription: "a kink nobody names", limits: (0, 1), function: { abs($0 - 0.3) },
      truth: 0.29),
  ]

  @Test("adaptive quadrature meets its tolerance and knows its error", arguments: samples)
  func adaptive(_ sample: Sample) throws {
    let quadrature = try AdaptiveQuadrature()
    let result = quadrature.integrate(
      from: sample.limits.0, to: sample.limits.1, relative: 1e-10,
      breakpoints: sample.breakpoints, sample.function)
    let error = (result.value - sample.truth).magnitude
    #expect(result.isConverged)
    #expect(error <= 1e-10 * sample.truth.magnitude, "\(error)")
    // Rounding of the sum itself is not in the estimate.
    #expect(error <= result.error + 1e-15 * sample.truth.magnitude, "\(error), \(result.error)")
  }

  @Test("an integrand without a value gives none, and does not end the process") func notFinite()
    throws
  {
    let result = try AdaptiveQuadrature().integrate(from: 0, to: 1) { $0 < 0.5 ? .nan : 1 }
    #expect(!result.isConverged && result.value.isNaN)
  }
}

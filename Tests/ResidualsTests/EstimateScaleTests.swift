import Problems
import Residuals
import Testing

/// The laws by which free numbers stand for bounded parameters.
@Suite("Scales of estimates") struct EstimateScaleTests {
  static let catalog: [String] = [
    "{start: 2}", "{start: 0}", "{start: -3}", "{start: 1, bounds: [0, 5]}",
    "{start: 0.01, bounds: [1e-4, 1]}", "{start: 4, bounds: [-5, 5]}",
    "{start: 0, bounds: [0, 1]}", "{start: 1, bounds: [0.5, 1]}",
  ]

  private func estimate(_ text: String) throws -> Estimate {
    let sample = Sample(
      "estimate",
      """
      variables: {t: [0, 1]}
      unknowns: [u]
      estimate: {k: \(text)}
      equations: ["u' = -k*u"]
      conditions: [u = 1 at t = 0]
      network: {hidden: [4]}
      """)
    return try #require(try sample.problem().estimates.first)
  }

  @Test("start at z = 0, keep the bounds, and know their slopes", arguments: catalog)
  func laws(_ text: String) throws {
    let estimate = try estimate(text)
    let scale = EstimateScale(estimate)
    let width = estimate.upper.isFinite ? estimate.upper - estimate.lower : 1
    // A start at a bound moves inside by a millionth of the width.
    #expect((scale.value(0).value - estimate.start).magnitude <= 1.01e-6 * width)
    for z in [-30, -3, -0.5, 0, 0.7, 4, 30] {
      let (value, slope) = scale.value(z)
      #expect(value >= estimate.lower && value <= estimate.upper)
      // Differences of order 2 with h = 1e-5: 1e-10 of the third derivative, rounding 1e-11.
      let h = 1e-5
      let difference = (scale.value(z + h).value - scale.value(z - h).value) / (2 * h)
      #expect((difference - slope).magnitude <= 1e-8 * (slope.magnitude + value.magnitude))
    }
  }

  @Test("know the bound that a value has come to", arguments: catalog)
  func bounds(_ text: String) throws {
    let estimate = try estimate(text)
    let scale = EstimateScale(estimate)
    let (low, high) = (scale.value(-30).value, scale.value(30).value)
    #expect(scale.bound(near: low) == (estimate.lower.isFinite ? estimate.lower : nil))
    #expect(scale.bound(near: high) == (estimate.upper.isFinite ? estimate.upper : nil))
    let isStartInside = estimate.start > estimate.lower && estimate.start < estimate.upper
    #expect((scale.bound(near: estimate.start) == nil) == isStartInside)
  }
}

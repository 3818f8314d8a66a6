import Expressions
import Glibc
import Networks
import Problems
import Residuals
import Testing

@Suite("Causal weights") struct CausalTests {
  /// With all parameters 0 the unknown is its initial value: what is left of the equation is known.
  private static let ramp = Sample(
    "ramp",
    """
    variables: {t: [0, 2]}
    unknowns: [u]
    equations: ["u' = 3*t"]
    conditions: [u = 1 at t = 0]
    network: {hidden: [5]}
    train: {points: {interior: 320, sampler: grid}, causal: 4}
    """)

  private static func residuals(_ sample: Sample, _ overrides: [String] = []) throws
    -> PhysicsResiduals
  {
    let problem = try sample.problem(overrides)
    return try PhysicsResiduals(problem, PhysicsPlan(problem), threads: 2)
  }

  private static func values(_ residuals: PhysicsResiduals, _ theta: [Double]) -> [Double] {
    borrowed(theta) { theta in
      filled(residuals.residualCount) { residuals.residual(theta, into: $0) }
    }
  }

  @Test("are exp(−ε·∫F²) of a known residual", .tags(.unit), arguments: ["0", "2"])
  func profile(_ start: String) throws {
    // From either end: marching is from where the condition stands.
    let text = CausalTests.ramp.text.replacing("at t = 0", with: "at t = \(start)")
    let residuals = try CausalTests.residuals(Sample("ramp", text))
    let zero = [Double](repeating: 0, count: residuals.parameterCount)
    borrowed(zero) { residuals.resample($0, round: 0) }
    let found = CausalTests.values(residuals, zero)
    let weights = try #require(borrowed(zero) { residuals.causalWeights($0) }).values
    // 320 points, ten a slice: (k + 1/2)/160.
    let rows = start == "0" ? Array(0..<320) : Array((0..<320).reversed())
    var sum = 0.0
    for (order, row) in rows.enumerated() {
      let defect = 3 * (Double(row) + 0.5) / 160
      let slice = order / 10
      if order % 10 == 0 {
        // Rounding of a sum of 320 squares, times ε.
        #expect((weights[slice] - exp(-4 * sum)).magnitude < 1e-13, "slice \(slice)")
      }
      sum += defect * defect / 320
      let expected = (weights[slice] / 320).squareRoot() * defect
      #expect((found[row].magnitude - expected).magnitude < 1e-13, "row \(row)")
    }
    // Twice the loss is the mean of F², 12: nothing at the end counts yet.
    #expect(weights[0] == 1 && weights[31] < 1e-15)
  }

  @Test("heed penalties on walls, by their block's weight", .tags(.unit))
  func walls() throws {
    let wall = Sample(
      "wall",
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t + u_x = 0]
      conditions: [u = 0 at t = 0, u = t at x = 0]
      train: {points: {interior: 100, boundary: 64, sampler: grid}, causal: 0.7,
        conditions: [exact, penalty]}
      """)
    let residuals = try CausalTests.residuals(wall, ["network.hidden=[5]"])
    let zero = [Double](repeating: 0, count: residuals.parameterCount)
    borrowed(zero) { residuals.resample($0, round: 0) }
    let weights = try #require(borrowed(zero) { residuals.causalWeights($0) }).values
    let block = residuals.blocks[1]
    #expect(block.rows.count == 64 && residuals.blocks[0].weight == 1)
    var sum = 0.0
    for slice in 0..<32 {
      #expect((weights[slice] - exp(-0.7 * sum)).magnitude < 1e-13, "slice \(slice)")
      for point in [2 * slice, 2 * slice + 1] {
        let t = (Double(point) + 0.5) / 64
        sum += block.weight / 64 * t * t
      }
    }
    #expect(weights[31] < 0.9 && weights[31] > 1e-3)
  }

  /// Beside the weights of a rule, and with every stage of a penalised system.
  @Test(
    "multiply the squares, whatever else weighs them", .tags(.property),
    arguments: ["collocation", "quadrature"], leastSquaresCatalog.prefix(3))
  func product(_ kind: String, _ sample: Sample) throws {
    let small = [
      "network.hidden=[6]", "train.points.interior=150", "train.residual=\(kind)",
    ]
    let plain = try CausalTests.residuals(sample, small)
    let causal = try CausalTests.residuals(sample, small + ["train.causal=1e-4"])
    // The weights in use are those of the first parameters.
    let theta = causal.initialParameters
    let weights = try #require(borrowed(theta) { causal.causalWeights($0) }).values
    let (a, b) = (CausalTests.values(plain, theta), CausalTests.values(causal, theta))
    let axis = plain.problem.variables.count - 1
    let interval = plain.problem.variables[axis]
    #expect(plain.points == causal.points && weights[31] < 1)
    for block in plain.blocks.prefix(plain.problem.equations.count) {
      for (point, row) in block.rows.enumerated() {
        let part = (plain.points[point][axis] - interval.lower) / (interval.upper - interval.lower)
        let weight = weights[min(Int(part * 32), 31)]
        #expect((b[row] * b[row] - weight * a[row] * a[row]).magnitude <= 1e-13 * a[row] * a[row])
      }
    }
  }
}

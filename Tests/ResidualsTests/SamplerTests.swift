import Glibc
import Problems
import Residuals
import Testing

@Suite("Points") struct SamplerTests {
  private func points(_ sampler: Sampler, _ count: Int, _ dimension: Int, round: Int = 0)
    -> [[Double]]
  {
    let flat = sampler.points(count: count, dimension: dimension, seed: 3, round: round)
    return stride(from: 0, to: flat.count, by: dimension).map {
      Array(flat[$0..<($0 + dimension)])
    }
  }

  /// The root mean square, over boxes at the origin, of how far the share of points in a box is
  /// from its volume (Warnock's formula).
  private func discrepancy(_ points: [[Double]]) -> Double {
    let (n, d) = (Double(points.count), Double(points[0].count))
    var (single, double) = (0.0, 0.0)
    for x in points {
      single += x.reduce(1) { $0 * (1 - $1 * $1) / 2 }
      for y in points { double += zip(x, y).reduce(1) { $0 * (1 - max($1.0, $1.1)) } }
    }
    return (pow(1.0 / 3, d) - 2 / n * single + double / (n * n)).squareRoot()
  }

  @Test(
    "lie inside, the same for the same seed, others in another round", .tags(.property),
    arguments: Sampler.allCases)
  func inside(_ sampler: Sampler) {
    for dimension in [1, 2, 5, 10] {
      let set = points(sampler, 300, dimension)
      #expect(set.allSatisfy { $0.allSatisfy { $0 > 0 && $0 < 1 } })
      #expect(set == points(sampler, 300, dimension))
      #expect(set != points(sampler, 300, dimension, round: 1))
      #expect(sampler == .grid ? set.count <= 300 && set.count > 150 : set.count == 300)
      #expect(Set(set).count == set.count)
    }
  }

  @Test("fill the square more evenly than random ones", .tags(.property))
  func evenness() {
    let random = discrepancy(points(.uniform, 1024, 2))
    // Expected of random points: √((2⁻² − 3⁻²)/1024) = 0.0116.
    #expect((0.006...0.02).contains(random))
    #expect(discrepancy(points(.sobol, 1024, 2)) < 0.15 * random)
    #expect(discrepancy(points(.halton, 1024, 2)) < 0.3 * random)
    #expect(discrepancy(points(.latinHypercube, 1024, 2)) < 0.8 * random)
  }

  @Test("hit every part as often as they promise", .tags(.property))
  func strata() {
    let latin = points(.latinHypercube, 128, 3)
    for axis in 0..<3 {
      #expect(Set(latin.map { Int($0[axis] * 128) }).count == 128)
    }
    // GSL's sequence starts at the second point: one of 256 cells may have two, another none.
    let sobol = points(.sobol, 256, 2)
    #expect(Set(sobol.map { Int($0[0] * 16) * 16 + Int($0[1] * 16) }).count >= 255)
    let grid = points(.grid, 12, 2)
    #expect(Set(grid.map { [Int($0[0] * 4), Int($0[1] * 3)] }).count == 12)
  }

  static let front = Sample(
    "front",
    """
    variables: {x: [-1, 1], t: [0, 1]}
    unknowns: [u]
    equations: ["u_t = u_xx + 1e4*exp(-100*(x - 0.3)^2)"]
    conditions: ["u = 0 at t = 0", "u = 0 at boundary"]
    train: {points: {interior: 400, refine: rad}}
    """)

  @Test("refinement draws points to a front, each once, and leaves some elsewhere")
  func refinement() throws {
    let problem = try Self.front.problem()
    let residuals = try PhysicsResiduals(problem, PhysicsPlan(problem), threads: 2)
    func share() -> Double {
      Double(residuals.points.count { abs($0[0] - 0.3) < 0.2 }) / Double(residuals.points.count)
    }
    let before = residuals.points
    // A fifth of the interval.
    #expect(abs(share() - 0.2) < 0.02)
    borrowed(residuals.initialParameters) { residuals.resample($0, round: 1) }
    // Half of the density follows the residual, which is all at the front; half is even.
    #expect(abs(share() - 0.6) < 0.03)
    #expect(Set(residuals.points).count == 400)
    #expect(residuals.points != before)
    let refined = residuals.points
    borrowed(residuals.initialParameters) { residuals.resample($0, round: 2) }
    #expect(residuals.points != refined)
    borrowed(residuals.initialParameters) { residuals.resample($0, round: 1) }
    #expect(residuals.points == refined)
  }

  /// The front stands in the initial values, which are built in; the residual knows nothing of it.
  @Test("refinement by variation draws points to where the solution is steep")
  func variation() throws {
    let text = """
      variables: {x: [-1, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = 0]
      conditions: ["u = tanh(10*(x - 0.3)) at t = 0"]
      train: {points: {interior: 400}}
      """
    func share(_ refinement: String) throws -> Double {
      let problem = try Sample("steep", text).problem(["train.points.refine=\(refinement)"])
      let residuals = try PhysicsResiduals(problem, PhysicsPlan(problem), threads: 2)
      borrowed(residuals.initialParameters) { residuals.resample($0, round: 1) }
      return Double(residuals.points.count { abs($0[0] - 0.3) < 0.2 }) / 400
    }
    // A fifth of the interval, where an untrained network leaves less of a residual than elsewhere;
    // √slope, which has six eighths of the say, is twice its mean there.
    let (rad, variation) = (try share("rad"), try share("variation"))
    #expect(variation > 1.4 * rad, "\(rad), \(variation)")
  }

  @Test("fresh points change the residuals, and those of a round are the same again", .tags(.unit))
  func resampling() throws {
    let residuals = try leastSquaresCatalog[0].residuals()
    let theta = residuals.initialParameters
    func residual() -> [Double] {
      borrowed(theta) { theta in
        filled(residuals.residualCount) { residuals.residual(theta, into: $0) }
      }
    }
    let first = residual()
    borrowed(theta) { residuals.resample($0, round: 1) }
    let second = residual()
    #expect(zip(first, second).allSatisfy { $0 != $1 })
    borrowed(theta) { residuals.resample($0, round: 0) }
    #expect(residual() == first)
  }
}

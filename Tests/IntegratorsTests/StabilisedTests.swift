import Foundation
import Integrators
import Numerics
import Testing

@Suite("Stabilised methods", .tags(.property)) struct StabilisedTests {
  /// The heat equation by lines on n nodes; it knows its spectral radius if asked to tell.
  private final class Heat: VectorField {
    let tells: Bool
    var scale: Double { Double((dimension + 1) * (dimension + 1)) }

    init(_ n: Int, tells: Bool = false) {
      self.tells = tells
      super.init(dimension: n, pattern: .band(n, lower: 1, upper: 1), isAutonomous: true)
    }

    override func evaluate(_ t: Double, _ y: Vector, into dydt: Vector) {
      let n = dimension
      for i in 0..<n {
        let left = i > 0 ? y[i - 1] : 0
        let right = i < n - 1 ? y[i + 1] : 0
        dydt[i] = scale * (left - 2 * y[i] + right)
      }
    }

    override func spectralRadiusBound(_ t: Double, _ y: Vector) -> Double? {
      tells ? 4 * scale : nil
    }

    /// Two modes of the grid: each decays by its own eigenvalue.
    func truth(_ t: Double) -> [Double] {
      (1...dimension).map { i in
        [1, 3].reduce(0) { sum, k in
          let angle = Double.pi * Double(k) / Double(dimension + 1)
          let rate = 2 * scale * (cos(angle) - 1)
          return sum + exp(rate * t) * sin(angle * Double(i))
        }
      }
    }
  }

  @Test("evaluations grow like the root of the stiffness", arguments: [false, true])
  func stages(_ tells: Bool) throws {
    var perStep: [Double] = []
    for n in [49, 99, 199, 399] {
      let heat = Heat(n, tells: tells)
      let run = try integrate(heat, "rkc2", to: 0.2, heat.truth(0), rtol: 1e-4, atol: 1e-6)
      #expect(run.report.outcome == .reached)
      // Local errors of 1e-4 where the solution decays from 2 to 0.14.
      #expect(distance(run.report.y, heat.truth(0.2)) < 1e-4, "n = \(n)")
      // An explicit method with a stability bound of 3.5 would need 0.2·4n²/3.5 steps.
      #expect(run.report.steps < 110 && run.report.rejected < 10, "\(run.report.steps)")
      perStep.append(Double(run.report.counts.evaluations) / Double(run.report.steps))
      #expect(run.report.counts.jacobians == 0 && run.report.counts.factorizations == 0)
    }
    for (coarse, fine) in zip(perStep, perStep.dropFirst()) {
      // Twice the nodes, four times the stiffness, twice the stages; steps differ a little.
      #expect(fine / coarse > 1.5 && fine / coarse < 2.3, "\(perStep)")
    }
  }

  @Test("a field's own bound saves the estimates") func bound() throws {
    let runs = try [false, true].map { tells in
      let heat = Heat(99, tells: tells)
      return try integrate(heat, "rkc2", to: 0.2, heat.truth(0), rtol: 1e-4, atol: 1e-6).report
    }
    #expect(runs[1].counts.evaluations < runs[0].counts.evaluations)
    // The estimate lies between the radius and a fifth more: about the same stages and steps.
    #expect(abs(runs[1].steps - runs[0].steps) <= 20, "\(runs[0].steps), \(runs[1].steps)")
  }

  /// At rtol 1e-12 more than 21 stages would let rounding through: steps are cut instead.
  @Test("steps stay within what the most stages keep stable") func cap() throws {
    let heat = Heat(99, tells: true)
    var longest = 0.0
    let run = try integrate(heat, "rkc2", to: 0.02, heat.truth(0), rtol: 1e-12, atol: 1e-2) {
      $1.step = { longest = max(longest, $0.h) }
    }
    #expect(run.report.outcome == .reached && run.report.rejected <= 2)
    #expect(longest <= (21 * 21 - 1) / 1.54 / (4 * heat.scale) * (1 + 1e-12))
    #expect(longest > 0.5 * (21 * 21 - 1) / 1.54 / (4 * heat.scale))
    #expect(distance(run.report.y, heat.truth(0.02)) < 1e-2)
  }

  @Test("mass matrices are refused") func mass() throws {
    let field = VectorField(dimension: 1, mass: MassMatrix(diagonal: [2]))
    #expect(throws: SteppingError.self) {
      try StepperCatalog.make("rkc2", field, Tolerances(relative: 1e-3, absolute: [1]))
    }
  }
}

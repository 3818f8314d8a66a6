import Foundation
import Integrators
import Numerics
import Testing

@Suite("Implicit methods", .tags(.property)) struct ImplicitTests {
  /// y₁' = −y₁ + z, 0 = z − y₁² with y₁(0) = 1/2: y₁' = −y₁ + y₁², a logistic equation.
  @Test("an index-1 DAE", arguments: ["rodas5p", "bdf", "auto"]) func dae(_ method: String) throws {
    let field = VectorField(
      dimension: 2, mass: MassMatrix(diagonal: [1, 0]), isAutonomous: true
    ) { _, y, dydt in
      dydt[0] = -y[0] + y[1]
      dydt[1] = y[1] - y[0] * y[0]
    }
    let run = try integrate(field, method, to: 3, [0.5, 0.25], rtol: 1e-8)
    let truth = 1 / (1 + exp(3.0))
    #expect(distance(run.report.y, [truth, truth * truth]) < 1e-6, "\(run.report.y)")
    #expect(throws: SteppingError.noMassMatrix("tsit5", instead: ["auto", "rodas5p", "bdf"])) {
      try StepperCatalog.make("tsit5", field, Tolerances(relative: 1e-3, absolute: [1, 1]))
    }
  }

  /// The heat equation by lines: band storage gives the steps of dense storage.
  @Test("band and dense linear algebra agree", arguments: ["rodas5p", "bdf"])
  func band(_ method: String) throws {
    let n = 40
    func field(_ pattern: SparsityPattern?) -> VectorField {
      VectorField(dimension: n, pattern: pattern, isAutonomous: true) { _, y, dydt in
        for i in 0..<n {
          let left = i > 0 ? y[i - 1] : 0
          let right = i < n - 1 ? y[i + 1] : 0
          dydt[i] = 1600 * (left - 2 * y[i] + right)
        }
      }
    }
    let start = (1...n).map { sin(Double.pi * Double($0) / Double(n + 1)) }
    let dense = try integrate(field(nil), method, to: 0.1, start, rtol: 1e-6)
    let band = try integrate(
      field(.band(n, lower: 1, upper: 1)), method, to: 0.1, start, rtol: 1e-6)
    // Rounding decides now and then about one more correction of Newton's: rtol, not rounding.
    #expect(distance(dense.report.y, band.report.y) < 1e-6)
    #expect(abs(dense.report.steps - band.report.steps) <= 3)
    // Differences cost one evaluation for each of three groups of columns, instead of forty.
    #expect(band.report.counts.evaluations < dense.report.counts.evaluations)
  }

  /// Diffusion with two species on a ring of nodes: neither dense nor banded.
  @Test("sparse and dense linear algebra agree", arguments: ["rodas5p", "bdf"], [false, true])
  func sparse(_ method: String, _ hasMass: Bool) throws {
    let n = 150
    let stencil = (0..<n).flatMap { i in [(i + n - 1) % n, i, (i + 1) % n].map { (i, $0) } }
    var rows: [Int] = []
    var columns: [Int] = []
    for (i, j) in stencil {
      rows += [i, n + i]
      columns += [j, n + j]
    }
    rows += (0..<n).flatMap { [$0, n + $0] }
    columns += (0..<n).flatMap { [n + $0, $0] }
    let ring = SparsityPattern(dimension: 2 * n, rows: rows, columns: columns)
    func field(_ pattern: SparsityPattern?) -> VectorField {
      let mass = hasMass ? MassMatrix(diagonal: (0..<2 * n).map { $0 < n ? 2 : 1 }) : nil
      return VectorField(
        dimension: 2 * n, pattern: pattern, mass: mass, isAutonomous: true
      ) { _, y, dydt in
        for i in 0..<n {
          for (own, other) in [(0, n), (n, 0)] {
            let curvature = y[own + (i + 1) % n] - 2 * y[own + i] + y[own + (i + n - 1) % n]
            dydt[own + i] = 500 * curvature - y[own + i] * y[other + i] + 1
          }
        }
      }
    }
    let start = (0..<2 * n).map { 1 + 0.5 * sin(2 * Double.pi * Double($0) / Double(n)) }
    let dense = try integrate(field(nil), method, to: 1, start, rtol: 1e-8)
    let sparse = try integrate(field(ring), method, to: 1, start, rtol: 1e-8)
    // The Jacobians are differences of other groups of columns: rounding over 1e-8, which moves
    // Newton's last correction within the tolerance.
    #expect(distance(dense.report.y, sparse.report.y) < 1e-6)
    #expect(abs(dense.report.steps - sparse.report.steps) <= 4)
    #expect(dense.report.counts.factorizations > 5)
  }

  @Test("the symplectic method keeps the energy, and refuses what does not separate")
  func symplectic() throws {
    let run = try integrate(oscillator(), "symplectic4", to: 1000, [1, 0], step: 0.05)
    let energy = run.report.y[0] * run.report.y[0] + run.report.y[1] * run.report.y[1]
    #expect(abs(energy - 1) < 1e-6, "\(energy)")
    #expect(throws: SteppingError.notSeparable) {
      try integrate(smoothField(), "symplectic4", to: 1, [1, 1], step: 0.1)
    }
    #expect(throws: SteppingError.needsFixedStep("symplectic4")) {
      try integrate(oscillator(), "symplectic4", to: 1, [1, 1])
    }
  }
}

import Integrators
import Problems
import Residuals
import Testing

/// A sample with a way to take and to cut its steps.
struct AdjointCase: Sendable, CustomTestStringConvertible {
  let sample: TrajectorySample
  let method: String
  let pieces: Int

  var testDescription: String { "\(sample.name), \(method), \(pieces) pieces" }

  static let all: [AdjointCase] = trajectoryCatalog.flatMap { sample in
    [("tsit5", 1), ("tsit5", 2), ("dop853", 1)].map {
      AdjointCase(sample: sample, method: $0.0, pieces: $0.1)
    }
  }

  func residuals(_ overrides: [String], threads: Int = 1, memory: Int? = nil) throws
    -> TrajectoryResiduals
  {
    try sample.residuals(
      ["solve.method=\(method)"] + overrides, pieces: pieces, threads: threads, memory: memory)
  }
}

@Suite("adjoints of trajectories")
struct AdjointTests {
  /// A trial and the point that it is compared with then see the same residuals.
  @Test(
    "sensitivities do not change the steps", .tags(.property),
    arguments: [
      "tsit5", "dop853", "rodas5p", "bdf", "rkc2", "rk2", "rk4", "rkf45", "rkck", "rk8pd", "auto",
    ])
  func sameSteps(_ method: String) throws {
    for sample in trajectoryCatalog {
      let all = try sample.residuals(["solve.method=\(method)", "train.gradient=forward"])
      let theta = all.someParameters()
      let alone = all.values(theta)
      let along = borrowed(theta) { theta in
        filled(all.residualCount) { residual in
          _ = filled(all.parameterCount) { gradient in
            _ = filled(all.parameterCount * all.parameterCount) { normal in
              all.linearize(theta, residual: residual, gradient: gradient, normal: normal)
            }
          }
        }
      }
      // Steps at 1e-6 differ by more; the time derivative of the pair is a difference, good to 1e-10.
      #expect(distance(alone, along) < 1e-8, "\(sample.name)")
    }
  }

  static let tight = ["solve.rtol=1e-12", "solve.atol=1e-14"]

  @Test(
    "the discrete adjoint is the derivative of the steps: sixth-order differences",
    .tags(.property), arguments: AdjointCase.all)
  func differences(_ test: AdjointCase) throws {
    // Steps of one length stay where they are; rows fall within them.
    let all = try test.residuals(["train.gradient=discrete-adjoint", "solve.step=0.13"])
    let theta = all.someParameters()
    var numbers = Numbers(5)
    let weights = numbers.array(all.residualCount)
    let gradient = all.pulled(theta, weights)
    let nodes: [Double] = [-3, -2, -1, 0, 1, 2, 3]
    let stencil = differenceWeights(nodes, order: 1)[1]
    let step = 2e-3
    // Differences of sixth order: 2e-3⁶ of the sixth derivative, and 1e-13 of the residuals.
    var found: [Double] = []
    let places = Array(stride(from: 0, to: theta.count, by: 5)) + [theta.count - 1]
    for place in places {
      var slope = 0.0
      for (node, weight) in zip(nodes, stencil) where weight != 0 {
        var moved = theta
        moved[place] += node * step
        slope += weight * zip(all.values(moved), weights).reduce(0) { $0 + $1.0 * $1.1 } / step
      }
      found.append(slope)
    }
    #expect(distance(found, places.map { gradient[$0] }) < 1e-8)
  }

  @Test(
    "all three agree where steps are fine", .tags(.property), arguments: AdjointCase.all)
  func agreement(_ test: AdjointCase) throws {
    let forward = try test.residuals(Self.tight + ["train.gradient=forward"])
    let theta = forward.someParameters()
    var numbers = Numbers(9)
    let weights = numbers.array(forward.residualCount)
    let direction = numbers.array(forward.parameterCount)
    let expected = forward.pulled(theta, weights)
    let change = forward.pushed(theta, direction)
    for gradient in [TrajectoryGradient.discreteAdjoint, .interpolatingAdjoint] {
      let all = try test.residuals(
        Self.tight + ["train.gradient=\(gradient.rawValue)"], threads: 2)
      // Rounding in some thousand steps, and what interpolation within steps leaves.
      #expect(distance(expected, all.pulled(theta, weights)) < 1e-8, "\(gradient)")
      #expect(distance(change, all.pushed(theta, direction)) < 1e-8, "\(gradient)")
      let rows = borrowed(theta) { theta in
        filled(2 * all.parameterCount) { all.jacobianRows(theta, 1..<3, into: $0) }
      }
      let same = borrowed(theta) { theta in
        filled(2 * all.parameterCount) { forward.jacobianRows(theta, 1..<3, into: $0) }
      }
      #expect(distance(same, rows) < 1e-8, "\(gradient)")
    }
  }

  @Test("r, g and the normal matrix come from one call", .tags(.unit))
  func linearize() throws {
    let sample = trajectoryCatalog[1]
    let adjoint = try sample.residuals(["train.gradient=discrete-adjoint"], pieces: 2)
    let theta = adjoint.someParameters()
    let count = adjoint.parameterCount
    var (residual, gradient): ([Double], [Double]) = ([], [])
    let normal = borrowed(theta) { theta in
      filled(count * count) { normal in
        residual = filled(adjoint.residualCount) { residual in
          gradient = filled(count) {
            adjoint.linearize(theta, residual: residual, gradient: $0, normal: normal)
          }
        }
      }
    }
    #expect(residual == adjoint.values(theta))
    #expect(gradient == adjoint.pulled(theta, residual))
    var numbers = Numbers(2)
    let direction = numbers.array(count)
    let image = adjoint.pulled(theta, adjoint.pushed(theta, direction))
    let product = (0..<count).map { i in
      (0..<count).reduce(0) { $0 + normal[max(i, $1) + min(i, $1) * count] * direction[$1] }
    }
    // The same steps in both: rounding alone.
    #expect(distance(image, product) < 1e-12)
  }

  @Test(
    "with little memory steps are taken again, to the same bits", .tags(.property),
    arguments: AdjointCase.all.filter { $0.pieces == 1 }, [0, 40, 150, 700])
  func checkpoints(_ test: AdjointCase, _ memory: Int) throws {
    let settings = ["train.gradient=discrete-adjoint", "solve.rtol=1e-9", "solve.atol=1e-9"]
    let whole = try test.residuals(settings)
    let theta = whole.someParameters()
    var numbers = Numbers(4)
    let weights = numbers.array(whole.residualCount)
    let small = try test.residuals(settings, memory: memory)
    #expect(small.pulled(theta, weights) == whole.pulled(theta, weights))
  }

  @Test("a trajectory that diverges has no gradient", .tags(.unit))
  func divergence() throws {
    let sample = trajectoryCatalog[1]
    for gradient in TrajectoryGradient.allCases {
      let all = try sample.residuals(
        ["train.gradient=\(gradient.rawValue)", "solve.max_steps=3"])
      let theta = all.someParameters()
      var slope: [Double] = []
      let residual = borrowed(theta) { theta in
        filled(all.residualCount) { residual in
          slope = filled(all.parameterCount) {
            all.linearize(theta, residual: residual, gradient: $0, normal: nil)
          }
        }
      }
      #expect(residual.contains { !$0.isFinite } && slope.contains { !$0.isFinite }, "\(gradient)")
    }
  }

  @Test("implicit steps are not followed backwards", .tags(.unit))
  func refusal() throws {
    let sample = trajectoryCatalog[0]
    let overrides = ["train.gradient=discrete-adjoint", "solve.method=rodas5p"]
    let problem = try sample.problem(overrides)
    do {
      _ = try TrajectoryPlan(problem)
      Issue.record("a discrete adjoint of rodas5p")
    } catch let faults as ProblemFaults {
      #expect("\(faults)".contains("discrete-adjoint goes with tsit5, dop853"))
    }
    var plan = try TrajectoryPlan(sample.problem(["solve.method=bdf"]))
    plan.gradient = .discreteAdjoint
    #expect(throws: SteppingError.noAdjoint("bdf")) {
      try TrajectoryFit(problem, plan, threads: 1).residuals(pieces: 1)
    }
  }
}

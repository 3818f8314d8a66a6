import Flows
import Foundation
import Integrators
import Numerics
import Testing

@Suite("Baselines and the exponential method", .tags(.property)) struct BaselineTests {
  /// Algorithm 1 of Kingma & Ba, written down as it stands there.
  @Test("adam takes the published steps") func adam() throws {
    let problem = DenseProblem.exponentialFit()
    var x = problem.start
    var (m, v) = ([0.0, 0, 0], [0.0, 0, 0])
    for t in 1...50 {
      let (point, residual, slope) = (Storage(x), Storage(40), Storage(3))
      defer { point.keep(residual, slope) }
      problem.residual(point.vector, into: residual.vector)
      problem.transposedProduct(point.vector, residual.vector, into: slope.vector)
      for i in 0..<3 {
        let g = slope.vector[i]
        m[i] = 0.9 * m[i] + 0.1 * g
        v[i] = 0.999 * v[i] + 0.001 * g * g
        let (mHat, vHat) = (m[i] / (1 - pow(0.9, Double(t))), v[i] / (1 - pow(0.999, Double(t))))
        x[i] -= 1e-3 * mHat / (vHat.squareRoot() + 1e-8)
      }
    }
    let report = try train(
      problem,
      settings {
        $0.flow = "adam"
        $0.stop = StopRule(steps: 50)
      }
    ).report
    #expect(distance(report.theta, x) < 1e-13)
    // The learning rate is the step; a gradient a step and one at the start, and no JᵀJ.
    #expect(abs(report.tau - 0.05) < 1e-15 && report.evaluations == 51)
    #expect(report.rejected == 0 && report.factorizations == 0)
  }

  @Test("lbfgs reaches minima in few evaluations", arguments: DenseProblem.names)
  func lbfgs(_ name: String) throws {
    let problem = DenseProblem.named(name)
    let minimum = try train(problem, settings { $0.stop = StopRule(steps: 400, loss: 1e-14) })
      .report
    let (report, events) = try train(
      problem,
      settings {
        $0.flow = "lbfgs"
        $0.stop = StopRule(steps: 2000, loss: 1e-10)
      })
    let isFit = name == "exponential fit"
    let limit = isFit ? minimum.loss * (1 + 1e-10) : name == "tanh network" ? 1e-4 : 1e-10
    #expect(report.loss <= limit, "\(report)")
    #expect(report.evaluations <= 2500 && report.steps > 5)
    let losses = events.rows.filter(\.isAccepted).map(\.loss)
    #expect(zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 })
    #expect(events.rows.filter { !$0.isAccepted }.count == report.rejected)
    if isFit {
      #expect(
        report.outcome
          == .reached(
            .equilibrium,
            "the flow is at rest: no step changes the loss by more than its rounding"), "\(report)")
    }
  }

  @Test("lbfgs goes on from its best point, with an empty memory") func lbfgsResumes() throws {
    let rule = settings {
      $0.flow = "lbfgs"
      $0.stop = StopRule(steps: 12)
    }
    let half = try train(.network(), rule)
    let state = try #require(half.events.checkpoint)
    #expect(!state.isExact && state.restart == "lbfgs restarted with an empty memory")
    #expect(state.parameters == half.report.theta)
    let rest = try Training(
      DenseProblem.network(),
      settings {
        $0.flow = "lbfgs"
        $0.stop = StopRule(steps: 30)
      }
    ).resume(state)
    #expect(rest.steps == 30 && rest.loss < half.report.loss)
    #expect(rest.evaluations > half.report.evaluations)
  }

  /// From steps that hardly move to steps far beyond the slowest mode: the flow of linear residuals is
  /// θ − 1 = exp(−τJᵀJ)(θ₀ − 1), here along the eigenvectors.
  @Test("one step of exponential-rosenbrock is the flow of linear residuals")
  func exponential() throws {
    let problem = DenseProblem.linear(12, condition: 1e6)
    let flow = GradientFlow(problem, .identity)
    let start = Storage(problem.start)
    defer { start.keep() }
    flow.arrive(at: start.vector)
    let spectrum = SymmetricEigenvalues(dimension: 12)
    spectrum.vectors.assign(flow.normal)
    try #require(spectrum.decompose())
    let (offset, along) = (Storage(problem.start.map { $0 - 1 }), Storage(12))
    defer { offset.keep(along) }
    for tau in [1e-9, 1e-6, 1e-3, 1, 1e3, 1e6] {
      let end = try follow(problem, "exponential-rosenbrock", over: tau, step: tau)
      #expect(end.steps == 1)
      spectrum.coordinates(of: offset.vector, into: along.vector)
      for k in 0..<12 { along.vector[k] *= exp(-tau * spectrum.values[k]) }
      let truth = Storage(12)
      defer { truth.keep() }
      spectrum.vector(of: along.vector, into: truth.vector)
      // Rounding of the residuals, magnified by the condition's root and, below, by no more.
      #expect(distance(end.y, truth.vector.array.map { $0 + 1 }) < 1e-9, "τ = \(tau)")
    }
    let trained = try train(problem, settings { $0.stepper = "exponential-rosenbrock" }).report
    #expect(trained.loss < 1e-18 && trained.steps < 40 && trained.rejected == 0, "\(trained)")
  }

  @Test("exponential-rosenbrock refuses networks that are too large") func tooLarge() throws {
    let many = ExponentialRosenbrock.mostParameters + 1
    let problem = DenseProblem(
      "many", start: [Double](repeating: 0, count: many), count: 1, { _, r in r[0] = 1 },
      { _, j in j.fill(0) })
    do {
      _ = try Training(problem, settings { $0.stepper = "exponential-rosenbrock" })
      Issue.record("it was made")
    } catch {
      #expect(
        error.description
          == "exponential-rosenbrock takes all eigenvalues at every step, of at most 800 parameters, "
          + "not 801; use lie2 or rosenbrock-w, or a smaller network")
    }
  }
}

import Flows
import Foundation
import Integrators
import Numerics
import Testing

/// Sums ∫g(y)dτ over accepted steps by Simpson's rule on the interpolant.
private func integral(
  _ flow: LeastSquaresFlow, _ start: [Double], _ method: String, over tau: Double, rtol: Double,
  _ integrand: @escaping (Vector) -> Double
) throws -> (sum: Double, end: [Double]) {
  var settings = IntegrationSettings()
  settings.maxStep = tau / 200
  var handlers = IntegrationHandlers()
  var sum = 0.0
  let middle = Storage(flow.dimension)
  handlers.dense = { stepper, _ in
    stepper.interpolate(0.5, into: middle.vector)
    let values = [stepper.yOld, middle.vector, stepper.yNew].map(integrand)
    sum += stepper.h / 6 * (values[0] + 4 * values[1] + values[2])
  }
  let integration = try Integration(
    flow, method: method,
    tolerances: Tolerances(
      relative: rtol, absolute: [Double](repeating: rtol, count: flow.dimension)),
    settings: settings, handlers: handlers)
  let report = integration.run(from: 0, start, to: tau)
  middle.keep()
  #expect(report.outcome == .reached)
  return (sum, report.y)
}

@Suite("Momentum, recycled gradients, stabilised steps", .tags(.property))
struct ExplicitFlowTests {
  /// Tolerances of 1e-8 and steps of τ/200: Simpson's error is some 1e-9 of the sum.
  @Test("the energy of the heavy ball falls by friction alone", arguments: FlowScaling.allCases)
  func momentumInvariant(_ scaling: FlowScaling) throws {
    let problem = DenseProblem.network(width: 4, count: 20)
    for gamma in [0, 0.1, 1] {
      let flow = MomentumFlow(problem, scaling, damping: gamma)
      let start = Storage(problem.start)
      defer { start.keep() }
      flow.arrive(at: start.vector)
      let before = flow.loss(at: start.vector)
      let (sum, end) = try integral(
        flow, flow.state(from: problem.start), "dop853", over: 8, rtol: 1e-9
      ) { 2 * flow.kineticEnergy($0) }
      let state = Storage(end)
      defer { state.keep() }
      let after = flow.loss(at: flow.parameters(of: state.vector))
      let energy = after + flow.kineticEnergy(state.vector)
      #expect(abs(before - energy - gamma * sum) < 1e-7 * before, "γ = \(gamma)")
      // Something moved, and not all of the loss is left.
      #expect(after < 0.9 * before && sum > 0)
    }
  }

  /// dL/dτ = −gᵀ(JᵀJ + εD²)⁻¹g = g·θ'.
  @Test("the loss of the Gauss-Newton flow falls by what its decrement says")
  func gaussNewtonInvariant() throws {
    let problem = DenseProblem.exponentialFit()
    let flow = GaussNewtonFlow(problem, .identity)
    let start = Storage(problem.start)
    let rate = Storage(problem.parameterCount)
    defer { start.keep(rate) }
    let before = flow.loss(at: start.vector)
    let (sum, end) = try integral(flow, problem.start, "dop853", over: 2, rtol: 1e-9) { y in
      flow(0, y, into: rate.vector)
      return flow.gradient.dot(rate.vector)
    }
    let state = Storage(end)
    defer { state.keep() }
    #expect(abs(flow.loss(at: state.vector) - before - sum) < 1e-7 * before)
    #expect(sum < -0.5 * before)
  }

  /// The semi-implicit form of `recycled-euler`, at fixed steps, against the flow itself.
  @Test("kick and drift are of order 1") func kickAndDrift() throws {
    let problem = DenseProblem.network(width: 3, count: 12)
    func end(_ method: String, _ step: Double?) throws -> [Double] {
      let flow = MomentumFlow(problem, .identity, damping: 0.3)
      var settings = IntegrationSettings()
      settings.fixedStep = step
      let integration = try Integration(
        flow, method: method,
        tolerances: Tolerances(
          relative: 1e-11, absolute: [Double](repeating: 1e-12, count: flow.dimension)),
        settings: settings)
      return integration.run(from: 0, flow.state(from: problem.start), to: 4).y
    }
    let truth = try end("dop853", nil)
    let errors = try [128.0, 256].map { distance(try end("recycled-euler", 4 / $0), truth) }
    // The next term of the expansion changes the order by less than this.
    #expect(abs(log2(errors[0] / errors[1]) - 1) < 0.2, "\(errors)")
  }

  /// Gradients until ‖g‖ is 1e-6 of what it was, against steps of 1/λmax, on a hundred parameters.
  @Test("recycled gradients save half of them", arguments: [10.0, 100, 1e3, 1e4])
  func recycled(_ condition: Double) throws {
    let problem = DenseProblem.linear(100, condition: condition)
    func gradient(_ x: [Double]) -> [Double] {
      let (point, residual, slope) = (Storage(x), Storage(100), Storage(100))
      defer { point.keep(residual, slope) }
      problem.residual(point.vector, into: residual.vector)
      problem.transposedProduct(point.vector, residual.vector, into: slope.vector)
      return slope.vector.array
    }
    var x = problem.start
    var slope = gradient(x)
    let goal = 1e-6 * largest(slope)
    var fixed = 1
    while largest(slope) > goal {
      for i in 0..<100 { x[i] -= slope[i] / condition }
      slope = gradient(x)
      fixed += 1
    }
    let report = try train(
      problem,
      settings {
        $0.stepper = "recycled-euler"
        $0.scaling = .identity
        $0.stop = StopRule(steps: 20_000, gradientNorm: goal)
      }
    ).report
    #expect(report.gradientNorm <= goal, "\(report)")
    // One an attempt, one at the start; hardly any is rejected.
    #expect(report.evaluations == report.steps + report.rejected + 1)
    #expect(100 * report.rejected <= report.steps)
    #expect(2 * report.evaluations <= fixed, "\(report.evaluations) of \(fixed)")
  }

  /// On linear residuals the flow's Jacobian is −D⁻²JᵀJ everywhere.
  @Test("rkc2's own estimate of the largest eigenvalue", arguments: FlowScaling.allCases)
  func radius(_ scaling: FlowScaling) throws {
    for condition in [10, 1e3, 1e5] {
      let problem = DenseProblem.linear(30, condition: condition)
      let flow = GradientFlow(problem, scaling, hasMatrix: false)
      let start = Storage(problem.start)
      defer { start.keep() }
      flow.arrive(at: start.vector)
      let truth = try #require(curvatures(flow.normal, flow.scale).last)
      var handlers = IntegrationHandlers()
      var ratios: [Double] = []
      var stages = 0
      handlers.dense = { stepper, _ in
        if let radius = stepper.spectralRadius { ratios.append(radius / truth) }
        if let rkc2 = stepper as? RKC2 { stages += rkc2.stages }
      }
      let integration = try Integration(
        flow, method: "rkc2",
        tolerances: Tolerances(relative: 1e-3, absolute: [Double](repeating: 1e-6, count: 30)),
        handlers: handlers)
      let report = integration.run(from: 0, problem.start, to: 20)
      #expect(report.outcome == .reached && ratios.count == report.steps)
      // In D's metric no estimate exceeds the radius; it is raised by 1.2.
      let (least, most) = (ratios.min() ?? 0, ratios.max() ?? 2)
      #expect(least >= 1 && most <= 1.2 + 1e-6, "\(least) to \(most)")
      // A stage is an evaluation; estimates are the rest, and rejections few.
      #expect(report.rejected <= report.steps / 5 + 3, "\(report)")
      #expect(report.counts.evaluations - stages <= 120 + stages / 3, "\(report.counts) \(stages)")
    }
  }
}

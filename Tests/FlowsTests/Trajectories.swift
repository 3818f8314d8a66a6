import Flows
import Foundation
import Integrators
import Numerics
import Testing

func largest(_ a: [Double]) -> Double { a.map(abs).max() ?? 0 }
func distance(_ a: [Double], _ b: [Double]) -> Double { largest(zip(a, b).map { $0 - $1 }) }

/// The gradient flow by the plain loop, from the problem's start over a time τ.
func follow(
  _ problem: DenseProblem, _ method: String, over tau: Double, rtol: Double = 1e-3,
  scaling: FlowScaling = .identity, step: Double? = nil,
  each: ((_ stepper: Stepper, _ flow: GradientFlow) -> Void)? = nil
) throws -> SolveReport {
  let flow = GradientFlow(problem, scaling)
  var settings = IntegrationSettings()
  settings.fixedStep = step
  settings.firstStep = step ?? 1e-6 * tau
  settings.model = ModelSettings(.state)
  var handlers = IntegrationHandlers()
  if let each { handlers.dense = { stepper, _ in each(stepper, flow) } }
  let integration = try Integration(
    flow, method: method,
    tolerances: Tolerances(
      relative: rtol, absolute: [Double](repeating: rtol, count: problem.parameterCount)),
    settings: settings, handlers: handlers)
  return integration.run(from: 0, problem.start, to: tau)
}

/// The exact flow of a problem from any point, to eleven digits.
func exactFlow(_ problem: DenseProblem, from start: [Double], over tau: Double) throws -> [Double] {
  let trajectory = try solve(
    GradientFlow(problem, .identity), from: 0, to: tau, initial: start, method: "dop853",
    rtol: 1e-12, atol: 1e-14, rows: [tau])
  try #require(trajectory.report.outcome == .reached)
  return trajectory.report.y
}

@Suite("Steps of the gradient flow", .tags(.convergence)) struct FlowStepTests {
  /// The residual is not zero, so the Gauss-Newton matrix is not the Jacobian: orders are kept.
  @Test(
    "observed order",
    arguments: [
      ("lie2", 1), ("rosenbrock-w", 2), ("exponential-rosenbrock", 2), ("recycled-euler", 1),
    ])
  func order(_ method: String, _ order: Int) throws {
    let problem = DenseProblem.network(width: 3, count: 12)
    let truth = try exactFlow(problem, from: problem.start, over: 4)
    let counts = order == 1 ? [64.0, 128] : [512.0, 1024]
    let errors = try counts.map {
      distance(try follow(problem, method, over: 4, step: 4 / $0).y, truth)
    }
    let observed = log2(errors[0] / errors[1])
    // The next term of the expansion changes the order by less than this.
    #expect(abs(observed - Double(order)) < 0.2, "order \(observed), errors \(errors)")
  }

  /// Steps that the control chose, from the fast start to slow motion; where the error is rounding
  /// there is nothing to estimate.
  @Test("the estimate of `state` is within a factor 2 of the true local error")
  func estimate() throws {
    let problem = DenseProblem.network(width: 3, count: 12)
    var ratios: [Double] = []
    var failure: (any Error)?
    _ = try follow(problem, "lie2", over: 20, rtol: 1e-4) { stepper, _ in
      do {
        let exact = try exactFlow(problem, from: stepper.yOld.array, over: stepper.h)
        let error = distance(stepper.yNew.array, exact)
        if error > 1e-11 { ratios.append(largest(stepper.error.array) / error) }
      } catch { failure = error }
    }
    #expect(failure == nil)
    #expect(ratios.count > 20)
    #expect(ratios.allSatisfy { $0 > 0.5 && $0 < 2 }, "\(ratios)")
  }

  /// Local errors fall as h², so global ones as the root of the tolerance.
  @Test(
    "tolerances converge to one trajectory",
    arguments: ["lie2", "rosenbrock-w", "exponential-rosenbrock"])
  func tolerance(_ method: String) throws {
    let problem = DenseProblem.exponentialFit()
    let truth = try exactFlow(problem, from: problem.start, over: 0.05)
    let errors = try [1e-4, 1e-5, 1e-6].map {
      distance(try follow(problem, method, over: 0.05, rtol: $0).y, truth)
    }
    for (loose, tight) in zip(errors, errors.dropFirst()) {
      #expect(tight < loose / 2.5, "\(errors)")
    }
    #expect(errors[2] < 0.02, "\(errors)")
  }

  /// ∫‖D⁻¹g‖² by the trapezoidal rule over the steps taken; both are of local error h².
  @Test("the loss falls by what the gradient says", arguments: FlowScaling.allCases)
  func gradientInvariant(_ scaling: FlowScaling) throws {
    let defects = try [1e-4, 1e-6].map { rtol in
      let problem = DenseProblem.network(width: 4, count: 20)
      var integral = 0.0
      var losses: [Double] = []
      _ = try follow(problem, "lie2", over: 10, rtol: rtol, scaling: scaling) { stepper, flow in
        func power(_ y: Vector) -> Double {
          let gradient = Storage(y.count)
          let residual = Storage(problem.residualCount)
          defer { gradient.keep(residual) }
          problem.linearize(
            y, residual: residual.vector, gradient: gradient.vector, normal: nil)
          losses.append(0.5 * residual.vector.squaredNorm)
          return (0..<y.count).reduce(0) {
            $0 + gradient.vector[$1] * gradient.vector[$1] / flow.scale[$1]
          }
        }
        let atStart = power(stepper.yOld)
        integral += 0.5 * stepper.h * (atStart + power(stepper.yNew))
      }
      return abs((losses.first ?? 0) - (losses.last ?? 0) - integral) / integral
    }
    #expect(defects[0] < 0.02 && defects[1] < 0.2 * defects[0], "\(defects)")
  }

  /// dL/dτ = g·θ' = −gᵀ(JᵀJ + εD²)⁻¹g, and L falls as exp(−2τ) where J reaches all of r.
  @Test("the Gauss-Newton flow has time scale 1") func gaussNewton() throws {
    let problem = DenseProblem.network(width: 8, count: 12)
    let flow = GaussNewtonFlow(problem, .identity, damping: 1e-12)
    var settings = IntegrationSettings()
    settings.rowsAtSteps = true
    var losses: [(tau: Double, loss: Double)] = []
    var handlers = IntegrationHandlers()
    handlers.row = { tau, y in losses.append((tau, flow.loss(at: y))) }
    let integration = try Integration(
      flow, method: "tsit5",
      tolerances: Tolerances(relative: 1e-6, absolute: [Double](repeating: 1e-6, count: 25)),
      settings: settings, handlers: handlers)
    let report = integration.run(from: 0, problem.start, to: 5)
    #expect(report.outcome == .reached)
    let first = try #require(losses.first)
    for point in losses.dropFirst() {
      // Twelve residuals, 25 parameters: all of r can be reached; ε and the tolerance remain.
      let expected = first.loss * exp(-2 * point.tau)
      #expect(abs(point.loss / expected - 1) < 0.02, "τ = \(point.tau): \(point.loss)")
    }
  }
}

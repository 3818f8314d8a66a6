import CPeers
import Flows
import Foundation
import Integrators
import Numerics
import Testing

@Suite("Agreement with gsl_multifit_nlinear", .tags(.reference)) struct GSLAgreementTests {
  private final class Context {
    let problem: DenseProblem
    init(_ problem: DenseProblem) { self.problem = problem }
  }

  /// The parameters after each accepted step of GSL's `lmaccel`.
  private func peerPath(_ problem: DenseProblem, steps: Int) -> [[Double]] {
    let context = Context(problem)
    let p = problem.parameterCount
    var path = [Double](repeating: 0, count: steps * p)
    let taken = withExtendedLifetime(context) {
      var peer = cauchy_peer_least_squares()
      peer.n = Int32(problem.residualCount)
      peer.p = Int32(p)
      peer.context = Unmanaged.passUnretained(context).toOpaque()
      peer.residual = { context, x, r in
        guard let context, let x, let r else { return }
        let problem = Unmanaged<Context>.fromOpaque(context).takeUnretainedValue().problem
        problem.residuals(
          Vector(base: UnsafeMutablePointer(mutating: x), count: problem.parameterCount),
          Vector(base: r, count: problem.residualCount))
      }
      peer.jacobian = { context, x, j in
        guard let context, let x, let j else { return }
        let problem = Unmanaged<Context>.fromOpaque(context).takeUnretainedValue().problem
        problem.derivatives(
          Vector(base: UnsafeMutablePointer(mutating: x), count: problem.parameterCount),
          Vector(base: j, count: problem.residualCount * problem.parameterCount))
      }
      return Int(cauchy_peer_lmaccel(&peer, problem.start, Int32(steps), &path))
    }
    return (0..<taken).map { Array(path[$0 * p..<($0 + 1) * p]) }
  }

  /// Twenty steps, or as many as lie until the flow is at rest: rounding alone tells the two apart,
  /// 1e-8 of the largest parameter on the way (Powell's solution is zero, with a singular Jacobian
  /// there).
  @Test("the same steps", arguments: DenseProblem.names) func path(_ name: String) throws {
    let problem = DenseProblem.named(name)
    var settings = TrainingSettings()
    settings.control = .descent
    settings.stop.steps = 20
    let training = try Training(problem, settings)
    var ours: [[Double]] = []
    let theirs = peerPath(problem, steps: 20)
    training.on = [
      { event in
        if case .step = event { ours.append(training.parameters) }
      }
    ]
    let report = training.run(from: problem.start)
    let isAtRest = if case .reached(.equilibrium, _) = report.outcome { true } else { false }
    #expect(ours.count == 20 || isAtRest && ours.count >= 8, "\(report.outcome)")
    #expect(theirs.count >= ours.count - Training.mostIdleSteps)
    let size = (problem.start + theirs.joined()).map(abs).max() ?? 0
    for (k, (a, b)) in zip(ours, theirs).enumerated() {
      let gap = zip(a, b).map { abs($0 - $1) }.max() ?? 0
      #expect(gap <= 1e-8 * size, "step \(k + 1): \(gap) of \(size)")
    }
  }
}

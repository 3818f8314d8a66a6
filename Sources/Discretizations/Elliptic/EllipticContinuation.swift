import Numerics
import Problems

/// Follows the solution while one parameter moves from an easier problem to the declared one.
///
/// The next start is the line through the last two solutions; steps grow by half while Newton's
/// iteration is quick, and are halved where it fails.
struct EllipticContinuation {
  private let elliptic: EllipticProblem
  private let newton: EllipticNewton
  private let path: SolveSettings.Continuation

  init(_ elliptic: EllipticProblem, _ newton: EllipticNewton, _ path: SolveSettings.Continuation) {
    self.elliptic = elliptic
    self.newton = newton
    self.path = path
  }

  func solve(_ first: [Double]) throws -> EllipticSolution {
    guard let index = elliptic.system.parameterNames.firstIndex(of: path.parameter) else {
      preconditionFailure("no parameter '\(path.parameter)'")
    }
    let target = elliptic.parameters[index]
    var values: [Double] = []
    var last: (value: Double, fields: [Double])?
    var present = try solve(path.from, first)
    values.append(path.from)
    var value = path.from
    var step = (target - path.from) / 4
    while present.report.isConverged, value != target {
      let isLast = (target - value).magnitude <= step.magnitude * 1.0001
      let next = isLast ? target : value + step
      let start = predict(next, (value, present.fields), last)
      let before = present.report.iterations
      let trial = try solve(next, start)
      guard trial.report.isConverged else {
        step /= 2
        if step.magnitude < 1e-4 * (target - path.from).magnitude {
          present = failed(trial, at: value)
          break
        }
        continue
      }
      last = (value, present.fields)
      value = next
      values.append(next)
      present = trial
      if trial.report.iterations - before <= 5 { step *= 1.5 }
    }
    newton.setParameters(elliptic.parameters)
    var report = present.report
    report.continuation = values
    return EllipticSolution(fields: present.fields, report: report)
  }

  private func solve(_ value: Double, _ start: [Double]) throws -> EllipticSolution {
    newton.setParameters(try elliptic.parameters(with: path.parameter, at: value))
    return try newton.solve(start)
  }

  private func predict(
    _ next: Double, _ present: (value: Double, fields: [Double]),
    _ last: (value: Double, fields: [Double])?
  ) -> [Double] {
    guard let last else { return present.fields }
    let ratio = (next - present.value) / (present.value - last.value)
    return zip(present.fields, last.fields).map { $0 + ratio * ($0 - $1) }
  }

  private func failed(_ trial: EllipticSolution, at value: Double) -> EllipticSolution {
    var report = trial.report
    report.message = "continuation stopped at \(path.parameter) = \(value): " + report.message
    return EllipticSolution(fields: trial.fields, report: report)
  }
}

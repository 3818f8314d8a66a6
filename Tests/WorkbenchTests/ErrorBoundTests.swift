import Foundation
import Problems
import Testing
import Workbench

/// The bound of a learned solution's error: above the error, and near it.
@Suite("Error bound") struct ErrorBoundTests {
  private static func model(_ text: String, steps: Int) throws -> LearnedModel {
    let settings = """

      network: {hidden: [10]}
      train: {points: {interior: 150, boundary: 60}, stop: {steps: \(steps)}}
      """
    return try train(text: text + settings)
  }

  /// The rows of `output`, as the problem file's defaults have them.
  private static func rows(_ model: LearnedModel) -> [Double] {
    let count = model.problem.variables.count == 1 ? 201 : 101
    var points = [[Double]()]
    for interval in model.problem.variables {
      let step = (interval.upper - interval.lower) / Double(count - 1)
      points = points.flatMap { point in
        (0..<count).map { point + [interval.lower + step * Double($0)] }
      }
    }
    return points.flatMap(\.self)
  }

  // Never below the error; 1.1 is the margin for what lies between samples, and corrections in some
  // hundred functions tell these errors to some percent: 1.1 to 1.4 times were measured. Below 1e-10
  // rounding of the residuals counts.
  @Test("lies above the error, and near it", arguments: ErrorBoundCase.all)
  func bounds(_ problem: ErrorBoundCase) throws {
    let model = try ErrorBoundTests.model(problem.text, steps: problem.steps)
    let bound = model.errorBound()
    let entry = try #require(bound.entries.first, "\(bound.reason ?? "")")
    let dimension = model.problem.variables.count
    let rows = ErrorBoundTests.rows(model)
    var (squares, truths, most) = (0.0, 0.0, 0.0)
    for (index, value) in model.values(at: rows)[0].enumerated() {
      let truth = problem.truth(Array(rows[(index * dimension)..<((index + 1) * dimension)]))
      squares += (value - truth) * (value - truth)
      truths += truth * truth
      most = max(most, (value - truth).magnitude)
    }
    let relative = (squares / truths).squareRoot()
    #expect(entry.max >= most && (entry.max <= 2 * most || most < 1e-10))
    if let stated = entry.relativeL2 {
      #expect(stated >= relative && (stated <= 2 * relative || relative < 1e-10))
    } else {
      // As large as the solution: nothing relative can be said.
      #expect(relative > 0.1)
    }
    #expect(bound.entries.count == model.problem.unknowns.count && bound.reason == nil)
  }

  @Test(
    "says why there is none",
    arguments: [
      (
        "variables: {x: [0, 1]}\nunknowns: [u]\nequations: [\"u'' + exp(u) = 0\"]\n"
          + "conditions: [u = 0 at boundary]",
        "the equations are nonlinear, and without initial values may have other solutions"
      ),
      (
        "variables: {x: [0, 1]}\nunknowns: [u]\nequations: [\"u'' = 1\"]\n"
          + "conditions: [u = 0 at x = 0, \"u'^2 = 1 at x = 1\"]",
        "the condition 'u'^2 = 1 at x = 1' is nonlinear"
      ),
      // A shock: no smooth correction.
      (
        "variables: {x: [-1, 1], t: [0, 1]}\nunknowns: [u]\nequations: [u_t + u*u_x = 1e-3*u_xx]\n"
          + "conditions: [u = -sin(pi*x) at t = 0, u = 0 at boundary]",
        "the error is too large: Newton's iteration does not correct it"
      ),
    ])
  func refuses(_ text: String, _ reason: String) throws {
    let bound = try ErrorBoundTests.model(text, steps: 3).errorBound()
    #expect(bound.entries.isEmpty)
    #expect(bound.reason?.hasPrefix(reason) == true, "\(bound.reason ?? "a bound")")
  }
}

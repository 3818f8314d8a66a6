import Discretizations
import Numerics
import Problems
import Testing

/// A problem on an interval with a closed-form solution.
struct ClosedForm: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  /// Whether one Newton step solves the equations on any mesh.
  var isLinear = false

  var testDescription: String { name }

  func problem(_ overrides: String...) throws -> BoundaryValueProblem {
    try BoundaryValueProblem(
      ProblemReader.read(bytes: Array(text.utf8), file: name, overrides: overrides))
  }
}

func boundaryValue(_ text: String, _ overrides: String...) throws -> BoundaryValueProblem {
  try BoundaryValueProblem(
    ProblemReader.read(bytes: Array(text.utf8), file: "test.yaml", overrides: overrides))
}

/// The largest error of each unknown, relative to its largest value, at places that follow the mesh.
func trueErrors(_ solution: BoundaryValueSolution) throws -> [String: Double] {
  let rows = try solution.evaluator()
  var errors: [String: Double] = [:]
  var sizes: [String: Double] = [:]
  for (start, end) in zip(solution.mesh, solution.mesh.dropFirst()) {
    for part in 0...8 {
      let x = part == 8 ? end : start + (end - start) * Double(part) / 8
      rows.fill(x)
      let truth = try #require(rows.truth(x))
      for (index, name) in rows.exactNames.enumerated() {
        let place = try #require(rows.names.firstIndex(of: name))
        errors[name] = max(errors[name] ?? 0, (rows.row[place] - truth[index]).magnitude)
        sizes[name] = max(sizes[name] ?? 0, truth[index].magnitude)
      }
    }
  }
  return errors.merging(sizes) { error, size in size > 0 ? error / size : error }
}

let closedForms: [ClosedForm] = [
  ClosedForm(
    name: "beam under a load that varies",
    text: """
      variables: {x: [0, 1]}
      unknowns: [u]
      equations: ["u'''' = 81*sin(3*x)"]
      conditions: ["u = 0 at x = 0", "u' = 3 at x = 0", "u'' = -9*sin(3) at x = 1",
        "u''' = -27*cos(3) at x = 1"]
      exact: {u: sin(3*x)}
      """, isLinear: true),
  ClosedForm(
    name: "Bratu, lower",
    text: """
      variables: {x: [0, 1]}
      unknowns: [u]
      parameters: {lambda: 1, theta: 1.5171645990507543685}
      equations: ["u'' + lambda*exp(u) = 0"]
      conditions: ["u = 0 at boundary"]
      exact: {u: "-2*log(cosh((x - 1/2)*theta/2)/cosh(theta/4))"}
      """),
  ClosedForm(
    name: "Bratu, upper",
    text: """
      variables: {x: [0, 1]}
      unknowns: [u]
      parameters: {lambda: 1, theta: 10.9387027721221068}
      equations: ["u'' + lambda*exp(u) = 0"]
      conditions: ["u = 0 at boundary"]
      exact: {u: "-2*log(cosh((x - 1/2)*theta/2)/cosh(theta/4))"}
      solve: {guess: {u: 5*sin(pi*x)}}
      """),
  layer("1e-1"), layer("1e-3"), layer("1e-5"),
  ClosedForm(
    name: "first of two solutions",
    text: """
      variables: {x: [0, 1]}
      unknowns: [u]
      equations: ["u'' = 3*u^2/2"]
      conditions: ["u = 4 at x = 0", "u = 1 at x = 1"]
      exact: {u: 4/(1 + x)^2}
      """),
  ClosedForm(
    name: "periodic",
    text: """
      variables: {x: [0, 2*pi]}
      unknowns: [u]
      functions: {truth: "exp(sin(x))"}
      equations: ["u'' - u - u^3 = d(truth, x, 2) - truth - truth^3"]
      conditions: ["periodic in x"]
      exact: {u: truth}
      solve: {guess: {u: 1}}
      """),
  ClosedForm(
    name: "conditions that are not linear",
    text: """
      variables: {x: [0, 1]}
      unknowns: [u]
      equations: ["u'' = u"]
      conditions: ["u*u' = 1 at x = 0", "u' - u^2 = exp(1) - exp(2) at x = 1"]
      exact: {u: exp(x)}
      solve: {guess: {u: 1 + x}}
      """),
  ClosedForm(
    name: "an algebraic unknown",
    text: """
      variables: {x: [0, 1]}
      unknowns: [u, z]
      equations: ["u'' = z", "z^3 = u^3"]
      conditions: ["u = 1 at x = 0", "u = exp(1) at x = 1"]
      exact: {u: exp(x), z: exp(x)}
      solve: {guess: {u: 1 + x, z: 1 + x}}
      """),
  ClosedForm(
    name: "a system of mixed orders, implicit in the highest derivatives",
    text: """
      variables: {x: [0, 2]}
      unknowns: [u, v]
      equations: ["u'' + x*v' = -sin(x) + x*exp(x)", "v' - u''*u' = exp(x) + sin(x)*cos(x)"]
      conditions: ["u = 0 at x = 0", "u = sin(2) at x = 2", "v = 1 at x = 0"]
      exact: {u: sin(x), v: exp(x)}
      solve: {guess: {v: 1 + x}}
      """),
  ClosedForm(
    name: "a right side that jumps",
    text: """
      variables: {x: [0, 1]}
      unknowns: [u]
      equations: ["u'' = if(x < 1/3, 2, -1)"]
      conditions: ["u = 0 at x = 0", "u = -1/9 at x = 1"]
      exact: {u: "if(x < 1/3, x^2 - 4/9*x, 1/9 - 4/27 + 2/9*(x - 1/3) - (x - 1/3)^2/2)"}
      """, isLinear: true),
]

/// ε u'' + u' = 1: a layer of width ε at the lower end.
private func layer(_ epsilon: String) -> ClosedForm {
  ClosedForm(
    name: "a layer of width \(epsilon)",
    text: """
      variables: {x: [0, 1]}
      unknowns: [u]
      parameters: {epsilon: \(epsilon)}
      equations: ["epsilon*u'' + u' = 1"]
      conditions: ["u = 0 at boundary"]
      exact: {u: "x - (1 - exp(-x/epsilon))/(1 - exp(-1/epsilon))"}
      """, isLinear: true)
}

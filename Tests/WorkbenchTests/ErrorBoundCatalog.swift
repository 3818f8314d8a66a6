import Foundation
import Testing

/// Problems with closed forms: one or more of each class that has a bound.
struct ErrorBoundCase: Sendable, CustomTestStringConvertible {
  var name: String
  /// Without `train` and `network`.
  var text: String
  var steps: Int
  var truth: @Sendable ([Double]) -> Double

  var testDescription: String { "\(name), \(steps) steps" }

  private static let square = "variables: {x: [0, 1], y: [0, 2]}\nunknowns: [u]\n"
  private static let strip = "variables: {x: [0, 1], t: [0, 1]}\nunknowns: [u]\n"

  static let all: [ErrorBoundCase] = [
    ErrorBoundCase(
      name: "a string",
      text: """
        variables: {x: [0, 1]}
        unknowns: [u]
        equations: ["-u'' = pi^2*sin(pi*x)"]
        conditions: [u = 0 at x = 0, u = 0 at x = 1]
        """, steps: 12, truth: { sin(.pi * $0[0]) }),
    ErrorBoundCase(
      name: "a clamped beam",
      text: """
        variables: {x: [0, 1]}
        unknowns: [u]
        equations: ["u'''' = -1"]
        conditions: [u = 0 at x = 0, u' = 0 at x = 0, u'' = 0 at x = 1, "u''' = 0 at x = 1"]
        """, steps: 10, truth: { x in -pow(x[0], 4) / 24 + pow(x[0], 3) / 6 - x[0] * x[0] / 4 }),
    ErrorBoundCase(
      name: "diffusion and wind with varying coefficients",
      text: square + """
        functions: {v: "sin(pi*x)*sin(pi*y/2)"}
        equations:
          - d((1 + x)*u_x, x) + 2*u_yy - u_x + y*u =
            d((1 + x)*d(v, x), x) + 2*d(v, y, 2) - d(v, x) + y*v
        conditions: [u = 0 at boundary]
        """, steps: 15, truth: { sin(.pi * $0[0]) * sin(.pi * $0[1] / 2) }),
    // 30 lies between two eigenvalues: no maximum principle.
    ErrorBoundCase(
      name: "Helmholtz, indefinite",
      text: square + """
        equations: ["laplace(u) + 30*u = (30 - 5/4*pi^2)*sin(pi*x)*sin(pi*y/2)"]
        conditions: [u = 0 at boundary]
        """, steps: 15, truth: { sin(.pi * $0[0]) * sin(.pi * $0[1] / 2) }),
    ErrorBoundCase(
      name: "heat, a flux and cooling",
      text: strip + """
        functions: {v: "cos(2*x - t) + x^2"}
        equations: ["u_t = u_xx/2 + d(v, t) - d(v, x, 2)/2"]
        conditions:
          - u = v at t = 0
          - u_x = d(v, x) at x = 0
          - u_x + 2*u = d(v, x) + 2*v at x = 1
        """, steps: 15, truth: { cos(2 * $0[0] - $0[1]) + $0[0] * $0[0] }),
    ErrorBoundCase(
      name: "heat, hardly trained",
      text: strip + """
        equations: [u_t = u_xx/4]
        conditions: [u = sin(pi*x) at t = 0, u = 0 at boundary]
        """, steps: 2, truth: { exp(-.pi * .pi / 4 * $0[1]) * sin(.pi * $0[0]) }),
    ErrorBoundCase(
      name: "a wave",
      text: strip + """
        equations: [u_tt = u_xx]
        conditions: [u = sin(pi*x) at t = 0, u_t = 0 at t = 0, u = 0 at boundary]
        """, steps: 20, truth: { cos(.pi * $0[1]) * sin(.pi * $0[0]) }),
    ErrorBoundCase(
      name: "advection around a ring",
      text: """
        variables: {x: [0, 2*pi], t: [0, 1]}
        unknowns: [u]
        equations: [u_t + 2*u_x = 0]
        conditions: [u = sin(x) at t = 0, periodic in x]
        """, steps: 10, truth: { sin($0[0] - 2 * $0[1]) }),
    ErrorBoundCase(
      name: "a stiff equation",
      text: """
        variables: {t: [0, 5]}
        unknowns: [y]
        equations: ["y' = -1e5*(y - cos(t)) - sin(t)"]
        conditions: [y = 1 at t = 0]
        """, steps: 12, truth: { cos($0[0]) }),
    // A quarter of the solution: the second-order terms count.
    ErrorBoundCase(
      name: "logistic growth, roughly",
      text: logistic, steps: 3, truth: { 1 / (1 + 3 * exp(-$0[0])) }),
    ErrorBoundCase(
      name: "logistic growth",
      text: logistic, steps: 40, truth: { 1 / (1 + 3 * exp(-$0[0])) }),
    ErrorBoundCase(
      name: "an oscillator in two unknowns",
      text: """
        variables: {t: [0, 6]}
        unknowns: [x, v]
        equations: ["x' = v", "v' = -x"]
        conditions: [x = 1 at t = 0, v = 0 at t = 0]
        """, steps: 40, truth: { cos($0[0]) }),
  ]

  private static let logistic = """
    variables: {t: [0, 4]}
    unknowns: [u]
    equations: ["u' = u*(1 - u)"]
    conditions: [u = 1/4 at t = 0]
    """
}

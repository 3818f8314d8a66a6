import Expressions
import Glibc
import Problems
import Residuals
import Testing

/// Weights of the derivatives at 0 by values at `nodes`, by order.
///
/// Source: B. Fornberg, Math. Comp. 51 (1988) 699.
func differenceWeights(_ nodes: [Double], order: Int) -> [[Double]] {
  var weights = [[Double]](
    repeating: [Double](repeating: 0, count: nodes.count), count: order + 1)
  weights[0][0] = 1
  var c1 = 1.0
  for i in 1..<nodes.count {
    var c2 = 1.0
    let c4 = nodes[i - 1]
    for j in 0..<i {
      let c3 = nodes[i] - nodes[j]
      c2 *= c3
      if j == i - 1 {
        for k in stride(from: min(i, order), through: 1, by: -1) {
          weights[k][i] = c1 * (Double(k) * weights[k - 1][i - 1] - c4 * weights[k][i - 1]) / c2
        }
        weights[0][i] = -c1 * c4 * weights[0][i - 1] / c2
      }
      for k in stride(from: min(i, order), through: 1, by: -1) {
        weights[k][j] = (nodes[i] * weights[k][j] - Double(k) * weights[k - 1][j]) / c3
      }
      weights[0][j] = nodes[i] * weights[0][j] / c3
    }
    c1 = c2
  }
  return weights
}

let derivativeCatalog: [Sample] = [
  Sample(
    "Burgers",
    """
    variables: {x: [-1, 1], t: [0, 1]}
    unknowns: [u]
    parameters: {nu: 0.01/pi}
    equations: [u_t + u*u_x = nu*u_xx]
    conditions: ["u = -sin(pi*x) at t = 0", "u = 0 at boundary"]
    """),
  Sample(
    "Kuramoto-Sivashinsky",
    """
    variables: {x: [0, 2*pi], t: [0, 1]}
    unknowns: [u]
    equations: [u_t + u*u_x + u_xx + u_xxxx/3 = sin(x)]
    conditions: ["u = cos(x)*(1 + sin(x)) at t = 0", periodic in x]
    """),
  Sample(
    "mixed derivatives, a Robin wall built in",
    """
    variables: {x: [0, 1], y: [0, 2]}
    unknowns: [u]
    equations: ["d((1 + u^2)*u_x, x) + u_xy + u_yy = exp(x)*u"]
    conditions: ["u_x + u = y at x = 0", "u = y*(1 - exp(-1)) at x = 1",
      "u = 0 at y = 0", "u = 2*(1 - exp(-x)) at y = 2"]
    train: {conditions: [exact, exact, penalty, penalty]}
    """),
  Sample(
    "vortex and stream function in a box",
    """
    variables: {x: [0, 3], y: [0, 2], t: [0, 1]}
    unknowns: [omega, psi]
    equations:
      - omega_t + psi_y*omega_x - psi_x*omega_y = laplace(omega)/10
      - laplace(psi) = -omega
    conditions: ["omega = x*(3 - x)*y*(2 - y) at t = 0", "omega = 0 at boundary",
      "psi = 0 at boundary"]
    """),
  Sample(
    "coupled accelerations",
    """
    variables: {t: [0, 2]}
    unknowns: [x, y]
    equations: ["x'' + cos(x - y)*y'' = y'^2", "y'' + x''*sin(t) = x*y"]
    conditions: ["x = 1 at t = 0", "x' = 2 at t = 0", "y = 0 at t = 0", "y' = 30 at t = 0"]
    """),
]

@Suite("Residuals of equations") struct DerivativeTests {
  /// A leaf at a place by differences of order 8 of the unknowns' values alone.
  private func difference(
    _ leaf: Symbol, _ residuals: PhysicsResiduals, _ theta: [Double], at place: [Double]
  ) throws -> Double {
    let variables = residuals.problem.variables
    let unknown = try #require(residuals.problem.unknowns.firstIndex(of: leaf.name))
    let nodes = (-5...5).map(Double.init)
    var points: [(place: [Double], weight: Double)] = [(place, 1)]
    for (index, variable) in variables.enumerated() {
      let order = leaf.order(in: variable.name)
      if order == 0 { continue }
      let step = 0.004 * (variable.upper - variable.lower)
      let weights = differenceWeights(nodes, order: order)[order]
      points = points.flatMap { point in
        zip(nodes, weights).map { node, weight in
          var moved = point.place
          moved[index] += node * step
          return (moved, point.weight * weight / pow(step, Double(order)))
        }
      }
    }
    let values = borrowed(theta) {
      residuals.evaluate($0, at: points.flatMap(\.place))[unknown]
    }
    return zip(points, values).reduce(0) { $0 + $1.0.weight * $1.1 }
  }

  @Test(
    "agree with differences of the unknowns' values", .tags(.property),
    arguments: derivativeCatalog)
  func agree(_ sample: Sample) throws {
    let residuals = try sample.residuals()
    let problem = residuals.problem
    var numbers = Numbers(11)
    let theta = numbers.array(residuals.parameterCount, size: 0.7)
    for _ in 0..<3 {
      let place = problem.variables.map {
        ($0.lower + $0.upper) / 2 + 0.3 * numbers.next() * ($0.upper - $0.lower)
      }
      let defects = borrowed(theta) { residuals.equationDefects($0, at: place) }
      var values = problem.parameterValues
      for (variable, number) in zip(problem.variables, place) {
        values[Symbol(variable.name)] = number
      }
      for (index, equation) in problem.equations.enumerated() {
        for leaf in equation.residual.symbols where problem.unknowns.contains(leaf.name) {
          values[leaf] = try difference(leaf, residuals, theta, at: place)
        }
        let expected = try equation.residual.evaluate(values)
        // Eleven nodes 0.004 of the interval apart: truncation and rounding of fourth derivatives.
        #expect(
          abs(defects[index][0] - expected) < 1e-5 * max(1, abs(expected)),
          "\(defects[index][0]) and \(expected)")
      }
    }
  }

  @Test("an exact solution at which the network is zero leaves nothing", .tags(.unit))
  func exact() throws {
    // G is the solution itself: linear in t, and the data are those of x^2/2 + t.
    let residuals = try Sample(
      "heat",
      """
      variables: {x: [0, 1], t: [0, 2]}
      unknowns: [u]
      equations: [u_t = u_xx]
      conditions: ["u = x^2/2 at t = 0", "u = t at x = 0", "u = t + 1/2 at x = 1"]
      """
    ).residuals()
    let zero = [Double](repeating: 0, count: residuals.parameterCount)
    let values = borrowed(zero) { theta in
      filled(residuals.residualCount) { residuals.residual(theta, into: $0) }
    }
    #expect(norm(values) < 1e-15)
  }
}

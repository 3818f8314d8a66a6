import Expressions
import Problems
import Residuals
import Testing

/// Problems whose conditions can all be built in.
let exactCatalog: [Sample] = [
  Sample(
    "values at both ends",
    """
    variables: {x: [-2, 3]}
    unknowns: [u]
    equations: ["u'' = u"]
    conditions: ["u = 3 at x = -2", "u = -1 at x = 3"]
    """),
  Sample(
    "clamped beam",
    """
    variables: {x: [0, 2]}
    unknowns: [u]
    equations: ["u'''' = 1"]
    conditions: ["u = 1 at x = 0", "u' = 2 at x = 0", "u = 3 at x = 2", "u' = -1 at x = 2"]
    """),
  Sample(
    "beam with everything at one end",
    """
    variables: {x: [0, 2]}
    unknowns: [u]
    equations: ["u'''' = 1"]
    conditions: ["u = 1 at x = 0", "u' = 2 at x = 0", "u'' = 3 at x = 0", "u''' = -4 at x = 0"]
    """),
  Sample(
    "combinations of value and slope at one end",
    """
    variables: {x: [0, 2]}
    unknowns: [u]
    equations: ["u'' + u = 0"]
    conditions: ["2*u = 3 at x = 2", "u' + 5*u = 1 at x = 2"]
    """),
  Sample(
    "Robin at both ends",
    """
    variables: {x: [1, 2]}
    unknowns: [u]
    equations: ["u'' = u^2"]
    conditions: ["2*u' - x*u = 1 at x = 1", "u' + 3*u = -2 at x = 2"]
    """),
  Sample(
    "system of first order, at both ends of time",
    """
    variables: {t: [0, 3]}
    unknowns: [p, q]
    equations: ["p' = q", "q' = -p*q"]
    conditions: ["p = 30 at t = 0", "q = 0.1 at t = 3"]
    """),
  Sample(
    "box with values that vary",
    """
    variables: {x: [0, 1], y: [-1, 2]}
    unknowns: [u]
    equations: [laplace(u) = 0]
    conditions: ["u = exp(x)*sin(y) at boundary"]
    """),
  Sample(
    "cube",
    """
    variables: {x: [0, 1], y: [0, 1], z: [0, 2]}
    unknowns: [u]
    equations: [laplace(u) = u^3]
    conditions: ["u = x*y*z + cos(x + y + z) at boundary"]
    """),
  Sample(
    "first order in time, walls that move",
    """
    variables: {x: [-1, 1], t: [0, 2]}
    unknowns: [u]
    equations: [u_t + u*u_x = u_xx]
    conditions: ["u = x + 1 at t = 0", "u = sin(t) at x = -1", "u = 2*cos(t) at x = 1"]
    """),
  Sample(
    "backwards in time, periodic",
    """
    variables: {x: [0, 2], t: [0, 2]}
    unknowns: [u]
    equations: [u_t + u_x = 0]
    conditions: ["u = cos(pi*x) at t = 2", periodic in x]
    """),
  Sample(
    "second order in time",
    """
    variables: {x: [0, 1], t: [0, 2]}
    unknowns: [u]
    equations: [u_tt = u_xx]
    conditions: ["u = sin(pi*x) at t = 0", "u_t = x*(1 - x) at t = 0", "u = 0 at boundary"]
    """),
  Sample(
    "Neumann on two walls, a value on the others",
    """
    variables: {x: [0, 1], y: [0, 1]}
    unknowns: [u]
    equations: [laplace(u) = 1]
    conditions: ["u_x = 2*y at x = 0", "u_x = 2*y + y^2 at x = 1",
      "u = 0 at y = 0", "u = 2*x + x^2/2 at y = 1"]
    """),
  Sample(
    "Neumann all around",
    """
    variables: {x: [0, 1], y: [0, 1], t: [0, 1]}
    unknowns: [u]
    equations: [u_t = laplace(u)]
    conditions: ["u = cos(pi*x)*cos(pi*y) at t = 0", "u_x = 0 at x = 0", "u_x = 0 at x = 1",
      "u_y = 0 at y = 0", "u_y = 0 at y = 1"]
    """),
  Sample(
    "Robin with a coefficient that varies along the wall",
    """
    variables: {x: [0, 1], t: [0, 1]}
    unknowns: [u]
    functions: {truth: cos(2*x - 3*t) + x^2}
    equations: [u_t = u_xx]
    conditions: ["u = truth at t = 0", "u_x = d(truth, x) at x = 0",
      "(1 + t)*u_x + 2*u = (1 + t)*d(truth, x) + 2*truth at x = 1"]
    """),
]

@Suite("Ansatz") struct AnsatzTests {
  @Test(
    "exact conditions hold to rounding, whatever the parameters", .tags(.property),
    arguments: exactCatalog)
  func holds(_ sample: Sample) throws {
    let residuals = try sample.residuals(["train.conditions=exact"])
    #expect(residuals.plan.conditions.allSatisfy { $0.isExact })
    #expect(residuals.blocks.allSatisfy { $0.name.hasPrefix("equation") })
    var numbers = Numbers(3)
    for _ in 0..<3 {
      let theta = numbers.array(residuals.parameterCount)
      let defects = try borrowed(theta) { try residuals.conditionDefects($0, count: 40) }
      for defect in defects {
        // Sums of some ten terms of size 100 at most, rounded.
        #expect(defect.largest < 1e-13 * 100, "\(defect.text): \(defect.largest)")
      }
    }
  }

  @Test("periodic unknowns close with all their derivatives", .tags(.property))
  func periodic() throws {
    let residuals = try exactCatalog[9].residuals(["network.features=3"])
    var numbers = Numbers(5)
    let theta = numbers.array(residuals.parameterCount)
    let names = ["u", "u_x", "u_xx", "u_xt"]
    let scope = residuals.problem.scope
    let leaves = names.compactMap { scope.resolve($0).expression }
    #expect(leaves.count == names.count)
    for t in [0.1, 1.7] {
      let values = try borrowed(theta) { try residuals.evaluate(leaves, $0, at: [0, t, 2, t]) }
      for value in values { #expect(abs(value[0] - value[1]) < 1e-12) }
    }
  }

  @Test("what `auto` chooses, and why", .tags(.unit))
  func automatic() throws {
    func words(_ index: Int) throws -> [String] {
      try PhysicsPlan(exactCatalog[index].problem()).conditions.map(\.word)
    }
    #expect(try words(2) == ["penalty", "penalty", "penalty", "penalty"])
    #expect(try words(8) == ["exact", "exact", "exact"])
    #expect(try words(9) == ["exact", "exact"])
    #expect(try words(10) == ["penalty", "penalty", "exact"])
    #expect(try words(11) == ["penalty", "penalty", "exact", "exact"])
    let wave = try PhysicsPlan(exactCatalog[10].problem()).conditions[0]
    #expect(wave.reason == "with a factor t^2 built into the unknown, training stalls")
  }
}

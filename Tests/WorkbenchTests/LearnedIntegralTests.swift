import Glibc
import Testing
import Workbench

/// Observables with integrals over a learned field.
@Suite("Integrals of a learned field") struct LearnedIntegralTests {
  private static func model(_ text: String) throws -> LearnedModel {
    try train(text: text, threads: 1)
  }

  // 4e-8 after 100 steps; another libm may take a few more.
  @Test("an integro-differential equation of Volterra's") func volterra() throws {
    let model = try LearnedIntegralTests.model(
      """
      variables: {x: [0, 5]}
      unknowns: [u]
      equations: ["u' + u = integral(exp(s - x)*u(s), s, 0, x)"]
      conditions: [u = 1 at x = 0]
      train: {stop: {steps: 100}}
      """)
    for x in [0.1, 1, 2.5, 4.2, 5] {
      #expect((model.value(of: "u", at: [x]) - exp(-x) * cosh(x)).magnitude < 1e-6)
    }
  }

  /// Moving limits, an integral within an integral, a slope inside, the point's own value outside.
  @Test("in one variable") func interval() throws {
    let model = try LearnedIntegralTests.model(
      """
      variables: {x: [0, 1]}
      unknowns: [u]
      parameters: {a: 3}
      equations: ["-u'' = pi^2*sin(pi*x)"]
      conditions: [u = 0 at x = 0, u = 0 at x = 1]
      observables:
        area: a*integral(u(s), s, 0, x) + u
        twice: integral(u(r)*integral(u(s), s, 0, r), r, 0, 1)
        energy: "integral(u'^2, x, 0, 1)"
        plain: 2*u
      network: {hidden: [10]}
      train: {points: {interior: 60}, stop: {steps: 60}}
      """)
    #expect(model.names == ["u", "area", "twice", "energy", "plain"])
    // u is learned to 1e-4.
    for x in [0, 0.3, 1] {
      let area = 3 * (1 - cos(.pi * x)) / .pi + sin(.pi * x)
      #expect((model.value(of: "area", at: [x]) - area).magnitude < 1e-3)
      #expect((model.value(of: "twice", at: [x]) - 2 / (.pi * .pi)).magnitude < 1e-3)
      #expect((model.value(of: "energy", at: [x]) - .pi * .pi / 2).magnitude < 1e-2)
      #expect(model.value(of: "plain", at: [x]) == 2 * model.value(of: "u", at: [x]))
    }
    // Of the learned field itself, Simpson's rule on 200 intervals: its error is about 1e-9.
    let field = model.values(at: (0...200).map { Double($0) / 200 })[0]
    let sum = field.enumerated().reduce(0) { sum, node in
      let weight: Double = [0, 200].contains(node.offset) ? 1 : node.offset % 2 == 1 ? 4 : 2
      return sum + weight * node.element / 600
    }
    let area = model.value(of: "area", at: [1]) - model.value(of: "u", at: [1])
    #expect((area - 3 * sum).magnitude < 1e-8)
  }

  /// An integral over one variable is a function of the others.
  @Test("in two variables") func plane() throws {
    let model = try LearnedIntegralTests.model(
      """
      variables: {x: [0, 1], t: [0, 1]}
      unknowns: [u]
      equations: [u_t = u_xx/4]
      conditions: [u = sin(pi*x) at t = 0, u = 0 at boundary]
      observables: {heat: "integral(u, x, 0, 1)", moment: "integral(s*u(s, t), s, 0, x)"}
      network: {hidden: [10]}
      train: {points: {interior: 200}, stop: {steps: 40}}
      output: {x: 3, t: 3}
      """)
    // Learned to about 1e-3.
    for t in [0, 0.5, 1] {
      let size = exp(-.pi * .pi / 4 * t)
      for x in [0.2, 0.9] {
        let moment = (sin(.pi * x) / .pi - x * cos(.pi * x)) / .pi
        #expect((model.value(of: "heat", at: [x, t]) - 2 / .pi * size).magnitude < 1e-2)
        #expect((model.value(of: "moment", at: [x, t]) - moment * size).magnitude < 1e-2)
      }
    }
    #expect((model.value(of: "heat", at: [0, 0]) - 2 / .pi).magnitude < 1e-9)
  }
}

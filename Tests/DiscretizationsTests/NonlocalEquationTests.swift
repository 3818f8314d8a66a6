import Discretizations
import Glibc
import Integrators
import Problems
import Testing

@Suite("Equations with integrals") struct NonlocalEquationTests {
  static let forms: [ClosedForm] = [
    ClosedForm(
      name: "Volterra, integro-differential",
      text: """
        variables: {t: [0, 5]}
        unknowns: [u]
        equations: ["u' + u = integral(exp(s - t)*u(s), s, 0, t)"]
        conditions: ["u = 1 at t = 0"]
        exact: {u: exp(-t)*cosh(t)}
        """, isLinear: true),
    ClosedForm(
      name: "Volterra, second kind",
      text: """
        variables: {t: [0, 3]}
        unknowns: [u]
        equations: ["u = t + integral(sin(s - t)*u(s), s, 0, t)"]
        conditions: []
        exact: {u: "t/2 + sin(sqrt(2)*t)/(2*sqrt(2))"}
        """, isLinear: true),
    ClosedForm(
      name: "Volterra, nonlinear",
      text: """
        variables: {t: [0, 1]}
        unknowns: [u]
        equations: ["u = exp(t) - t*(exp(2*t) - 1)/2 + integral(t*u(s)^2, s, 0, t)"]
        conditions: []
        exact: {u: exp(t)}
        """),
    ClosedForm(
      name: "Volterra, conditions at the end",
      text: """
        variables: {t: [0, 1]}
        unknowns: [u]
        equations: ["u' = 1 - integral(u(s), s, 0, t)"]
        conditions: ["u = sin(1) at t = 1"]
        exact: {u: sin(t)}
        """, isLinear: true),
    ClosedForm(
      name: "a convolution",
      text: """
        variables: {t: [0, 3]}
        unknowns: [u]
        equations: ["u' = 1 - integral(u(t - s), s, 0, t)"]
        conditions: ["u = 0 at t = 0"]
        exact: {u: sin(t)}
        """, isLinear: true),
    ClosedForm(
      name: "Fredholm, second kind",
      text: """
        variables: {x: [0, 1]}
        unknowns: [u]
        equations: ["u = exp(x) - x + integral(x*s*u(s), s, 0, 1)"]
        conditions: []
        exact: {u: exp(x)}
        """, isLinear: true),
    ClosedForm(
      name: "Fredholm, in a boundary-value problem",
      text: """
        variables: {x: [0, 1]}
        unknowns: [u]
        equations: ["u'' + integral(u, x, 0, 1)*u = exp(x)*exp(1)"]
        conditions: ["u = 1 at x = 0", "u = exp(1) at x = 1"]
        exact: {u: exp(x)}
        solve: {guess: {u: 1 + x}}
        """),
    ClosedForm(
      name: "an integral as a condition",
      text: """
        variables: {x: [0, 1]}
        unknowns: [u]
        equations: ["u'' + u = 0"]
        conditions: ["u = 0 at x = 0", "integral(u, x, 0, 1) = 1 - cos(1) at x = 1"]
        exact: {u: sin(x)}
        """, isLinear: true),
    ClosedForm(
      name: "nested integrals",
      text: """
        variables: {t: [0, 2]}
        unknowns: [u]
        equations: ["u' = 1 + t + integral(integral(u(r), r, 0, s), s, 0, t)
          + integral(integral(u(s), r, 0, s), s, 0, t) - (t*exp(t) - exp(t) + 1)"]
        conditions: ["u = 1 at t = 0"]
        exact: {u: exp(t)}
        """, isLinear: true),
    ClosedForm(
      name: "two unknowns, one under the other's integral",
      text: """
        variables: {t: [0, 2]}
        unknowns: [u, v]
        equations: ["u' = cos(t) + integral(v, t, 0, t) - sin(t)",
          "v' = -u + integral(u(s)*v(s), s, 0, t) - sin(t)^2/2"]
        conditions: ["u = 0 at t = 0", "v = 1 at t = 0"]
        exact: {u: sin(t), v: cos(t)}
        """),
  ]

  /// As for boundary-value problems: the quadrature's error is part of the halved mesh's estimate.
  @Test("the target is met, and the estimate tells the error", arguments: forms)
  func accuracy(_ form: ClosedForm) throws {
    for accuracy in ["1e-5", "1e-9"] {
      let problem = try form.problem("solve.accuracy=\(accuracy)")
      #expect(BoundaryValueProblem.suits(problem.problem))
      let solution = try problem.solve()
      let report = solution.report
      #expect(report.outcome == .reached && report.accuracyMet, "\(report.message)")
      if form.isLinear { #expect(report.newtonIterations == report.meshes) }
      for (name, error) in try trueErrors(solution) {
        let estimate = try #require(report.estimatedErrors[name])
        #expect(estimate <= problem.settings.accuracy)
        #expect(error <= 2 * estimate + 2e-14, "\(accuracy), \(name): \(error), said \(estimate)")
        #expect(estimate <= 30 * error + 2e-14, "\(accuracy), \(name): \(error), said \(estimate)")
      }
    }
  }

  /// u = √t has no derivatives at 0, and the kernel is singular: the observed order, not the
  /// method's, must be believed.
  @Test("a solution that is not smooth is not said to be accurate") func abel() throws {
    var problem = try boundaryValue(
      """
      variables: {t: [0, 1]}
      unknowns: [u]
      equations: ["u = sqrt(t) + pi*t/2 - integral(u(s)/sqrt(t - s), s, 0, t)"]
      conditions: []
      exact: {u: sqrt(t)}
      solve: {accuracy: 1e-5}
      """)
    problem.settings.mostIntervals = 120
    let solution = try problem.solve()
    #expect(solution.report.outcome == .inaccurate && !solution.report.accuracyMet)
    let error = try #require(try trueErrors(solution)["u"])
    let said = try #require(solution.report.estimatedErrors["u"])
    #expect(said > 0.3 * error, "\(said) for \(error)")
  }

  @Test("a place outside of the interval is named") func outside() throws {
    let report = try boundaryValue(
      """
      variables: {t: [0, 1]}
      unknowns: [u]
      equations: ["u' = integral(u(s - 1), s, 0, t)"]
      conditions: ["u = 1 at t = 0"]
      """
    ).solve().report
    #expect(report.outcome == .failed)
    #expect(
      report.message.hasPrefix("integral(u(s - 1), s, 0, t) reads the unknown at t = -")
        && report.message.hasSuffix(
          ", outside of its interval; keep the places of the unknown inside"),
      "\(report.message)")
  }

  /// Observables of an oscillator that rtol 1e-11 leaves with errors of about 1e-10.
  @Test("observables with integrals on an initial-value solution") func observables() throws {
    let problem = try read(
      """
      variables: {t: [0, 10]}
      unknowns: [x]
      parameters: {k: 1}
      equations: ["x'' = -k*x"]
      conditions: ["x = 1 at t = 0", "x' = 0 at t = 0"]
      observables:
        upto: integral(x^2, t, 0, t)
        whole: k*integral(x(s), s, 0, 10)
        plain: x + x'
        nested: "integral(integral(x(r), r, 0, s), s, 0, t)"
        rate: integral(x_tt(s)*s, s, 0, t)
      solve: {rtol: 1e-11, atol: 1e-13}
      """)
    let parameters = try problem.parameters()
    let field = problem.makeField(parameters, problem.makeCode(.tape))
    let (start, _) = try problem.initialState(field, parameters)
    let trajectory = try solve(
      field, from: 0, to: 10, initial: start, rtol: 1e-11, atol: 1e-13)
    let observables = try IntegralObservables(problem, parameters: parameters)
    #expect(IntegralObservables.areDeclared(in: problem.problem))
    #expect(observables.names == ["x", "upto", "whole", "plain", "nested", "rate"])
    #expect(observables.places == [0, 1, 3, 4])
    let times = [0, 1.5, 7, 10]
    let (rows, error) = try observables.values(at: times, relative: 1e-9) {
      trajectory.value(at: $0)
    }
    #expect(error < 1e-7)
    for (t, row) in zip(times, rows) {
      let truth = [
        t / 2 + sin(2 * t) / 4, sin(10), cos(t) - sin(t), 1 - cos(t), 1 - cos(t) - t * sin(t),
      ]
      for (a, b) in zip(row, truth) { #expect((a - b).magnitude < 1e-8, "\(t): \(row)") }
    }
  }
}

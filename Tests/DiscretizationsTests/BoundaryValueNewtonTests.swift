import Discretizations
import Glibc
import Problems
import Testing

@Suite("Damped Newton on boundary-value problems") struct BoundaryValueNewtonTests {
  /// Newton's iteration for atan(u) = 0 diverges from |u| > 1.39 unless it is damped.
  @Test("damping converges where full steps diverge", arguments: ["1", "3", "10", "-30"])
  func damping(_ start: String) throws {
    let solution = try boundaryValue(
      """
      variables: {x: [0, 1]}
      unknowns: [u]
      equations: ["atan(u - x) = 0"]
      conditions: []
      exact: {u: x}
      solve: {guess: {u: "x + (\(start))"}}
      """
    ).solve()
    #expect(solution.report.outcome == .reached, "\(solution.report.message)")
    #expect(try #require(try trueErrors(solution)["u"]) < 1e-10)
  }

  /// Multiplying an equation by a power of two changes no bit of the solution, and no decision.
  @Test("scaling the equations changes nothing") func invariance() throws {
    func solve(_ factor: String) throws -> BoundaryValueSolution {
      try boundaryValue(
        """
        variables: {x: [0, 1]}
        unknowns: [u]
        equations: ["\(factor)*(u'' + exp(u)) = 0"]
        conditions: ["u = 0 at boundary"]
        solve: {guess: {u: 5*sin(pi*x)}}
        """
      ).solve()
    }
    let (a, b) = (try solve("1"), try solve("1024"))
    #expect(a.report.newtonIterations == b.report.newtonIterations && a.mesh == b.mesh)
    #expect(try a.rows(at: a.mesh) == b.rows(at: a.mesh))
  }

  /// Stoer & Bulirsch, Introduction to Numerical Analysis, section 7.3: slopes −8 and −35.858549.
  ///
  /// More digits by shooting with a Runge-Kutta method of order 8 at rtol 1e-12.
  @Test("a guess leads to the other solution") func twoSolutions() throws {
    func slope(_ guess: String) throws -> Double {
      let solution = try boundaryValue(
        """
        variables: {x: [0, 1]}
        unknowns: [u]
        equations: ["u'' = 3*u^2/2"]
        conditions: ["u = 4 at x = 0", "u = 1 at x = 1"]
        solve: {accuracy: 1e-10, guess: {u: "\(guess)"}}
        """
      ).solve()
      #expect(solution.report.accuracyMet)
      return solution.value(of: "u", derivative: 1, at: 0)
    }
    #expect((try slope("4 - 3*x") + 8).magnitude < 1e-8)
    #expect((try slope("4 - 3*x - 40*x*(1 - x)") + 35.858548825).magnitude < 1e-7)
  }

  /// From a start as high as 300, Newton's iteration on exp(u) comes down by 1 a step.
  @Test("continuation reaches what a bad start does not") func continuation() throws {
    let text = """
      variables: {x: [0, 1]}
      unknowns: [u]
      parameters: {lambda: 2, theta: 2.357551053877402042}
      equations: ["u'' + lambda*exp(u) = 0"]
      conditions: ["u = 0 at boundary"]
      exact: {u: "-2*log(cosh((x - 1/2)*theta/2)/cosh(theta/4))"}
      solve: {guess: {u: 300*(lambda - 1)}}
      """
    let without = try boundaryValue(text).solve().report
    #expect(without.outcome == .failed && without.estimatedErrors.isEmpty)
    #expect(
      without.message.hasSuffix(
        "give a start nearer to the solution in solve.guess, or a way to it: "
          + "solve.continue: {parameter: lambda, from: an easier value}"), "\(without.message)")
    let solution = try boundaryValue(text, "solve.continue={parameter: lambda, from: 1}").solve()
    #expect(solution.report.outcome == .reached, "\(solution.report.message)")
    #expect(solution.report.continuationSteps >= 2)
    #expect(try #require(try trueErrors(solution)["u"]) < 1e-6)
  }

  /// Troesch's problem, a layer of width exp(−10)/20 at an end that is not declared.
  ///
  /// First integral: (u')² − 2·cosh(μu) is constant.
  @Test("damping and finer first meshes find a layer of their own") func troesch() throws {
    let solution = try boundaryValue(
      """
      variables: {x: [0, 1]}
      unknowns: [u]
      parameters: {mu: 20}
      equations: ["u'' = mu*sinh(mu*u)"]
      conditions: ["u = 0 at x = 0", "u = 1 at x = 1"]
      observables: {energy: "u'^2 - 2*cosh(mu*u)"}
      """
    ).solve()
    #expect(solution.report.outcome == .reached, "\(solution.report.message)")
    let rows = try solution.rows(at: [0, 0.5, 0.9, 0.99])
    let size = 2 * cosh(20 * rows[3][0])
    for row in rows { #expect((row[1] - rows[0][1]).magnitude < 1e-5 * size) }
  }

  @Test("a continuation that meets a fold says where") func fold() throws {
    let report = try boundaryValue(
      """
      variables: {x: [0, 1]}
      unknowns: [u]
      parameters: {lambda: 4}
      equations: ["u'' + lambda*exp(u) = 0"]
      conditions: ["u = 0 at boundary"]
      solve: {continue: {parameter: lambda, from: 1}}
      """
    ).solve().report
    #expect(report.outcome == .failed)
    // The fold is at 3.513830719.
    #expect(
      report.message.contains(
        "the continuation came from lambda = 1 to 3.5 and no further"),
      "\(report.message)")
  }

  @Test(
    "a solution that is not determined, or does not exist, is refused",
    arguments: [("pi", "0"), ("pi", "1")])
  func singular(_ end: String, _ value: String) throws {
    let report = try boundaryValue(
      """
      variables: {x: [0, \(end)]}
      unknowns: [u]
      equations: ["u'' + u = 0"]
      conditions: ["u = 0 at x = 0", "u = \(value) at x = \(end)"]
      """
    ).solve().report
    #expect(report.outcome == .failed && !report.accuracyMet)
    #expect(
      report.message.hasPrefix("the linear system of Newton's iteration is singular on")
        && report.message.hasSuffix(
          "; the conditions may not determine the solution, or it may not exist: check them, or "
            + "give a start in solve.guess"),
      "\(report.message)")
  }

  @Test("a start without a value is told from a failure of the iteration") func notFinite() throws {
    let report = try boundaryValue(
      """
      variables: {x: [0, 1]}
      unknowns: [u]
      equations: ["u'' = log(u)"]
      conditions: ["u' = 0 at x = 0", "u' = 1 at x = 1"]
      """
    ).solve().report
    #expect(
      report.message
        == "the equations are not finite at the start of Newton's iteration; give a start in "
        + "solve.guess at which logarithms, roots and quotients have values")
  }

  @Test("what cannot be met is said: no digits beyond rounding") func rounding() throws {
    let form = try #require(closedForms.first { $0.name == "Bratu, upper" })
    let report = try form.problem("solve.accuracy=1e-16").solve().report
    #expect(report.outcome == .inaccurate && !report.accuracyMet)
    #expect(
      report.message.contains("not the 1e-16 of solve.accuracy: finer meshes hardly reduce it"),
      "\(report.message)")
    #expect(try #require(report.estimatedErrors["u"]) < 1e-12)
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let text: String
    let message: String
    var testDescription: String { message }
  }

  static let refusals = [
    Refusal(
      text: "equations: [\"u'' = integral(x, s, 0, u)\"]\nconditions: [u = 0 at boundary]",
      message:
        "a limit of integral(x, s, 0, u) depends on u; let it depend on variables and parameters only"
    ),
    Refusal(
      text: """
        equations: ["u' = integral(u(s), s, 0, x)"]
        conditions: [u = 1 at x = 0]
        events: {e: {when: u - 2}}
        """,
      message:
        "events happen on the way, and this problem is solved on its whole interval at once; "
        + "remove them, or give all conditions at one end and no integrals in the equations"),
  ]

  @Test("what collocation cannot do is refused with its place", arguments: refusals)
  func refused(_ refusal: Refusal) throws {
    do {
      _ = try boundaryValue("variables: {x: [0, 1]}\nunknowns: [u]\n" + refusal.text)
      Issue.record("not refused")
    } catch let faults as ProblemFaults {
      let fault = try #require(faults.diagnostics.first)
      #expect("\(fault.message); \(fault.remedy)" == refusal.message)
      #expect(fault.line >= 3)
    }
  }
}

import Discretizations
import Glibc
import Problems
import Testing

@Suite("Boundary-value problems") struct BoundaryValueTests {
  /// The estimate is twice the asymptotic error, or the observed one: it must cover the truth, and
  /// not by orders of magnitude.
  ///
  /// Rounding of values near 1 is 1e-14 after some hundred operations.
  @Test("the target is met, and the estimate tells the error", arguments: closedForms)
  func accuracy(_ form: ClosedForm) throws {
    for accuracy in ["1e-4", "1e-6", "1e-9"] {
      let problem = try form.problem("solve.accuracy=\(accuracy)")
      let solution = try problem.solve()
      let report = solution.report
      #expect(report.outcome == .reached && report.accuracyMet, "\(report.message)")
      let target = problem.settings.accuracy
      for (name, error) in try trueErrors(solution) {
        let estimate = try #require(report.estimatedErrors[name])
        #expect(estimate <= target, "\(name): \(estimate)")
        #expect(error <= 2 * estimate + 2e-14, "\(accuracy), \(name): \(error), said \(estimate)")
        #expect(estimate <= 30 * error + 2e-14, "\(accuracy), \(name): \(error), said \(estimate)")
      }
    }
  }

  @Test("a linear problem takes one Newton step a mesh", arguments: closedForms.filter(\.isLinear))
  func steps(_ form: ClosedForm) throws {
    let report = try form.problem().solve().report
    #expect(report.newtonIterations == report.meshes)
    #expect(report.factorizations == report.meshes && report.jacobians == report.meshes)
  }

  /// Errors of 1e-5 to 1e-12 on 8 and 16 equal intervals, before rounding; a manufactured solution
  /// with all derivatives.
  ///
  /// Orders are asymptotic: 0.4 off is what the next term explains.
  @Test("order k + m between mesh points, 2k at them", arguments: 1...4, 1...3)
  func order(_ stages: Int, _ order: Int) throws {
    let conditions = ["u = 1 at x = 0", "u = exp(sin(2)) at x = 1", "u' = 2 at x = 0"]
    let primes = String(repeating: "'", count: order)
    var problem = try boundaryValue(
      """
      variables: {x: [0, 1]}
      unknowns: [u]
      functions: {truth: "exp(sin(2*x))"}
      equations: ["u\(primes) - u^2 = d(truth, x, \(order)) - truth^2"]
      conditions: [\(conditions.prefix(order).map { "\"\($0)\"" }.joined(separator: ", "))]
      exact: {u: truth}
      """)
    problem.settings.stages = stages
    problem.settings.adapts = false
    var between: [Double] = []
    var atMesh: [Double] = []
    for intervals in [8, 16] {
      problem.settings.intervals = intervals
      let solution = try problem.solve()
      between.append(try #require(try trueErrors(solution)["u"]))
      atMesh.append(
        solution.mesh.map { (solution.value(of: "u", at: $0) - exp(sin(2 * $0))).magnitude }.max()
          ?? 0)
    }
    #expect(log2(between[0] / between[1]) > Double(min(stages + order, 2 * stages)) - 0.4)
    // From k = 4 on, errors at the mesh points reach rounding.
    if atMesh[1] > 1e-12 {
      #expect((log2(atMesh[0] / atMesh[1]) - Double(2 * stages)).magnitude < 0.4)
    }
    let solved = try problem.solve().report
    let said = try #require(solved.estimatedErrors["u"])
    #expect(said > 0.5 * between[1] && said < 2 * between[1] + 1e-13, "\(said) for \(between[1])")
  }

  @Test("the mesh goes where the layer is") func mesh() throws {
    let form = try #require(closedForms.first { $0.name.hasSuffix("1e-5") })
    let solution = try form.problem().solve()
    let inside = solution.mesh.filter { $0 < 40e-5 }.count
    // The layer has a fifth or more of the points on 1/2500 of the interval.
    #expect(inside > solution.mesh.count / 5 && solution.mesh.count < 1000)
    let even = try form.problem("solve.grid=41").solve()
    #expect(even.mesh.count == 41 && even.report.outcome == .reached)
    #expect(even.mesh.filter { $0 < 40e-5 }.count > 10, "a given count of points moves as well")
  }

  @Test("ends that are tied: even and odd numbers of intervals", arguments: [1, 2, 3, 7, 8])
  func periodic(_ intervals: Int) throws {
    var problem = try boundaryValue(
      """
      variables: {x: [0, 2*pi]}
      unknowns: [u, v]
      equations: ["u' = v", "v' = u - 2*cos(x)"]
      conditions: ["periodic in x"]
      exact: {u: cos(x), v: -sin(x)}
      """)
    problem.settings.stages = 8
    problem.settings.adapts = false
    problem.settings.intervals = intervals
    let solution = try problem.solve()
    let error = try #require(try trueErrors(solution).values.max())
    // Degree 8 on an interval of length 2π/N.
    #expect(error < 20 * pow(2.0 / Double(intervals), 9) + 1e-13, "\(error)")
    let (first, last) = (solution.mesh[0], solution.mesh[intervals])
    for name in ["u", "v"] {
      let jump = solution.value(of: name, at: last) - solution.value(of: name, at: first)
      #expect(jump.magnitude < 1e-13 * (1 + 100 * error))
    }
  }

  @Test("derivatives and observables are read from the polynomials") func rows() throws {
    let solution = try boundaryValue(
      """
      variables: {x: [0, 1]}
      unknowns: [u]
      parameters: {a: 2}
      equations: ["u'''' = -1"]
      conditions: ["u = 0 at x = 0", "u' = 0 at x = 0", "u'' = 0 at x = 1", "u''' = 0 at x = 1"]
      observables: {moment: "a*u''", shear: "u''' + x", area: "integral(u, x, 0, x)"}
      """
    ).solve()
    #expect(solution.columnNames == ["u", "moment", "shear", "area"])
    for (x, row) in zip([0, 0.3, 1], try solution.rows(at: [0, 0.3, 1])) {
      let truth = [
        -x * x * x * x / 24 + x * x * x / 6 - x * x / 4, 2 * (-x * x / 2 + x - 0.5), 1,
        -pow(x, 5) / 120 + pow(x, 4) / 24 - pow(x, 3) / 12,
      ]
      // A polynomial of degree 4 is represented exactly; what is left is rounding.
      for (a, b) in zip(row, truth) { #expect((a - b).magnitude < 1e-14, "\(row) for \(truth)") }
      #expect((solution.value(of: "u", derivative: 4, at: x) + 1).magnitude < 1e-13)
    }
  }

  @Test("progress is told, and a solve can be stopped") func stopping() throws {
    let form = try #require(closedForms.first { $0.name.hasSuffix("1e-5") })
    var told: [BoundaryValueProgress] = []
    _ = try form.problem().solve(progress: { told.append($0) })
    #expect(told.count > 3 && told.last?.estimatedError != nil)
    var calls = 0
    let report = try form.problem().solve(isCancelled: {
      calls += 1
      return calls > 3
    }).report
    #expect(report.outcome == .stopped && report.message.hasPrefix("stopped on"))
  }
}

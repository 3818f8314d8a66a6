import Discretizations
import Integrators
import Testing
import Workbench

extension Tag {
  @Tag static var counts: Self
  @Tag static var property: Self
  @Tag static var endToEnd: Self
}

/// What `cauchy bench` prints in counts and errors, held to the targets of the design: evaluations
/// are the same on every machine, so that these are no timing tests.
@Suite("Counts", .tags(.counts)) struct CountTests {
  /// The test sets' stiff problems: six digits for no more right-hand sides than SciPy's Radau takes
  /// at rtol 1e-6, by the best of the methods, at the tolerance that is found.
  @Test("stiff set: mescd 6", arguments: BenchStiff.problems)
  func stiff(_ name: String, radau: Int) throws {
    let problem = try BenchProblem(name, code: .tape)
    let found = try BenchStiff.methods.compactMap { method in
      try BenchFind.loosest(problem, method, mescd: 6, atol: { _ in BenchStiff.atol })
    }
    let least = found.map(\.report.counts.evaluations).min() ?? .max
    #expect(least <= radau, "\(least) evaluations, Radau \(radau)")
  }

  /// `auto` is the default: it meets the same bound by itself, finding out that the problem is stiff
  /// included.
  @Test("stiff set: auto", arguments: BenchStiff.problems)
  func automatic(_ name: String, radau: Int) throws {
    let problem = try BenchProblem(name, code: .tape)
    let found = try BenchFind.loosest(problem, "auto", mescd: 6, atol: { _ in BenchStiff.atol })
    let count = found?.report.counts.evaluations ?? .max
    #expect(count <= radau, "\(count) evaluations, Radau \(radau)")
  }

  /// Five digits at rtol 1e-6: local errors add up to no more than ten tolerances.
  @Test("stiff set at rtol 1e-6: mescd 5", arguments: BenchStiff.problems)
  func tolerance(_ name: String, radau: Int) throws {
    let problem = try BenchProblem(name, code: .tape)
    for method in ["rodas5p", "auto"] {
      let report = try problem.solve(method, rtol: 1e-6, atol: BenchStiff.atol)
      let mescd = problem.mescd(report)
      #expect(mescd >= 5, "\(method): mescd \(mescd)")
      // One Jacobian a step, reused by the rejected attempts; one factorisation an attempt.
      #expect(report.counts.jacobians <= report.steps)
      #expect(report.counts.factorizations <= report.steps + report.rejected)
    }
  }

  /// Seven stars: what GSL's rk8pd needs on its own driver for mescd 7.1.
  @Test("Pleiades", arguments: ["dop853", "rk8pd"])
  func pleiades(_ method: String) throws {
    let problem = try BenchProblem("pleiades", code: .tape)
    let found = try BenchFind.loosest(problem, method, mescd: 6.9, atol: { $0 })
    let count = found?.report.counts.evaluations ?? .max
    #expect(count <= BenchNonstiff.pleiades, "\(count) evaluations")
  }

  /// The orbit is unstable by a factor of some 1e3 in position: 1e-8 leaves room for that.
  @Test("Arenstorf orbit closes", arguments: BenchNonstiff.methods)
  func arenstorf(_ method: String) throws {
    let problem = try BenchProblem("arenstorf", code: .tape)
    let loose = try problem.solve(method, rtol: 1e-11, atol: 1e-11)
    #expect(problem.closure(loose, unknownsOnly: true) <= 1e-8)
    let tight = try problem.solve(method, rtol: 1e-12, atol: 1e-12)
    #expect(problem.closure(tight, unknownsOnly: false) <= 1e-8)
  }

  /// More rows change no step, and are at most twice as wrong as the step ends.
  @Test("rows", arguments: BenchRows.problems) func rows(_ name: String) throws {
    for result in try BenchRows.results(BenchProblem(name, code: .tape)) {
      #expect(result.keepsSteps, "\(result.method)")
      #expect(result.ratio <= 2, "\(result.method): \(result.errorAtRows)")
    }
  }

  /// The interpolant is prepared once a step: ten times the rows cost nothing where every step had
  /// one already.
  @Test("no evaluation for a row", arguments: BenchRows.methods)
  func rowsAreFree(_ method: String) throws {
    let problem = try BenchProblem("van-der-pol", code: .tape)
    let counts = try [20_000, 200_000].map { rows in
      try problem.solve(method, rtol: 1e-6, atol: 1e-6) { settings, _ in
        settings.rows = (0...rows).map { problem.end * Double($0) / Double(rows) }
      }.counts
    }
    #expect(counts[0] == counts[1])
  }
}

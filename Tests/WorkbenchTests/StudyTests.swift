import Flows
import Networks
import Numerics
import Residuals
import Testing
import Workbench

/// The regression of the studies, and when their claims count as failed.
@Suite("Studies") struct StudyTests {
  private static let forms = [Regression.Form.linear, .squares]

  private static func data(samples: Int, features: Int) -> RegressionData {
    var generator = RandomNumbers(seed: 7)
    let truth = (0..<features).map { $0 % 3 == 0 ? 1.0 : 0 }
    return RegressionData(truth: truth, noise: 0.2, samples: samples, &generator)
  }

  private static func regression(
    _ form: Regression.Form, ridge: Double, samples: Int = 5, features: Int = 4
  ) -> Regression {
    data(samples: samples, features: features)
      .regression(samples: samples, features: features, form: form, ridge: ridge)
  }

  private static func dot(_ a: Vector, _ b: Vector) -> Double {
    zip(a.array, b.array).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Everything that a flow asks for comes from one J.
  @Test("derivatives of both forms", arguments: forms, [0, 0.3])
  func derivatives(_ form: Regression.Form, _ ridge: Double) {
    let model = StudyTests.regression(form, ridge: ridge)
    let (p, n) = (model.parameterCount, model.residualCount)
    #expect(n == (ridge > 0 ? 5 + p : 5) && model.blocks.last?.rows.upperBound == n)
    var generator = RandomNumbers(seed: 3)
    func random(_ count: Int) -> Storage { Storage((0..<count).map { _ in generator.normal() }) }
    let (theta, v, w) = (random(p), random(p), random(n))
    let (jv, jw, gradient) = (Storage(n), Storage(p), Storage(p))
    let (r, ahead, behind) = (Storage(n), Storage(n), Storage(n))
    let (normal, rows) = (Storage(p * p), Storage(n * p))
    defer { theta.keep(v, w, jv, jw, gradient, r, ahead, behind, normal, rows) }
    model.product(theta.vector, v.vector, into: jv.vector)
    model.transposedProduct(theta.vector, w.vector, into: jw.vector)
    // Sums of some ten terms of order 1: a few roundings.
    let tolerance = 1e-13
    let adjoint = StudyTests.dot(jv.vector, w.vector) - StudyTests.dot(v.vector, jw.vector)
    #expect(adjoint.magnitude < tolerance)
    model.linearize(
      theta.vector, residual: r.vector, gradient: gradient.vector, normal: normal.vector)
    model.jacobianRows(theta.vector, 0..<n, into: rows.vector)
    for i in 0..<n {
      let row = rows.vector.slice(i * p, p)
      #expect((StudyTests.dot(row, v.vector) - jv.vector[i]).magnitude < tolerance)
    }
    for j in 0..<p {
      var sum = 0.0
      for i in 0..<n { sum += rows.vector[i * p + j] * r.vector[i] }
      #expect((sum - gradient.vector[j]).magnitude < tolerance)
      for k in j..<p {
        var sum = 0.0
        for i in 0..<n { sum += rows.vector[i * p + j] * rows.vector[i * p + k] }
        #expect((sum - normal.vector[k + j * p]).magnitude < tolerance)
      }
    }
    // r is at most quadratic in θ: a central difference has no error but rounding, 1e-16/1e-4.
    for (sign, place) in [(1.0, ahead), (-1, behind)] {
      let moved = Storage(zip(theta.vector.array, v.vector.array).map { $0 + sign * 1e-4 * $1 })
      model.residual(moved.vector, into: place.vector)
      moved.keep()
    }
    for i in 0..<n {
      let difference = (ahead.vector[i] - behind.vector[i]) / 2e-4
      #expect((difference - jv.vector[i]).magnitude < 1e-10)
    }
  }

  /// Cholesky's answer and the flow's are one: training to rest ends at the minimum.
  @Test("a training ends where the equations say", arguments: [0.05, 0])
  func linearSolution(_ ridge: Double) throws {
    let model = StudyTests.regression(.linear, ridge: ridge, samples: 9, features: 6)
    let solution = try #require(model.linearSolution())
    var settings = TrainingSettings()
    settings.stop.gradientNorm = 1e-13
    let report = try Training(model, settings).run(from: [Double](repeating: 0, count: 6))
    // At rest rounding hides what the loss, quadratic in θ, still falls by: √ε of θ, 1.5e-8.
    for (a, b) in zip(report.theta, solution) { #expect((a - b).magnitude < 1e-7) }
  }

  @Test("of all that fit, the least") func leastNorm() throws {
    let model = StudyTests.regression(.linear, ridge: 0, samples: 3, features: 8)
    let solution = Storage(try #require(model.linearSolution()))
    let (r, rows) = (Storage(3), Storage(24))
    defer { solution.keep(r, rows) }
    model.residual(solution.vector, into: r.vector)
    #expect(r.vector.array.allSatisfy { $0.magnitude < 1e-13 })
    // A direction in which the data do not change is orthogonal to it: θ = Jᵀz.
    model.jacobianRows(solution.vector, 0..<3, into: rows.vector)
    var generator = RandomNumbers(seed: 5)
    var null = (0..<8).map { _ in generator.normal() }
    for _ in 0..<200 {
      for i in 0..<3 {
        let row = rows.vector.slice(8 * i, 8).array
        let part = zip(row, null).reduce(0) { $0 + $1.0 * $1.1 }
        let size = row.reduce(0) { $0 + $1 * $1 }
        for j in 0..<8 { null[j] -= part / size * row[j] }
      }
    }
    let product = zip(null, solution.vector.array).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(product.magnitude < 1e-12 && null.contains { $0.magnitude > 0.1 })
  }

  /// The studies' optimisers are those of the catalog, each with a stepper that goes with it.
  @Test("every flow takes part") func optimisers() throws {
    let all = Independence.optimisers
    #expect(Set(all.map(\.flow)) == Set(FlowCatalog.all.map(\.name)))
    for optimiser in all {
      try FlowCatalog.check(optimiser.stepper, with: FlowCatalog.find(optimiser.flow))
    }
    #expect(
      all.contains { $0.name == "gradient/lie2" } && all.contains { $0.name == "gradient/tsit5" })
  }

  /// Errors and objectives that are made up.
  private static func findings(
    with: [Double], without: [Double], objectives: [Double]
  ) throws -> IndependenceFindings {
    var study = Independence()
    (study.dimension, study.samples, study.relevant, study.mostSteps) = (6, 4, 2, 1)
    let model = try study.run(
      Independence.optimisers[0], start: 1, ridge: study.ridge, on: study.data)
    let runs = zip(with, objectives).map { error, objective in
      var run = model
      (run.error, run.objective) = (error, objective)
      return run
    }
    return IndependenceFindings(
      study,
      runs
        + without.map { error in
          var run = model
          (run.error, run.ridge) = (error, 0)
          return run
        })
  }

  @Test("no trial, no risk") func noTrial() {
    var study = DoubleDescent()
    study.trials = 0
    let points = study.measure()
    #expect(!points.isEmpty && points.allSatisfy { $0.mean.isNaN })
  }

  @Test("a claim fails by each of its bounds") func verdicts() throws {
    let flat = [1.0, 1.002]
    let right = try StudyTests.findings(with: [1, 1.05], without: [1, 2], objectives: flat)
    #expect(right.holds)
    for (with, without, objectives) in [
      ([1, 1.2], [1, 9], flat), ([1, 1.05], [1, 1.2], flat), ([1, 1.05], [1, 2], [1, 1.006]),
      ([1, .nan], [1, 2], flat), ([1, 1.05], [1, 2], [1, .infinity]),
      ([1, 1.05], [1, .infinity], flat), ([1, 1.05], [.nan, 2], flat),
    ] {
      let wrong = try StudyTests.findings(with: with, without: without, objectives: objectives)
      #expect(!wrong.holds, "\(with) \(without) \(objectives)")
    }
  }
}

import Foundation
import Integrators
import Numerics
import Testing

extension Tag {
  @Tag static var convergence: Self
  @Tag static var property: Self
  @Tag static var unit: Self
}

/// A nonlinear, nonautonomous system with a closed form: y₁ = exp(−sin t), y₂ = 1/(1 + t²).
func smoothField() -> VectorField {
  VectorField(dimension: 2) { t, y, dydt in
    dydt[0] = -y[0] * cos(t) + 0.1 * (y[1] * (1 + t * t) - 1)
    dydt[1] = -2 * t * y[1] * y[1] + 0.1 * (y[0] - exp(-sin(t)))
  }
}
func smoothTruth(_ t: Double) -> [Double] { [exp(-sin(t)), 1 / (1 + t * t)] }

/// The harmonic oscillator, separable.
func oscillator() -> VectorField {
  VectorField(
    dimension: 2, pattern: SparsityPattern(dimension: 2, rows: [0, 1], columns: [1, 0]),
    isAutonomous: true
  ) { _, y, dydt in
    dydt[0] = y[1]
    dydt[1] = -y[0]
  }
}

func distance(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).map { abs($0 - $1) }.max() ?? 0
}

func integrate(
  _ field: VectorField, _ method: String, from: Double = 0, to: Double, _ y0: [Double],
  rtol: Double = 1e-8, atol: Double = 1e-10, rows: [Double] = [], step: Double? = nil,
  configure: (inout IntegrationSettings, inout IntegrationHandlers) -> Void = { _, _ in }
) throws -> (report: SolveReport, rows: [(t: Double, y: [Double])]) {
  var settings = IntegrationSettings()
  settings.fixedStep = step
  settings.rows = rows
  var handlers = IntegrationHandlers()
  var found: [(t: Double, y: [Double])] = []
  handlers.row = { t, y in found.append((t, y.array)) }
  configure(&settings, &handlers)
  let integration = try Integration(
    field, method: method,
    tolerances: Tolerances(relative: rtol, absolute: y0.map { _ in atol }), settings: settings,
    handlers: handlers)
  let report = integration.run(from: from, y0, to: to)
  return (report, found)
}

/// `lie2` steps trainings alone: the tests of the flows take it.
let general = StepperCatalog.all.filter { !$0.isForTraining }
let fixedOrder = general.filter {
  !["auto", "bdf", "msadams", "msbdf", "bsimp"].contains($0.name)
}
let controlled = general.filter { !$0.needsFixedStep }

@Suite("Convergence", .tags(.convergence)) struct ConvergenceTests {
  /// Halving the step divides the error by 2^order; 0.3 allows for the next term of the expansion.
  @Test("observed order", arguments: fixedOrder) func order(_ row: StepperRow) throws {
    let isSymplectic = row.needsFixedStep
    let stepper = try StepperCatalog.make(
      row.name, oscillator(), Tolerances(relative: 1e-12, absolute: [1e-12, 1e-12]))
    let counts = stepper.order >= 8 ? [4.0, 8, 16] : [16.0, 32, 64]
    let errors = try counts.map { count -> Double in
      let field = isSymplectic ? oscillator() : smoothField()
      let end = 2.0
      let run = try integrate(
        field, row.name, to: end, [1, isSymplectic ? 0 : 1], rtol: 1e-13, atol: 1e-13,
        step: end / count)
      let truth = isSymplectic ? [cos(end), -sin(end)] : smoothTruth(end)
      return distance(run.report.y, truth)
    }
    let observed = log2(errors[1] / errors[2])
    #expect(observed > Double(stepper.order) - 0.3, "order \(observed), errors \(errors)")
    #expect(observed < Double(stepper.order) + 1.5, "order \(observed), errors \(errors)")
  }

  /// The design's bound: with 2001 rows the error is at most twice the largest at step ends.
  @Test("values between step ends", arguments: controlled) func rows(_ row: StepperRow) throws {
    let rtol =
      ["rk1imp": 1e-3, "rk2imp": 1e-4, "rk2": 1e-5, "rkc2": 1e-5, "rosenbrock-w": 1e-4][row.name]
      ?? 1e-7
    var atSteps = 0.0
    let steps = try integrate(smoothField(), row.name, to: 5, [1, 1], rtol: rtol, atol: rtol) {
      settings, _ in settings.rowsAtSteps = true
    }
    for point in steps.rows { atSteps = max(atSteps, distance(point.y, smoothTruth(point.t))) }
    let times = (0...2000).map { Double($0) / 400 }
    let dense = try integrate(
      smoothField(), row.name, to: 5, [1, 1], rtol: rtol, atol: rtol, rows: times)
    var between = 0.0
    for point in dense.rows { between = max(between, distance(point.y, smoothTruth(point.t))) }
    #expect(dense.rows.count == times.count)
    #expect(between <= 2 * atSteps, "\(between) between, \(atSteps) at step ends")
    #expect(dense.report.steps == steps.report.steps)
  }

  @Test("smaller tolerance, smaller error", arguments: controlled)
  func tolerance(_ row: StepperRow) throws {
    // Orders 1 and 2 need h ~ rtol and √rtol: steps, and the accumulation of errors, grow so.
    let rtols =
      ["rk1imp": [1e-3, 1e-5], "rk2imp": [1e-3, 1e-5], "rosenbrock-w": [1e-3, 1e-5]][row.name] ?? [
        1e-4, 1e-7,
      ]
    let errors = try rtols.map {
      distance(
        try integrate(smoothField(), row.name, to: 5, [1, 1], rtol: $0, atol: $0).report.y,
        smoothTruth(5))
    }
    #expect(errors[1] < 0.2 * errors[0], "\(errors)")
    // Accumulated over 5 time units; GSL's BDF delivers a digit or two less than asked.
    #expect(errors[1] < 300 * rtols[1] * (row.name == "rk1imp" ? 10 : 1), "\(errors)")
  }
}

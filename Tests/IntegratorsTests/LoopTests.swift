import Foundation
import Integrators
import Numerics
import Testing

@Suite("The evolve loop", .tags(.property)) struct LoopTests {
  @Test("more rows change no step and cost no evaluation a row", arguments: controlled)
  func rowsAreFree(_ row: StepperRow) throws {
    let counts = [10, 2000].map { count in (0...count).map { 5 * Double($0) / Double(count) } }
    let rtol = row.name == "rk1imp" ? 1e-3 : 1e-6
    let runs = try counts.map {
      try integrate(smoothField(), row.name, to: 5, [1, 1], rtol: rtol, atol: rtol, rows: $0)
    }
    #expect(runs[0].report.y == runs[1].report.y)
    #expect(runs[0].report.steps == runs[1].report.steps)
    let extra = runs[1].report.counts.evaluations - runs[0].report.counts.evaluations
    // A step's interpolant may take stages of its own once, however many rows ask.
    #expect(extra <= runs[1].report.steps * 1000)
    let free = ["tsit5", "rkc2", "bdf", "msadams", "msbdf"]
    if free.contains(row.name) { #expect(extra == 0) }
    #expect(runs[0].rows.last?.y == runs[0].report.y)
  }

  @Test("backwards undoes forwards", arguments: ["tsit5", "dop853", "rodas5p", "rk8pd", "auto"])
  func backwards(_ method: String) throws {
    let there = try integrate(smoothField(), method, to: 2, [1, 1], rtol: 1e-9)
    let back = try integrate(smoothField(), method, from: 2, to: 0, there.report.y, rtol: 1e-9)
    #expect(distance(back.report.y, [1, 1]) < 1e-6)
  }

  @Test(
    "a right-hand side that turns NaN ends the run at the last good state", arguments: controlled)
  func notFinite(_ row: StepperRow) throws {
    let field = VectorField(dimension: 1) { t, y, dydt in dydt[0] = t > 0.5 ? .nan : -y[0] }
    let run = try integrate(field, row.name, to: 1, [1], rtol: 1e-4, atol: 1e-6) { settings, _ in
      settings.rowsAtSteps = true
    }
    guard case .failed(let failure) = run.report.outcome else {
      Issue.record("\(run.report.outcome)")
      return
    }
    // Implicit midpoint methods look only at the middle of their steps.
    #expect(failure.t < 0.51 && failure.t > 0.3, "\(failure)")
    #expect(run.rows.allSatisfy { $0.y[0].isFinite })
  }

  @Test("limits are exact and failures say what to do") func limits() throws {
    let stiff = VectorField(dimension: 1) { t, y, dydt in dydt[0] = -1e6 * (y[0] - cos(t)) }
    let run = try integrate(stiff, "rkf45", to: 10, [1]) { settings, _ in settings.maxSteps = 500 }
    #expect(run.report.steps + run.report.rejected == 500)
    guard case .failed(let failure) = run.report.outcome else {
      Issue.record("\(run.report.outcome)")
      return
    }
    #expect(failure.cause == .tooManySteps(500))
    let blowUp = VectorField(dimension: 1) { _, y, dydt in dydt[0] = y[0] * y[0] }
    for method in ["tsit5", "rodas5p", "bdf", "dop853"] {
      let blown = try integrate(blowUp, method, to: 2, [1], rtol: 1e-6)
      guard case .failed(let end) = blown.report.outcome else {
        Issue.record("\(method): \(blown.report.outcome)")
        continue
      }
      #expect(abs(end.t - 1) < 1e-4, "\(method): \(end)")
      #expect(blown.report.y[0].isFinite)
    }
  }

  @Test("a stopped run resumes bit for bit", arguments: general)
  func resume(_ row: StepperRow) throws {
    let times = (0...100).map { Double($0) / 20 }
    let step: Double? = row.needsFixedStep ? 0.05 : nil
    let make = { row.needsFixedStep ? oscillator() : smoothField() }
    let rtol = row.name == "rk1imp" ? 1e-3 : 1e-6
    let whole = try integrate(make(), row.name, to: 5, [1, 1], rtol: rtol, rows: times, step: step)
    var settings = IntegrationSettings()
    settings.fixedStep = step
    settings.rows = times
    var left = whole.report.steps / 2
    var rows: [[Double]] = []
    var handlers = IntegrationHandlers()
    handlers.isCancelled = {
      left -= 1
      return left == -1
    }
    handlers.row = { _, y in rows.append(y.array) }
    let tolerances = Tolerances(relative: rtol, absolute: [1e-10, 1e-10])
    let first = try Integration(
      make(), method: row.name, tolerances: tolerances, settings: settings, handlers: handlers)
    let stopped = first.run(from: 0, [1, 1], to: 5)
    #expect(stopped.outcome == .stopped)
    let data = try JSONEncoder().encode(first.checkpoint)
    let checkpoint = try JSONDecoder().decode(Checkpoint.self, from: data)
    let second = try Integration(
      make(), method: row.name, tolerances: tolerances, settings: settings, handlers: handlers)
    let report = second.resume(checkpoint)
    if checkpoint.isExact {
      #expect(report.y == whole.report.y)
      #expect(report.steps == whole.report.steps)
      #expect(rows == whole.rows.map(\.y))
    } else {
      #expect(["msadams", "msbdf"].contains(row.name))
      #expect(distance(report.y, whole.report.y) < 1e-3)
    }
  }

  @Test(
    "breakpoints separate the two sides of a jump",
    arguments: ["tsit5", "dop853", "rodas5p", "bdf"])
  func breakpoints(_ method: String) throws {
    let field = VectorField(dimension: 1) { t, _, dydt in dydt[0] = t < 1 ? 1 : -2 }
    let run = try integrate(field, method, to: 2, [0]) { settings, _ in settings.breakpoints = [1] }
    #expect(abs(run.report.y[0] + 1) < 1e-12, "\(run.report.y)")
    #expect(run.report.rejected == 0)
  }

  @Test("negative steps of a nonnegative unknown are rejected") func nonnegative() throws {
    let field = VectorField(dimension: 1) { _, y, dydt in dydt[0] = -y[0].squareRoot() }
    let run = try integrate(field, "tsit5", to: 1.9, [1], rtol: 1e-3, atol: 1e-3) { settings, _ in
      settings.nonnegative = [0]
      settings.rowsAtSteps = true
    }
    #expect(run.rows.allSatisfy { $0.y[0] >= 0 })
    #expect(abs(run.report.y[0] - 0.0025) < 1e-3)
  }

  @Test("auto meets stiffness with the stiff method, and returns") func auto() throws {
    // Stiff for t in [5, 10] only: λ = −10⁵ there, −1 elsewhere, smoothly between.
    let field = VectorField(dimension: 1) { t, y, dydt in
      let lambda = 1 + 5e4 * (tanh(4 * (t - 5)) - tanh(4 * (t - 10)))
      dydt[0] = -lambda * (y[0] - cos(t)) - sin(t)
    }
    let run = try integrate(field, "auto", to: 15, [1], rtol: 1e-6, atol: 1e-9)
    #expect(run.report.outcome == .reached)
    #expect(abs(run.report.y[0] - cos(15)) < 1e-5)
    // An explicit method would need about 5·10⁵/3.5 steps.
    #expect(run.report.steps < 2000, "\(run.report.steps)")
  }
}

@Suite("What training asks of the loop", .tags(.property)) struct LocalClockTests {
  /// y' = −1e12·y beside a long past: 1e-13 is lost on a clock that shows 1e4.
  @Test("a clock of its own keeps the digits of short steps", arguments: ["tsit5", "rkf45", "bdf"])
  func clock(_ method: String) throws {
    let field = VectorField(dimension: 1, isAutonomous: true) { _, y, dydt in
      dydt[0] = y[0] > 1 ? -1e-4 * y[0] : -1e12 * (y[0] - 0.5)
    }
    var time = 0.0
    var shortest = Double.infinity
    _ = try integrate(field, method, to: 1e300, [2], rtol: 1e-4) { settings, handlers in
      settings.localClock = true
      settings.firstStep = 1e-3
      settings.maxSteps = 4000
      settings.maxStep = 1e3
      handlers.step = {
        if $0.isAccepted { time += $0.h }
        shortest = min(shortest, $0.h)
      }
      handlers.isCancelled = { time > 7000 }
    }
    #expect(time > 6800 && shortest < 1e-12, "\(time), \(shortest)")
  }

  @Test("a field refuses ends of steps, and a run goes on after its field has changed")
  func admits() throws {
    final class Fenced: VectorField {
      var fence = 0.5
      override func evaluate(_ t: Double, _ y: Vector, into dydt: Vector) { dydt[0] = 1 }
      override func admits(_ start: Vector, _ end: Vector) -> Bool { end[0] <= fence }
    }
    let field = Fenced(dimension: 1, isAutonomous: true)
    var polls = 0
    var handlers = IntegrationHandlers()
    handlers.isCancelled = {
      polls += 1
      return polls == 60
    }
    let integration = try Integration(
      field, method: "tsit5", tolerances: Tolerances(relative: 1e-3, absolute: [1e-3]),
      handlers: handlers)
    let stopped = integration.run(from: 0, [0], to: 2)
    #expect(stopped.outcome == .stopped && stopped.y[0] <= 0.5 && stopped.y[0] > 0.49)
    field.fence = 3
    let report = integration.restart()
    #expect(report.outcome == .reached && abs(report.y[0] - 2) < 1e-12)
    field.fence = 0.5
    guard case .failed(let failure) = integration.run(from: 0, [0], to: 2).outcome else {
      Issue.record("went through the fence")
      return
    }
    #expect(failure.cause == .notAdmitted)
  }
}

@Suite("Library", .tags(.unit)) struct LibraryTests {
  @Test("a trajectory answers anywhere", arguments: ["tsit5", "dop853", "rodas5p", "bdf", "rk8pd"])
  func anywhere(_ method: String) throws {
    let trajectory = try solve(
      smoothField(), from: 0, to: 5, initial: [1, 1], method: method, rtol: 1e-8)
    for k in 0...100 {
      let t = 5 * Double(k) / 100
      #expect(distance(trajectory.value(at: t), smoothTruth(t)) < 1e-5, "t = \(t)")
    }
    #expect(trajectory.times.count == trajectory.report.steps + 1)
  }
}

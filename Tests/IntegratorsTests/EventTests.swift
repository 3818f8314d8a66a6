import Foundation
import Integrators
import Numerics
import Testing

@Suite("Events", .tags(.property)) struct EventTests {
  @Test("zeros of the oscillator", arguments: controlled) func zeros(_ row: StepperRow) throws {
    let rtol =
      ["rk1imp": 1e-4, "rk2imp": 1e-5, "rk2": 1e-6, "rkc2": 1e-6, "rosenbrock-w": 1e-5][row.name]
      ?? 1e-8
    var found: [Double] = []
    _ = try integrate(oscillator(), row.name, to: 10, [1, 0], rtol: rtol, atol: rtol) {
      $0.events = [Event("zero", direction: .down) { _, y in y[0] }]
      $1.event = { t, _, _ in found.append(t) }
    }
    #expect(found.count == 2)
    for (k, t) in found.enumerated() {
      let tolerance = ["rk1imp": 0.1, "rk2imp": 1e-3][row.name] ?? 5e-4
      #expect(abs(t - Double.pi * (0.5 + 2 * Double(k))) < tolerance, "\(t)")
    }
  }

  @Test("two zeros inside one long step are both found") func pair() throws {
    // y = t exactly, so steps grow without bound; the event touches zero twice close together.
    let field = VectorField(dimension: 1, isAutonomous: true) { _, _, dydt in dydt[0] = 1 }
    var found: [Double] = []
    _ = try integrate(field, "dop853", to: 10, [0]) {
      $0.maxStep = 2
      $0.events = [Event("pair") { _, y in (y[0] - 5) * (y[0] - 5) - 0.04 }]
      $1.event = { t, _, _ in found.append(t) }
    }
    #expect(found.count == 2 && distance(found, [4.8, 5.2]) < 1e-9, "\(found)")
  }

  @Test(
    "set, count, terminal, and no firing at the start",
    arguments: ["tsit5", "dop853", "rodas5p", "bdf", "rk8pd", "auto"])
  func bounce(_ method: String) throws {
    let field = VectorField(dimension: 2, isAutonomous: true) { _, y, dydt in
      dydt[0] = y[1]
      dydt[1] = -9.8
    }
    var found: [Double] = []
    let run = try integrate(field, method, to: 100, [0, 9.8], rtol: 1e-9) {
      $0.rowsAtSteps = true
      $0.events = [
        Event(
          "bounce", direction: .down, isTerminal: true, count: 3,
          change: { _, y in
            y[0] = 0
            y[1] = -0.5 * y[1]
          }
        ) { _, y in y[0] }
      ]
      $1.event = { t, _, _ in found.append(t) }
    }
    // Flights of 2, 1 and 1/2 seconds.
    #expect(distance(found, [2, 3, 3.5]) < 1e-7 && found.count == 3, "\(found)")
    #expect(run.report.outcome == .terminated(event: "bounce"))
    #expect(run.rows.last?.t == found.last)
  }
}

@Suite("Events that accumulate", .tags(.property)) struct AccumulationTests {
  /// A ball that keeps a share k of its speed: flights of 2, 2k, 2k² … s end at t = 2/(1 − k).
  private func ball(_ kept: Double, count: Int? = nil, isTerminal: Bool = false) -> (
    VectorField, Event
  ) {
    let field = VectorField(dimension: 2, isAutonomous: true) { _, y, dydt in
      dydt[0] = y[1]
      dydt[1] = -9.8
    }
    let bounce = Event(
      "bounce", direction: .down, isTerminal: isTerminal, count: count,
      change: { _, y in
        y[0] = 0
        y[1] *= -kept
      }
    ) { _, y in y[0] }
    return (field, bounce)
  }

  @Test(
    "the run ends where the events do, and says what to do",
    arguments: ["tsit5", "dop853", "rodas5p", "rkc2", "auto"], [0.3, 0.8])
  func rest(_ method: String, _ kept: Double) throws {
    let (field, bounce) = ball(kept)
    let run = try integrate(field, method, to: 30, [0, 9.8], rtol: 1e-9) { settings, _ in
      settings.events = [bounce]
    }
    guard case .failed(let failure) = run.report.outcome else {
      Issue.record("\(run.report.outcome) at \(run.report.y)")
      return
    }
    #expect(failure.cause == .eventsAccumulate("bounce"))
    // Intervals below 1e-10 of the interval: what is left of the series is k/(1 − k) times that.
    #expect(abs(failure.t - 2 / (1 - kept)) < 1e-6, "\(failure.t)")
    #expect(
      failure.description.hasPrefix(
        "the event 'bounce' happens ever faster, infinitely often up to about t = "))
    #expect(
      failure.description.hasSuffix(
        "; end there with events.bounce.terminal, or let it happen so many times with "
          + "events.bounce.count"))
    #expect(abs(run.report.y[0]) < 1e-6, "\(run.report.y)")
  }

  @Test("a count ends the bounces before they accumulate") func counted() throws {
    let (field, bounce) = ball(0.5, count: 6, isTerminal: true)
    let run = try integrate(field, "dop853", to: 30, [0, 9.8], rtol: 1e-9) { settings, _ in
      settings.events = [bounce]
    }
    #expect(run.report.outcome == .terminated(event: "bounce"))
    // Flights of 2, 1, 1/2, 1/4, 1/8 and 1/16 s.
    #expect(abs(run.report.t - (4 - 1.0 / 16)) < 1e-7)
  }
}

import Flows
import Foundation
import Integrators
import Numerics
import Testing

/// A flow and one of its steppers.
struct FlowPair: CustomTestStringConvertible, Sendable {
  var flow: String
  var stepper: String
  var testDescription: String { "\(flow)/\(stepper)" }

  static let all = FlowCatalog.all.flatMap { row in
    row.steppers.map { FlowPair(flow: row.name, stepper: $0) }
  }

  func settings(_ stop: StopRule) -> TrainingSettings {
    FlowsTests.settings {
      $0.flow = flow
      $0.stepper = stepper
      // The published rate is for networks of many parameters; these have few, of size 1.
      $0.learningRate = 0.02
      $0.stop = stop
    }
  }
}

@Suite("Every flow with each of its steppers", .tags(.property)) struct FlowCatalogTests {
  @Test("the catalog names what exists") func names() throws {
    for row in FlowCatalog.all {
      #expect(row.steppers.contains(row.defaultStepper))
      #expect(Set(row.steppers).count == row.steppers.count)
      for stepper in row.steppers { #expect(FlowCatalog.steppers.contains(stepper)) }
    }
    #expect(
      FlowCatalog.all.map(\.name) == ["gradient", "gauss-newton", "momentum", "adam", "lbfgs"])
    #expect(FlowPair.all.count == 39)
  }

  /// Curvatures from 1 to 30.
  ///
  /// The slowest mode needs τ = 7 for a loss of 1e-6 of itself, the heavy
  /// ball with γ = 0.3 some 50. Within a tolerance of 1e-3 steps at the stability limit may ring on
  /// in the fast modes: ½·30·(1e-3)² = 1.5e-5 is left.
  @Test("reaches a small loss", arguments: FlowPair.all) func reaches(_ pair: FlowPair) throws {
    let problem = DenseProblem.linear(6, condition: 30)
    let (report, events) = try train(problem, pair.settings(StopRule(steps: 6000, loss: 2e-5)))
    #expect(report.loss <= 2e-5, "\(report)")
    #expect(report.theta.count == 6 && distance(report.theta, [1, 1, 1, 1, 1, 1]) < 1e-2)
    #expect(report.flow == pair.flow && report.stepper == pair.stepper)
    let steps = events.rows.filter(\.isAccepted)
    #expect(steps.map(\.step) == Array(1...report.steps))
    #expect(events.rows.count - steps.count == report.rejected)
    #expect(steps.allSatisfy { $0.error <= 1 && $0.blocks.count == 1 && $0.blocks[0] == $0.loss })
    #expect(problem.passes + problem.linearizations == report.evaluations, "\(report)")
  }

  @Test("the same start, the same bytes", arguments: FlowPair.all)
  func again(_ pair: FlowPair) throws {
    let runs = try (0..<2).map { _ in
      try train(.network(width: 4, count: 20), pair.settings(StopRule(steps: 60)))
    }
    #expect(runs[0].report.theta == runs[1].report.theta)
    #expect(runs[0].report.theta.allSatisfy { $0.isFinite })
    #expect(runs[0].events.rows.map(\.loss) == runs[1].events.rows.map(\.loss))
    #expect(runs[0].report.evaluations == runs[1].report.evaluations)
    let first = try #require(runs[0].events.rows.first)
    #expect(runs[0].report.loss < first.loss)
  }

  /// Bits and counts, with new points drawn on the way, from a checkpoint between any two attempts.
  @Test("a resumed training goes on as if it had not stopped", arguments: FlowPair.all)
  func resume(_ pair: FlowPair) throws {
    func draw(_ problem: DenseProblem, _ round: Int) {
      let (residuals, derivatives) = DenseProblem.networkRows(
        width: 4, count: 20 + round, shift: 0.2 * Double(round))
      problem.change(count: 20 + round, residuals, derivatives)
    }
    var rule = pair.settings(StopRule(steps: 33))
    rule.refresh = 12
    let first = DenseProblem.network(width: 4, count: 20)
    let whole = try train(first, rule) { $0.resample = { draw(first, $1) } }
    for cut in [5, 14, 23] {
      let second = DenseProblem.network(width: 4, count: 20)
      let half = try train(second, rule) { training in
        training.resample = { draw(second, $1) }
        var polls = 0
        training.isCancelled = {
          polls += 1
          return polls == cut
        }
      }
      #expect(half.report.outcome == .stopped)
      let saved = try #require(half.events.checkpoint)
      let state = try JSONDecoder().decode(
        TrainingCheckpoint.self, from: JSONEncoder().encode(saved))
      #expect(state == saved && state.isWhole(parameters: 13))
      #expect(state.parameters == half.report.theta)
      let third = DenseProblem.network(width: 4, count: 20)
      let training = try Training(third, rule)
      training.resample = { draw(third, $1) }
      var rows: [TrainingRow] = []
      training.on = [{ rows += [$0].rows }]
      let rest = training.resume(state)
      #expect(rest.steps == 33 && rest.rounds == 2)
      guard state.isExact else {
        #expect(["msadams", "msbdf", "lbfgs"].contains(pair.stepper))
        #expect(rest.loss < half.report.loss)
        continue
      }
      #expect(rest.theta == whole.report.theta, "from poll \(cut)")
      let tail = whole.events.rows.suffix(rows.count)
      #expect(rows.map(\.loss) == tail.map(\.loss) && rows.map(\.h) == tail.map(\.h))
      // What was asked at the start of a step that is tried again is asked once more.
      guard half.events.rows.last?.isAccepted ?? true else { continue }
      // Of what a checkpoint does not hold, one evaluation at the most is made again.
      let more = zip(rows, tail).map { $0.evaluations - $1.evaluations }
      #expect(Set(more).count == 1 && (0...1).contains(more[0]), "from poll \(cut): \(more)")
      #expect(rest.factorizations == whole.report.factorizations)
    }
  }

  @Test("rules, cancellation and time stop each flow", arguments: FlowCatalog.all)
  func stops(_ row: FlowRow) throws {
    let pair = FlowPair(flow: row.name, stepper: row.defaultStepper)
    let time = try train(
      .network(width: 12, count: 300), pair.settings(StopRule(seconds: 0.03))
    ).report
    #expect(time.outcome == .reached(.seconds, "the limit of 0.03 s was used up"))
    let steps = try train(.network(), pair.settings(StopRule(steps: 7)))
    #expect(steps.report.outcome == .reached(.steps, "the limit of 7 steps was used up"))
    #expect(steps.events.names.suffix(2) == ["checkpoint", "stop"])
    #expect(steps.events.names.first == "start")
    let told = try train(.network(), pair.settings(StopRule())) { training in
      training.isCancelled = { [unowned training] in training.stepsTaken == 3 }
    }
    #expect(told.report.outcome == .stopped && told.report.steps == 3)
    var measured = 0
    let error = try train(.network(), pair.settings(StopRule(steps: 100, error: 0))) { training in
      training.measureError = { theta in
        measured += 1
        return theta.count == 25 && measured > 2 ? 0 : 1
      }
    }
    #expect(error.report.outcome == .reached(.error, "the error 0.0 is at most 0.0"))
    #expect(measured == 3 && error.report.steps == 20)
  }

  @Test("what is not finite is not accepted", arguments: FlowPair.all)
  func wall(_ pair: FlowPair) throws {
    // √x − 2 from x = 3: a step to the left of 0 has no residual, and the minimum lies at 4.
    let problem = DenseProblem(
      "root", start: [0.01], count: 1, { x, r in r[0] = 2 * (x[0].squareRoot() - 2) },
      { x, j in j[0] = 1 / x[0].squareRoot() })
    var rule = pair.settings(StopRule(steps: 3000, loss: 1e-4))
    rule.firstStep = pair.flow == "adam" ? nil : 1e-3
    let (report, events) = try train(problem, rule)
    #expect(report.theta[0] >= 0 && report.loss.isFinite, "\(report)")
    #expect(events.rows.allSatisfy { !$0.isAccepted || $0.loss.isFinite })
  }
}

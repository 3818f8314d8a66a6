import Flows
import Foundation
import Integrators
import Numerics
import Testing

@Suite("The end of a training", .tags(.property)) struct StoppingTests {
  private func rule(_ report: TrainingReport) -> TrainingRule? {
    if case .reached(let rule, _) = report.outcome { rule } else { nil }
  }

  @Test("the first rule met stops, and is told") func rules() throws {
    let steps = try train(.network(), settings { $0.stop.steps = 9 }).report
    #expect(steps.steps == 9)
    #expect(steps.outcome == .reached(.steps, "the limit of 9 steps was used up"))
    let loss = try train(.network(), settings { $0.stop.loss = 1e-3 }).report
    #expect(loss.outcome == .reached(.loss, "the loss \(loss.loss) is at most 0.001"))
    #expect(loss.loss <= 1e-3)
    let gradient = try train(.network(), settings { $0.stop.gradientNorm = 1e-4 }).report
    #expect(rule(gradient) == .gradientNorm && gradient.gradientNorm <= 1e-4)
    let time = try train(
      .network(width: 12, count: 400),
      settings {
        $0.stop.seconds = 0.05
        $0.control = .state
        $0.rtol = 1e-6
      }
    ).report
    #expect(time.outcome == .reached(.seconds, "the limit of 0.05 s was used up"))
    #expect(time.seconds >= 0.05 && time.seconds < 1)
    let slow = try train(.network(), settings { $0.stop.stagnation = 0.9 }).report
    #expect(
      slow.outcome
        == .reached(
          .stagnation, "the loss fell by less than 0.9 of itself over the last 50 steps"))
    #expect(slow.steps > 50)
  }

  @Test("the error is measured every so many steps") func error() throws {
    var measured: [Int] = []
    let problem = DenseProblem.rosenbrock()
    let report = try train(
      problem,
      settings {
        $0.stop.error = 1e-3
        $0.stop.errorEvery = 4
      }
    ) { training in
      training.measureError = { [unowned training] theta in
        measured.append(training.stepsTaken)
        return hypot(theta[0] - 1, theta[1] - 1)
      }
    }.report
    #expect(rule(report) == .error)
    #expect(report.error ?? 1 <= 1e-3)
    #expect(measured == (0..<measured.count).map { 4 * $0 })
    #expect(report.steps == measured.last)
  }

  @Test("the flow comes to rest where no rule stops it", arguments: ModelControl.allCases)
  func rest(_ control: ModelControl) throws {
    let problem = DenseProblem.exponentialFit()
    let report = try train(problem, settings { $0.control = control }).report
    #expect(
      report.outcome
        == .reached(
          .equilibrium, "the flow is at rest: no step changes the loss by more than its rounding"))
    // The decrease is lost in rounding: what is left of g is the root of that.
    #expect(report.gradientNorm < 1e-4 && report.steps < 200, "\(report)")
    let start = DenseProblem(
      "line", start: [0], count: 1, { x, r in r[0] = x[0] }, { _, j in j[0] = 1 })
    #expect(
      try train(start).report.outcome
        == .reached(.equilibrium, "the flow is at rest: the gradient is zero"))
  }

  @Test("a start that is not finite is told with its block") func start() throws {
    let problem = DenseProblem(
      "root", start: [-1], count: 2,
      { x, r in
        r[0] = x[0]
        r[1] = sqrt(x[0])
      }, { x, j in j.fill(1) })
    let (report, events) = try train(problem)
    #expect(
      report.outcome
        == .failed(
          "the residual of 'equation 1' is not finite at the initial parameters (row 1); look for "
            + "a division by zero or a logarithm there, or start from another seed"))
    #expect(report.theta == [-1] && events.names == ["stop"])
  }

  /// Finite at the start alone; and a Jacobian that overflows when squared after one step.
  @Test("where no step can be taken, the last good parameters are kept") func failures() throws {
    func wall(_ start: Double) -> DenseProblem {
      DenseProblem(
        "wall", start: [start], count: 1, { x, r in r[0] = x[0] == start ? 1 : .nan },
        { _, j in j[0] = 1 })
    }
    let stuck = try train(wall(2)).report
    #expect(stuck.theta == [2] && stuck.loss == 0.5)
    guard case .failed(let sentence) = stuck.outcome else {
      Issue.record("\(stuck)")
      return
    }
    #expect(
      sentence.hasPrefix(
        "every step tried led to residuals that are not finite, after "))
    let singular = DenseProblem(
      "huge", start: [1], count: 1, { x, r in r[0] = x[0] },
      { x, j in j[0] = x[0] == 1 ? 1 : 1e200 })
    let report = try train(singular, settings { $0.scaling = .identity }).report
    guard case .failed(let told) = report.outcome else {
      Issue.record("\(report)")
      return
    }
    #expect(
      told.hasPrefix("the matrix of the step was not positive definite for any step"), "\(told)")
    let explicit = try train(wall(2), settings { $0.stepper = "rkf45" }).report
    if case .failed = explicit.outcome {} else { Issue.record("\(explicit)") }
    #expect(report.theta[0] < 1 && report.steps == 1)
    #expect(explicit.theta == [2])
  }

  @Test("hooks hear everything in order") func hooks() throws {
    let problem = DenseProblem.network()
    var rounds: [Int] = []
    let (report, events) = try train(
      problem,
      settings {
        $0.control = .pair
        $0.refresh = 5
        $0.checkpointSeconds = 0
        $0.stop.steps = 12
      }
    ) { $0.resample = { rounds.append($1) } }
    #expect(rounds == [1, 2] && report.rounds == 2)
    let names = events.names
    #expect(names.first == "start" && names.suffix(2) == ["checkpoint", "stop"])
    #expect(names.filter { $0 == "step" }.count == 12)
    #expect(names.filter { $0 == "reject" }.count == report.rejected)
    let steps = events.rows.filter(\.isAccepted)
    #expect(steps.map(\.step) == Array(1...12))
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.tau < $1.tau })
    #expect(abs((steps.last?.tau ?? 0) - steps.map(\.h).reduce(0, +)) < 1e-12 * report.tau)
    // A resampling follows each fifth step, before any other attempt.
    let drawn = names.indices.filter { names[$0] == "resample" }
    #expect(drawn.allSatisfy { names[$0 - 1] == "step" })
    #expect(steps.allSatisfy { abs($0.blocks.reduce(0, +) - $0.loss) <= 1e-12 * $0.loss })
    #expect(
      steps.allSatisfy { $0.reason.hasPrefix("model error ") && $0.reason.hasSuffix("<= 0.75") })
  }

  @Test("a second run repeats the first") func again() throws {
    let training = try Training(DenseProblem.network(), settings { $0.stop.steps = 20 })
    let start = DenseProblem.network().start
    let (first, second) = (training.run(from: start), training.run(from: start))
    #expect(first.theta == second.theta && first.evaluations == second.evaluations)
  }

  @Test("verdicts are short facts") func verdicts() {
    #expect(StepVerdict.modelError(0.3149, limit: 0.75).description == "model error 0.31 <= 0.75")
    #expect(StepVerdict.modelError(12.3, limit: 0.3).description == "model error 12 > 0.3")
    #expect(StepVerdict.localError(0.00123).description == "local error 0.0012 <= 1")
    #expect(StepVerdict.gain(0.987).description == "gain 0.99 > 0")
    #expect(StepVerdict.lossRises.description == "loss would rise")
    #expect(StepVerdict.notFinite.description == "not finite")
  }
}

import Discretizations
import Flows
import Glibc
import Networks
import Problems
import Testing
import Workbench

/// Training from Swift: the model that comes back, and the events on the way.
@Suite("Training") struct TrainingTests {
  private static let bump = """
    variables: {x: [0, 1]}
    unknowns: [u]
    equations: ["-u'' = pi^2*sin(pi*x)"]
    conditions: [u = 0 at x = 0, u = 0 at x = 1]
    exact: {u: sin(pi*x)}
    observables: {slope: u'}
    network: {hidden: [10]}
    train: {points: {interior: 60}, stop: {steps: 60}}
    """

  // 31 parameters and 60 steps: 1e-4 leaves room for another libm.
  @Test("learns a solution, its derivative too") func bump() throws {
    let model = try train(text: TrainingTests.bump, threads: 1)
    #expect(model.names == ["u", "slope"])
    for x in [0.1, 0.35, 0.5, 0.9] {
      #expect((model.value(of: "u", at: [x]) - sin(.pi * x)).magnitude < 1e-4)
      #expect((model.value(of: "slope", at: [x]) - .pi * cos(.pi * x)).magnitude < 1e-2)
    }
    // Built in: not even rounding is left.
    #expect(model.value(of: "u", at: [0]) == 0 && model.value(of: "u", at: [1]) == 0)
  }

  @Test("tells of every step, in order") func events() throws {
    var words: [String] = []
    var last = 0
    let model = try train(
      text: TrainingTests.bump, set: ["train.stop.steps=10", "train.points.refresh=4"], threads: 1
    ) { event in
      switch event {
      case .start: words.append("start")
      case .step(let row):
        #expect(row.step == last + 1 && row.blocks.count == 1)
        last = row.step
      case .reject(let row): #expect(row.step == last && !row.isAccepted)
      case .resample(let round, _): words.append("points \(round) at \(last)")
      case .checkpoint: words.append("checkpoint")
      case .stop: words.append("stop")
      }
    }
    #expect(words == ["start", "points 1 at 4", "points 2 at 8", "checkpoint", "stop"])
    #expect(model.report?.steps == 10)
  }

  @Test("stops at an error against the truth") func error() throws {
    let model = try train(
      text: TrainingTests.bump, set: ["train.stop={error: 1e-3, steps: 500}"], threads: 1)
    guard case .reached(.error, _) = model.report?.outcome else {
      Issue.record("\(String(describing: model.report?.outcome))")
      return
    }
    #expect((model.report?.error ?? 1) <= 1e-3)
  }
}

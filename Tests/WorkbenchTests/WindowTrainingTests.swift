import Discretizations
import Flows
import Glibc
import Networks
import Problems
import Testing
import Workbench

/// Training in windows from Swift: what is told, and what it is good for.
@Suite("Training in windows") struct WindowTrainingTests {
  /// Nine and a half periods.
  private static let oscillator = """
    variables: {t: [0, 30]}
    unknowns: [x]
    equations: ["x'' = -4*x"]
    conditions: [x = 1 at t = 0, "x' = 0.5 at t = 0"]
    exact: {x: cos(2*t) + sin(2*t)/4}
    network: {hidden: [16]}
    train: {points: {interior: 150}, stop: {steps: 300}}
    """

  private static func error(_ model: LearnedModel) -> Double {
    (0...300).reduce(0) { worst, index in
      let t = Double(index) / 10
      let truth = cos(2 * t) + sin(2 * t) / 4
      return max(worst, (model.value(of: "x", at: [t]) - truth).magnitude)
    }
  }

  /// With as many steps of the same cost.
  @Test("reaches where one network does not") func long() throws {
    let one = try train(text: WindowTrainingTests.oscillator, threads: 1)
    let five = try train(
      text: WindowTrainingTests.oscillator, set: ["train.windows=auto", "train.stop.steps=60"],
      threads: 1)
    #expect(five.report?.steps == 300)
    // One network of 16 neurons has no place for ten periods; two periods a network are learned to
    // 1e-4 or so, and what a window errs goes on through the later ones.
    #expect(WindowTrainingTests.error(one) > 0.1)
    #expect(WindowTrainingTests.error(five) < 1e-2)
  }

  @Test("tells of every window, steps going on, and of the end once") func events() throws {
    var words: [String] = []
    var last = 0
    let model = try train(
      text: WindowTrainingTests.oscillator, set: ["train.windows=3", "train.stop.steps=[4, 2, 3]"],
      threads: 1
    ) { event in
      switch event {
      case .start(let row): words.append("start at \(row.step)")
      case .step(let row):
        #expect(row.step == last + 1)
        last = row.step
      case .stop(let report): words.append("stop at \(report.steps)")
      case .reject, .resample, .checkpoint: break
      }
    }
    #expect(words == ["start at 0", "start at 4", "start at 6", "stop at 9"])
    #expect(model.report?.steps == 9)
  }

  @Test("a target holds in every window") func targets() throws {
    let model = try train(
      text: WindowTrainingTests.oscillator,
      set: ["train.windows=5", "train.stop={error: 3e-2, steps: 400}"], threads: 1)
    guard case .reached(.error, let sentence) = model.report?.outcome else {
      Issue.record("\(String(describing: model.report?.outcome))")
      return
    }
    #expect(sentence.hasPrefix("window 5 of 5: the error "))
    // Of each window relative in the mean: nowhere more than some times that.
    #expect(WindowTrainingTests.error(model) < 0.2)
  }
}

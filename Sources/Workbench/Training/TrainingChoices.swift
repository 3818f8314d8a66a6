import Flows
import Integrators
import Problems
import Reports
import Residuals

/// Everything that a training needs to know beside the equations: declared, or chosen with a reason.
struct TrainingChoices {
  /// One setting, by its key in the problem file.
  struct Choice: Sendable, Equatable {
    var key: String
    var value: String
    var reason: String
  }

  let physics: PhysicsPlan
  let settings: TrainingSettings
  /// Of network, points, conditions and flow; the stop rule is not among them.
  let choices: [Choice]
  let stop: TrainingStop

  /// - Throws: `ProblemFaults` with all that is wrong with the sections `network` and `train`.
  init(_ problem: Problem) throws {
    var declared = TrainingDeclaration(problem)
    var found: PhysicsPlan?
    do { found = try PhysicsPlan(problem) } catch { declared.add(error) }
    var flow = FlowChoices()
    flow.read(&declared)
    let stop = TrainingStop(&declared, found.map(TrainingStop.Size.init))
    try declared.requireNone()
    guard let found else { preconditionFailure("a plan that was refused without a fault") }
    physics = found
    self.stop = stop
    var settings = flow.settings
    settings.stop = stop.rule
    settings.refresh = found.refresh
    settings.checkpointSeconds = TrainingRun.checkpointInterval
    self.settings = settings
    choices =
      found.choices.map { Choice(key: $0.key, value: $0.value, reason: $0.reason) } + flow.choices
  }

  /// The settings as `--set` takes them, the stop rule left out.
  var overrides: [String] {
    ["train.unknowns=network"] + choices.map { "\($0.key)=\($0.value)" }
  }

  /// All settings, one a line, for people.
  var lines: [String] {
    TrainingChoices.lines(choices + stop.choices) { choice in
      choice.key == "train.conditions"
        ? physics.conditions.map { "    \($0.text): \($0.word), \($0.reason)" } : []
    }
  }

  /// Settings, one a line; `more` stands below a setting.
  static func lines(_ all: [Choice], more: (Choice) -> [String] = { _ in [] }) -> [String] {
    let keys = all.map(\.key.count).max() ?? 0
    let values = min(all.map(\.value.count).max() ?? 0, 30)
    return all.flatMap { choice in
      let left = padded(choice.key, keys) + " = " + padded(choice.value, values)
      return ["  " + left + "  " + choice.reason] + more(choice)
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

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
    let stop = TrainingStop(&declared, found)
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
    let all = choices + stop.choices
    let keys = all.map(\.key.count).max() ?? 0
    let values = min(all.map(\.value.count).max() ?? 0, 30)
    return all.flatMap { choice in
      let left = padded(choice.key, keys) + " = " + padded(choice.value, values)
      let line = "  " + left + "  " + choice.reason
      guard choice.key == "train.conditions" else { return [line] }
      return [line] + physics.conditions.map { "    \($0.text): \($0.word), \($0.reason)" }
    }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

/// Flow, stepper, control and scaling.
private struct FlowChoices {
  private(set) var settings = TrainingSettings()
  private(set) var choices: [TrainingChoices.Choice] = []

  mutating func read(_ declared: inout TrainingDeclaration) {
    let flow = declared.name("train.flow", among: FlowCatalog.all.map(\.name))
    settings.flow = flow ?? settings.flow
    note("train.flow", settings.flow, flow != nil, "the best measured")
    let stepper = readStepper(&declared)
    readControl(&declared, stepper)
    readTolerance(&declared, stepper)
    guard FlowCatalog.all.first(where: { $0.name == settings.flow })?.takesScaling == true else {
      return refuseScaling(&declared)
    }
    let scalings = FlowScaling.allCases.map(\.rawValue)
    let scaling = declared.name("train.scaling", among: scalings)
    settings.scaling = scaling.flatMap(FlowScaling.init(rawValue:)) ?? settings.scaling
    note("train.scaling", settings.scaling.rawValue, scaling != nil, settings.scaling.summary)
  }

  private mutating func readStepper(_ declared: inout TrainingDeclaration) -> String {
    guard let row = FlowCatalog.all.first(where: { $0.name == settings.flow }) else { return "" }
    let given = declared.name("train.stepper", among: FlowCatalog.steppers)
    let stepper = given ?? row.defaultStepper
    if !row.steppers.contains(stepper) {
      declared.fault(
        "train.stepper", "the stepper '\(stepper)' does not go with the flow '\(row.name)'",
        "use one of \(row.steppers.joined(separator: ", "))")
    }
    settings.stepper = stepper
    note("train.stepper", stepper, given != nil, "the flow's own")
    return stepper
  }

  private mutating func readControl(_ declared: inout TrainingDeclaration, _ stepper: String) {
    let given = declared.name("train.control", among: ModelControl.allCases.map(\.rawValue))
    guard stepper == "lie2" else {
      if given != nil {
        declared.fault(
          "train.control", "'control' is for the stepper lie2, not for '\(stepper)'",
          settings.tolerance == nil
            ? "leave it out" : "leave it out: the step's local error decides")
      }
      return
    }
    settings.control = given.flatMap(ModelControl.init(rawValue:)) ?? settings.control
    note("train.control", settings.control.rawValue, given != nil, settings.control.summary)
  }

  private mutating func readTolerance(_ declared: inout TrainingDeclaration, _ stepper: String) {
    let rtol = declared.number("train.rtol")
    settings.rtol = rtol
    if let tolerance = settings.tolerance {
      return note("train.rtol", NumberText.text(tolerance.value), rtol != nil, tolerance.measure)
    }
    guard rtol != nil else { return }
    declared.fault(
      "train.rtol",
      stepper == "lie2"
        ? "the control '\(settings.control.rawValue)' has no tolerance"
        : "the stepper '\(stepper)' has no tolerance",
      stepper == "lie2"
        ? "leave 'rtol' out, or use the control residual or state" : "leave 'rtol' out")
  }

  private func refuseScaling(_ declared: inout TrainingDeclaration) {
    guard declared.isGiven("train.scaling") else { return }
    declared.fault(
      "train.scaling", "'scaling' is not for the flow '\(settings.flow)'",
      "leave it out: the flow has a scaling of its own")
  }

  private mutating func note(_ key: String, _ value: String, _ isDeclared: Bool, _ why: String) {
    choices.append(.init(key: key, value: value, reason: isDeclared ? "declared" : why))
  }
}

import Flows
import Integrators
import Problems
import Reports

/// Flow, stepper, control and scaling.
struct FlowChoices {
  private(set) var settings = TrainingSettings()
  private(set) var choices: [TrainingChoices.Choice] = []

  /// - Parameter gradientOnly: whether there is no Jacobian, only a gradient.
  mutating func read(_ declared: inout TrainingDeclaration, gradientOnly: Bool = false) {
    let flow = declared.name("train.flow", among: FlowCatalog.all.map(\.name))
    settings.flow = flow ?? (gradientOnly ? "lbfgs" : settings.flow)
    note(
      "train.flow", settings.flow, flow != nil,
      gradientOnly ? "by gradients alone" : "the best measured")
    if gradientOnly, !["adam", "lbfgs"].contains(settings.flow) {
      declared.fault(
        "train.flow", "the flow '\(settings.flow)' needs the Jacobian, and adjoints give gradients",
        "use adam or lbfgs, or train.gradient: forward")
    }
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

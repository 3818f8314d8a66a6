import Expressions
import Flows
import Integrators

/// A training named by its parts: `flow`, or `flow/stepper/control/scaling` with any of the last three
/// left out.
struct FlowChoice: Sendable, Equatable, CustomStringConvertible {
  /// As it was written.
  let description: String
  let flow: String
  /// The flow's own where none was written.
  private(set) var stepper: String
  private(set) var control: String?
  private(set) var scaling: String?

  /// Reads the parts by the catalogs; the flow comes first.
  ///
  /// - Throws: ``UsageFault`` for a name that is in none of them, or one that does not go with the
  ///   others.
  init(_ text: String) throws {
    description = text
    let words = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    flow = words[0]
    let flows = FlowCatalog.all.map(\.name)
    guard let row = FlowCatalog.all.first(where: { $0.name == words[0] }) else {
      throw FlowChoice.unknown("flow", flow, flows)
    }
    stepper = row.defaultStepper
    var kinds: [Kind] = []
    for word in words.dropFirst() {
      let kind = try take(word, row)
      if kinds.contains(kind) {
        throw UsageFault(description: "'\(text)' names two of a kind; leave out '\(word)'")
      }
      kinds.append(kind)
    }
    do {
      try FlowCatalog.check(stepper, with: row)
    } catch {
      throw UsageFault(description: "\(error)")
    }
    if let scaling, !row.takesScaling {
      throw UsageFault(
        description: "the flow '\(flow)' has a scaling of its own; leave out '\(scaling)'")
    }
    if let control, stepper != "lie2" {
      throw UsageFault(
        description: "the control '\(control)' is for the stepper lie2, not for '\(stepper)'; "
          + "leave it out")
    }
  }

  private enum Kind { case stepper, control, scaling }

  /// Puts a name where it belongs, and tells where that is.
  private mutating func take(_ word: String, _ row: FlowRow) throws -> Kind {
    if ModelControl(rawValue: word) != nil {
      control = word
      return .control
    }
    if FlowScaling(rawValue: word) != nil {
      scaling = word
      return .scaling
    }
    let isStepper = FlowCatalog.all.contains { $0.steppers.contains(word) }
    if isStepper || StepperCatalog.all.contains(where: { $0.name == word }) {
      stepper = word
      return .stepper
    }
    let others = ModelControl.allCases.map(\.rawValue) + FlowScaling.allCases.map(\.rawValue)
    throw FlowChoice.unknown("stepper, control or scaling", word, row.steppers + others)
  }

  private static func unknown(_ kind: String, _ name: String, _ known: [String]) -> UsageFault {
    let near = NearestName.find(name, among: known).map { "did you mean '\($0)'? " } ?? ""
    return UsageFault(
      description: "there is no \(kind) '\(name)'; \(near)use one of "
        + known.joined(separator: ", "))
  }

  /// The choice as `--set` takes it: what it leaves out is the default, whatever the file says.
  ///
  /// The file's tolerance goes, too: to another stepper the same number would mean something else.
  var overrides: [String] {
    let defaults = TrainingSettings()
    let takesScaling = FlowCatalog.all.first { $0.name == flow }?.takesScaling == true
    let control = stepper == "lie2" ? control ?? defaults.control.rawValue : nil
    let scaling = takesScaling ? scaling ?? defaults.scaling.rawValue : nil
    return [
      "train.flow=\(flow)", "train.stepper=\(stepper)", "train.control=\(control ?? "null")",
      "train.scaling=\(scaling ?? "null")", "train.rtol=null",
    ]
  }
}

import Expressions
import Flows
import Integrators

/// A training named by its parts: `flow`, or `flow/stepper/control/scaling` with any of the last three
/// left out.
struct FlowChoice: Sendable, Equatable, CustomStringConvertible {
  /// As it was written.
  let description: String
  private(set) var flow: String
  private(set) var stepper: String?
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
    for word in words.dropFirst() { try take(word, row) }
    do {
      try FlowCatalog.check(stepper ?? row.defaultStepper, with: row)
    } catch {
      throw UsageFault(description: "\(error)")
    }
    if let control, (stepper ?? row.defaultStepper) != "lie2" {
      throw UsageFault(
        description: "the control '\(control)' is for the stepper lie2, not for "
          + "'\(stepper ?? row.defaultStepper)'; leave it out")
    }
  }

  private mutating func take(_ word: String, _ row: FlowRow) throws {
    let isTaken: Bool
    if ModelControl(rawValue: word) != nil {
      isTaken = control != nil
      control = word
    } else if FlowScaling(rawValue: word) != nil {
      isTaken = scaling != nil
      scaling = word
    } else if StepperCatalog.all.contains(where: { $0.name == word }) {
      isTaken = stepper != nil
      stepper = word
    } else {
      let others = ModelControl.allCases.map(\.rawValue) + FlowScaling.allCases.map(\.rawValue)
      throw FlowChoice.unknown("stepper, control or scaling", word, row.steppers + others)
    }
    if isTaken {
      throw UsageFault(description: "'\(description)' names two of a kind; leave out '\(word)'")
    }
  }

  private static func unknown(_ kind: String, _ name: String, _ known: [String]) -> UsageFault {
    let near = NearestName.find(name, among: known).map { "did you mean '\($0)'? " } ?? ""
    return UsageFault(
      description: "there is no \(kind) '\(name)'; \(near)use one of "
        + known.joined(separator: ", "))
  }

  /// The choice as `--set` takes it; what is left out falls back to the flow's own.
  var overrides: [String] {
    [
      "train.flow=\(flow)", "train.stepper=\(stepper ?? "null")",
      "train.control=\(control ?? "null")", "train.scaling=\(scaling ?? "null")",
    ]
  }
}

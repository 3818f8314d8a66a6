import Expressions
import Networks
import Problems

/// What networks cannot learn, or not yet: every fault in one pass.
extension PlanReader {
  mutating func refuseWhatIsNotBuilt() {
    refuseProblemParts()
    refuseBatches()
    for equation in problem.equations {
      refuseTerms([equation.left, equation.right], equation.source)
    }
    for condition in problem.conditions {
      let sides = [condition.condition.left, condition.condition.right]
      refuseTerms(sides.compactMap(\.self), condition.source)
    }
  }

  private mutating func refuseProblemParts() {
    if problem.training == .trajectory {
      refuse(
        "train.unknowns", "these unknowns are trajectories, not networks",
        "use cauchy train, or set train.unknowns: network")
    }
    if let event = problem.events.first {
      let what =
        problem.events.contains { !$0.set.isEmpty }
        ? "'set' makes the unknowns jump, which a network does not"
        : "events are not built yet where unknowns are networks"
      refuse("events.\(event.name)", what, "remove 'events', or use cauchy solve")
    }
    refuseNetworks()
    if problem.variables.count > Sampler.dimensionLimit {
      refuse(
        "variables", "\(problem.variables.count) variables are more than \(Sampler.dimensionLimit)",
        "leave some out")
    }
    if problem.data?.split != nil {
      refuse(
        "data.split", "holding measurements out is not built yet where unknowns are networks",
        "remove 'split'")
    }
    if problem.augment > 0 {
      refuse("augment", "hidden unknowns do not go with unknowns that are networks", "remove it")
    }
    if Set(problem.data?.trajectories ?? []).count > 1 {
      refuse(
        "data.file", "the data have several trajectories, and unknowns that are networks have one",
        "keep one of them")
    }
  }

  /// Networks inside the equations must be fields: functions of the variables.
  private mutating func refuseNetworks() {
    let unknowns = Set(problem.allUnknowns + problem.networks.flatMap(\.outputs))
    let estimates = Set(problem.estimates.map(\.name))
    for network in problem.networks {
      refuseConstant(network)
      if let input = network.inputs.first(where: { input in
        input.expression.symbols.contains { estimates.contains($0.name) }
      }) {
        refuse(
          "networks.\(network.name).inputs",
          "the input '\(input.text)' holds an estimate, and inputs are known beforehand",
          "multiply outside of the network")
      }
      guard
        let input = network.inputs.first(where: { input in
          input.expression.symbols.contains { unknowns.contains($0.name) }
        })
      else { continue }
      let names = problem.variables.map(\.name).joined(separator: ", ")
      refuse(
        "networks.\(network.name).inputs",
        "the input '\(input.text)' holds an unknown, and beside unknowns that are networks a network "
          + "is a function of the variables alone",
        "write inputs of \(names), or set train.unknowns: trajectory")
    }
  }

  mutating func refuseBatches() {
    if let text = declaration("train.batch")?.text, text != "all" {
      refuse("train.batch", "batches are not built yet", "remove 'batch', or write all")
    }
  }

  mutating func refuseConstant(_ network: Network) {
    guard network.inputs.isEmpty else { return }
    refuse(
      "networks.\(network.name).inputs", "a network without inputs is a constant",
      "declare it under 'estimate'")
  }

  private mutating func refuseTerms(_ sides: [Expression], _ source: PlacedText) {
    let unknowns = Set(problem.allUnknowns)
    let calculus = FieldCalculus(problem)
    do {
      _ = try IntegralForm.read(sides.map(calculus.constant), calculus)
    } catch {
      refuse(source, error.message, error.remedy)
    }
    let leaves = sides.flatMap { $0.symbols.union($0.placedSymbols) }
    let limit = JetIndices.orderLimit
    if let leaf = leaves.first(where: { unknowns.contains($0.name) && $0.order > limit }) {
      refuse(
        source,
        "\(leaf) is a derivative of order \(leaf.order), and networks carry them up to \(limit)",
        "declare an unknown for a lower derivative")
    }
    let forcings = Set(problem.forcings.map(\.name))
    if let leaf = leaves.first(where: { forcings.contains($0.name) && $0.order > 1 }) {
      refuse(source, "\(leaf) is a second derivative of a table", "use one derivative at most")
    }
  }

  /// The most parameters of a network: JᵀJ of them takes 800 MB.
  static let parameterLimit = 10_000
  /// The most windows: each asks all those before it.
  static let windowLimit = 100
  /// The most points of a kind.
  static let pointLimit = 5_000_000

  /// Counts that would not fit in memory.
  mutating func refuseWhatIsTooLarge() {
    if let widths = counts("network.hidden") {
      let limit = Self.parameterLimit
      if let wide = widths.first(where: { $0 > limit }) {
        refuse("network.hidden", "a layer of \(wide) is too wide", "write \(limit) at most")
      } else if widths.count > 64 {
        refuse("network.hidden", "\(widths.count) layers are too many", "write 64 at most")
      }
    }
    if let features = declaration("network.features"),
      features.list.map({ $0.count > 1000 }) ?? ((counts("network.features") ?? [0])[0] > 1000)
    {
      refuse("network.features", "these are too many frequencies", "write 1000 at most")
    }
    for path in ["train.points.interior", "train.points.boundary"] {
      guard let count = counts(path)?.first, count > Self.pointLimit else { continue }
      refuse(path, "\(count) points are too many", "write \(Self.pointLimit) at most")
    }
  }

  mutating func refuse(parameters: Int) {
    guard parameters > Self.parameterLimit else { return }
    refuse(
      "network.hidden",
      "a network of \(parameters) parameters is too large: the matrix of their products grows with "
        + "their square", "write widths that give \(Self.parameterLimit) at most")
  }

  /// Conditions that the file wants built in, or penalised, and that cannot be.
  mutating func refuse(_ planner: ConditionPlanner) {
    guard let declared = declaration("train.conditions") else { return }
    for (row, condition) in problem.conditions.enumerated() {
      let request = planner.requests[row]
      let isPeriodic = if case .periodic = condition.location { true } else { false }
      if request == .exact, !planner.isExact[row], !condition.isData {
        refuse(
          condition.source, "this condition cannot be built in: \(planner.reasons[row])",
          "write penalty for it in train.conditions")
      }
      if isPeriodic, request == .penalty, declared.list != nil {
        refuse(
          condition.source, "this condition cannot be penalised: \(planner.reasons[row])",
          "write exact for it in train.conditions")
      }
    }
  }

  mutating func refuse(penaltiesWithout points: Int, _ conditions: [ConditionTreatment]) {
    guard points == 0, let first = conditions.first(where: { !$0.isExact }) else { return }
    refuse(
      "train.points.boundary", "'\(first.text)' is penalised at no point", "write 1 or more")
  }
}

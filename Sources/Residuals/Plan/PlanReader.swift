import Expressions
import Networks
import Problems

/// Reads the sections `network` and `train` of a problem, and keeps every fault and every choice.
struct PlanReader {
  let problem: Problem
  private(set) var faults: [Diagnostic] = []
  var choices: [PhysicsPlan.Choice] = []
  /// Why defaults are what they are.
  var reason = ""
  /// What `network.features` says as a count.
  private(set) var harmonics: Int?

  init(_ problem: Problem) { self.problem = problem }

  func throwFaults() throws(ProblemFaults) {
    if !faults.isEmpty { throw ProblemFaults(diagnostics: faults) }
  }

  // MARK: What is declared

  func declaration(_ path: String) -> Declaration? {
    let keys = path.split(separator: ".").map(String.init)
    var here = problem.declared[keys[0]]
    for key in keys.dropFirst() { here = here?[key] }
    return here?.isEmpty == true ? nil : here
  }

  mutating func refuse(_ path: String, _ message: String, _ remedy: String) {
    if let declaration = declaration(path) {
      faults += problem.fault(declaration, message, remedy).diagnostics
    } else {
      faults += problem.fault(path: path, message, remedy).diagnostics
    }
  }

  mutating func refuse(_ text: PlacedText, _ message: String, _ remedy: String) {
    faults += problem.fault(text, message, remedy).diagnostics
  }

  func number(_ declaration: Declaration) -> Double? {
    guard let text = declaration.text else { return nil }
    return try? problem.scope.resolve(text).expression?.evaluate(problem.parameterValues)
  }

  // MARK: Choices

  mutating func choose(_ key: String, _ value: String) {
    choices.append(
      PhysicsPlan.Choice(
        key: key, value: value, reason: declaration(key) == nil ? reason : "declared"))
  }

  mutating func choose(_ key: String, _ value: String, because reason: String) {
    choices.append(PhysicsPlan.Choice(key: key, value: value, reason: reason))
  }

  mutating func choose(_ key: String, _ conditions: [ConditionTreatment]) {
    let words = conditions.map(\.word).joined(separator: ", ")
    choices.append(
      PhysicsPlan.Choice(
        key: key, value: "[\(words)]",
        reason: declaration(key) == nil ? "each as its form asks for" : "declared"))
  }

  mutating func count(_ key: String, _ standard: Int) -> Int {
    let value = declaration(key).flatMap(number).flatMap { Int(exactly: $0) } ?? standard
    choose(key, "\(value)")
    return value
  }

  mutating func integer(_ key: String, _ standard: Int) -> Int {
    let declared = declaration(key)
    // Large seeds are exact as they are written, not as numbers.
    let whole = declared?.text.flatMap { Int($0) }
    let value = whole ?? declared.flatMap(number).flatMap { Int(exactly: $0) } ?? standard
    choose(key, "\(value)")
    return value
  }

  func counts(_ key: String) -> [Int]? {
    guard let declared = declaration(key) else { return nil }
    let items = declared.list ?? [declared]
    let numbers = items.compactMap { number($0).flatMap { Int(exactly: $0) } }
    return numbers.count == items.count ? numbers : nil
  }

  /// A name of a catalog.
  mutating func pick<Name: RawRepresentable & CaseIterable>(_ key: String, _ standard: Name)
    -> Name where Name.RawValue == String
  {
    let picked = declaration(key).flatMap { word(key, $0.text ?? "") as Name? }
    choose(key, (picked ?? standard).rawValue)
    return picked ?? standard
  }

  private mutating func word<Name: RawRepresentable & CaseIterable>(_ key: String, _ text: String)
    -> Name? where Name.RawValue == String
  {
    if let name = Name(rawValue: text) { return name }
    let names = Name.allCases.map(\.rawValue)
    refuse(key, "'\(text)' is no \(Self.noun(key))", Self.advice(text, names))
    return nil
  }

  private static func noun(_ key: String) -> String {
    switch key {
    case "network.activation": "activation"
    case "network.init": "initialisation"
    case "network.kind": "kind of network"
    case "train.points.sampler": "sampler"
    case "train.residual": "kind of residual"
    default: "way to refine"
    }
  }

  static func advice(_ word: String, _ names: [String]) -> String {
    if let name = NearestName.find(word, among: names) { return "did you mean '\(name)'?" }
    return names.count == 1
      ? "write \(names[0])" : "choose one of " + names.joined(separator: ", ")
  }

  /// The kind of network; hidden layers of equal width where it asks for them.
  mutating func kind(_ hidden: [Int]) -> NetworkKind {
    let kind = pick("network.kind", NetworkKind.dense)
    if kind.needsEqualWidths, let other = hidden.first(where: { $0 != hidden[0] }) {
      refuse(
        "network.hidden",
        "layers of \(hidden[0]) and of \(other) do not go together in a \(kind) network",
        "write equal widths, or network.kind: dense")
    }
    return kind
  }

  /// The kind of residuals, and its stages.
  mutating func residual() -> (kind: ResidualKind, stages: Int) {
    let kind = pick("train.residual", ResidualKind.collocation)
    if kind == .integrator {
      // Without stages a classical method's own flow is followed, where there is one.
      let isFlow = problem.kind == .initialValue && declaration("train.stages") == nil
      return (kind, isFlow ? 0 : count("train.stages", 8))
    }
    if declaration("train.stages") != nil {
      refuse(
        "train.stages", "'stages' goes with integrator residuals, and these are \(kind.rawValue)",
        "remove it, or write train.residual: integrator")
    }
    return (kind, 0)
  }

  /// Refuses what belongs to points that are drawn, where they are nodes of a rule.
  mutating func refusePoints(of kind: ResidualKind) {
    guard kind != .collocation else { return }
    for key in ["sampler", "refresh", "refine"] {
      let path = "train.points.\(key)"
      guard let text = declaration(path)?.text, text != "0", text != "off" else { continue }
      refuse(
        path, "the points of \(kind.rawValue) residuals are nodes of Gauss rules, which stay",
        "remove it, or write train.residual: collocation")
    }
  }

  /// Points move only when they are drawn anew: a refinement that the file asks for draws them, and
  /// that is when weights and noise of measurements are set, and causal weights.
  func refreshing(_ standard: Int) -> Int {
    let asks = declaration("train.points.refine")?.text.map { $0 != "off" } ?? false
    let weighs = declaration("train.causal")?.text.map { $0 != "off" } ?? false
    return standard > 0 ? standard : weighs ? 10 : asks || problem.hasData ? 20 : 0
  }

  mutating func refuse(_ refinement: PointRefinement?, without refresh: Int) {
    guard refinement != nil, refresh == 0, declaration("train.points.refine") != nil else { return }
    refuse(
      "train.points.refine", "points that are never drawn anew cannot be refined",
      "write train.points.refresh: 20, or leave 'refine' out")
  }

  /// Beside measurements, the weight of the physics grows and noise is estimated with fresh points.
  mutating func refuse(dataWithout refresh: Int) {
    guard problem.hasData, refresh == 0 else { return }
    refuse(
      "train.points.refresh",
      "beside data the weight of the equations grows, and noise is estimated, whenever points are "
        + "drawn anew", "write 20, or leave 'refresh' out")
  }

  mutating func refinement(_ standard: PointRefinement?) -> PointRefinement? {
    guard let declared = declaration("train.points.refine") else {
      if let standard { choose("train.points.refine", standard.rawValue) }
      return standard
    }
    if declared.text == "off" { return nil }
    let picked: PointRefinement? = word("train.points.refine", declared.text ?? "")
    if let picked { choose("train.points.refine", picked.rawValue) }
    return picked
  }

  /// Frequencies of `network.features`: 1 to a count, or a list.
  mutating func features(_ calculus: FieldCalculus, _ defaults: PlanDefaults) -> [Double] {
    var frequencies = defaults.frequencies
    if let declared = declaration("network.features") {
      if let list = declared.list {
        frequencies = list.compactMap(number)
        let broken = frequencies.first { $0 != $0.rounded() }
        if let broken, let variable = calculus.periodic.sorted().first {
          refuse(
            "network.features",
            "the frequency \(broken) does not close over the periodic variable \(variable)",
            "write whole numbers of periods")
        }
      } else {
        let count = number(declared).flatMap { Int(exactly: $0) } ?? 0
        harmonics = count
        frequencies = (0..<max(count, 0)).map { Double($0 + 1) }
      }
    }
    let shown = frequencies.map { Int(exactly: $0).map(String.init) ?? "\($0)" }
    choose(
      "network.features", frequencies.isEmpty ? "0" : "[" + shown.joined(separator: ", ") + "]")
    return frequencies
  }

  func conditionRequests() -> [ConditionRequest] {
    let declared = declaration("train.conditions")
    let count = problem.conditions.count
    if let list = declared?.list {
      let requests = list.map { ConditionRequest(rawValue: $0.text ?? "") ?? .auto }
      return requests.count == count ? requests : Array(repeating: .auto, count: count)
    }
    let one = ConditionRequest(rawValue: declared?.text ?? "") ?? .auto
    return Array(repeating: one, count: count)
  }

  /// Shapes of the networks inside the equations.
  mutating func coefficients() -> [NetworkShape] {
    problem.networks.map { network in
      var activation = Activation.tanh
      if let name = network.activation {
        if let known = Activation(rawValue: name) {
          activation = known
        } else {
          let advice = Self.advice(name, Activation.allCases.map(\.rawValue))
          refuse("networks.\(network.name).activation", "'\(name)' is no activation", advice)
        }
      }
      return NetworkShape(
        inputs: network.inputs.count, hidden: network.hidden.isEmpty ? [16, 16] : network.hidden,
        outputs: network.outputs.count, activation: activation)
    }
  }
}

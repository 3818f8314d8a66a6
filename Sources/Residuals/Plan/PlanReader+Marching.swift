import Discretizations
import Expressions
import Problems

/// How the marching variable is used: windows and causal weights.
extension PlanReader {
  /// How many windows there are.
  mutating func windows(_ traits: ProblemTraits) -> Int {
    guard let text = declaration("train.windows")?.text else { return 1 }
    var windows = declaration("train.windows").flatMap(number).flatMap { Int(exactly: $0) } ?? 1
    if text == "auto" {
      var reason: String
      (windows, reason) = suggestion(traits)
      if let refusal = refusal(ofWindows: windows) { (windows, reason) = (1, refusal) }
      choices.append(
        PhysicsPlan.Choice(key: "train.windows", value: "\(windows)", reason: reason))
    } else {
      choose("train.windows", "\(windows)")
    }
    if let refusal = refusal(ofWindows: windows) {
      refuse("train.windows", refusal, "remove 'windows', or write 1")
    }
    return windows
  }

  /// What `auto` means, and why.
  private func suggestion(_ traits: ProblemTraits) -> (windows: Int, reason: String) {
    if let scales = TimeScales(problem) {
      return (scales.windows, scales.description)
    }
    guard traits.kind == .evolution, traits.isNonlinear else { return (1, "nothing asks for more") }
    let interval = problem.marching.flatMap { problem.interval($0) }
    let folds =
      (LinearGrowth.fastest(problem) ?? 0) * (interval.map { $0.upper - $0.lower } ?? 0)
    // Errors of one window are multiplied in the next.
    if folds >= 8 {
      let shown = (10 * folds).rounded() / 10
      return (
        TimeScales.windows(folds), "waves of the linear part grow by \(shown) e-folds on the way"
      )
    }
    if traits.spaceOrder >= 3 { return (8, "a nonlinear evolution of third order or more") }
    return (1, "nothing asks for more")
  }

  /// Why a problem cannot be learned in windows.
  private func refusal(ofWindows count: Int) -> String? {
    if count == 1 { return nil }
    guard let marching = problem.marching else {
      return "windows are parts of the variable that marches, and here none does"
    }
    if count > Self.windowLimit { return "\(count) windows are more than \(Self.windowLimit)" }
    if problem.hasData || !problem.estimates.isEmpty || !problem.networks.isEmpty {
      return
        "what is to be found beside the unknowns needs the whole interval at once, and windows "
        + "are learned one after the other"
    }
    let sides =
      problem.equations.flatMap { [$0.left, $0.right] }
      + problem.conditions.flatMap { [$0.condition.left, $0.condition.right] }.compactMap(\.self)
      + problem.observables.map(\.expression)
    if sides.contains(where: { $0.integralDepth > 0 }) {
      return "integrals are not built yet where there are windows"
    }
    let axis = problem.variables.firstIndex { $0.name == marching } ?? 0
    let interval = problem.variables[axis]
    let isAway = problem.conditions.contains { row in
      guard case .point(let place) = row.location else { return false }
      return
        !(problem.marchesDown
        ? interval.isUpper(place[axis]) : interval.isLower(place[axis]))
    }
    return isAway ? "a condition holds at one point away from the start of '\(marching)'" : nil
  }

  /// ε of the causal weights; nil where there are none.
  mutating func causal() -> Double? {
    guard let text = declaration("train.causal")?.text, text != "off" else { return nil }
    choose("train.causal", text)
    guard let epsilon = declaration("train.causal").flatMap(number), epsilon > 0 else {
      refuse("train.causal", "'causal' is \(text), and weights need a positive number", "write off")
      return nil
    }
    if problem.marching == nil {
      refuse(
        "train.causal", "causal weights need a variable that marches, and here none does",
        "remove 'causal', or write off")
    }
    return epsilon
  }

  mutating func refuse(causal: Double?, without refresh: Int) {
    guard causal != nil, refresh == 0 else { return }
    refuse(
      "train.points.refresh", "causal weights follow the loss where points are drawn anew",
      "write 10, or remove 'causal'")
  }
}

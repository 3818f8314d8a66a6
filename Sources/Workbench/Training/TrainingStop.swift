import Flows
import Networks
import Problems
import Reports
import Residuals

/// When a training ends: the rules declared, or a time that suits the problem's size.
struct TrainingStop {
  private(set) var rule = StopRule()
  private(set) var choices: [TrainingChoices.Choice] = []
  /// Whether a time was added to declared targets, so that the run ends if they cannot be met.
  private(set) var hasOwnLimit = false
  /// Steps of each window, where they are declared one by one; else empty.
  private var windowSteps: [Int] = []
  /// Whether no rule is declared.
  private(set) var isDefault = true

  private static let keys = ["seconds", "steps", "loss", "gradient_norm", "error", "stagnation"]

  /// What rules that nobody declared go by.
  struct Size {
    /// Trainings one after the other that steps may be declared for.
    var windows: Int
    /// What a training takes.
    var seconds: Double
  }

  /// - Parameter size: nil where the problem is refused anyway.
  init(_ declared: inout TrainingDeclaration, _ size: Size?) {
    rule.seconds = declared.number("train.stop.seconds")
    readSteps(&declared, size)
    rule.loss = declared.number("train.stop.loss")
    rule.gradientNorm = declared.number("train.stop.gradient_norm")
    rule.error = declared.number("train.stop.error")
    rule.stagnation = declared.number("train.stop.stagnation")
    let problem = declared.problem
    if rule.error != nil, problem.exact.isEmpty, problem.reference == nil {
      declared.fault(
        "train.stop.error", "there is no truth to measure an error by",
        "declare 'exact' or 'reference', or stop by seconds, steps or loss")
    }
    isDefault = members.isEmpty
    hasOwnLimit = rule.seconds == nil && rule.steps == nil && rule.stagnation == nil
    let names = members.map(\.key)
    if hasOwnLimit, let size { rule.seconds = size.seconds }
    choices = members.map { member in
      .init(
        key: "train.stop.\(member.key)", value: member.value,
        reason: names.contains(member.key)
          ? "declared" : "by the size of the network; longer is more accurate")
    }
  }

  private mutating func readSteps(_ declared: inout TrainingDeclaration, _ size: Size?) {
    let steps = declared.counts("train.stop.steps")
    rule.steps = steps.first
    guard let size, steps.count > 1 else { return }
    windowSteps = steps
    guard steps.count != size.windows else { return }
    let windows = size.windows == 1 ? "one window" : "\(size.windows) windows"
    declared.fault(
      "train.stop.steps", "'steps' lists \(steps.count) numbers for \(windows)",
      "write one number for all windows, or one for each")
  }

  /// Steps declared for a window or phase by itself; nil where they are not.
  func steps(of index: Int) -> Int? { index < windowSteps.count ? windowSteps[index] : nil }

  /// The rule of one window: an equal share of the seconds that are left, and of the steps what is
  /// declared for each; targets are the same in all.
  func rule(window: Int, of count: Int, used: Double) -> StopRule {
    var rule = rule
    rule.seconds = rule.seconds.map { max($0 - used, 0) / Double(count - window) }
    if window < windowSteps.count { rule.steps = windowSteps[window] }
    return rule
  }

  private var members: [(key: String, value: String)] {
    TrainingStop.members(rule, steps: windowSteps)
  }

  private static func members(_ rule: StopRule, steps: [Int]) -> [(key: String, value: String)] {
    let numbers = [
      rule.seconds, rule.steps.map(Double.init), rule.loss, rule.gradientNorm, rule.error,
      rule.stagnation,
    ]
    return zip(keys, numbers).compactMap { key, number in
      if key == "steps", steps.count > 1 {
        return (key, "[" + steps.map(String.init).joined(separator: ", ") + "]")
      }
      return number.map { (key, NumberText.text($0)) }
    }
  }

  /// The key `train.stop` as `--set` takes it: what makes the run again.
  ///
  /// - Parameter steps: those of each window of a run that time ended; they stand in the place of
  ///   seconds.
  func override(endedBySeconds steps: [Int]?) -> String {
    var rule = rule
    if let steps {
      rule.seconds = nil
      rule.steps = steps.first
    }
    let text = TrainingStop.members(rule, steps: steps ?? windowSteps).map {
      "\($0.key): \($0.value)"
    }
    return "train.stop={\(text.joined(separator: ", "))}"
  }

  /// Whether declared targets were all missed: the run was ended by a limit that nobody declared.
  func isMissed(by rule: TrainingRule) -> Bool {
    let hasTarget = self.rule.loss != nil || self.rule.gradientNorm != nil || self.rule.error != nil
    return hasTarget && (rule == .equilibrium || hasOwnLimit && rule == .seconds)
  }

  /// What is said of that.
  var missed: String {
    let targets = choices.filter { $0.reason == "declared" }.map { "\($0.key): \($0.value)" }
    return "\(targets.joined(separator: ", ")) was not reached; allow more with "
      + "train.stop.seconds, or another network with network.hidden"
  }

  /// How much of the time or the steps is used, from 0 to 1; 0 where neither is limited.
  static func fraction(_ rule: StopRule, seconds: Double, steps: Int) -> Double {
    max(
      rule.seconds.map { seconds / $0 } ?? 0,
      rule.steps.map { $0 == 0 ? 1 : Double(steps) / Double($0) } ?? 0)
  }
}

extension TrainingStop.Size {
  /// Some five hundred steps of JᵀJ and its factors at 10¹¹ operations a second, from 10 s to 300 s,
  /// in each window, up to 600 s in all.
  ///
  /// The machine is not asked, so that the choice is the same everywhere.
  init(_ plan: PhysicsPlan) {
    let parameters = Double(
      plan.coefficients.reduce(plan.shape.parameterCount) { $0 + $1.parameterCount })
    let rows = Double(plan.interiorPoints * max(plan.shape.outputs, 1) + plan.boundaryPoints)
    let operations = parameters * parameters * (rows + parameters / 3)
    let each = min(max((500 * operations / 1e11 / 10).rounded() * 10, 10), 300)
    windows = plan.windows
    seconds = min(each * Double(plan.windows), max(each, 600))
  }
}

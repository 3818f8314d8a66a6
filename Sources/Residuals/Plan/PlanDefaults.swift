import Networks
import Problems

/// What `train` chooses where the problem file does not: rules by the problem's traits, the first
/// that applies decides.
struct PlanDefaults {
  var hidden: [Int]
  var activation = Activation.tanh
  var initialization = Initialization.glorot
  /// Interior points.
  var interior: Int
  /// Points of a penalised condition.
  var boundary: Int
  var sampler = Sampler.sobol
  /// Steps between fresh points; 0: never.
  var refresh = 0
  var refine: PointRefinement?
  /// Sines and cosines of a periodic variable.
  var harmonics = 2
  /// Fourier features of the other variables.
  var frequencies: [Double] = []
  /// For people: what the choice went by.
  var reason: String

  /// The rule for a problem.
  static func choose(_ traits: ProblemTraits) -> PlanDefaults {
    let found = rules.first { $0.applies(traits) }?.defaults ?? last
    return found
  }

  /// The rule for one of many windows: fewer points, and a smaller network, for more steps in the
  /// same time.
  ///
  /// A part is simpler than the whole. Measured on kdv and kuramoto-sivashinsky-half: 3 to 10
  /// times smaller errors than with the networks of the whole.
  func inWindows(_ count: Int, _ traits: ProblemTraits) -> PlanDefaults {
    var part = self
    part.interior = max(interior / min(count, 3), 1)
    if count >= 4, traits.variables == 2 {
      (part.hidden, part.activation) = ([16, 16, 16], .sin)
      part.reason += ", a part of it"
    }
    return part
  }

  struct Rule: Sendable {
    var applies: @Sendable (ProblemTraits) -> Bool
    var defaults: PlanDefaults
  }

  // Measured on the gallery, two cores: what reached the smallest error in the same time. Depth makes
  // steps more fruitful where a front has to be found; sines follow waves that tanh has to build.
  static let rules: [Rule] = [
    Rule(
      applies: { $0.variables == 1 && $0.unknowns == 1 },
      defaults: PlanDefaults(
        hidden: [32], interior: 400, boundary: 1, reason: "one unknown of one variable")),
    Rule(
      applies: { $0.variables == 1 },
      defaults: PlanDefaults(
        hidden: [24, 24], interior: 600, boundary: 1, reason: "several unknowns of one variable")),
    Rule(
      applies: { $0.variables == 2 && $0.kind == .evolution && $0.hasNonlinearTransport },
      defaults: PlanDefaults(
        hidden: [20, 20, 20, 20], interior: 5000, boundary: 200, refresh: 20, refine: .variation,
        reason: "transport that may steepen")),
    Rule(
      applies: { $0.variables == 2 && !$0.isNonlinear && $0.isWavy },
      defaults: PlanDefaults(
        hidden: [24, 24], activation: .sin, interior: 2500, boundary: 200,
        reason: "linear waves, or oscillating data")),
    Rule(
      applies: {
        $0.variables == 2 && ($0.spaceOrder >= 3 || $0.isNonlinear || $0.halfWaves >= 5)
          && $0.kind == .evolution
      },
      defaults: PlanDefaults(
        hidden: [20, 20, 20], interior: 4000, boundary: 200,
        reason: "a nonlinear evolution, or one of high order")),
    Rule(
      applies: { $0.variables == 2 && $0.halfWaves >= 5 },
      defaults: PlanDefaults(
        hidden: [20, 20, 20], interior: 4000, boundary: 200, reason: "oscillating data")),
    Rule(
      applies: { $0.variables == 2 },
      defaults: PlanDefaults(
        hidden: [16, 16], interior: 1200, boundary: 120,
        reason: "a smooth solution of two variables")),
    Rule(
      applies: { $0.variables >= 3 && ($0.isNonlinear || $0.unknowns > 1 || $0.marchingOrder > 1) },
      defaults: PlanDefaults(
        hidden: [24, 24, 24], interior: 6000, boundary: 400, reason: "three variables or more")),
  ]

  static let last = PlanDefaults(
    hidden: [24, 24], interior: 3000, boundary: 400,
    reason: "a smooth solution of three variables or more")
}

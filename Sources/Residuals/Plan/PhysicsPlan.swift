import Expressions
import Networks
import Problems

/// Every choice that makes a problem a least-squares problem, defaults filled in; printed and
/// stored.
public struct PhysicsPlan: Sendable, Equatable {
  /// One choice: a key as the problem file writes it, its value there, and why.
  public struct Choice: Sendable, Equatable {
    /// Dotted, such as `network.hidden`.
    public let key: String
    /// As the problem file would say it.
    public let value: String
    /// For people; `declared` where the file says it.
    public let reason: String
  }

  /// One network for all unknowns: an output each.
  public var shape: NetworkShape
  /// The networks inside the equations, in the order of the problem.
  public var coefficients: [NetworkShape]
  /// Fourier frequencies of the inputs that are not periodic, in periods an interval.
  public let frequencies: [Double]
  /// How many sines and cosines a periodic variable gives, at least.
  public let harmonics: Int
  /// How equations become residuals.
  public let residual: ResidualKind
  /// Of a Gauss-Legendre step, where residuals are defects of such; otherwise 0.
  public let stages: Int
  /// How points are drawn.
  public var sampler: Sampler
  /// Points at which the equations are asked for.
  public var interiorPoints: Int
  /// Points of a penalised condition, or of several with the same faces.
  public var boundaryPoints: Int
  /// Steps between fresh points; 0: never.
  public var refresh: Int
  /// Where fresh points go; nil: everywhere alike.
  public var refine: PointRefinement?
  /// Equal parts of the marching variable's interval that are learned one after the other.
  public let windows: Int
  /// ε of the weights in the marching variable; nil: none.
  public var causal: Double?
  /// In the order of the problem's conditions.
  public let conditions: [ConditionTreatment]
  /// What is added to the loss beside equations, conditions and data, each with its weight.
  public let regularizers: [WeightedRegularizer]
  /// Of parameters and points.
  public var seed: UInt64
  /// The size of each unknown, a power of two: what a network's output is multiplied by.
  public var scales: [Double]
  /// What the mean square of each block is multiplied by; nil: balanced when the residuals are made.
  public var weights: [Double]?
  /// Every choice in the words of the problem file.
  public let choices: [Choice]

  /// Reads `network` and `train`, and chooses what they leave out.
  ///
  /// - Throws: `ProblemFaults`, placed, with everything that cannot be learned or is misdeclared.
  public init(_ problem: Problem) throws(ProblemFaults) {
    var reader = PlanReader(problem)
    reader.refuseWhatIsNotBuilt()
    try reader.throwFaults()
    let calculus = FieldCalculus(problem)
    let traits = ProblemTraits(calculus)
    var defaults = PlanDefaults.choose(traits)
    windows = reader.windows(traits)
    defaults = defaults.inWindows(windows, traits)
    reader.reason = defaults.reason
    reader.refuseWhatIsTooLarge()
    try reader.throwFaults()
    let hidden = reader.counts("network.hidden") ?? defaults.hidden
    reader.choose("network.hidden", "[" + hidden.map(String.init).joined(separator: ", ") + "]")
    let activation = reader.pick("network.activation", defaults.activation)
    frequencies = reader.features(calculus, defaults)
    harmonics = max(defaults.harmonics, reader.harmonics ?? 1)
    let kind = reader.kind(hidden)
    let initialization = reader.pick("network.init", defaults.initialization)
    (residual, stages) = reader.residual()
    reader.refusePoints(of: residual)
    interiorPoints = reader.count("train.points.interior", defaults.interior)
    boundaryPoints = reader.count("train.points.boundary", defaults.boundary)
    causal = reader.causal()
    if residual == .collocation {
      sampler = reader.pick("train.points.sampler", defaults.sampler)
      refresh = reader.count("train.points.refresh", reader.refreshing(defaults.refresh))
      refine = reader.refinement(defaults.refine)
      reader.refuse(refine, without: refresh)
      reader.refuse(dataWithout: refresh)
      reader.refuse(causal: causal, without: refresh)
    } else {
      // Nodes stay, weights follow.
      (sampler, refine) = (defaults.sampler, nil)
      refresh = causal != nil ? 10 : problem.hasData ? 20 : 0
    }
    let planner = ConditionPlanner(calculus, reader.conditionRequests())
    reader.refuse(planner)
    conditions = planner.treatments
    reader.choose("train.conditions", conditions)
    seed = UInt64(bitPattern: Int64(reader.integer("train.seed", 1)))
    reader.refuse(penaltiesWithout: boundaryPoints, conditions)
    try reader.throwFaults()
    let inputs = InputFeatures(calculus, harmonics: harmonics, frequencies: frequencies)
    shape = NetworkShape(
      inputs: inputs.expressions.count, hidden: hidden, outputs: problem.allUnknowns.count,
      activation: activation, initialization: initialization, kind: kind)
    coefficients = reader.coefficients()
    reader.refuse(parameters: coefficients.reduce(shape.parameterCount) { $0 + $1.parameterCount })
    regularizers = reader.regularizers(shape, coefficients, conditions)
    try reader.throwFaults()
    scales = OutputScale.sizes(calculus, planner)
    choices = reader.choices
  }
}

extension PhysicsPlan {
  /// The plan of a model that is not trained: weights need not be balanced.
  public var untrained: PhysicsPlan {
    var plan = self
    plan.weights = []
    plan.causal = nil
    return plan
  }
}

extension ConditionPlanner {
  var treatments: [ConditionTreatment] {
    calculus.problem.conditions.indices.map {
      ConditionTreatment(
        text: calculus.problem.conditions[$0].text, isExact: isExact[$0], reason: reasons[$0])
    }
  }
}

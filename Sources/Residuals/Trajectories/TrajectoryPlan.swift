import Discretizations
import Expressions
import Integrators
import Networks
import Numerics
import Problems

/// How trajectories are cut for training.
public enum ShootingKind: String, CaseIterable, Sendable, Codable {
  case auto, single, multiple, collocation

  /// What `cauchy methods` prints.
  public var summary: String {
    switch self {
    case .auto:
      "collocation, multiple shooting where the whole state is known, then single shooting"
    case .single: "one piece for each trajectory, the horizon growing where the start is far off"
    case .multiple: "pieces with sought initial states, their gaps closed step by step"
    case .collocation: "rates at the smoothed measurements: no integration"
    }
  }
}

/// How the fit is differentiated.
public enum TrajectoryGradient: String, CaseIterable, Sendable, Codable {
  case forward
  case discreteAdjoint = "discrete-adjoint"
  case interpolatingAdjoint = "interpolating-adjoint"

  /// Parameters up to which forward sensitivities are the default.
  public static let forwardLimit = 2000

  /// Whether rows of J come with it.
  public var givesJacobian: Bool { self == .forward }

  /// What `cauchy methods` prints.
  public var summary: String {
    switch self {
    case .forward: "sensitivities along with the solution: the whole Jacobian of the fit"
    case .discreteAdjoint: "the steps taken, differentiated backwards: gradients alone"
    case .interpolatingAdjoint:
      "the adjoint equation along the interpolated solution: gradients alone"
    }
  }
}

/// Every choice that makes a fit of trajectories a least-squares problem.
public struct TrajectoryPlan: Sendable {
  /// In the order of the problem.
  public var shapes: [NetworkShape]
  /// A name of `StepperCatalog`.
  public var method: String
  public var rtol: Double
  /// Weight of the ridge on network weights, in units of the noise; 0 for none.
  public var ridge: Double
  public var gradient = TrajectoryGradient.forward
  public var shooting = ShootingKind.auto
  /// Pieces of each trajectory in multiple shooting; nil for one every few rows.
  public var segments: Int?
  public var seed: UInt64 = 1
  /// Sizes of the components of the state, from the measurements.
  public var sizes: [Double] = []
  /// Where the right-hand side jumps.
  public var breakpoints: [Double] = []
  /// Numbers that each thread's discrete adjoint keeps of its steps; beyond them it takes steps
  /// again.
  public var adjointMemory = 1 << 22
  /// Weights of all regularisers, by name.
  public var regularizers: [String: Double] = [:]

  /// The penalties on the dynamics, in the order of their catalog.
  var penalties: [(kind: DynamicsPenalty, weight: Double)] {
    DynamicsPenalty.allCases.compactMap { kind in
      regularizers[kind.rawValue].flatMap { $0 > 0 ? (kind, $0) : nil }
    }
  }
  /// Every choice in the words of the problem file.
  public var choices: [PhysicsPlan.Choice] = []

  /// What segments integrate with.
  func segmentSettings(_ system: TrainableSystem) -> SegmentRun.SegmentSettings {
    let declared = system.problem.solve
    // Components far below their size do not steer the steps.
    let absolute = system.form.state.indices.map { place -> Double in
      let standard = max(1e-2 * rtol * sizes[place], 1e-300)
      switch declared.atol {
      case .standard: return standard
      case .all(let value): return value
      case .each(let values):
        // A field's name at a node begins with its own.
        let name = system.form.state[place].name.prefix { $0 != "[" }
        return values[String(name)] ?? standard
      }
    }
    var integration = IntegrationSettings(declared)
    integration.usesOwnInterpolant = true
    return SegmentRun.SegmentSettings(
      method: method,
      tolerances: Tolerances(
        relative: rtol, absolute: absolute, norm: declared.norm == .max ? .max : .rms),
      integration: integration, breakpoints: breakpoints, mostSteps: declared.maxSteps,
      watchesSteps: !penalties.isEmpty)
  }

  /// What gaps are measured in: the noise where a component is measured, a hundredth of its size
  /// elsewhere.
  func gapUnits(_ noise: [MeasuredNoise], _ data: TrajectoryData) -> [Double] {
    var units = sizes.map { 0.01 * $0 }
    for (column, entry) in data.columns.enumerated() {
      units[entry.place] = noise[column].deviation
    }
    return units
  }
}

import Integrators
import Numerics
import Residuals

/// A row of the catalog of flows: what `cauchy methods` prints and a problem file names.
public struct FlowRow: Sendable, CustomStringConvertible {
  public let name: String
  public let summary: String
  public let source: String
  /// The steppers that go with the flow, by their names in ``StepperCatalog``; `lbfgs` alone is its
  /// own.
  public let steppers: [String]
  public let defaultStepper: String
  /// Whether ``TrainingSettings/scaling`` matters: baselines have scalings of their own.
  public var takesScaling = true
  fileprivate let make:
    @Sendable (any LeastSquares, TrainingSettings, _ hasMatrix: Bool) -> LeastSquaresFlow

  public var description: String { name }

  /// Makes the flow of a problem for one of its steppers.
  public func makeFlow(
    _ problem: any LeastSquares, _ settings: TrainingSettings, for stepper: String
  ) -> LeastSquaresFlow {
    // GSL's implicit steppers have linear algebra of their own.
    let isImplicit = StepperCatalog.all.contains { $0.name == stepper && $0.isImplicit }
    return make(problem, settings, isImplicit && GSLStepKind(rawValue: stepper) != nil)
  }
}

/// All flows by name; adding one is a file and a row here.
public enum FlowCatalog {
  public static let all: [FlowRow] = [
    FlowRow(
      name: "gradient", summary: "θ' = -D⁻²∇L: stiff, for implicit steppers above all",
      source: "Cauchy 1847",
      steppers: ["lie2", "rosenbrock-w", "exponential-rosenbrock", "recycled-euler", "rkc2"]
        + explicit + implicit,
      defaultStepper: "lie2"
    ) { GradientFlow($0, $1.scaling, hasMatrix: $2) },
    FlowRow(
      name: "gauss-newton", summary: "θ' = -(JᵀJ + εD²)⁻¹∇L: not stiff, for explicit steppers",
      source: "Müller & Zeinhofer 2023", steppers: explicit, defaultStepper: "tsit5"
    ) { problem, settings, _ in GaussNewtonFlow(problem, settings.scaling) },
    FlowRow(
      name: "momentum", summary: "θ'' + γθ' = -D⁻²∇L: the heavy ball, for explicit steppers",
      source: "Polyak 1964", steppers: ["recycled-euler"] + explicit,
      defaultStepper: "recycled-euler"
    ) { problem, settings, _ in
      MomentumFlow(problem, settings.scaling, damping: settings.friction)
    },
    FlowRow(
      name: "adam", summary: "a baseline: steps of one length for each parameter",
      source: "Kingma & Ba 2015", steppers: ["adam"], defaultStepper: "adam", takesScaling: false
    ) { problem, _, _ in
      GradientFlow(problem, .identity, hasMatrix: false, hasNormal: false)
    },
    FlowRow(
      name: "lbfgs", summary: "a baseline: quasi-Newton of limited memory, by NLopt",
      source: "Liu & Nocedal 1989", steppers: [quasiNewton], defaultStepper: quasiNewton,
      takesScaling: false
    ) { problem, _, _ in
      GradientFlow(problem, .identity, hasMatrix: false, hasNormal: false)
    },
  ]

  /// The stepper that is none: NLopt takes the steps itself.
  static let quasiNewton = "lbfgs"

  /// The names of all steppers that a flow could be asked to go with.
  public static var steppers: [String] { StepperCatalog.all.map(\.name) + [quasiNewton] }

  /// Explicit steppers of any field; `rkc2` is stable along the negative real axis alone.
  private static var explicit: [String] {
    StepperCatalog.all.filter {
      !$0.isImplicit && !$0.needsFixedStep && !$0.isForTraining && $0.name != "rkc2"
    }.map(\.name)
  }

  private static var implicit: [String] {
    let others = ["auto", "rosenbrock-w"]
    return StepperCatalog.all.filter {
      $0.isImplicit && !$0.isForTraining && !others.contains($0.name)
    }.map(\.name)
  }

  /// The row of a name.
  public static func find(_ name: String) throws(FlowError) -> FlowRow {
    guard let row = all.first(where: { $0.name == name }) else { throw .unknownFlow(name) }
    return row
  }

  /// Checks that a stepper goes with a flow.
  ///
  /// - Throws: ``FlowError`` with the list of those that do.
  public static func check(_ stepper: String, with flow: FlowRow) throws(FlowError) {
    guard flow.steppers.contains(stepper) else {
      throw .stepper(stepper, flow: flow.name, instead: flow.steppers)
    }
  }
}

/// Why a training cannot be made.
public enum FlowError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No flow has this name.
  case unknownFlow(String)
  /// The stepper does not go with the flow.
  case stepper(String, flow: String, instead: [String])
  /// The stepper does not suit the problem.
  case stepping(SteppingError)

  public var description: String {
    switch self {
    case .unknownFlow(let name):
      "there is no flow '\(name)'; use \(FlowCatalog.all.map(\.name).joined(separator: ", "))"
    case .stepper(let name, let flow, let instead):
      "the stepper '\(name)' does not go with the flow '\(flow)'; use "
        + instead.joined(separator: ", ")
    case .stepping(let error): error.description
    }
  }
}

import Integrators
import Numerics
import Residuals

/// A row of the catalog of flows: what `cauchy methods` prints and a problem file names.
public struct FlowRow: Sendable, CustomStringConvertible {
  public let name: String
  public let summary: String
  public let source: String
  /// The steppers that go with the flow, by their names in ``StepperCatalog``.
  public let steppers: [String]
  public let defaultStepper: String
  fileprivate let make:
    @Sendable (any LeastSquares, FlowScaling, _ hasMatrix: Bool) -> LeastSquaresFlow

  public var description: String { name }

  /// Makes the flow of a problem for one of its steppers.
  public func makeFlow(
    _ problem: any LeastSquares, _ scaling: FlowScaling, for stepper: String
  ) -> LeastSquaresFlow {
    // GSL's implicit steppers have linear algebra of their own.
    let isImplicit = StepperCatalog.all.contains { $0.name == stepper && $0.isImplicit }
    return make(problem, scaling, isImplicit && GSLStepKind(rawValue: stepper) != nil)
  }
}

/// All flows by name; adding one is a file and a row here.
public enum FlowCatalog {
  public static let all: [FlowRow] = [
    FlowRow(
      name: "gradient", summary: "θ' = -D⁻²∇L: stiff, for implicit steppers above all",
      source: "Cauchy 1847", steppers: ["lie2", "rosenbrock-w"] + explicit + implicit,
      defaultStepper: "lie2"
    ) { GradientFlow($0, $1, hasMatrix: $2) },
    FlowRow(
      name: "gauss-newton", summary: "θ' = -(JᵀJ + εD²)⁻¹∇L: not stiff, for explicit steppers",
      source: "Müller & Zeinhofer 2023", steppers: explicit.filter { $0 != "rkc2" },
      defaultStepper: "tsit5"
    ) { problem, scaling, _ in GaussNewtonFlow(problem, scaling) },
  ]

  private static var explicit: [String] {
    StepperCatalog.all.filter { !$0.isImplicit && !$0.needsFixedStep }.map(\.name)
  }

  private static var implicit: [String] {
    let others = ["auto", "lie2", "rosenbrock-w"]
    return StepperCatalog.all.filter { $0.isImplicit && !others.contains($0.name) }.map(\.name)
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

  public var description: String {
    switch self {
    case .unknownFlow(let name):
      "there is no flow '\(name)'; use \(FlowCatalog.all.map(\.name).joined(separator: ", "))"
    case .stepper(let name, let flow, let instead):
      "the stepper '\(name)' does not go with the flow '\(flow)'; use "
        + instead.joined(separator: ", ")
    }
  }
}

import Expressions
import Problems

/// A condition in space as a function of one point, lowered.
public struct PointwiseCondition: Sendable {
  /// Where it is imposed.
  public enum Place: Sendable, Hashable {
    /// At one end of a space variable.
    case face(axis: Int, isUpper: Bool)
    /// At a point of space.
    case point([Double])
  }

  public let place: Place
  /// The text in the file.
  public let source: PlacedText
  /// The component whose rows it takes, so many layers inside of the face.
  public let component: Int
  public let layer: Int
  /// Whether the row stays a differential equation, u_t = ….
  public let isDynamic: Bool
  /// The highest space derivative in it.
  public let order: Int
  /// Whether it takes rows of a component that it does not mention.
  public let isForeign: Bool
  /// Whether it is an equation that a condition has displaced, for nodes where faces meet.
  let isDisplaced: Bool
  /// Whether it is linear in the jets, with coefficients that the marching variable does not change.
  public let isLinear: Bool
  /// Whether it holds a nonlocal symbol.
  public let isNonlocal: Bool
  /// left − right, or the rate.
  let residual: Program
  /// Jets in it, by place in the system's list, and the derivatives by them.
  let jets: [Int]
  let partials: Program
  /// ∂/∂t; nil where the marching variable does not enter.
  let slope: Program?
  /// ∂²/∂t², where ``slope`` is not nil.
  let curvature: Program?

  init(
    _ row: ConditionAssignment.Row, _ reduced: PointwiseReduction, _ inputs: Inputs
  ) throws {
    place = row.place
    source = row.source
    component = row.component
    layer = row.layer
    isDynamic = row.isDynamic
    isDisplaced = row.isDisplaced
    order = row.order
    residual = try Program([row.residual], inputs: inputs)
    let leaves = row.residual.symbols
    let present = inputs.state.indices.filter { leaves.contains(inputs.state[$0]) }
    jets = present
    let own = reduced.components[row.component].unknown
    isForeign = !present.contains {
      $0 < reduced.jets.count && reduced.components[reduced.jets[$0].component].unknown == own
    }
    isNonlocal = present.contains { $0 >= reduced.jets.count }
    let slopes = try present.map { try row.residual.derivative(by: inputs.state[$0]) }
    partials = try Program(slopes, inputs: inputs)
    let drift = try reduced.slope(row.residual)
    slope = drift.isZero ? nil : try Program([drift], inputs: inputs)
    curvature = drift.isZero ? nil : try Program([reduced.slope(drift)], inputs: inputs)
    let moving = Set(inputs.state)
      .union(reduced.problem.marching.map { [Symbol($0)] } ?? [])
      .union(reduced.problem.forcings.map { Symbol($0.name) })
    isLinear = slopes.allSatisfy { $0.symbols.isDisjoint(with: moving) }
  }
}

import Integrators
import Numerics
import Residuals

/// The metric D in which a flow measures parameters.
public enum FlowScaling: String, CaseIterable, Sendable, Codable {
  /// D = 1: the flow depends on the units of the parameters.
  case identity
  /// The largest norms that the columns of J have had: it does not.
  case more

  /// What `cauchy methods` prints.
  public var summary: String {
    switch self {
    case .identity: "D = 1"
    case .more: "D = largest column norms of J so far (Moré 1978): independent of units"
    }
  }
}

/// A flow that minimises ½‖r(θ)‖²: the residuals at the points asked for last, and the scaling.
///
/// A point is not evaluated twice in a row: its residual, gradient and, where asked for, JᵀJ are
/// remembered. `counts.evaluations` counts passes of residuals (a linearisation contains one),
/// `counts.jacobians` linearisations. Base of all flows.
public class LeastSquaresFlow: VectorField {
  public let problem: any LeastSquares
  public let scaling: FlowScaling
  /// The count of parameters, P: the first P numbers of a state.
  public let parameterCount: Int
  /// The squares of D; `[P]`.
  public let scale: Vector
  /// JᵀJ at the point linearised last, its lower triangle by columns; `[P·P]`, or `[0]` where the
  /// flow has no use for it.
  public let normal: Vector
  private let work: Storage
  private let matrix: Storage
  var linear: FlowPoint
  var probe: FlowPoint
  private var hasScale = false
  /// The present point of a training and its loss, whatever has been asked since.
  private let held: Storage
  private var heldLoss = Double.nan

  /// Allocates for a problem: P² numbers for JᵀJ.
  ///
  /// - Parameters:
  ///   - hasMatrix: whether steppers may ask for the dense Jacobian, as GSL's implicit ones do; its
  ///     list of places alone takes 16·P² bytes.
  ///   - hasNormal: whether JᵀJ is wanted at all; without it D = 1.
  ///   - hasVelocity: whether the state is [θ | θ'].
  init(
    _ problem: any LeastSquares, _ scaling: FlowScaling, hasMatrix: Bool = false,
    hasNormal: Bool = true, hasVelocity: Bool = false
  ) {
    self.problem = problem
    self.scaling = hasNormal ? scaling : .identity
    let count = problem.parameterCount
    parameterCount = count
    work = Storage(count)
    scale = work.vector
    scale.fill(1)
    matrix = Storage(hasNormal ? count * count : 0)
    held = Storage(count)
    normal = matrix.vector
    linear = FlowPoint(parameters: count, residuals: problem.residualCount)
    probe = FlowPoint(parameters: count, residuals: problem.residualCount)
    let dimension = hasVelocity ? 2 * count : count
    let none = SparsityPattern(dimension: dimension, rows: [], columns: [])
    super.init(dimension: dimension, pattern: hasMatrix ? nil : none, isAutonomous: true)
  }

  /// The state of a flow that starts at parameters θ; `parameters`: `[P]`.
  ///
  /// What moves besides starts at rest.
  public func state(from parameters: [Double]) -> [Double] {
    parameters + [Double](repeating: 0, count: dimension - parameterCount)
  }

  /// The parameters of a state: its first P numbers.
  public func parameters(of state: Vector) -> Vector { state.slice(0, parameterCount) }

  /// The count of residuals, N.
  public var residualCount: Int { problem.residualCount }
  /// r at the point linearised last; `[N]`.
  public var residual: Vector { linear.residual.vector }
  /// Jᵀr at the point linearised last; `[P]`.
  public var gradient: Vector { linear.gradient.vector }
  /// ½‖r‖² at the point linearised last.
  public var loss: Double { linear.loss }

  /// The largest diagonal entry of D⁻²JᵀJ at the point linearised last; NaN without JᵀJ.
  public var largestCurvature: Double {
    var largest = 0.0
    guard normal.count > 0 else { return .nan }
    let next = parameterCount + 1
    for i in 0..<parameterCount { largest = max(largest, normal[i * next] / scale[i]) }
    return largest
  }

  /// The sum of the diagonal entries of D⁻²JᵀJ: an upper bound of its eigenvalues.
  var trace: Double {
    var sum = 0.0
    guard normal.count > 0 else { return 0 }
    for i in 0..<parameterCount { sum += normal[i * (parameterCount + 1)] / scale[i] }
    return sum
  }

  /// Forgets what was remembered: the problem has changed, its points drawn anew.
  public func problemChanged() {
    for point in [linear, probe] { point.forget(residuals: problem.residualCount) }
    heldLoss = .nan
  }

  /// Forgets everything, scaling and counts among it, before a new run.
  func startAnew() {
    problemChanged()
    counts = FieldCounts()
    scale.fill(1)
    hasScale = false
  }

  /// Takes back the scaling of an earlier run; `squares`: `[P]`.
  public func restoreScale(_ squares: [Double]) {
    scale.assign(squares)
    hasScale = true
  }

  /// Writes r(θ); `parameters`: `[P]`, `result`: `[N]`.
  public func residual(_ parameters: Vector, into result: Vector) {
    counts.evaluations += 1
    problem.residual(parameters, into: result)
  }

  /// Writes J(θ)·v; `direction`: `[P]`, `result`: `[N]`.
  public func product(_ parameters: Vector, _ direction: Vector, into result: Vector) {
    problem.product(parameters, direction, into: result)
  }

  /// Writes J(θ)ᵀ·w; `weights`: `[N]`, `result`: `[P]`.
  public func transposedProduct(_ parameters: Vector, _ weights: Vector, into result: Vector) {
    problem.transposedProduct(parameters, weights, into: result)
  }

  /// Linearises at θ, unless that is the point linearised last; D stays as it is.
  public func linearize(_ parameters: Vector) {
    if linear.isAt(parameters) { return }
    counts.evaluations += 1
    counts.jacobians += 1
    problem.linearize(
      parameters, residual: linear.residual.vector, gradient: linear.gradient.vector,
      normal: normal.count > 0 ? normal : nil)
    linear.settle(parameters)
  }

  /// Linearises at an accepted point, and lets the scaling follow.
  ///
  /// `lie2` calls it at every step. With any other stepper D stays what it was at the start, or at
  /// the last resampling: while it moved, theirs would be another flow.
  public func arrive(at parameters: Vector) {
    linearize(parameters)
    guard scaling == .more else { return }
    for i in 0..<parameterCount {
      let square = normal[i * (parameterCount + 1)]
      guard square.isFinite else { continue }
      let norm = square > 0 ? square : 1
      // A first column of zeros counts as 1 until it is larger.
      scale[i] = hasScale ? max(scale[i], square) : norm
    }
    hasScale = true
  }

  /// The residual and the gradient at θ, remembered or asked for now.
  func point(at parameters: Vector) -> FlowPoint {
    if linear.isAt(parameters) { return linear }
    if probe.isAt(parameters) { return probe }
    residual(parameters, into: probe.residual.vector)
    problem.transposedProduct(
      parameters, probe.residual.vector, into: probe.gradient.vector)
    probe.settle(parameters)
    return probe
  }

  /// ½‖r(θ)‖²; `parameters`: `[P]`.
  ///
  /// Remembered, or one pass of residuals and one product with Jᵀ.
  public func loss(at parameters: Vector) -> Double { point(at: parameters).loss }

  /// Remembers the loss at θ until the next call, or until the problem changes.
  func hold(_ parameters: Vector) {
    heldLoss = loss(at: parameters)
    held.vector.assign(parameters)
  }

  /// The loss at θ, where a step started: free if it is held.
  func heldLoss(at parameters: Vector) -> Double {
    heldLoss.isFinite && held.vector.isSame(as: parameters) ? heldLoss : loss(at: parameters)
  }

  /// Why ``admits(_:_:)`` says no.
  var refusal: String { StepVerdict.lossRises.description }

  /// The losses of the blocks of residuals at θ.
  public func blockLosses(at parameters: Vector) -> [Double] {
    problem.losses(point(at: parameters).residual.vector)
  }

  /// The largest magnitude of D⁻¹g at θ; `parameters`: `[P]`.
  public func gradientNorm(at parameters: Vector) -> Double {
    let gradient = point(at: parameters).gradient.vector
    var (largest, finite) = (0.0, 0.0)
    for i in 0..<parameterCount {
      largest = max(largest, (gradient[i] / scale[i].squareRoot()).magnitude)
      finite += 0 * gradient[i]
    }
    return largest + finite
  }
}

/// A point with its residual and gradient.
final class FlowPoint {
  private let parameters: Storage
  let gradient: Storage
  private(set) var residual: Storage
  private(set) var loss = Double.nan
  private var isKnown = false

  init(parameters: Int, residuals: Int) {
    self.parameters = Storage(parameters)
    gradient = Storage(parameters)
    residual = Storage(residuals)
  }

  /// Whether this is what is known about exactly these parameters.
  func isAt(_ other: Vector) -> Bool {
    isKnown && parameters.vector.isSame(as: other)
  }

  /// Notes that residual and gradient have been written for these parameters.
  func settle(_ point: Vector) {
    parameters.vector.assign(point)
    loss = 0.5 * residual.vector.squaredNorm
    isKnown = true
  }

  func forget(residuals: Int) {
    isKnown = false
    if residual.vector.count != residuals { residual = Storage(residuals) }
  }
}

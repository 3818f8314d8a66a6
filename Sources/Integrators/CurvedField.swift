import Numerics

/// The gradient flow D²θ' = −Jᵀr of a loss ½‖r(θ)‖², open about its residuals: what `lie2` needs
/// beyond a ``VectorField``.
///
/// The field's ``ShiftedSystem`` solves (σI + D⁻²JᵀJ)x = b at the last point arrived at. Each call
/// counts itself: a pass of residuals is an evaluation, a linearisation a Jacobian too.
public protocol CurvedField: VectorField {
  /// The count of residuals, N; it may change between runs of the stepper.
  var residualCount: Int { get }
  /// The squares of the scaling D; `[dimension]`.
  var scale: Vector { get }
  /// r at the point arrived at; `[N]`.
  var residual: Vector { get }
  /// g = Jᵀr at the point arrived at; `[dimension]`.
  var gradient: Vector { get }
  /// ½‖r‖² at the point arrived at.
  var loss: Double { get }
  /// The largest diagonal entry of D⁻²JᵀJ at the point arrived at.
  var largestCurvature: Double { get }

  /// JᵀJ at the point linearised last, its lower triangle by columns; `[dimension²]`.
  var normal: Vector { get }

  /// Linearises the residuals at a point; the scaling stays as it is.
  ///
  /// Once at each point, as ``arrive(at:)``.
  func linearize(_ parameters: Vector)

  /// Linearises the residuals at an accepted point, and lets the scaling follow.
  ///
  /// Once at each point: a second call at the same one costs nothing.
  func arrive(at parameters: Vector)

  /// Writes r(θ); `parameters`: `[dimension]`, `result`: `[N]`.
  func residual(_ parameters: Vector, into result: Vector)

  /// Writes J(θ)·v; `direction`: `[dimension]`, `result`: `[N]`.
  func product(_ parameters: Vector, _ direction: Vector, into result: Vector)

  /// Writes J(θ)ᵀ·w; `weights`: `[N]`, `result`: `[dimension]`.
  func transposedProduct(_ parameters: Vector, _ weights: Vector, into result: Vector)
}

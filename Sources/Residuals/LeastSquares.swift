import Numerics

/// A loss L(θ) = ½‖r(θ)‖², known by its residuals: what every training minimises.
///
/// Weights are folded into r, and each block of it is a weighted mean square. A residual that is not
/// finite is a value, which whoever asked must not accept. Not `Sendable`: one task at a time asks;
/// workers inside are the object's own business.
public protocol LeastSquares: AnyObject {
  /// The count of parameters, P.
  var parameterCount: Int { get }
  /// The count of residuals, N; it may change where points are drawn anew.
  var residualCount: Int { get }
  /// The rows of r by name, one after the other.
  var blocks: [ResidualBlock] { get }

  /// Writes r(θ); `parameters`: `[P]`, `residual`: `[N]`.
  func residual(_ parameters: Vector, into residual: Vector)

  /// Writes r, g = Jᵀr and, where `normal` is given, JᵀJ: its lower triangle, by columns (the other
  /// triangle is left as it is).
  ///
  /// - Shape: `residual`: `[N]`, `gradient`: `[P]`, `normal`: `[P·P]`, entry (i, j) at i + j·P.
  /// - Cost: N·P² operations for JᵀJ.
  func linearize(
    _ parameters: Vector, residual: Vector, gradient: Vector, normal: Vector?)

  /// Writes J(θ)·v; `direction`: `[P]`, `result`: `[N]`.
  func product(_ parameters: Vector, _ direction: Vector, into result: Vector)

  /// Writes J(θ)ᵀ·w; `weights`: `[N]`, `result`: `[P]`.
  func transposedProduct(_ parameters: Vector, _ weights: Vector, into result: Vector)

  /// Writes rows `range` of J(θ), row-major; `rows`: `[range.count·P]`.
  func jacobianRows(_ parameters: Vector, _ range: Range<Int>, into rows: Vector)
}

/// A run of residuals that belong together: an equation, a condition, measurements.
public struct ResidualBlock: Sendable, Equatable {
  /// What the report calls it, such as `equation 1` or `u = 0 at x = 0`.
  public var name: String
  /// Its rows in r.
  public var rows: Range<Int>
  /// What its mean square is multiplied by in the loss.
  public var weight: Double

  /// Names a run of rows.
  public init(name: String, rows: Range<Int>, weight: Double) {
    self.name = name
    self.rows = rows
    self.weight = weight
  }
}

extension LeastSquares {
  /// Adds up ½·Σr² of each block; `residual`: `[N]`.
  public func losses(_ residual: Vector) -> [Double] {
    blocks.map { block in
      var sum = 0.0
      for row in block.rows { sum += residual[row] * residual[row] }
      return 0.5 * sum
    }
  }
}

import Numerics

/// A penalty ½‖r(θ)‖² on the parameters of one network, known by its residuals.
///
/// Rows are unscaled: who stacks them multiplies them by the root of a weight. Not `Sendable`: one
/// task at a time asks, and nothing is allocated in a call.
public protocol Regularizer: AnyObject {
  /// What the report calls it.
  var name: String { get }
  /// The count of rows, N.
  var count: Int { get }
  /// The count of all parameters, P, of which the network's are a run.
  var parameterCount: Int { get }
  /// Room for rows: a multiple of P numbers, at least P.
  var panel: Vector { get }

  /// Writes r(θ); `parameters`: `[P]`, `residual`: `[N]`.
  func residual(_ parameters: Vector, into residual: Vector)

  /// Writes rows `range` of J(θ), row-major; `rows`: `[range.count·P]`.
  func rows(_ parameters: Vector, _ range: Range<Int>, into rows: Vector)

  /// Writes J(θ)·v; `direction`: `[P]`, `result`: `[N]`.
  func product(_ parameters: Vector, _ direction: Vector, into result: Vector)

  /// Adds J(θ)ᵀ·w; `weights`: `[N]`, `sum`: `[P]`.
  func addTransposedProduct(_ parameters: Vector, _ weights: Vector, to sum: Vector)

  /// Adds scale·JᵀJ: the lower triangle, by columns.
  ///
  /// - Shape: `normal`: `[P·P]`, entry (i, j) at i + j·P.
  /// - Parameter scale: what the squares of the rows are multiplied by, not negative.
  func addNormal(_ parameters: Vector, scale: Double, to normal: Vector)
}

extension Regularizer {
  /// Visits all rows of J, a panel at a time.
  private func visit(_ parameters: Vector, _ work: (Range<Int>, Vector) -> Void) {
    let size = panel.count / parameterCount
    for start in stride(from: 0, to: count, by: size) {
      let range = start..<min(start + size, count)
      let part = panel.slice(0, range.count * parameterCount)
      rows(parameters, range, into: part)
      work(range, part)
    }
  }

  /// Writes J(θ)·v by rows.
  public func product(_ parameters: Vector, _ direction: Vector, into result: Vector) {
    visit(parameters) { range, rows in
      for index in range {
        let start = (index - range.lowerBound) * parameterCount
        result[index] = rows.slice(start, parameterCount).dot(direction)
      }
    }
  }

  /// Adds J(θ)ᵀ·w by rows.
  public func addTransposedProduct(_ parameters: Vector, _ weights: Vector, to sum: Vector) {
    visit(parameters) { range, rows in
      BLAS.addTransposedProduct(
        ofRows: rows, count: range.count, dimension: parameterCount,
        weights.slice(range.lowerBound, range.count), to: sum)
    }
  }

  /// Adds scale·JᵀJ by rows.
  public func addNormal(_ parameters: Vector, scale: Double, to normal: Vector) {
    precondition(scale >= 0, "rows of the weight \(scale)")
    let factor = scale.squareRoot()
    visit(parameters) { range, rows in
      for index in 0..<rows.count { rows[index] *= factor }
      BLAS.addSquare(
        ofRows: rows, count: range.count, dimension: parameterCount, to: normal)
    }
  }
}

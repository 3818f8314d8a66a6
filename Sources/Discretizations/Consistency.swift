import Integrators
import Numerics

/// Consistent initial values of M·y' = f with a constant, singular M.
public enum Consistency {
  /// Moves y onto the algebraic equations, keeping the differential part M·y.
  ///
  /// With E·M in row echelon form, the rows of E beyond the rank make E·f = 0 free of y': these are
  /// solved together with (E·M)(y − y₀) = 0 by Newton's iteration. That matrix is regular exactly
  /// where the index is 1.
  /// - Throws: ``InitialStateError``.
  public static func solve(_ field: VectorField, _ t: Double, _ y0: [Double]) throws -> [Double] {
    guard let mass = field.mass else { return y0 }
    let n = field.dimension
    var rows = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for k in 0..<mass.pattern.count {
      rows[mass.pattern.rows[k]][mass.pattern.columns[k]] += mass.entries[k]
    }
    let echelon = RowEchelon(rows)
    if echelon.rank == n { return y0 }
    return try newton(field, t, y0, rows, echelon)
  }

  private static func newton(
    _ field: VectorField, _ t: Double, _ y0: [Double], _ mass: [[Double]], _ echelon: RowEchelon
  ) throws -> [Double] {
    let n = field.dimension
    let lu = DenseLU(dimension: n)
    let y = Storage(y0)
    let rate = Storage(n)
    let step = Storage(n)
    defer { step.keep(y, rate) }
    var residual = Double.infinity
    for iteration in 0..<50 {
      field(t, y.vector, into: rate.vector)
      residual = 0
      for i in 0..<n {
        var sum = 0.0
        if i >= echelon.rank {
          for j in 0..<n { sum += echelon.combination[i][j] * rate.vector[j] }
          residual = max(residual, sum.magnitude)
        }
        step.vector[i] = sum
      }
      guard residual.isFinite else {
        throw InitialStateError.notConsistent(t: t, residual: residual)
      }
      fill(lu, step.vector, field, t, y.vector, mass, echelon)
      guard lu.factor(), isRegular(lu) else {
        if iteration == 0 { throw InitialStateError.higherIndex(t: t) }
        break
      }
      lu.solve(step.vector)
      var change = 0.0
      for i in 0..<n {
        y.vector[i] -= step.vector[i]
        change = max(change, step.vector[i].magnitude / (1 + y.vector[i].magnitude))
      }
      if change < 1e-14 { return y.vector.array }
    }
    // Rounding may hold the change above 1e-14; the residual then tells whether it is enough.
    guard residual < 1e-8 else { throw InitialStateError.notConsistent(t: t, residual: residual) }
    return y.vector.array
  }

  /// [E·M above; E·∂f/∂y below], each row and its right side scaled to a largest entry of 1.
  private static func fill(
    _ lu: DenseLU, _ right: Vector, _ field: VectorField, _ t: Double, _ y: Vector,
    _ mass: [[Double]], _ echelon: RowEchelon
  ) {
    let n = field.dimension
    let entries = Storage(field.pattern.count)
    defer { entries.keep() }
    field.jacobian(t, y, into: entries.vector)
    var jacobian = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for k in 0..<field.pattern.count {
      jacobian[field.pattern.rows[k]][field.pattern.columns[k]] = entries.vector[k]
    }
    for i in 0..<n {
      let source = i < echelon.rank ? mass : jacobian
      var largest = 0.0
      for j in 0..<n {
        var sum = 0.0
        for l in 0..<n { sum += echelon.combination[i][l] * source[l][j] }
        lu.entries[i + j * n] = sum
        largest = max(largest, sum.magnitude)
      }
      guard largest > 0 else { continue }
      for j in 0..<n { lu.entries[i + j * n] /= largest }
      right[i] /= largest
    }
  }

  /// Whether no pivot is lost in rounding against the largest.
  private static func isRegular(_ lu: DenseLU) -> Bool {
    let n = lu.dimension
    let pivots = (0..<n).map { i in
      n <= DenseLU.smallest ? 1 / lu.entries[i + i * n] : lu.entries[i + i * n]
    }.map(\.magnitude)
    guard let least = pivots.min(), let most = pivots.max() else { return true }
    return least > 1e-14 * most
  }
}

import Discretizations
import Integrators
import Numerics

/// Sensitivities of initial values that satisfy algebraic equations.
enum ConsistentSlopes {
  /// Moves S onto the linearised algebraic equations, keeping M·S.
  ///
  /// With E·M in row echelon form: (E·M)S = (E·M)S₀, and below its rank E·(∂f/∂y·S + ∂f/∂p) = 0.
  /// - Parameters:
  ///   - state: a consistent state and the S₀ behind it, `[n(1 + q)]`.
  ///   - mass: of the field without sensitivities.
  /// - Returns: nil where that has no solution: the index is above 1.
  static func project(
    _ state: [Double], _ field: SensitivityField, _ mass: MassMatrix, _ t: Double
  ) -> [Double]? {
    let (n, q) = (field.base.dimension, field.columns)
    var rows = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for k in mass.entries.indices {
      rows[mass.pattern.rows[k]][mass.pattern.columns[k]] += mass.entries[k]
    }
    let echelon = RowEchelon(rows)
    if echelon.rank == n { return state }
    let (rate, slopes) = (Storage(n), Storage(n * q))
    let jacobian = field.jacobian
    let y = Storage(Array(state.prefix(n)))
    let column = Storage(n)
    defer { rate.keep(slopes, y, column) }
    field.differentiate(t, y.vector, rate: rate.vector, into: slopes.vector)
    func combined(_ i: Int, _ entry: (Int) -> Double) -> Double {
      (0..<n).reduce(0) { $0 + echelon.combination[i][$1] * entry($1) }
    }
    let lu = DenseLU(dimension: n)
    for i in 0..<n {
      for j in 0..<n {
        lu.entries[i + j * n] = combined(i) {
          i < echelon.rank ? rows[$0][j] : jacobian.vector[$0 * n + j]
        }
      }
    }
    guard lu.factor() else { return nil }
    var result = state
    for c in 0..<q {
      for i in 0..<n {
        column.vector[i] =
          i < echelon.rank
          ? combined(i) { l in (0..<n).reduce(0) { $0 + rows[l][$1] * state[n + $1 * q + c] } }
          : -combined(i) { slopes.vector[$0 * q + c] }
      }
      lu.solve(column.vector)
      for i in 0..<n { result[n + i * q + c] = column.vector[i] }
    }
    return result
  }
}

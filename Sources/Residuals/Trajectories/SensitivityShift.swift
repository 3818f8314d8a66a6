import Integrators
import Numerics

/// The n rows that the state and every column of its sensitivities share: σM − ∂F/∂y, factored.
final class SensitivityRows {
  let lu: DenseLU
  private let n: Int
  private let q: Int
  /// The columns of a right-hand side, one after the other.
  private let columns: Storage

  init(_ n: Int, columns q: Int) {
    self.n = n
    self.q = q
    lu = DenseLU(dimension: n)
    columns = Storage(n * q)
  }

  /// Factors σM − J; `jacobian`: `[n][n]`.
  ///
  /// - Returns: false if the matrix is singular or not finite.
  func factor(_ sigma: Double, _ jacobian: Vector, _ mass: MassMatrix?) -> Bool {
    for i in 0..<n { for j in 0..<n { lu.entries[i + j * n] = -jacobian[i * n + j] } }
    if let mass {
      for k in mass.entries.indices {
        lu.entries[mass.pattern.rows[k] + mass.pattern.columns[k] * n] += sigma * mass.entries[k]
      }
    } else {
      for i in 0..<n { lu.entries[i * (n + 1)] += sigma }
    }
    return lu.factor()
  }

  /// Solves for every column; `part`: `[n][q]`.
  func solve(_ part: Vector) {
    let columns = columns.vector
    for i in 0..<n { for c in 0..<q { columns[c * n + i] = part[i * q + c] } }
    lu.solve(columns: columns)
    for i in 0..<n { for c in 0..<q { part[i * q + c] = columns[c * n + i] } }
  }

  /// Adds `scale`·M·x to `result`; both `[n][q]`.
  func addMass(_ mass: MassMatrix?, _ scale: Double, times x: Vector, to result: Vector) {
    guard let mass else { return result.add(scale, times: x) }
    for k in mass.entries.indices {
      result.slice(mass.pattern.rows[k] * q, q)
        .add(scale * mass.entries[k], times: x.slice(mass.pattern.columns[k] * q, q))
    }
  }
}

/// (σM − J)x = b of the extended system, block by block: n rows are factored once, the coupling of
/// the sensitivities to the state is a derivative along the state's own change.
///
/// The coupling is taken by a central difference, exact to some ten digits.
final class SensitivityShift: ShiftedSystem {
  private let extended: SensitivityField
  private let rows: SensitivityRows
  private let matrix: Storage
  private let point: Storage
  private let probe: Storage
  private let rates: (Storage, Storage)
  private var t = 0.0

  init(_ field: SensitivityField) {
    extended = field
    let n = field.base.dimension
    rows = SensitivityRows(n, columns: field.columns)
    matrix = Storage(n * n)
    point = Storage(field.dimension)
    probe = Storage(field.dimension)
    rates = (Storage(field.dimension), Storage(field.dimension))
    super.init(field)
  }

  override func linearize(_ t: Double, _ y: Vector) {
    extended.counts.jacobians += 1
    self.t = t
    point.vector.assign(y)
    extended.base.jacobian(t, y.slice(0, extended.base.dimension), into: matrix.vector)
  }

  override func factor(_ sigma: Double) -> Bool {
    extended.counts.factorizations += 1
    return rows.factor(sigma, matrix.vector, extended.base.mass)
  }

  override func solve(_ b: Vector) {
    let (n, q) = (extended.base.dimension, extended.columns)
    rows.lu.solve(b.slice(0, n))
    addCoupling(along: b.slice(0, n), to: b.slice(n, n * q))
    rows.solve(b.slice(n, n * q))
  }

  private func addCoupling(along change: Vector, to b: Vector) {
    let n = extended.base.dimension
    var size = 0.0
    for i in 0..<n { size = max(size, change[i].magnitude / (point.vector[i].magnitude + 1e-6)) }
    guard size > 0, size.isFinite else { return }
    let step = 1e-5 / size
    probe.vector.assign(point.vector)
    for i in 0..<n { probe.vector[i] = point.vector[i] + step * change[i] }
    extended.evaluate(t, probe.vector, into: rates.0.vector)
    for i in 0..<n { probe.vector[i] = point.vector[i] - step * change[i] }
    extended.evaluate(t, probe.vector, into: rates.1.vector)
    for i in 0..<b.count {
      b[i] += (rates.0.vector[n + i] - rates.1.vector[n + i]) / (2 * step)
    }
  }

  override func jacobianNorm() -> Double {
    let n = extended.base.dimension
    var largest = 0.0
    for i in 0..<n {
      largest = max(largest, (0..<n).reduce(0) { $0 + matrix.vector[i * n + $1].magnitude })
    }
    return largest
  }
}

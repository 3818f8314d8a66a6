import Integrators
import Numerics

/// A trainable field with the sensitivities of its state: [y | S], S' = ∂F/∂y·S + ∂F/∂p.
///
/// S is `[n][q]`: columns of the P parameters, then, where the start is free, of the n components of
/// the initial state. An explicit Runge-Kutta method applied to this system differentiates its own
/// steps exactly, and so does a Rosenbrock method with the exact Jacobian: S is then the derivative
/// of the numerical solution, the steps held.
/// Source: T. Maly and L. Petzold, Appl. Numer. Math. 20 (1996) 57; E. Hairer, S. Nørsett and G. Wanner,
/// Solving ODEs I (1993), section II.6.
class SensitivityField: VectorField {
  let base: TrainableField
  /// q.
  let columns: Int
  let jacobian: Storage

  /// - Parameter isFree: whether there are columns of the initial state.
  convenience init(_ base: TrainableField, isFree: Bool) {
    self.init(base, columns: base.parameterCount + (isFree ? base.dimension : 0))
  }

  init(_ base: TrainableField, columns: Int) {
    self.base = base
    let n = base.dimension
    self.columns = columns
    jacobian = Storage(n * n)
    super.init(
      dimension: n * (1 + columns),
      pattern: SparsityPattern(dimension: n * (1 + columns), rows: [], columns: []),
      mass: base.mass.map { SensitivityField.extended($0, base.dimension, columns) },
      isAutonomous: base.isAutonomous)
  }

  /// M of y and of every column of S.
  private static func extended(_ mass: MassMatrix, _ n: Int, _ columns: Int) -> MassMatrix {
    var (rows, places, entries) = (mass.pattern.rows, mass.pattern.columns, mass.entries)
    for column in 0..<columns {
      for k in mass.entries.indices {
        rows.append(n + mass.pattern.rows[k] * columns + column)
        places.append(n + mass.pattern.columns[k] * columns + column)
        entries.append(mass.entries[k])
      }
    }
    return MassMatrix(
      pattern: SparsityPattern(dimension: n * (1 + columns), rows: rows, columns: places),
      entries: entries)
  }

  /// Writes F and ∂F/∂p in all columns, and ∂F/∂y to ``jacobian``.
  ///
  /// - Shape: `y`, `rate`: `[n]`, `part`: `[n][q]`.
  func differentiate(_ t: Double, _ y: Vector, rate: Vector, into part: Vector) {
    if columns > base.parameterCount { clearStateColumns(part) }
    base.linearize(
      t, y, rate: rate, jacobian: jacobian.vector, rows: part, stride: columns)
  }

  final override func evaluate(_ t: Double, _ y: Vector, into dydt: Vector) {
    let n = base.dimension
    let part = dydt.slice(n, n * columns)
    differentiate(t, y.slice(0, n), rate: dydt.slice(0, n), into: part)
    for i in 0..<n {
      for j in 0..<n {
        let factor = jacobian.vector[i * n + j]
        if factor != 0 {
          part.slice(i * columns, columns).add(factor, times: y.slice(n + j * columns, columns))
        }
      }
    }
  }

  private func clearStateColumns(_ part: Vector) {
    let first = base.parameterCount
    for i in 0..<base.dimension {
      part.slice(i * columns + first, columns - first).fill(0)
    }
  }

  override func makeShiftedSystem() -> ShiftedSystem { SensitivityShift(self) }

  /// ∂/∂t by a central difference: exact to some ten digits.
  override func timeDerivative(_ t: Double, _ y: Vector, into result: Vector) {
    result.fill(0)
    if isAutonomous { return }
    let step = 1e-5 * max(t.magnitude, 1e-3)
    let other = Storage(dimension)
    defer { other.keep() }
    evaluate(t + step, y, into: result)
    evaluate(t - step, y, into: other.vector)
    for i in 0..<dimension { result[i] = (result[i] - other.vector[i]) / (2 * step) }
  }
}

/// (σM − J)x = b of the extended system, block by block: n rows are factored once, the coupling of
/// the sensitivities to the state is a derivative along the state's own change.
///
/// The coupling is taken by a central difference, exact to some ten digits.
final class SensitivityShift: ShiftedSystem {
  private let extended: SensitivityField
  private let lu: DenseLU
  private let matrix: Storage
  private let point: Storage
  private let probe: Storage
  private let rates: (Storage, Storage)
  /// The columns of a right-hand side, one after the other.
  private let columns: Storage
  private var t = 0.0

  init(_ field: SensitivityField) {
    extended = field
    let n = field.base.dimension
    lu = DenseLU(dimension: n)
    matrix = Storage(n * n)
    point = Storage(field.dimension)
    probe = Storage(field.dimension)
    rates = (Storage(field.dimension), Storage(field.dimension))
    columns = Storage(n * field.columns)
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
    let n = extended.base.dimension
    for i in 0..<n { for j in 0..<n { lu.entries[i + j * n] = -matrix.vector[i * n + j] } }
    if let mass = extended.base.mass {
      for k in mass.entries.indices {
        lu.entries[mass.pattern.rows[k] + mass.pattern.columns[k] * n] += sigma * mass.entries[k]
      }
    } else {
      for i in 0..<n { lu.entries[i * (n + 1)] += sigma }
    }
    return lu.factor()
  }

  override func solve(_ b: Vector) {
    let (n, q) = (extended.base.dimension, extended.columns)
    lu.solve(b.slice(0, n))
    addCoupling(along: b.slice(0, n), to: b.slice(n, n * q))
    let columns = columns.vector
    for i in 0..<n { for c in 0..<q { columns[c * n + i] = b[n + i * q + c] } }
    lu.solve(columns: columns)
    for i in 0..<n { for c in 0..<q { b[n + i * q + c] = columns[c * n + i] } }
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

extension Vector {
  /// Adds a multiple of another vector of the same count.
  @inline(__always)
  func add(_ factor: Double, times other: Vector) {
    let whole = count & ~3
    var c = 0
    while c < whole {
      let sum =
        UnsafeRawPointer(base + c).loadUnaligned(as: SIMD4<Double>.self)
        + factor * UnsafeRawPointer(other.base + c).loadUnaligned(as: SIMD4<Double>.self)
      UnsafeMutableRawPointer(base + c).storeBytes(of: sum, as: SIMD4<Double>.self)
      c += 4
    }
    while c < count {
      base[c] += factor * other.base[c]
      c += 1
    }
  }
}

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

  override var leading: VectorField? { base }

  /// The linear equations of the sensitivities at the solved state, with their own Jacobian.
  ///
  /// S is then the exact derivative of the step, and the steps are those of the state alone. Cost:
  /// one evaluation with derivatives, one factorization of n rows.
  /// Source: M. Caracotsios & W. E. Stewart, Comput. Chem. Eng. 9 (1985) 359 (staggered direct).
  override func follow(
    _ t: Double, _ sigma: Double, _ y: Vector, past: Vector, into correction: Vector
  ) -> Bool {
    counts.evaluations += 1
    evaluate(t, y, into: rate.vector)
    let n = base.dimension
    counts.factorizations += 1
    guard rows.factor(sigma, jacobian.vector, base.mass) else { return false }
    let part = correction.slice(n, n * columns)
    part.assign(rate.vector.slice(n, n * columns))
    rows.addMass(base.mass, -sigma, times: past.slice(n, n * columns), to: part)
    rows.solve(part)
    return true
  }

  private lazy var rows = SensitivityRows(base.dimension, columns: columns)
  private lazy var rate = Storage(dimension)

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

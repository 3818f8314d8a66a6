import Numerics

/// The linear solve of an implicit step, (σM − J)x = b: the plug between steppers and fields.
///
/// The base class evaluates the field's Jacobian by its pattern and factors a dense, a band or a
/// sparse matrix, whichever is cheapest. A field with linear algebra of its own overrides all four
/// methods.
open class ShiftedSystem {
  public let field: VectorField
  private let jacobian: Storage
  private let rowSums: Storage
  private let matrix: ShiftedMatrix
  private let jacobianPlaces: [Int]
  private let massPlaces: [Int]

  /// Allocates for a field.
  public init(_ field: VectorField) {
    self.field = field
    let n = field.dimension
    jacobian = Storage(field.pattern.count)
    rowSums = Storage(n)
    let mass =
      field.mass?.pattern
      ?? SparsityPattern(dimension: n, rows: Array(0..<n), columns: Array(0..<n))
    (matrix, jacobianPlaces, massPlaces) = ShiftedMatrix.choose(field.pattern, mass)
  }

  /// Evaluates J = ∂f/∂y at (t, y).
  open func linearize(_ t: Double, _ y: Vector) {
    field.counts.jacobians += 1
    field.jacobian(t, y, into: jacobian.vector)
  }

  /// Forms and factors σM − J with the J of the last ``linearize(_:_:)``.
  ///
  /// - Returns: false if the matrix is singular or not finite.
  open func factor(_ sigma: Double) -> Bool {
    field.counts.factorizations += 1
    let entries = matrix.entries
    entries.fill(0)
    let values = jacobian.vector
    jacobianPlaces.withUnsafeBufferPointer { places in
      for k in 0..<places.count { entries[places[k]] = -values[k] }
    }
    massPlaces.withUnsafeBufferPointer { places in
      if let mass = field.mass {
        mass.entries.withUnsafeBufferPointer { mass in
          for k in 0..<places.count { entries[places[k]] += sigma * mass[k] }
        }
      } else {
        for k in 0..<places.count { entries[places[k]] += sigma }
      }
    }
    return matrix.factor()
  }

  /// Solves (σM − J)x = b in place with the last factors; `b`: `[dimension]`.
  open func solve(_ b: Vector) { matrix.solve(b) }

  /// Writes M·x; both `[dimension]`.
  open func applyMass(_ x: Vector, into result: Vector) {
    if let mass = field.mass {
      result.fill(0)
      mass.add(1, times: x, to: result)
    } else {
      result.assign(x)
    }
  }

  /// The largest row sum of |J|: an upper bound of its spectral radius, for the stiffness report.
  open func jacobianNorm() -> Double {
    let sums = rowSums.vector
    sums.fill(0)
    let values = jacobian.vector
    field.pattern.rows.withUnsafeBufferPointer { rows in
      for k in 0..<rows.count { sums[rows[k]] += values[k].magnitude }
    }
    var largest = 0.0
    for i in 0..<sums.count { largest = max(largest, sums[i]) }
    return largest
  }
}

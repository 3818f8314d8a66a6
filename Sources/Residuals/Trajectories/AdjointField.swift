import Discretizations
import Integrators
import Numerics

/// The adjoint equation Mᵀλ' = −(∂F/∂y)ᵀλ along a solution.
final class AdjointField: VectorField {
  private let base: TrainableField
  private let path: SolutionPath
  private let y: Storage
  private let matrix: Storage
  private let other: Storage

  init(_ base: TrainableField, along path: SolutionPath) {
    self.base = base
    self.path = path
    let n = base.dimension
    y = Storage(n)
    matrix = Storage(n * n)
    other = Storage(n)
    let mass = base.mass.map { mass in
      MassMatrix(
        pattern: SparsityPattern(
          dimension: n, rows: mass.pattern.columns, columns: mass.pattern.rows),
        entries: mass.entries)
    }
    super.init(dimension: n, mass: mass, isAutonomous: false)
  }

  override func evaluate(_ t: Double, _ y: Vector, into dydt: Vector) {
    path.state(t, into: self.y.vector)
    base.pullBack(t, self.y.vector, y, into: dydt, addingTo: nil)
    for i in 0..<dimension { dydt[i] = -dydt[i] }
  }

  override func jacobian(_ t: Double, _ y: Vector, into entries: Vector) {
    path.state(t, into: self.y.vector)
    base.jacobian(t, self.y.vector, into: matrix.vector)
    for i in 0..<dimension {
      for j in 0..<dimension { entries[i * dimension + j] = -matrix.vector[j * dimension + i] }
    }
  }

  /// By a central difference within the step of the solution: exact to some eight digits.
  override func timeDerivative(_ t: Double, _ y: Vector, into result: Vector) {
    let piece = path.piece(at: t)
    let length = path.end(piece) - path.start(piece)
    let middle =
      path.start(piece) + min(max((t - path.start(piece)) / length, 1e-4), 1 - 1e-4) * length
    evaluate(middle + 1e-4 * length, y, into: result)
    evaluate(middle - 1e-4 * length, y, into: other.vector)
    for i in 0..<dimension { result[i] = (result[i] - other.vector[i]) / (2e-4 * length) }
  }
}

/// Adjoints of states that satisfy algebraic equations: what ``ConsistentSlopes`` does, transposed.
final class ConsistentAdjoint {
  private let field: TrainableField
  private let mass: [[Double]]
  private let echelon: RowEchelon
  private let lu: DenseLU
  private let matrix: Storage
  private let work: Storage

  /// - Parameter mass: of the field.
  init(_ field: TrainableField, _ mass: MassMatrix) {
    self.field = field
    let n = field.dimension
    var rows = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for k in mass.entries.indices {
      rows[mass.pattern.rows[k]][mass.pattern.columns[k]] += mass.entries[k]
    }
    self.mass = rows
    echelon = RowEchelon(rows)
    lu = DenseLU(dimension: n)
    matrix = Storage(n * n)
    work = Storage(3 * n)
  }

  /// Turns weights g on a state that satisfies the algebraic equations into a λ whose Mᵀλ weighs
  /// what is free of it, and adds to `gradient` what the equations themselves move.
  ///
  /// - Shape: `y`, `adjoint`: `[n]`.
  /// - Returns: false where the equations do not determine the state: the index is above 1.
  func pull(_ t: Double, _ y: Vector, _ adjoint: Vector, addingTo gradient: Vector) -> Bool {
    let n = field.dimension
    let (solution, weights, rest) = (
      work.vector.slice(0, n), work.vector.slice(n, n), work.vector.slice(2 * n, n)
    )
    field.jacobian(t, y, into: matrix.vector)
    // Columns of the transposed matrix: rows of E·M, then of E·∂F/∂y.
    for i in 0..<n {
      for j in 0..<n {
        var sum = 0.0
        for l in 0..<n {
          sum +=
            echelon.combination[i][l]
            * (i < echelon.rank ? mass[l][j] : matrix.vector[l * n + j])
        }
        lu.entries[j + i * n] = sum
      }
    }
    guard lu.factor() else { return false }
    solution.assign(adjoint)
    lu.solve(solution)
    adjoint.fill(0)
    weights.fill(0)
    for i in 0..<n {
      for l in 0..<n {
        let change = solution[i] * echelon.combination[i][l]
        if i < echelon.rank { adjoint[l] += change } else { weights[l] -= change }
      }
    }
    if !weights.isZero { field.pullBack(t, y, weights, into: rest, addingTo: gradient) }
    return true
  }
}

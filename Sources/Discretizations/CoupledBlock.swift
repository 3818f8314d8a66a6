import Expressions
import Numerics
import Integrators

/// Highest derivatives v with C(t, y)·v = g(t, y), solved in every evaluation.
///
/// The derivative of v = C⁻¹g is C⁻¹ ∂(g − C·v)/∂y with v held.
final class CoupledBlock {
  private let rows: [Int]
  private let dimension: Int
  private let system: Evaluator
  private let derivatives: Evaluator
  private let slopes: Evaluator
  private let lu: DenseLU
  private let values: Storage
  private let extended: Storage
  private let entries: Storage
  private let column: Storage

  init(_ programs: CompiledSystem.CoupledPrograms, dimension: Int) {
    rows = programs.rows
    self.dimension = dimension
    system = Evaluator(programs.system)
    derivatives = Evaluator(programs.jacobian)
    slopes = Evaluator(programs.timeDerivative)
    let n = programs.rows.count
    lu = DenseLU(dimension: n)
    values = Storage(n * n + n)
    extended = Storage(dimension + n)
    entries = Storage(n * dimension)
    column = Storage(n)
  }

  func use(_ library: NativeLibrary, first: Int) {
    system.use(library.function(first))
    derivatives.use(library.function(first + 1))
    slopes.use(library.function(first + 2))
  }

  /// Writes v into its rows of `dydt`; NaN where C is singular, which no step accepts.
  func solve(_ point: Vector, _ y: Vector, _ parameters: Vector, into dydt: Vector) {
    let n = rows.count
    system(point, y, parameters, into: values.vector)
    for j in 0..<n {
      for i in 0..<n { lu.entries[j + i * n] = values.vector[j * n + i] }
    }
    let right = values.vector.slice(n * n, n)
    if lu.factor() { lu.solve(right) } else { right.fill(.nan) }
    for (place, row) in rows.enumerated() { dydt[row] = right[place] }
  }

  private func extend(_ point: Vector, _ y: Vector, _ parameters: Vector) {
    extended.vector.slice(0, dimension).assign(y)
    // `solve` leaves the factors of C for what follows; its result is read back by rows.
    let rates = Storage(dimension)
    defer { rates.keep() }
    solve(point, y, parameters, into: rates.vector)
    for (place, row) in rows.enumerated() {
      extended.vector[dimension + place] = rates.vector[row]
    }
  }

  func jacobian(
    _ point: Vector, _ y: Vector, _ parameters: Vector, _ pattern: SparsityPattern,
    into result: Vector
  ) {
    let n = rows.count
    extend(point, y, parameters)
    derivatives(point, extended.vector, parameters, into: entries.vector)
    for c in 0..<dimension {
      for j in 0..<n { column.vector[j] = entries.vector[j * dimension + c] }
      lu.solve(column.vector)
      for j in 0..<n { entries.vector[j * dimension + c] = column.vector[j] }
    }
    for k in 0..<pattern.count {
      guard let place = rows.firstIndex(of: pattern.rows[k]) else { continue }
      result[k] = entries.vector[place * dimension + pattern.columns[k]]
    }
  }

  func timeDerivative(_ point: Vector, _ y: Vector, _ parameters: Vector, into result: Vector) {
    extend(point, y, parameters)
    slopes(point, extended.vector, parameters, into: column.vector)
    lu.solve(column.vector)
    for (place, row) in rows.enumerated() { result[row] = column.vector[place] }
  }
}

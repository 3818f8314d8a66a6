import Discretizations
import Integrators
import Numerics
import Problems

/// Rows of a run whose observables integrate over the solution: they are kept until it is whole.
final class IntegralRows {
  private let observables: IntegralObservables
  private let record: DenseRecord
  private let first: Int
  private var times: [Double] = []
  private var rows: [[Double]] = []

  /// nil where no observable holds an integral.
  init?(_ problem: InitialValueProblem, parameters: [Double], dimension: Int) throws {
    guard IntegralObservables.areDeclared(in: problem.problem) else { return nil }
    observables = try IntegralObservables(problem, parameters: parameters)
    record = DenseRecord(dimension: dimension)
    first = problem.columnNames.count - problem.problem.observables.count
  }

  func keep(_ t: Double, _ row: Vector) {
    times.append(t)
    rows.append(row.array)
  }

  func append(_ stepper: Stepper, upTo end: Double) { record.append(stepper, upTo: end) }

  /// Hands the rows on, their integrals filled in, as far as the solution reaches.
  ///
  /// - Parameter relative: tolerance of the quadratures.
  func flush(relative: Double, to write: (Double, Vector) -> Void) throws {
    let found = try observables.values(at: times, relative: relative, state: record.state)
    for (index, t) in times.enumerated() {
      var row = rows[index]
      for place in observables.places { row[first + place] = found.rows[index][place] }
      let storage = Storage(row)
      write(t, storage.vector)
      storage.keep()
    }
  }
}

import Discretizations
import Integrators
import Numerics
import Problems

/// How much happens on the way, as far as the equations linearised at the start tell.
struct TimeScales: CustomStringConvertible {
  /// Oscillations over the interval, of the fastest eigenvalue.
  let periods: Double
  /// e-folds by which a disturbance grows over the interval; 0 where all decay.
  let folds: Double

  /// Looks at ordinary differential equations; nil where there is no Jacobian at the start.
  init?(_ problem: Problem) {
    guard problem.kind == .initialValue, let system = try? InitialValueProblem(problem),
      !system.form.hasMass, let parameters = try? system.parameters()
    else { return nil }
    let field = system.makeField(parameters, system.makeCode(.tape))
    guard let start = try? system.initialState(field, parameters).y else { return nil }
    let n = field.dimension
    let (y, entries) = (Storage(start), Storage(field.pattern.count))
    defer { y.keep(entries) }
    field.jacobian(system.start, y.vector, into: entries.vector)
    var matrix = [Double](repeating: 0, count: n * n)
    for (index, row) in field.pattern.rows.enumerated() {
      matrix[row + field.pattern.columns[index] * n] = entries.vector[index]
    }
    guard let found = Eigenvalues(matrix, dimension: n) else { return nil }
    let length = (system.end - system.start).magnitude
    // What decays decays in the direction of marching.
    let sign = system.end < system.start ? -1.0 : 1.0
    periods = length / (2 * .pi) * (found.imaginary.map(\.magnitude).max() ?? 0)
    folds = length * max(found.real.map { sign * $0 }.max() ?? 0, 0)
  }

  var description: String {
    let (periods, folds) = ((10 * periods).rounded() / 10, (10 * folds).rounded() / 10)
    return "\(periods) periods and \(folds) e-folds, linearised at the start"
  }

  /// Windows of two periods or three e-folds each, 32 at most.
  var windows: Int { Self.windows(max(periods / 2, folds / 3)) }

  /// A whole number of windows, 32 at most; 1 where nothing can be said.
  static func windows(_ wanted: Double) -> Int {
    wanted.isFinite ? Int(min(max(wanted, 1), 32).rounded(.up)) : 1
  }
}

import Discretizations
import Problems
import Residuals

extension FittedModel {
  /// χ² a point of the measurements of a role, and how many there are; nil where there are none.
  ///
  /// - Parameter noise: of each column of the data.
  /// - Throws: what the equations cannot be solved for.
  func chiSquare(_ role: Experiment.Role, noise: [MeasuredNoise]) throws -> (
    perPoint: Double, count: Int
  )? {
    guard fit.data.series.contains(where: { $0.roles.contains(role) }) else { return nil }
    let problem = try InitialValueProblem(formulas())
    let code = problem.makeCode(.auto)
    var (sum, count) = (0.0, 0)
    for (index, series) in fit.data.series.enumerated() where series.roles.contains(role) {
      let rows = try states(index, at: series.times, problem, code)
      for (row, own) in series.roles.enumerated() where own == role {
        for (column, entry) in fit.data.columns.enumerated() {
          let value = series.values[column][row]
          guard value.isFinite, let place = fit.problem.unknowns.firstIndex(of: entry.name) else {
            continue
          }
          let fitted = row < rows.count ? rows[row][place] : .infinity
          let misfit = (value - fitted) / noise[column].deviation
          (sum, count) = (sum + misfit * misfit, count + 1)
        }
      }
    }
    return count > 0 ? (sum / Double(count), count) : nil
  }
}

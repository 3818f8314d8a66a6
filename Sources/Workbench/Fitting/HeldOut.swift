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
    let problem = fit.lines == nil ? try InitialValueProblem(formulas()) : nil
    let whole = problem.map { ($0, $0.makeCode(.auto)) }
    var (sum, count) = (0.0, 0)
    for (index, series) in fit.data.series.enumerated() where series.roles.contains(role) {
      let fitted = try measured(index, whole)
      for (row, own) in series.roles.enumerated() where own == role {
        for column in fit.data.columns.indices {
          let value = series.values[column][row]
          guard value.isFinite else { continue }
          let found = fitted[column][row]
          let misfit = ((found.isFinite ? found : .infinity) - value) / noise[column].deviation
          (sum, count) = (sum + misfit * misfit, count + 1)
        }
      }
    }
    return count > 0 ? (sum / Double(count), count) : nil
  }

  /// What the fit says where a series was measured; `[column][row]`, NaN where the integration did
  /// not come.
  private func measured(_ series: Int, _ whole: (InitialValueProblem, NativeCode)?) throws
    -> [[Double]]
  {
    if let lines = fit.lines { return try FieldPlaces(self, lines).measured(series) }
    guard let (problem, code) = whole else { return [] }
    let times = fit.data.series[series].times
    let rows = try states(series, at: times, problem, code)
    return fit.data.columns.map { column in
      let place = fit.problem.unknowns.firstIndex(of: column.name)
      return times.indices.map { row in
        row < rows.count ? place.map { rows[row][$0] } ?? .nan : .nan
      }
    }
  }
}

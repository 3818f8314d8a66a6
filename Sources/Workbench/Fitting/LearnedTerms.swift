import Discretizations
import Residuals

/// The inputs and outputs of all networks along the fitted trajectories.
struct LearnedTerms {
  /// The marching variable, then inputs and outputs, network by network.
  let names: [String]
  private(set) var rows: [(label: String, numbers: [Double])] = []

  /// - Parameter states: unknowns at the rows of every trajectory's data.
  init(_ model: FittedModel, _ states: [[[Double]]]) throws {
    let fit = model.fit
    let terms = model.terms(besides: [fit.system.form.marching])
    names = [fit.system.form.marching] + terms.map(\.name)
    let table = try AlongTrajectories(model, terms.map(\.value))
    for (index, series) in fit.data.series.enumerated() {
      for (row, numbers) in states[index].enumerated() where row < series.times.count {
        let t = series.times[row]
        rows.append((series.label, [t] + table.values(t, numbers)))
      }
    }
  }
}

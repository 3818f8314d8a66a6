import Discretizations
import Problems
import Reports
import Residuals

/// The tables of a fit of fields: the solution of the whole problem by the classical solver,
/// measurements beside the fit, learned terms at the nodes.
struct FieldFitTables {
  private let model: FittedModel
  private let lines: LinesForm
  private let residuals: TrajectoryResiduals
  private let usesReference: Bool
  private var fit: TrajectoryFit { model.fit }

  init(
    _ model: FittedModel, _ lines: LinesForm, _ residuals: TrajectoryResiduals,
    usesReference: Bool
  ) {
    self.model = model
    self.lines = lines
    self.residuals = residuals
    self.usesReference = usesReference
  }

  func write(_ record: inout RunRecord) throws {
    record.summary.errors = try writeSolution(model.formulas(), "trajectory.csv", &record)
    try writeFit(&record)
    if !fit.problem.networks.isEmpty { try writeTerms(record) }
    record.summary.remarks.append(
      "fitted on \(lines.grid.nodes.count) lines of order \(LinesGrid.order) in "
        + "\(lines.grid.variable); trajectory.csv is solved anew")
  }

  /// Solves a problem without networks as `cauchy solve` does.
  ///
  /// - Returns: the distance from the truth, where there is one.
  func writeSolution(_ problem: Problem, _ name: String, _ record: inout RunRecord) throws
    -> [(unknown: String, norms: Summary.ErrorNorms)]?
  {
    let solver = try DomainSolvers.make(problem, usesReference: usesReference)
    var solution: DomainSolution
    do {
      try solver.requireStart()
      solution = try solver.solve(Progress(quiet: true), isCancelled: Interrupt.later())
    } catch let error as InitialStateError {
      solution = DomainSolution.failed(problem, "\(error)")
    }
    if solution.outcome != .reached { record.warn("\(name): \(solution.message)") }
    let truth = TruthErrors(problem, usesReference: usesReference)
    try truth.compare(solution, problem, solver.probes)
    try DomainFiles.write(solution.rows, to: record.folder.file(name))
    return truth.norms
  }

  /// `fit.csv`: every measurement beside what the fit says, and what it was used for.
  private func writeFit(_ record: inout RunRecord) throws {
    let columns = fit.data.columns
    let writer = try CSVWriter(
      record.folder.file("fit.csv"),
      columns: ["trajectory", lines.form.marching, lines.grid.variable, "role"]
        + columns.flatMap { [$0.name, "\($0.name)_fit", "\($0.name)_sigma"] })
    let places = FieldPlaces(model, lines)
    for (index, series) in fit.data.series.enumerated() {
      let fitted = try places.measured(index)
      for (row, t) in series.times.enumerated() {
        writer.append(series.label)
        writer.append([t, series.places[row]])
        writer.append("\(series.roles[row])")
        for column in columns.indices {
          let value = series.values[column][row]
          for number in [value, fitted[column][row], residuals.noise[column].deviation] {
            if number.isFinite { writer.append(number) } else { writer.appendMissing() }
          }
        }
        try writer.endRow()
      }
    }
    try writer.finish()
    try FitTables.tellHeldOut(model, residuals, &record)
  }

  /// `terms.csv`: inputs and outputs of the networks at the nodes, at the times of the data.
  private func writeTerms(_ record: RunRecord) throws {
    let variables = [lines.form.marching, lines.grid.variable]
    let terms = model.terms(besides: variables)
    let samples = try FieldSamples(model, lines, terms.map(\.value))
    let writer = try CSVWriter(
      record.folder.file("terms.csv"), columns: ["trajectory"] + variables + terms.map(\.name))
    for (index, series) in fit.data.series.enumerated() {
      for row in try samples.rows(index, at: FieldPlaces.distinct(series.times)) {
        writer.append(row.label)
        for number in [row.t, row.x] + row.numbers {
          if number.isFinite { writer.append(number) } else { writer.appendMissing() }
        }
        try writer.endRow()
      }
    }
    try writer.finish()
  }
}

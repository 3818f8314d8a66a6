import Discretizations
import Expressions
import Integrators
import Numerics
import Problems
import Reports
import Residuals

/// The tables of a fit: trajectories over the whole interval, measurements beside the fit, learned
/// terms along it.
struct FitTables {
  private let model: FittedModel
  private let residuals: TrajectoryResiduals
  private let usesReference: Bool
  private var fit: TrajectoryFit { model.fit }

  init(_ model: FittedModel, _ residuals: TrajectoryResiduals, usesReference: Bool) {
    self.usesReference = usesReference
    self.model = model
    self.residuals = residuals
  }

  private var fields: FieldFitTables? {
    fit.lines.map { FieldFitTables(model, $0, residuals, usesReference: usesReference) }
  }

  func write(_ record: inout RunRecord) throws {
    if let fields { return try fields.write(&record) }
    let problem = try InitialValueProblem(model.formulas())
    let code = problem.makeCode(.auto)
    record.summary.errors = try writeTrajectories(problem, code, "trajectory.csv", &record)
    let states = try fit.data.series.enumerated().map {
      try model.states($0, at: $1.times, problem, code)
    }
    try writeFit(states, &record)
    if !fit.problem.networks.isEmpty { try writeTerms(states, problem, record) }
  }

  /// The trajectories of a problem without networks, for the starts of the data.
  ///
  /// - Returns: the distance from the truth of one trajectory; nil of several, or without a truth.
  func writeTrajectories(_ problem: Problem, _ name: String, _ record: inout RunRecord) throws
    -> [(unknown: String, norms: Summary.ErrorNorms)]?
  {
    if let fields { return try fields.writeSolution(problem, name, &record) }
    let whole = try InitialValueProblem(problem)
    return try writeTrajectories(whole, whole.makeCode(.auto), name, &record)
  }

  /// One trajectory after the other; several have their names in front.
  ///
  /// - Returns: the distance from the truth of one trajectory; nil of several, or without a truth.
  private func writeTrajectories(
    _ problem: InitialValueProblem, _ code: NativeCode, _ name: String, _ record: inout RunRecord
  ) throws -> [(unknown: String, norms: Summary.ErrorNorms)]? {
    let isSingle = fit.data.series.count == 1
    let files = try TrajectoryFiles(
      record.folder, problem, leading: isSingle ? [] : ["trajectory"], name: name)
    let reference = fit.problem.reference?.table.column(problem.form.marching) ?? []
    let plan = RowPlan(problem, reference: usesReference && isSingle ? reference : [])
    let truth = isSingle ? TruthErrors(fit.problem, usesReference: usesReference) : nil
    let solver = CaseSolver(problem: problem, code: code, plan: plan)
    let drift = name == "trajectory.csv" ? try EnergyDrift(model) : nil
    let isInterrupted = Interrupt.later()
    for (index, series) in fit.data.series.enumerated() {
      files.label = isSingle ? nil : series.label
      drift?.start()
      let report = try model.solve(
        index, solver, truth, isCancelled: { isInterrupted() || files.failure != nil }
      ) { t, numbers in
        files.row(t, numbers)
        drift?.look(t, numbers)
      } event: { t, name, numbers in
        files.event(t, name, numbers)
      }
      guard case .failed(let failure) = report.outcome else { continue }
      let what = isSingle ? "the trajectory" : "trajectory \(series.label)"
      record.warn(
        "\(name): \(what) ends at \(problem.form.marching) = \(NumberText.text(report.t)): \(failure)"
      )
    }
    drift?.tell(&record)
    try files.finish()
    return truth?.norms
  }

  /// `fit.csv`: every measurement beside what the fit says, and what it was used for.
  private func writeFit(_ states: [[[Double]]], _ record: inout RunRecord) throws {
    let columns = fit.data.columns
    let unknowns = fit.problem.unknowns
    let writer = try CSVWriter(
      record.folder.file("fit.csv"),
      columns: ["trajectory", fit.system.form.marching, "role"]
        + columns.flatMap { [$0.name, "\($0.name)_fit", "\($0.name)_sigma"] })
    for (index, series) in fit.data.series.enumerated() {
      for (row, t) in series.times.enumerated() {
        writer.append(series.label)
        writer.append(t)
        writer.append("\(series.roles[row])")
        for (column, entry) in columns.enumerated() {
          let value = series.values[column][row]
          let place = unknowns.firstIndex(of: entry.name) ?? 0
          let fitted = row < states[index].count ? states[index][row][place] : .nan
          let deviation = residuals.noise[column].deviation
          for number in [value, fitted, deviation] {
            if number.isFinite { writer.append(number) } else { writer.appendMissing() }
          }
        }
        try writer.endRow()
      }
    }
    try writer.finish()
    try FitTables.tellHeldOut(model, residuals, &record)
  }

  /// Says how well data were met that were kept out of training.
  static func tellHeldOut(
    _ model: FittedModel, _ residuals: TrajectoryResiduals, _ record: inout RunRecord
  ) throws {
    for role in [Experiment.Role.validation, .test] {
      guard let found = try model.chiSquare(role, noise: residuals.noise) else { continue }
      record.summary.more.append(("chi2_per_point_\(role)", .number(found.perPoint)))
      record.summary.remarks.append(
        "chi2 a point of the \(role) data: \(NumberText.text(found.perPoint, digits: 3)), "
          + "\(found.count) kept out of training")
    }
  }

  /// `terms.csv`: inputs and outputs of the networks along the fit.
  private func writeTerms(
    _ states: [[[Double]]], _ problem: InitialValueProblem, _ record: RunRecord
  ) throws {
    let table = try LearnedTerms(model, states)
    let writer = try CSVWriter(
      record.folder.file("terms.csv"), columns: ["trajectory"] + table.names)
    for row in table.rows {
      writer.append(row.label)
      for number in row.numbers {
        if number.isFinite { writer.append(number) } else { writer.appendMissing() }
      }
      try writer.endRow()
    }
    try writer.finish()
  }
}

import Discretizations
import Expressions
import Integrators
import Numerics
import Problems

/// Solves one initial-value problem for given parameters and initial values.
struct CaseSolver {
  let problem: InitialValueProblem
  let code: NativeCode
  let plan: RowPlan

  /// What a case is solved for, beside the problem's own values.
  struct Case {
    var parameters: [String: Double] = [:]
    var initialValues: [String: Double] = [:]
    /// Where to go on instead of starting.
    var resumed: Checkpoint?
  }

  /// Where the rows of a case go.
  ///
  /// The numbers of a row are borrowed for the call.
  struct Sink {
    var row: (_ t: Double, _ numbers: Vector) -> Void = { _, _ in }
    var event: (_ t: Double, _ name: String, _ unknowns: Vector) -> Void = { _, _, _ in }
    var step: ((StepRecord) -> Void)?
    var isCancelled: () -> Bool = { false }
    var truth: TruthErrors?
  }

  struct Result {
    var report: SolveReport
    /// Algebraic unknowns whose declared initial value was moved.
    var moved: [String]
    /// Where it stood, if it was stopped.
    var checkpoint: Checkpoint?
  }

  /// Integrates a case.
  ///
  /// - Throws: `SteppingError`, `InitialStateError` or `EvaluationError`: it cannot be started.
  func solve(_ wanted: Case, _ sink: Sink) throws -> Result {
    let parameters = try problem.parameters(replacing: wanted.parameters)
    let field = problem.makeField(parameters, code)
    let (y0, moved) = try problem.initialState(field, parameters, replacing: wanted.initialValues)
    let rows = RowEvaluator(problem, parameters: parameters)
    let kept = try IntegralRows(problem, parameters: parameters, dimension: field.dimension)
    let integration = try Integration(
      field, method: problem.problem.solve.method,
      tolerances: problem.tolerances(y0, parameters),
      settings: settings(parameters, field), handlers: handlers(rows, sink, kept))
    var report =
      wanted.resumed.map(integration.resume)
      ?? integration.run(from: problem.start, y0, to: problem.end)
    if case .failed(var failure) = report.outcome {
      failure.names = problem.form.state.map(\.description)
      report.outcome = .failed(failure)
    }
    if let auto = integration.stepper as? Auto {
      report.method = "auto (\(auto.used.joined(separator: ", ")))"
    }
    code.note(evaluations: report.counts.evaluations)
    let relative = max(1e-13, problem.problem.solve.rtol / 10)
    try kept?.flush(relative: relative, to: sink.row)
    // The integrals need all that was before, which no checkpoint holds.
    let checkpoint =
      kept == nil && report.outcome == .stopped ? integration.checkpoint : nil
    return Result(report: report, moved: moved, checkpoint: checkpoint)
  }

  func settings(_ parameters: [Double], _ field: ExpressionField) -> IntegrationSettings {
    let declared = problem.problem.solve
    var settings = IntegrationSettings(declared)
    settings.nonnegative = problem.form.state.indices.filter {
      declared.nonnegative.contains(problem.form.state[$0].description)
    }
    settings.breakpoints = problem.breakpoints(parameters)
    settings.events = problem.makeEvents(parameters, field)
    settings.rows = plan.times
    settings.rowsAtSteps = plan.atSteps
    return settings
  }

  private func handlers(_ rows: RowEvaluator, _ sink: Sink, _ kept: IntegralRows?)
    -> IntegrationHandlers
  {
    let entries = plan.entries
    var next = 0
    func write(_ t: Double, _ y: Vector) {
      rows.fill(t, y)
      if let kept { kept.keep(t, rows.row) } else { sink.row(t, rows.row) }
      sink.truth?.compare(rows, t, y)
    }
    var handlers = IntegrationHandlers()
    handlers.row = { t, y in
      while next < entries.count, entries[next].time != t, isBefore(entries[next].time, t) {
        next += 1
      }
      guard next < entries.count, entries[next].time == t else { return write(t, y) }
      let entry = entries[next]
      next += 1
      if entry.isWritten { write(t, y) } else { rows.fill(t, y) }
      if let reference = entry.reference { sink.truth?.compare(rows.row, reference: reference) }
    }
    handlers.stepRow = write
    handlers.event = { t, name, y in
      rows.fill(t, y)
      sink.event(t, name, rows.row)
    }
    handlers.step = sink.step
    if let kept { handlers.dense = { kept.append($0, upTo: $1) } }
    handlers.isCancelled = sink.isCancelled
    return handlers
  }

  private func isBefore(_ a: Double, _ b: Double) -> Bool {
    problem.end < problem.start ? a > b : a < b
  }
}

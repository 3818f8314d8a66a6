import Numerics

/// Integrates M·y' = f(t, y) with controlled error and returns the whole solution.
///
/// - Parameters:
///   - start, end: the interval; backwards if `end` lies before `start`.
///   - initial: y at `start`; `[dimension]`.
///   - method: a name of ``StepperCatalog``.
///   - rtol, atol: local error allowed in a step, relative to |y| and absolute; `atol` defaults to
///     1e-9·|y₀| (1e-9 where that is 0), as in a problem file.
///   - rows: where rows are wanted; every accepted step if nil.
/// - Throws: ``SteppingError`` if the method does not suit the field. A numerical failure is not
///   thrown: it is the report's outcome, with everything up to it in the trajectory.
/// - Cost: memory for one polynomial a step.
public func solve(
  _ field: VectorField, from start: Double, to end: Double, initial: [Double],
  method: String = "auto", rtol: Double = 1e-6, atol: Double? = nil, rows: [Double]? = nil,
  events: [Event] = []
) throws(SteppingError) -> Trajectory {
  var settings = IntegrationSettings()
  settings.events = events
  settings.rowsAtSteps = rows == nil
  settings.rows = rows ?? []
  let tolerances = Tolerances(
    relative: rtol, absolute: initial.map { atol ?? Tolerances.defaultAbsolute($0) })
  return try solve(
    field, from: start, to: end, initial: initial, method: method, tolerances: tolerances,
    settings: settings)
}

/// Integrates M·y' = f(t, y) as the settings say, and returns the whole solution.
///
/// - Throws, Cost: as ``solve(_:from:to:initial:method:rtol:atol:rows:events:)``.
public func solve(
  _ field: VectorField, from start: Double, to end: Double, initial: [Double], method: String,
  tolerances: Tolerances, settings: IntegrationSettings
) throws(SteppingError) -> Trajectory {
  let recorder = TrajectoryRecorder(SolveReport(method: method))
  var handlers = IntegrationHandlers()
  handlers.row = { t, y in
    recorder.trajectory.times.append(t)
    recorder.trajectory.states.append(y.array)
  }
  handlers.event = { t, name, y in recorder.record(t, name, y) }
  handlers.dense = { recorder.trajectory.append($0, upTo: $1) }
  let integration = try Integration(
    field, method: method, tolerances: tolerances, settings: settings, handlers: handlers)
  var report = integration.run(from: start, initial, to: end)
  if let auto = integration.stepper as? Auto {
    report.method = "auto (\(auto.used.joined(separator: ", ")))"
  }
  recorder.trajectory.report = report
  return recorder.trajectory
}

private final class TrajectoryRecorder {
  var trajectory: Trajectory
  init(_ report: SolveReport) { trajectory = Trajectory(report) }

  func record(_ t: Double, _ name: String, _ y: Vector) {
    trajectory.events.append((name, t, y.array))
  }
}

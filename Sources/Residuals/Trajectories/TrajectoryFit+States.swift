import Integrators
import Numerics

extension TrajectoryFit {
  /// The whole state of a series whose start is given, at times in the order of integration, up to
  /// where the integration came.
  ///
  /// - Parameter parameters: weights and free numbers.
  /// - Precondition: no part of the series' start is sought.
  public func states(
    _ parameters: [Double], of series: Int, at times: [Double],
    isCancelled: @escaping () -> Bool = { false }
  ) throws -> [[Double]] {
    let shooting = ShootingLayout(data, pieces: 1, sizes: plan.sizes) { _, _ in [] }
    let segment = shooting.segments.first { $0.series == series } ?? shooting.segments.first
    guard let segment, let end = times.last else { return [] }
    precondition(segment.unknowns.allSatisfy { $0 < 0 }, "a start that is sought")
    let field = try TrainableField(system, layout)
    let theta = Storage(parameters)
    defer { theta.keep() }
    field.set(theta.vector)
    let start = try StartProgram(system, data).values(segment, field)
    let settings = plan.segmentSettings(system)
    var rows: [[Double]] = []
    if end == segment.start { return times.map { _ in start } }
    var own = settings.integration
    own.rows = times
    own.maxSteps = settings.mostSteps
    own.breakpoints = settings.breakpoints
    var handlers = IntegrationHandlers()
    handlers.row = { _, y in rows.append(y.array) }
    handlers.isCancelled = isCancelled
    let integration = try Integration(
      field, method: settings.method, tolerances: settings.tolerances, settings: own,
      handlers: handlers)
    _ = integration.run(from: segment.start, start, to: end)
    return rows
  }
}

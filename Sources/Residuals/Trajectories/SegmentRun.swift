import Integrators
import Numerics

/// One segment of a trajectory and its integrations: values alone, or with sensitivities.
///
/// Made once and run for every set of parameters. One worker's own.
final class SegmentRun {
  /// What a run does with the state at a row of the data, the first one of its time; `state`: `[n]`, or `[n(1 + q)]`.
  typealias Visit = (_ row: Int, _ state: Vector) -> Void

  let segment: ShootingLayout.Segment
  /// Whether the initial state is sought.
  let isFree: Bool
  private let field: TrainableField
  let sensitivity: SensitivityField?
  private let rows: [Int]
  private let times: [Double]
  private var plain: Integration?
  private var extended: Integration?
  private var recorded: Integration?
  private let settings: SegmentSettings
  private let relay = Relay()
  private let initial: Storage

  /// What the integrations of all segments have in common.
  struct SegmentSettings {
    var method: String
    var tolerances: Tolerances
    var integration: IntegrationSettings
    /// Of the initial state, before sought numbers replace components.
    var breakpoints: [Double]
    /// Attempts after which a trial counts as diverged.
    var mostSteps: Int
    /// Whether every step is looked at, for regularisers.
    var watchesSteps = false
  }

  /// What the handlers of an integration talk to; they live as long as it.
  final class Relay {
    var visit: Visit = { _, _ in }
    var next = 0
    var rows: [Int] = []
    var step: ((Stepper) -> Void)?
    var isCancelled: () -> Bool = { false }
    var adjoint: (any SegmentAdjoint)?
  }

  /// - Parameters:
  ///   - times: of the rows of the segment's series.
  ///   - sensitivity: of the same field, with columns of the initial state where that is sought.
  init(
    _ segment: ShootingLayout.Segment, times: [Double], _ field: TrainableField,
    _ sensitivity: SensitivityField?, _ settings: SegmentSettings
  ) {
    self.segment = segment
    self.field = field
    self.sensitivity = sensitivity
    self.settings = settings
    // Rows at one time are shown once, by the first of them.
    rows = segment.rows.filter { $0 == segment.rows.lowerBound || times[$0] != times[$0 - 1] }
    self.times = rows.map { times[$0] }
    isFree = segment.unknowns.contains { $0 >= 0 }
    initial = Storage(field.dimension * (1 + (sensitivity?.columns ?? 0)))
  }

  /// Integrates from `y0`, `[n]`, and shows the state at every row, then at the end.
  ///
  /// - Returns: the report; what was shown is worthless unless it ended as wanted.
  func run(
    _ y0: [Double], step: ((Stepper) -> Void)? = nil, isCancelled: @escaping () -> Bool,
    _ visit: Visit, end: (Vector) -> Void
  ) throws(SteppingError) -> SolveReport {
    if plain == nil { plain = try make(field, settings.tolerances) }
    guard let plain else { return SolveReport(method: settings.method) }
    return go(plain, y0, step, isCancelled, visit, end)
  }

  /// The same with sensitivities; `y0`: `[n(1 + q)]`.
  func linearize(
    _ y0: [Double], step: ((Stepper) -> Void)? = nil, isCancelled: @escaping () -> Bool,
    _ visit: Visit, end: (Vector) -> Void
  ) throws(SteppingError) -> SolveReport {
    guard let sensitivity else { return SolveReport(method: settings.method) }
    if extended == nil {
      // The sensitivities follow the steps that the solution asks for.
      var tolerances = settings.tolerances
      tolerances.measured = field.dimension
      extended = try make(sensitivity, tolerances)
    }
    guard let extended else { return SolveReport(method: settings.method) }
    return go(extended, y0, step, isCancelled, visit, end)
  }

  /// The same as ``run``, every step shown to an adjoint.
  func record(
    _ y0: [Double], for adjoint: any SegmentAdjoint, isCancelled: @escaping () -> Bool,
    _ visit: Visit, end: (Vector) -> Void
  ) throws(SteppingError) -> SolveReport {
    if recorded == nil { recorded = try make(field, settings.tolerances, isRecorded: true) }
    guard let recorded else { return SolveReport(method: settings.method) }
    relay.adjoint = adjoint
    defer { relay.adjoint = nil }
    initial.vector.slice(0, y0.count).assign(y0)
    adjoint.begin(recorded, segment.start, initial.vector.slice(0, y0.count))
    return go(recorded, y0, nil, isCancelled, visit, end)
  }

  /// Shows every step to the sums of penalties.
  func watch(_ sums: PenaltySums?) -> ((Stepper) -> Void)? {
    guard let sums else { return nil }
    let (tolerances, span) = (settings.tolerances, (segment.end - segment.start).magnitude)
    return { sums.look($0, tolerances: tolerances, span: span) }
  }

  private func make(
    _ field: VectorField, _ tolerances: Tolerances, isRecorded: Bool = false
  ) throws(SteppingError) -> Integration {
    var own = settings.integration
    own.rows = times
    own.maxSteps = settings.mostSteps
    let (low, high) = (min(segment.start, segment.end), max(segment.start, segment.end))
    own.breakpoints = settings.breakpoints.filter { $0 >= low && $0 <= high }
    var handlers = IntegrationHandlers()
    let relay = relay
    handlers.row = { t, y in
      relay.adjoint?.visit(t)
      relay.visit(relay.rows[relay.next], y)
      relay.next += 1
    }
    handlers.isCancelled = { relay.isCancelled() }
    if isRecorded {
      handlers.dense = { step, end in relay.adjoint?.keep(step, upTo: end) }
    } else if settings.watchesSteps {
      handlers.dense = { stepper, _ in relay.step?(stepper) }
    }
    return try Integration(
      field, method: settings.method, tolerances: tolerances, settings: own, handlers: handlers)
  }

  private func go(
    _ integration: Integration, _ y0: [Double], _ step: ((Stepper) -> Void)?,
    _ isCancelled: @escaping () -> Bool, _ visit: Visit, _ end: (Vector) -> Void
  ) -> SolveReport {
    // Rows before the start are never reached.
    let direction = segment.end >= segment.start ? 1.0 : -1.0
    let first = times.firstIndex { direction * ($0 - segment.start) >= 0 } ?? times.count
    relay.rows = rows
    relay.next = first
    relay.step = step
    relay.isCancelled = isCancelled
    return withoutActuallyEscaping(visit) { visit in
      relay.visit = visit
      defer { relay.visit = { _, _ in } }
      integration.field.counts = FieldCounts()
      if segment.start == segment.end {
        initial.vector.slice(0, y0.count).assign(y0)
        for row in rows[first...] {
          relay.adjoint?.visit(segment.start)
          visit(row, initial.vector.slice(0, y0.count))
        }
        end(initial.vector.slice(0, y0.count))
        return SolveReport(method: settings.method)
      }
      let report = integration.run(from: segment.start, y0, to: segment.end)
      end(integration.present)
      return report
    }
  }
}

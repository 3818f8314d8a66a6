import Numerics

/// The evolve loop: one stepper on one field from one point to another.
///
/// Steps are chosen by the error alone: output and events read the interpolant, so that asking for
/// more never changes a step. It never accepts a number that is not finite, keeps the last good
/// state, stops at breakpoints, and can go on from a ``Checkpoint`` bit for bit.
public final class Integration {
  public let field: VectorField
  public let stepper: Stepper
  let norm: ErrorNorm
  let settings: IntegrationSettings
  let handlers: IntegrationHandlers
  let control: StepControl
  /// The catalog row of the method.
  public let row: StepperRow
  let watch: EventWatch

  private let work: Storage
  let probe: Vector
  /// Where the last step ends: `end`, or a few roundings before it where f jumps there.
  private var landing = 0.0
  var report: SolveReport
  let state: UnsafeMutablePointer<LoopState>
  var attempts: Int { steps + rejected }

  /// Makes the stepper of catalog name `method` for a field.
  ///
  /// - Throws: ``SteppingError`` if the method does not suit the field.
  public init(
    _ field: VectorField, method: String = "auto", tolerances: Tolerances,
    settings: IntegrationSettings = IntegrationSettings(),
    handlers: IntegrationHandlers = IntegrationHandlers()
  ) throws(SteppingError) {
    precondition(
      tolerances.absolute.count == (tolerances.measured ?? field.dimension),
      "\(tolerances.absolute.count) absolute tolerances for \(field.dimension) unknowns")
    precondition(
      !settings.localClock || field.isAutonomous, "a local clock for a field that depends on t")
    self.field = field
    row = try StepperCatalog.find(method)
    if row.needsFixedStep, settings.fixedStep == nil { throw .needsFixedStep(method) }
    stepper = try StepperCatalog.make(method, field, tolerances)
    norm = ErrorNorm(tolerances)
    stepper.configure(settings)
    self.settings = settings
    self.handlers = handlers
    control = settings.control ?? row.control
    watch = EventWatch(settings.events, dimension: field.dimension)
    let n = field.dimension
    work = Storage(3 * n)
    state = .allocate(capacity: 1)
    state.initialize(to: LoopState(y: work.vector.slice(0, n), yNew: work.vector.slice(n, n)))
    probe = work.vector.slice(2 * n, n)
    report = SolveReport(method: method)
  }

  deinit { state.deallocate() }

  /// Integrates from (`start`, `initial`) to `end`, forwards or backwards.
  public func run(from start: Double, _ initial: [Double], to end: Double) -> SolveReport {
    precondition(
      initial.count == field.dimension, "\(initial.count) values for \(field.dimension) unknowns")
    t = start
    self.end = end
    direction = end >= start ? 1 : -1
    y.assign(initial)
    report = SolveReport(method: report.method)
    steps = 0
    rejected = 0
    memory = StepControl.Memory()
    nextRow = 0
    skipRowsBeforeStart()
    restart(chooseStep: true)
    if report.outcome == .reached { emitStart() }
    return advance()
  }

  /// The present state; `[dimension]`, borrowed until the next step.
  public var present: Vector { y }

  /// Goes on after a run that was told to stop, the method starting anew with the step it had in
  /// mind: for a field that has changed since.
  public func restart() -> SolveReport {
    report = SolveReport(method: report.method)
    restart(chooseStep: false, fieldChanged: true)
    return advance()
  }

  /// Runs from the present state to the end, breakpoint by breakpoint.
  func advance() -> SolveReport {
    let stops =
      settings.breakpoints.filter { direction * ($0 - t) > 0 && direction * (end - $0) > 0 }
      .sorted { direction * $0 < direction * $1 } + [end]
    for stop in stops {
      let isBreakpoint = stop != end
      // f jumps at a breakpoint: the steps on either side stay a few roundings clear of it.
      let jumps = isBreakpoint || settings.breakpoints.contains(end)
      let gap = jumps ? 4 * max(stop.magnitude, (end - t).magnitude * 1e-3).ulp : 0
      landing = isBreakpoint ? end : end - direction * gap
      guard report.outcome == .reached, march(to: stop - direction * gap) else { break }
      if isBreakpoint {
        t = stop + direction * gap
        restart(chooseStep: true)
      }
    }
    report.t = t
    report.y = y.array
    report.steps = steps
    report.rejected = rejected
    report.counts = field.counts
    return report
  }

  /// Steps until `stop`; false if the integration ends before.
  private func march(to stop: Double) -> Bool {
    while direction * (stop - t) > 0 {
      if handlers.isCancelled() { return stopHere() }
      guard takeStep(to: stop) else { return false }
    }
    return true
  }

  // The two below stand apart from the loop, which then needs no access check of the report.

  @inline(never)
  private func stopHere() -> Bool {
    report.outcome = .stopped
    return false
  }

  @inline(never)
  private func noteStiffness(_ h: Double) {
    guard let radius = stepper.spectralRadius else { return }
    report.stiffness = max(report.stiffness ?? 0, h.magnitude * radius)
  }

  /// Takes one accepted step, however many attempts it needs, and passes on what lies in it.
  private func takeStep(to stop: Double) -> Bool {
    var rejections = 0
    while true {
      if rejections > 0, handlers.isCancelled() { return stopHere() }
      guard attempts < settings.maxSteps else { return fail(.tooManySteps(settings.maxSteps)) }
      let tNew = target(stop)
      if direction * (tNew - t) <= 0 { return fail(lastCause) }
      let isTaken = stepper.step(t, y, to: tNew, yNew)
      let error = measure(isTaken)
      let isAllowed = error <= 1 && !isNegative(yNew)
      if isAllowed, field.admits(y, yNew) {
        handlers.step?(StepRecord(t: t, h: tNew - t, error: error, isAccepted: true))
        return finishStep(error)
      }
      rejected += 1
      rejections += 1
      handlers.step?(StepRecord(t: t, h: tNew - t, error: error, isAccepted: false))
      lastCause = isAllowed ? .notAdmitted : cause(isTaken, error)
      hNext = (tNew - t) * factorAfterRejection(isTaken, error)
      if settings.fixedStep != nil || rejections > 400 { return fail(lastCause) }
    }
  }

  private var lastCause = SolveFailure.Cause.stepUnderflow

  private func cause(_ isTaken: Bool, _ error: Double) -> SolveFailure.Cause {
    if !isTaken { return .noConvergence }
    if !error.isFinite { return .notFinite }
    return error <= 1 ? .negative : .stepUnderflow
  }

  private func measure(_ isTaken: Bool) -> Double {
    guard isTaken else { return .nan }
    if settings.fixedStep != nil { return yNew.isFinite ? 0 : .nan }
    return stepper.scaledError(norm)
  }

  private func factorAfterRejection(_ isTaken: Bool, _ error: Double) -> Double {
    if error <= 1 { return 0.5 }
    if let own = stepper.ownFactor(error, norm, accepted: false) {
      memory.justRejected = true
      return own
    }
    if !isTaken {
      memory.justRejected = true
      return 0.5
    }
    var remembered = memory
    let factor = control.factorAfterRejection(error, power: stepper.errorPower, &remembered)
    memory = remembered
    return factor
  }

  private func isNegative(_ y: Vector) -> Bool { settings.nonnegative.contains { y[$0] < 0 } }

  /// The end of the next attempt: the proposed step, fitted to the stop; t itself on underflow.
  private func target(_ stop: Double) -> Double {
    var h = hNext
    if let limit = settings.maxStep { h = direction * min(h.magnitude, limit) }
    if settings.fixedStep == nil, let limit = stepper.largestStep {
      h = direction * min(h.magnitude, limit)
    }
    let remaining = stop - t
    // A last step may be as short as it must: an event can happen just before the end.
    let isLast = remaining.magnitude <= 64 * max(t.magnitude, stop.magnitude).ulp
    if isLast || h.magnitude >= remaining.magnitude * 0.999 { return stop }
    // Two equal steps rather than a long one and a splinter.
    if settings.fixedStep == nil, h.magnitude > 0.6 * remaining.magnitude { h = 0.5 * remaining }
    return h.magnitude < 4 * t.ulp ? t : t + h
  }

  /// An accepted step: proposes the next, then events and rows inside, then moves on.
  private func finishStep(_ error: Double) -> Bool {
    steps += 1
    isInterpolantReady = false
    let h = stepper.h
    if let fixed = settings.fixedStep {
      // Methods that choose their order look at the error all the same; their step is not followed.
      _ = stepper.ownFactor(stepper.scaledError(norm), norm, accepted: true)
      hNext = direction * fixed
    } else {
      let own = stepper.ownFactor(error, norm, accepted: true)
      var remembered = memory
      let law = control.factorAfterAcceptance(error, power: stepper.errorPower, &remembered)
      memory = remembered
      hNext = h * (own ?? law)
    }
    if steps & 15 == 0 { noteStiffness(h) }
    if !watch.events.isEmpty, let ended = passEvents() { return ended }
    passDense(stepper.tNew)
    let tNew = stepper.tNew == landing ? end : stepper.tNew
    emitRows(upTo: tNew)
    if settings.rowsAtSteps { stepRow(tNew, yNew) }
    stepper.accept()
    field.stepEnded()
    t = settings.localClock ? 0 : tNew
    swap(&state.pointee.y, &state.pointee.yNew)
    return true
  }

  private func prepare() {
    if !isInterpolantReady { stepper.prepareInterpolant(norm) }
    isInterpolantReady = true
  }

  private func passDense(_ end: Double) {
    guard let dense = handlers.dense else { return }
    prepare()
    dense(stepper, end)
  }

  /// Rows in the last step up to time `limit`.
  private func emitRows(upTo limit: Double) {
    while nextRow < settings.rows.count, direction * (limit - settings.rows[nextRow]) >= 0 {
      let time = settings.rows[nextRow]
      if time == stepper.tNew {
        handlers.row(time, yNew)
      } else {
        prepare()
        let theta = min(max((time - stepper.t) / stepper.h, 0), 1)
        stepper.interpolate(theta, into: probe)
        handlers.row(time, probe)
      }
      nextRow += 1
    }
  }

  /// Handles the events of the last step; nil if the step stands as it is.
  private func passEvents() -> Bool? {
    prepare()
    var from = 0.0
    while let hit = watch.next(in: stepper, after: from) {
      from = hit.theta
      let isRowThere = nextRow < settings.rows.count && settings.rows[nextRow] == hit.t
      emitRows(upTo: hit.t)
      if hit.theta == 1 { probe.assign(yNew) } else { stepper.interpolate(hit.theta, into: probe) }
      var isOver: String?
      for index in hit.indices {
        handlers.event(hit.t, watch.events[index].name, probe)
        if watch.record(index, at: hit.t) { isOver = watch.events[index].name }
      }
      let changes = hit.indices.compactMap { watch.events[$0].change }
      if isOver == nil, changes.isEmpty { continue }
      if settings.rowsAtSteps {
        stepRow(hit.t, probe)
      } else if isOver != nil, !isRowThere {
        handlers.row(hit.t, probe)
      }
      passDense(hit.t)
      t = hit.t
      y.assign(probe)
      if let isOver {
        report.outcome = .terminated(event: isOver)
        return false
      }
      for change in changes { change(t, y) }
      if settings.rowsAtSteps { stepRow(t, y) }
      restart(chooseStep: true, fired: hit.indices)
      return report.outcome == .reached && keepsPace(hit.indices)
    }
    return nil
  }

  /// Follows events that come ever faster, until no step could tell one from the next.
  private func keepsPace(_ fired: [Int]) -> Bool {
    for index in fired {
      guard watch.events[index].change != nil, let interval = watch.shrinkingInterval(index)
      else { continue }
      if interval < 1e-10 * max(t.magnitude, (end - t).magnitude) {
        return fail(.eventsAccumulate(watch.events[index].name))
      }
      // A first step that spans a thousand of them still sees the next one.
      if settings.fixedStep == nil {
        hNext = direction * min(hNext.magnitude, 1000 * interval)
      }
    }
    return true
  }

  /// Starts the method at the present point: in the beginning, and wherever the solution jumps.
  private func restart(chooseStep: Bool, fired: [Int] = [], fieldChanged: Bool = false) {
    memory = StepControl.Memory()
    if fieldChanged { stepper.fieldChanged(t, y) } else { stepper.start(t, y) }
    watch.restart(t, y, fired: fired)
    if chooseStep { hNext = direction * firstStep() }
    if !stepper.rate.isFinite || !y.isFinite { _ = fail(.notFinite) }
    // Steps so short that rounding alone is left of their error would be accepted for nothing.
    let digits = norm.measure(y, y, y) * Double.ulpOfOne
    if digits > 1, settings.fixedStep == nil { _ = fail(.beyondRounding) }
  }

  private func firstStep() -> Double {
    if let fixed = settings.fixedStep { return fixed }
    if let first = settings.firstStep { return first }
    return hairerStep()
  }

  private func emitStart() {
    if settings.rowsAtSteps { stepRow(t, y) }
    if nextRow < settings.rows.count, settings.rows[nextRow] == t {
      handlers.row(t, y)
      nextRow += 1
    }
  }

  private func stepRow(_ t: Double, _ y: Vector) { (handlers.stepRow ?? handlers.row)(t, y) }

  private func skipRowsBeforeStart() {
    while nextRow < settings.rows.count, direction * (settings.rows[nextRow] - t) < 0 {
      nextRow += 1
    }
  }

  private func fail(_ cause: SolveFailure.Cause) -> Bool {
    let radius = stepper.spectralRadius ?? 0
    let h = stepper.h == 0 ? hNext : stepper.h
    report.outcome = .failed(
      SolveFailure(
        cause: cause, t: t, h: h, component: norm.worst(stepper.error, y, yNew),
        stiffness: radius > 0 ? radius * h.magnitude : nil, method: row.name,
        isImplicit: row.isImplicit && row.name != "auto"))
    return false
  }
}

import Numerics

/// Where an integration stood, so that it goes on as if it had not stopped.
///
/// The same steps follow bit for bit, except with GSL's multistep methods, whose history is out of
/// reach: they restart at order 1 (``isExact`` is then false).
public struct Checkpoint: Sendable, Equatable, Codable {
  public var method: String
  public var t: Double
  public var y: [Double]
  public var end: Double
  public var nextStep: Double
  public var controlMemory: [Double]
  public var history: [Double]?
  public var nextRow: Int
  public var occurrences: [Int]
  var paces: [EventWatch.Pace]
  public var steps: Int
  public var rejected: Int
  public var evaluations: Int
  public var jacobians: Int
  public var factorizations: Int

  /// Whether the run goes on bit for bit.
  public var isExact: Bool { history != nil }

  /// What the run had asked of its field.
  public var counts: FieldCounts {
    var counts = FieldCounts()
    counts.evaluations = evaluations
    counts.jacobians = jacobians
    counts.factorizations = factorizations
    return counts
  }
}

extension Checkpoint {
  /// The state of a method whose memory is out of reach: it starts anew there.
  ///
  /// - Parameter y: `[dimension]`.
  public init(anew method: String, _ y: [Double], steps: Int, rejected: Int, counts: FieldCounts) {
    self.method = method
    (t, end, nextStep) = (0, .greatestFiniteMagnitude, 1)
    self.y = y
    controlMemory = [1, 1, 0]
    (nextRow, occurrences, paces) = (0, [], [])
    (self.steps, self.rejected) = (steps, rejected)
    evaluations = counts.evaluations
    jacobians = counts.jacobians
    factorizations = counts.factorizations
  }
}

extension Integration {
  /// The present state; meaningful between steps: after a run that was cancelled.
  public var checkpoint: Checkpoint {
    Checkpoint(
      method: report.method, t: t, y: y.array, end: end, nextStep: hNext,
      controlMemory: [
        memory.previous, memory.beforePrevious, memory.justRejected ? 1 : 0,
      ],
      history: stepper.saveHistory(), nextRow: nextRow, occurrences: watch.occurrences,
      paces: watch.paces, steps: steps, rejected: rejected,
      evaluations: field.counts.evaluations, jacobians: field.counts.jacobians,
      factorizations: field.counts.factorizations)
  }

  /// Goes on from a checkpoint of an integration of the same field with the same settings.
  public func resume(_ checkpoint: Checkpoint) -> SolveReport {
    precondition(
      checkpoint.y.count == field.dimension && checkpoint.method == report.method,
      "the checkpoint is of another integration")
    t = checkpoint.t
    end = checkpoint.end
    direction = checkpoint.nextStep >= 0 ? 1 : -1
    y.assign(checkpoint.y)
    stepper.start(t, y)
    if let history = checkpoint.history { stepper.restoreHistory(history) }
    watch.restart(t, y)
    watch.restore(checkpoint.occurrences, checkpoint.paces)
    hNext = checkpoint.nextStep
    memory = StepControl.Memory(
      previous: checkpoint.controlMemory[0], beforePrevious: checkpoint.controlMemory[1],
      justRejected: checkpoint.controlMemory[2] == 1)
    nextRow = checkpoint.nextRow
    report = SolveReport(method: report.method)
    steps = checkpoint.steps
    rejected = checkpoint.rejected
    field.counts = checkpoint.counts
    return advance()
  }
}

import Numerics

extension PhysicsResiduals {
  /// How much more physical blocks count in the end than measurements do, by their rows of J.
  ///
  /// The equations are true and the measurements are not: what this leaves is how far noise may bend
  /// the solution away from the equations.
  public static let physicsOverData = 1e4
  /// By how much that grows from one set of points to the next: a training that had to keep
  /// to the equations from the start would creep along the curved set of their solutions.
  static let physicsGrowth = 10.0

  /// What it is at first: measurements lead, or else a parameter that is far off at the start drives
  /// the solution away from them.
  static let physicsStart = 1e-2

  /// What physical blocks' weights are multiplied by, with the points of a round; 1 where nothing is
  /// measured.
  public func physicsFactor(round: Int) -> Double {
    if measurementCount == 0 { return 1 }
    var factor = Self.physicsStart
    for _ in 0..<max(round, 0) where factor < Self.physicsOverData { factor *= Self.physicsGrowth }
    return min(factor, Self.physicsOverData)
  }

  /// Weights that give every block's rows of J the size of the equations' at the first parameters.
  ///
  /// The mean squared norm of a block's rows is its share of the trace of the tangent kernel JJᵀ;
  /// its weight is the equations' mean share over its own, within [1e-3, 1e6]. Balanced once, so
  /// that the loss keeps its meaning. Measurements weigh 1 in all, in units of their noise, and where
  /// there are some the physical blocks' common factor is chosen beside them.
  /// Source: S. Wang, X. Yu and P. Perdikaris, J. Comput. Phys. 449 (2022) 110768, section 5.
  func balance() -> [Double] {
    let traces = traces()
    let own = traces.prefix(groups[0].names.count).filter { $0.isFinite && $0 > 0 }
    guard !own.isEmpty else { return traces.map { _ in 1 } }
    let mean = own.reduce(0) { $0 + $1 / Double(own.count) }
    let measured = groups.flatMap { group in group.names.map { _ in group.noise != nil } }
    let counts = groups.flatMap { group in
      group.names.map { _ in Double(group.count(field.dimension)) }
    }
    let total = zip(measured, counts).reduce(0) { $0 + ($1.0 ? $1.1 : 0) }
    // The size of a row of all the measurements.
    let data = zip(traces, zip(measured, counts)).reduce(0) {
      $0 + ($1.1.0 ? $1.0 * $1.1.1 / max(total, 1) : 0)
    }
    let factor = total > 0 && data > 0 ? data / mean : 1
    return zip(traces, zip(measured, counts)).map { trace, block in
      if block.0 { return block.1 / total }
      guard trace.isFinite, trace > 0 else { return 1 }
      return min(max(mean / trace, 1e-3), 1e6) * factor
    }
  }

  /// Every so many chunks, so that some thousand points of a group are looked at.
  private func isSample(_ task: ResidualWorker.Task) -> Bool {
    let chunks = (groups[task.group].count(field.dimension) - 1) / task.kit.capacity + 1
    let wanted = max(1, 1024 / task.kit.capacity)
    return (task.start / task.kit.capacity) % max(1, chunks / wanted) == 0
  }

  /// The mean squared norm of each block's rows, weights aside; of some points of each group, spread
  /// over all of them.
  private func traces() -> [Double] {
    let parameters = Storage(layout.initialParameters(seed: plan.seed))
    defer { parameters.keep() }
    var sums = groups.map { [Double](repeating: 0, count: $0.names.count) }
    var counts = groups.map { _ in 0 }
    for worker in workers {
      for var task in worker.tasks where isSample(task) {
        let unit = 1 / (groups[task.group].noise?.deviation ?? 1)
        task.scales = task.scales.map { _ in unit }
        let rows = Storage(task.rowCount * parameterCount)
        defer { rows.keep() }
        worker.linearize(parameters.vector, task, into: nil)
        counts[task.group] += task.rowCount
        for block in sums[task.group].indices {
          worker.writeRows(parameters.vector, task, block: block, into: rows.vector)
          sums[task.group][block] += rows.vector.squaredNorm
        }
      }
    }
    return zip(sums, counts).flatMap { sums, count in sums.map { $0 / Double(max(count, 1)) } }
  }
}

import Numerics
import Problems

extension PhysicsResiduals {
  /// Draws new points and, where the plan refines, more of them where the residual of θ is large.
  ///
  /// Call between steps only. Allocates; the count of points stays.
  public func resample(_ parameters: Vector, round: Int) {
    for index in groups.indices {
      switch groups[index].place {
      case .interior:
        groups[index].points =
          plan.refine == nil || round == 0
          ? interior(round: round) : refined(parameters, round: round)
      case .faces(let faces):
        groups[index].points = boundary(
          faces, stream: index, count: plan.boundaryPoints, round: round)
      case .fixed: break
      }
    }
    fill()
  }

  /// Goes back to points that ``points`` gave, and to those of the faces of that round.
  public func restore(points: [[Double]], round: Int) {
    precondition(
      points.count * field.dimension == groups[0].points.count, "\(points.count) points")
    for index in groups.indices {
      switch groups[index].place {
      case .interior: groups[index].points = points.flatMap(\.self)
      case .faces(let faces):
        groups[index].points = boundary(
          faces, stream: index, count: plan.boundaryPoints, round: round)
      case .fixed: break
      }
    }
    fill()
  }

  /// Interior points by the plan's refinement.
  private func refined(_ parameters: Vector, round: Int) -> [Double] {
    let dimension = field.dimension
    let count = groups[0].count(dimension)
    let pool = interior(count: PointRefinement.poolFactor * count, round: round)
    let defects = equations.values(parameters, at: pool, self)
    let weights = groups[0].weights
    let sizes = (0..<(pool.count / dimension)).map { point in
      var sum = 0.0
      for (defect, weight) in zip(defects, weights) {
        sum += weight * defect[point] * defect[point]
      }
      return sum.squareRoot()
    }
    guard sizes.count >= count else { return interior(round: round) }
    var generator = SeededGenerator(seed: plan.seed, stream: .max, round: round)
    let chosen = PointRefinement.chosen(
      sizes, slopes: slopes(parameters, at: pool), count: count, start: generator.unit())
    return chosen.flatMap { pool[($0 * dimension)..<(($0 + 1) * dimension)] }
  }

  /// The size of the unknowns' gradients, in units of the domain and of the unknowns; empty where
  /// the plan does not ask for it.
  private func slopes(_ parameters: Vector, at points: [Double]) -> [Double] {
    guard let found = gradients?.values(parameters, at: points, self) else { return [] }
    let lengths = problem.variables.map { $0.upper - $0.lower }
    return (0..<(points.count / field.dimension)).map { point in
      var sum = 0.0
      for (index, column) in found.enumerated() {
        let unit = lengths[index % lengths.count] / plan.scales[index / lengths.count]
        sum += unit * unit * column[point] * column[point]
      }
      return sum.squareRoot()
    }
  }

  // MARK: Weights

  /// Weights that give every block's rows of J the size of the equations' at the first parameters.
  ///
  /// The mean squared norm of a block's rows is its share of the trace of the tangent kernel JJᵀ;
  /// its weight is the equations' mean share over its own, within [1e-3, 1e6]. Balanced once, so
  /// that the loss keeps its meaning.
  /// Source: S. Wang, X. Yu and P. Perdikaris, J. Comput. Phys. 449 (2022) 110768, section 5.
  func balance() -> [Double] {
    let traces = traces()
    let own = traces.prefix(groups[0].names.count).filter { $0.isFinite && $0 > 0 }
    guard !own.isEmpty else { return traces.map { _ in 1 } }
    let mean = own.reduce(0) { $0 + $1 / Double(own.count) }
    let hasNoise = groups.flatMap { group in group.names.map { _ in group.hasNoise } }
    return zip(traces, hasNoise).map { trace, hasNoise in
      // In units of their noise measurements have a weight of their own.
      guard trace.isFinite, trace > 0, !hasNoise else { return 1 }
      return min(max(mean / trace, 1e-3), 1e6)
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
    let parameters = Storage(initialParameters)
    defer { parameters.keep() }
    var sums = groups.map { [Double](repeating: 0, count: $0.names.count) }
    var counts = groups.map { _ in 0 }
    for worker in workers {
      for var task in worker.tasks where isSample(task) {
        task.scales = task.scales.map { _ in 1 }
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

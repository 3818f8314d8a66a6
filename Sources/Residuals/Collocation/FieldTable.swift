import Numerics

/// Evaluates a program at any points, with the workers of a ``PhysicsResiduals``.
final class FieldTable {
  private let program: PointProgram
  private let lanes: [(worker: ResidualWorker, kit: PointKit, chunk: PointChunk)]

  init(_ program: PointProgram, _ workers: [ResidualWorker]) {
    self.program = program
    lanes = workers.map { worker in
      let kit = worker.kit(program)
      return (worker, kit, PointChunk(kit, count: kit.capacity))
    }
  }

  /// The values by expression, then by point; `points`: flat, point after point.
  func values(_ parameters: Vector, at points: [Double], _ residuals: PhysicsResiduals)
    -> [[Double]]
  {
    let dimension = lanes[0].kit.field.dimension
    precondition(points.count % dimension == 0, "\(points.count) numbers for points")
    let count = points.count / dimension
    let given = residuals.following?.values(program.given, at: points) ?? []
    let total = Storage(count * program.expressionCount)
    defer { total.keep() }
    residuals.run { worker in
      guard let own = lanes.firstIndex(where: { $0.worker === worker }) else { return }
      let (kit, chunk) = (lanes[own].kit, lanes[own].chunk)
      for start in stride(
        from: own * kit.capacity, to: count, by: lanes.count * kit.capacity)
      {
        let size = min(kit.capacity, count - start)
        chunk.resize(size)
        chunk.fill(points, from: start, measurements: [], given: given)
        kit.evaluate(parameters, chunk)
        for expression in 0..<program.expressionCount {
          total.vector.slice(expression * count + start, size).assign(
            chunk.valueOutputs[expression])
        }
      }
    }
    return (0..<program.expressionCount).map { total.vector.slice($0 * count, count).array }
  }
}

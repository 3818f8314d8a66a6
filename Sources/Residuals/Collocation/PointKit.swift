import Expressions
import Networks
import Numerics

/// What one worker needs to evaluate a ``PointProgram`` over chunks of points.
///
/// Not `Sendable`: its worker alone uses it.
final class PointKit {
  let program: PointProgram
  /// The most points of a chunk.
  let capacity: Int
  let field: NetworkField
  let lanes: [NetworkLane]
  /// What the expressions integrate, in the order of evaluation.
  let integrals: [IntegralKit]
  let columns: Tape
  let leaves: Storage
  let outputs: Storage
  /// The estimates at the parameters asked for last.
  let estimates: Storage
  private let estimateSlopes: Storage
  private let values: Tape
  private let tangents: Tape

  init(_ program: PointProgram, _ field: NetworkField, _ networks: [JetNetwork], capacity: Int) {
    self.program = program
    self.field = field
    self.capacity = capacity
    lanes = zip(program.parts, networks).map {
      NetworkLane($0, $1, offset: field.layout.networks[$0.network].offset, capacity: capacity)
    }
    integrals = program.integrals.map { IntegralKit($0, field, capacity: capacity) }
    columns = Tape(program.columns)
    values = Tape(program.values)
    tangents = Tape(program.tangents)
    leaves = Storage(capacity * program.leaves.count)
    outputs = Storage(capacity * max(program.tangents.outputCount, program.values.outputCount))
    estimates = Storage(field.layout.estimates.count)
    estimateSlopes = Storage(field.layout.estimates.count)
  }

  /// Evaluates the expressions of a chunk into its ``PointChunk/valueOutputs``.
  func evaluate(_ parameters: Vector, _ chunk: PointChunk) {
    fillLeaves(parameters, chunk, slopes: false)
    values.evaluateBlock(count: chunk.count, inputs: chunk.inputs, into: chunk.valueOutputs)
  }

  /// Evaluates the expressions and their slopes into its ``PointChunk/tangentOutputs``.
  func linearize(_ parameters: Vector, _ chunk: PointChunk) {
    fillLeaves(parameters, chunk, slopes: true)
    tangents.evaluateBlock(count: chunk.count, inputs: chunk.inputs, into: chunk.tangentOutputs)
  }

  private func fillLeaves(_ parameters: Vector, _ chunk: PointChunk, slopes: Bool) {
    let n = chunk.count
    for (index, lane) in lanes.enumerated() {
      lane.forward(parameters, chunk.featureJets(index), count: n, slopes: slopes)
    }
    for (index, scale) in field.layout.scales.enumerated() {
      let (value, slope) = scale.value(parameters[field.layout.networkCount + index])
      estimates.vector[index] = value
      estimateSlopes.vector[index] = slope
    }
    for (index, leaf) in program.leaves.enumerated() {
      let run = leaves.vector.slice(index * n, n)
      switch leaf.lift {
      case .constant(let value): run.fill(value)
      case .column(let column): run.assign(chunk.columns.vector.slice(column * n, n))
      }
      let lane = lanes[leaf.part]
      let (jets, m) = (lane.network.outputs, lane.outputCount)
      for (jet, factor) in leaf.factors {
        let first = jet * n * m + leaf.output
        switch factor {
        case .constant(let value):
          for point in 0..<n { run[point] += value * jets[first + point * m] }
        case .column(let column):
          let factors = chunk.columns.vector.slice(column * n, n)
          for point in 0..<n { run[point] += factors[point] * jets[first + point * m] }
        }
      }
    }
    for (index, integral) in integrals.enumerated() {
      integral.evaluate(parameters, chunk.integrals[index], slopes: slopes)
    }
  }

  // MARK: Derivatives

  /// Visits the derivative of one expression by every jet: where the jet's numbers stand in a
  /// lane's seeds, `step` apart, and what the derivative is at a point.
  @inline(__always)
  private func eachJet(
    _ expression: Int, _ chunk: PointChunk,
    _ visit: (_ lane: NetworkLane, _ first: Int, _ step: Int, _ slope: (Int) -> Double) -> Void
  ) {
    let n = chunk.count
    for slope in program.slopes where slope.expression == expression {
      let leaf = program.leaves[slope.leaf]
      let lane = lanes[leaf.part]
      for (jet, factor) in leaf.factors {
        visit(lane, jet * n * lane.outputCount + leaf.output, lane.outputCount) { point in
          slope.value.number(outputs.vector, n, point)
            * factor.number(chunk.columns.vector, n, point)
        }
      }
    }
  }

  /// Adds to the seeds what one expression's derivative is by every jet, times a weight a point.
  @inline(__always)
  private func addSeeds(_ expression: Int, _ chunk: PointChunk, weight: (Int) -> Double) {
    let n = chunk.count
    eachJet(expression, chunk) { lane, first, step, slope in
      let seeds = lane.seeds.vector
      for point in 0..<n { seeds[first + point * step] += weight(point) * slope(point) }
    }
  }

  private func clearSeeds(_ count: Int) {
    for lane in lanes { lane.seeds(count).fill(0) }
  }

  /// Writes weight·∂(expression)/∂θ, a row for each point; after ``linearize(_:_:)``.
  ///
  /// - Parameter rows: row i starts at i·P.
  func writeRows(
    _ parameters: Vector, _ chunk: PointChunk, expression: Int, into rows: Vector,
    weight: (_ point: Int) -> Double
  ) {
    let (n, size) = (chunk.count, parameters.count)
    clearSeeds(n)
    addSeeds(expression, chunk, weight: weight)
    writeSeeded(parameters, count: n, into: rows)
    for slope in program.estimateSlopes where slope.expression == expression {
      let column = field.layout.networkCount + slope.leaf
      let unit = estimateSlopes.vector[slope.leaf]
      for point in 0..<n {
        rows[point * size + column] +=
          weight(point) * unit * slope.value.number(outputs.vector, n, point)
      }
    }
    for slope in program.integralSlopes where slope.expression == expression {
      let (kit, nodes) = (integrals[slope.leaf], chunk.integrals[slope.leaf])
      if kit.program.isConstant {
        kit.addConstantRows(parameters, nodes, to: rows, count: n) { point in
          weight(point) * slope.value.number(outputs.vector, n, point)
        }
      } else {
        for point in 0..<n {
          kit.weights.vector[point] =
            weight(point) * slope.value.number(outputs.vector, n, point)
        }
        kit.addRows(parameters, nodes, to: rows, count: n)
      }
    }
  }

  /// Writes Σ weight·∂(expression)/∂θ, summed over expressions that are fields and no more.
  ///
  /// - Parameter rows: row i starts at i·P.
  func writeRows(
    _ parameters: Vector, _ chunk: PointChunk, into rows: Vector,
    weight: (_ expression: Int, _ point: Int) -> Double
  ) {
    clearSeeds(chunk.count)
    for expression in 0..<program.expressionCount {
      addSeeds(expression, chunk) { weight(expression, $0) }
    }
    writeSeeded(parameters, count: chunk.count, into: rows)
  }

  private func writeSeeded(_ parameters: Vector, count: Int, into rows: Vector) {
    // Networks that the program does not speak of leave their columns as they are.
    if lanes.count < field.layout.networks.count || !field.layout.estimates.isEmpty {
      rows.slice(0, count * parameters.count).fill(0)
    }
    for lane in lanes { lane.writeRows(parameters, count: count, into: rows) }
  }

  /// Adds Σ weight·∂(expression)/∂θ over expressions and points; after ``linearize(_:_:)``.
  ///
  /// - Parameter weights: by expression and point.
  func addGradient(
    _ parameters: Vector, _ chunk: PointChunk, to gradient: Vector,
    weight: (_ expression: Int, _ point: Int) -> Double
  ) {
    let n = chunk.count
    clearSeeds(n)
    for expression in 0..<program.expressionCount {
      addSeeds(expression, chunk) { weight(expression, $0) }
    }
    for lane in lanes { lane.addGradient(parameters, count: n, to: gradient) }
    for slope in program.estimateSlopes {
      var sum = 0.0
      for point in 0..<n {
        sum += weight(slope.expression, point) * slope.value.number(outputs.vector, n, point)
      }
      gradient[field.layout.networkCount + slope.leaf] += sum * estimateSlopes.vector[slope.leaf]
    }
    for (index, kit) in integrals.enumerated() {
      kit.weights.vector.fill(0)
      for slope in program.integralSlopes where slope.leaf == index {
        for point in 0..<n {
          kit.weights.vector[kit.program.isConstant ? 0 : point] +=
            weight(slope.expression, point) * slope.value.number(outputs.vector, n, point)
        }
      }
      kit.addGradient(parameters, chunk.integrals[index], to: gradient)
    }
  }

  /// Differentiates along a direction of the parameters; after ``linearize(_:_:)``.
  func tangent(_ parameters: Vector, _ direction: Vector, _ chunk: PointChunk) {
    for lane in lanes { lane.tangent(parameters, direction, count: chunk.count) }
    for (index, kit) in integrals.enumerated() {
      kit.tangent(parameters, direction, chunk.integrals[index])
    }
  }

  /// Adds weight·(the derivative of an expression along the direction) to a run of points; after
  /// ``tangent(_:_:_:)``.
  func addChange(
    _ chunk: PointChunk, _ direction: Vector, expression: Int, to run: Vector,
    weight: (_ point: Int) -> Double
  ) {
    let n = chunk.count
    eachJet(expression, chunk) { lane, first, step, slope in
      let changes = lane.changes.vector
      for point in 0..<n {
        run[point] += weight(point) * slope(point) * changes[first + point * step]
      }
    }
    for slope in program.estimateSlopes where slope.expression == expression {
      let change =
        direction[field.layout.networkCount + slope.leaf] * estimateSlopes.vector[slope.leaf]
      for point in 0..<n {
        run[point] += weight(point) * change * slope.value.number(outputs.vector, n, point)
      }
    }
    for slope in program.integralSlopes where slope.expression == expression {
      let kit = integrals[slope.leaf]
      for point in 0..<n {
        run[point] +=
          weight(point) * slope.value.number(outputs.vector, n, point)
          * kit.changes.vector[kit.program.isConstant ? 0 : point]
      }
    }
  }
}

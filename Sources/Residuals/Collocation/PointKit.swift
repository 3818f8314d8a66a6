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
  let dimension: Int
  /// Which variable forcings are functions of.
  let marching: Int
  let forcings: [Interpolation]
  let inputCount: Int
  let outputCount: Int
  let features: Tape
  let columns: Tape
  let leaves: Storage
  let outputs: Storage
  let scratch: Storage
  private let network: JetNetwork
  private let values: Tape
  private let tangents: Tape
  private let seeds: Storage
  private let changes: Storage

  init(_ program: PointProgram, _ field: NetworkField, _ network: JetNetwork, capacity: Int) {
    self.program = program
    self.network = network
    self.capacity = capacity
    dimension = field.dimension
    marching = field.marching
    forcings = field.forcings
    inputCount = field.shape.inputs
    outputCount = field.shape.outputs
    features = Tape(program.features)
    columns = Tape(program.columns)
    values = Tape(program.values)
    tangents = Tape(program.tangents)
    leaves = Storage(capacity * program.leaves.count)
    outputs = Storage(capacity * max(program.tangents.outputCount, program.values.outputCount))
    scratch = Storage(capacity * program.features.outputCount)
    seeds = Storage(capacity * program.jets.count * field.shape.outputs)
    changes = Storage(capacity * program.jets.count * field.shape.outputs)
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
    network.forward(parameters, chunk.featureJets, count: chunk.count, slopes: slopes)
    let (n, m) = (chunk.count, outputCount)
    let jets = network.outputs
    for (index, leaf) in program.leaves.enumerated() {
      let run = leaves.vector.slice(index * n, n)
      switch leaf.lift {
      case .constant(let value): run.fill(value)
      case .column(let column): run.assign(chunk.columns.vector.slice(column * n, n))
      }
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
  }

  /// Adds to the seeds what one expression's derivative is by every jet, times a weight a point.
  private func addSeeds(_ expression: Int, _ chunk: PointChunk, weight: (Int) -> Double) {
    let (n, m) = (chunk.count, outputCount)
    for slope in program.slopes where slope.expression == expression {
      let leaf = program.leaves[slope.leaf]
      for (jet, factor) in leaf.factors {
        let first = jet * n * m + leaf.output
        for point in 0..<n {
          seeds.vector[first + point * m] +=
            weight(point) * number(slope.value, chunk, point) * factorNumber(factor, chunk, point)
        }
      }
    }
  }

  @inline(__always)
  private func number(_ source: PointProgram.Source, _ chunk: PointChunk, _ point: Int) -> Double {
    switch source {
    case .constant(let value): value
    case .column(let column): outputs.vector[column * chunk.count + point]
    }
  }

  @inline(__always)
  private func factorNumber(_ source: PointProgram.Source, _ chunk: PointChunk, _ point: Int)
    -> Double
  {
    switch source {
    case .constant(let value): value
    case .column(let column): chunk.columns.vector[column * chunk.count + point]
    }
  }

  private func seeds(of chunk: PointChunk) -> Vector {
    seeds.vector.slice(0, chunk.count * program.jets.count * outputCount)
  }

  /// Writes weight·∂(expression)/∂θ, a row for each point; after ``linearize(_:_:)``.
  func writeRows(
    _ parameters: Vector, _ chunk: PointChunk, expression: Int, weight: Double, into rows: Vector
  ) {
    let all = seeds(of: chunk)
    all.fill(0)
    addSeeds(expression, chunk) { _ in weight }
    network.writeRows(parameters, seeds: all, into: rows, stride: parameters.count)
  }

  /// Adds Σ weight·∂(expression)/∂θ over expressions and points; after ``linearize(_:_:)``.
  ///
  /// - Parameter weights: by expression and point.
  func addGradient(
    _ parameters: Vector, _ chunk: PointChunk, to gradient: Vector,
    weight: (_ expression: Int, _ point: Int) -> Double
  ) {
    let all = seeds(of: chunk)
    all.fill(0)
    for expression in 0..<program.expressionCount {
      addSeeds(expression, chunk) { weight(expression, $0) }
    }
    network.addGradient(parameters, seeds: all, to: gradient)
  }

  /// Differentiates along a direction of the parameters; after ``linearize(_:_:)``.
  func tangent(_ parameters: Vector, _ direction: Vector, _ chunk: PointChunk) {
    network.tangent(
      parameters, direction,
      into: changes.vector.slice(0, chunk.count * program.jets.count * outputCount))
  }

  /// Adds weight·(the derivative of an expression along the direction) to a run of points; after
  /// ``tangent(_:_:_:)``.
  func addChange(_ chunk: PointChunk, expression: Int, weight: Double, to run: Vector) {
    let (n, m) = (chunk.count, outputCount)
    for slope in program.slopes where slope.expression == expression {
      let leaf = program.leaves[slope.leaf]
      for (jet, factor) in leaf.factors {
        let first = jet * n * m + leaf.output
        for point in 0..<n {
          run[point] +=
            weight * number(slope.value, chunk, point) * factorNumber(factor, chunk, point)
            * changes.vector[first + point * m]
        }
      }
    }
  }
}

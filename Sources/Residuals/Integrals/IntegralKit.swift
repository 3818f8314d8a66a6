import Expressions
import Networks
import Numerics

/// What one worker needs to evaluate an ``IntegralProgram`` for chunks of points.
///
/// Its networks are its own: their forward passes have to last until whatever is around is
/// differentiated. Not `Sendable`: its worker alone uses it.
final class IntegralKit {
  let program: IntegralProgram
  /// The most points around; 1 where the integral is the same at all.
  let capacity: Int
  let places: [PointKit]
  let inner: [IntegralKit]
  let edges: Tape
  let arguments: [Tape]
  /// The integrand, then its derivatives that vary, at the nodes.
  let outputs: Storage
  /// The integral, then its derivatives by what it depends on directly.
  let results: Storage
  /// What changes with θ around, at the nodes.
  let outer: Storage
  /// By point around: what its integral is weighed with when rows or a gradient are asked for.
  let weights: Storage
  /// By point around: the change of its integral along the direction asked for last.
  let changes: Storage
  private let nodeWeights: Storage
  private let nodeChanges: Storage
  private let values: Tape
  private let tangents: Tape
  private let parameterCount: Int
  /// A row of J for each node; made when first asked for.
  private lazy var rows = Storage(capacity * program.rule.count * parameterCount)
  private lazy var sum = Storage(parameterCount)

  init(_ program: IntegralProgram, _ field: NetworkField, capacity around: Int) {
    self.program = program
    capacity = program.isConstant ? 1 : around
    let nodes = capacity * program.rule.count
    places = program.places.map { place in
      let networks = place.fields.parts.map {
        JetNetwork(field.layout.networks[$0.network].shape, $0.jets, capacity: nodes)
      }
      return PointKit(place.fields, field, networks, capacity: nodes)
    }
    inner = program.inner.map { IntegralKit($0, field, capacity: nodes) }
    edges = Tape(program.edges)
    arguments = program.places.map { Tape($0.arguments) }
    values = Tape(program.values)
    tangents = Tape(program.tangents)
    outputs = Storage(nodes * program.tangents.outputCount)
    results = Storage(capacity * (1 + program.directLeaves.count))
    outer = Storage(nodes * program.outer.count)
    weights = Storage(capacity)
    changes = Storage(capacity)
    nodeWeights = Storage(nodes)
    nodeChanges = Storage(nodes)
    parameterCount = field.layout.count
  }

  /// Computes the integrals at the points around and, with `slopes`, what they change by directly.
  func evaluate(_ parameters: Vector, _ chunk: IntegralChunk, slopes: Bool) {
    for (index, kit) in places.enumerated() {
      if slopes {
        kit.linearize(parameters, chunk.places[index])
      } else {
        kit.evaluate(parameters, chunk.places[index])
      }
    }
    chunk.spread()
    for (index, kit) in inner.enumerated() {
      kit.evaluate(parameters, chunk.inner[index], slopes: slopes)
    }
    let (n, nodes) = (chunk.count, chunk.nodeCount)
    if slopes {
      tangents.evaluateBlock(count: nodes, inputs: chunk.inputs, into: chunk.tangentOutputs)
    } else {
      values.evaluateBlock(count: nodes, inputs: chunk.inputs, into: chunk.valueOutputs)
    }
    integrate(chunk, result(0, n)) { outputs.vector[$0] }
    guard slopes else { return }
    for (index, slope) in program.directSlopes.enumerated() {
      integrate(chunk, result(1 + index, n)) { slope.number(outputs.vector, nodes, $0) }
    }
  }

  /// Sums weighted numbers over the nodes of each point around: node by node, all points of each.
  @inline(__always)
  private func integrate(_ chunk: IntegralChunk, _ run: Vector, _ number: (Int) -> Double) {
    let (n, weights) = (chunk.count, chunk.weights.vector)
    run.fill(0)
    for first in stride(from: 0, to: chunk.nodeCount, by: n) {
      for point in 0..<n { run[point] += weights[first + point] * number(first + point) }
    }
  }

  /// The value (0) or one of the direct derivatives of `count` points.
  func result(_ index: Int, _ count: Int) -> Vector {
    results.vector.slice(index * count, count)
  }

  // MARK: Derivatives

  /// What every node counts in Σ weights·I.
  private func weighNodes(_ chunk: IntegralChunk) {
    let n = chunk.count
    for first in stride(from: 0, to: chunk.nodeCount, by: n) {
      for point in 0..<n {
        nodeWeights.vector[first + point] =
          weights.vector[point] * chunk.weights.vector[first + point]
      }
    }
  }

  private func weighInner(_ index: Int, _ nodes: Int) {
    let slope = program.innerSlopes[index]
    for node in 0..<nodes {
      inner[index].weights.vector[node] =
        nodeWeights.vector[node] * slope.number(outputs.vector, nodes, node)
    }
  }

  /// Adds Σ weights·∂I/∂θ, the direct part left out, to a gradient; ``weights`` come first.
  func addGradient(_ parameters: Vector, _ chunk: IntegralChunk, to gradient: Vector) {
    weighNodes(chunk)
    let nodes = chunk.nodeCount
    for (index, kit) in places.enumerated() {
      let slopes = program.places[index].slopes
      kit.addGradient(parameters, chunk.places[index], to: gradient) { field, node in
        nodeWeights.vector[node] * slopes[field].number(outputs.vector, nodes, node)
      }
    }
    for (index, kit) in inner.enumerated() {
      weighInner(index, nodes)
      kit.addGradient(parameters, chunk.inner[index], to: gradient)
    }
  }

  /// Adds weight·∂I/∂θ, the direct part left out, to the rows of points; ``weights`` come first.
  ///
  /// - Parameter count: how many rows there are: point around i adds to row i mod `count`.
  func addRows(_ parameters: Vector, _ chunk: IntegralChunk, to target: Vector, count: Int) {
    weighNodes(chunk)
    let (nodes, size) = (chunk.nodeCount, parameterCount)
    for (index, kit) in places.enumerated() {
      let slopes = program.places[index].slopes
      kit.writeRows(parameters, chunk.places[index], into: rows.vector) { field, node in
        nodeWeights.vector[node] * slopes[field].number(outputs.vector, nodes, node)
      }
      for node in 0..<nodes {
        add(1, rows.vector.slice(node * size, size), to: target.slice(node % count * size, size))
      }
    }
    for (index, kit) in inner.enumerated() {
      weighInner(index, nodes)
      kit.addRows(parameters, chunk.inner[index], to: target, count: count)
    }
  }

  /// Adds weight·∂I/∂θ to `count` rows where the integral is the same at all of them.
  func addConstantRows(
    _ parameters: Vector, _ chunk: IntegralChunk, to target: Vector, count: Int,
    weight: (_ point: Int) -> Double
  ) {
    weights.vector[0] = 1
    sum.vector.fill(0)
    addRows(parameters, chunk, to: sum.vector, count: 1)
    for point in 0..<count {
      add(
        weight(point), sum.vector,
        to: target.slice(point * parameterCount, parameterCount))
    }
  }

  private func add(_ factor: Double, _ row: Vector, to target: Vector) {
    for column in 0..<row.count { target[column] += factor * row[column] }
  }

  /// Computes ``changes``, the direct part left out; after ``evaluate(_:_:slopes:)`` with slopes.
  func tangent(_ parameters: Vector, _ direction: Vector, _ chunk: IntegralChunk) {
    let nodes = chunk.nodeCount
    let run = nodeChanges.vector.slice(0, nodes)
    run.fill(0)
    for (index, kit) in places.enumerated() {
      kit.tangent(parameters, direction, chunk.places[index])
      for (field, slope) in program.places[index].slopes.enumerated() {
        kit.addChange(chunk.places[index], direction, expression: field, to: run) {
          slope.number(outputs.vector, nodes, $0)
        }
      }
    }
    for (index, kit) in inner.enumerated() {
      kit.tangent(parameters, direction, chunk.inner[index])
      let slope = program.innerSlopes[index]
      for node in 0..<nodes {
        run[node] += slope.number(outputs.vector, nodes, node) * kit.changes.vector[node]
      }
    }
    integrate(chunk, changes.vector.slice(0, chunk.count)) { run[$0] }
  }
}

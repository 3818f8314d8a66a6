import Expressions
import Numerics

/// The nodes of an integral for a chunk of points, with what depends on the points alone.
///
/// Nodes are ordered by their number in the rule, then by the point around.
final class IntegralChunk {
  let kit: IntegralKit
  /// How many points around; 1 where the integral is the same at all.
  private(set) var count = 0
  /// By node: of the integrand.
  let weights: Storage
  let places: [PointChunk]
  let inner: [IntegralChunk]
  private(set) var inputs: [Vector] = []
  private(set) var valueOutputs: [Vector] = []
  private(set) var tangentOutputs: [Vector] = []
  /// The columns, then the bound variable.
  private let points: Storage
  private let edges: Storage
  private var columnRuns: [Vector] = []
  private var outerRuns: [Vector] = []
  /// What the point around knows, and what it is read from.
  private var columnSources: [Vector] = []
  private var outerSources: [Vector] = []

  /// - Parameter count: of the points around.
  init(_ kit: IntegralKit, count: Int) {
    self.kit = kit
    let program = kit.program
    let nodes = (program.isConstant ? 1 : count) * program.rule.count
    weights = Storage(nodes)
    points = Storage(nodes * (program.columns.count + 1))
    edges = Storage((program.isConstant ? 1 : count) * program.edges.outputCount)
    places = kit.places.map { PointChunk($0, count: nodes) }
    inner = kit.inner.map { IntegralChunk($0, count: nodes) }
  }

  /// How many nodes there are.
  var nodeCount: Int { count * kit.program.rule.count }

  /// Changes how many points around are in use.
  ///
  /// - Parameter around: where the point around keeps what has a name, a run for each.
  func resize(_ count: Int, around: [Symbol: Vector]) {
    let program = kit.program
    self.count = program.isConstant ? 1 : count
    let nodes = nodeCount
    func runs(_ storage: Storage, _ total: Int, _ size: Int) -> [Vector] {
      (0..<total).map { storage.vector.slice($0 * size, size) }
    }
    columnSources = program.columns.compactMap { around[$0] }
    outerSources = program.outer.compactMap { around[$0] }
    columnRuns = runs(points, program.columns.count + 1, nodes)
    outerRuns = runs(kit.outer, program.outer.count, nodes)
    valueOutputs = runs(kit.outputs, 1, nodes)
    tangentOutputs = runs(kit.outputs, program.tangents.outputCount, nodes)
    for place in places { place.resize(nodes) }
    let fields = places.flatMap(\.valueOutputs)
    var here = around
    let known = program.columns + [program.bound] + program.outer
    for (name, run) in zip(known, columnRuns + outerRuns) { here[name] = run }
    for (name, run) in zip(program.places.flatMap(\.stands), fields) { here[name] = run }
    let integrals = inner.resize(nodes, around: &here)
    let estimates = program.values.inputs.parameters.compactMap { around[$0] }
    inputs = columnRuns + fields + integrals + outerRuns + estimates
  }

  /// Computes what depends on the points around alone; those have been filled.
  func fill() {
    let (program, n) = (kit.program, count)
    let edgeCount = program.edges.outputCount
    let edgeRuns = (0..<edgeCount).map { edges.vector.slice($0 * n, n) }
    kit.edges.evaluateBlock(count: n, inputs: columnSources, into: edgeRuns)
    let bound = columnRuns[columnRuns.count - 1]
    for point in 0..<n {
      let nodes = program.rule.nodes(
        from: edgeRuns[0][point], to: edgeRuns[1][point],
        kinks: edgeRuns.dropFirst(2).map { $0[point] })
      for (index, (node, weight)) in nodes.enumerated() {
        bound[index * n + point] = node
        weights.vector[index * n + point] = weight
      }
    }
    for (source, run) in zip(columnSources, columnRuns) { spread(source, over: run) }
    for (index, place) in places.enumerated() {
      kit.arguments[index].evaluateBlock(
        count: nodeCount, inputs: columnRuns, into: place.variables)
      place.fill()
    }
    for chunk in inner { chunk.fill() }
  }

  /// Takes what changes with θ from the points around to the nodes.
  func spread() {
    for index in outerRuns.indices { spread(outerSources[index], over: outerRuns[index]) }
  }

  private func spread(_ source: Vector, over run: Vector) {
    // A run of one number is the same at all points.
    if source.count == 1 { return run.fill(source[0]) }
    for first in stride(from: 0, to: nodeCount, by: count) {
      run.slice(first, count).assign(source)
    }
  }
}

extension [IntegralChunk] {
  /// Changes how many points around the integrals have.
  ///
  /// - Parameter around: gains the integrals by their symbols.
  /// - Returns: where they and their direct derivatives are found: ``ChainRule/symbols``.
  func resize(_ count: Int, around: inout [Symbol: Vector]) -> [Vector] {
    var runs: [Vector] = []
    for chunk in self {
      chunk.resize(count, around: around)
      let kit = chunk.kit
      runs += (0...kit.program.directLeaves.count).map { kit.result($0, chunk.count) }
      around[kit.program.symbol] = kit.result(0, chunk.count)
    }
    return runs
  }
}

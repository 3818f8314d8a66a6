import Expressions
import Networks
import Numerics

/// A few points that stay in cache, with what depends on them alone.
final class PointChunk {
  let kit: PointKit
  /// How many points; at most the kit's capacity.
  private(set) var count: Int
  /// By name, then by point: the variables first.
  let points: Storage
  /// By lift and factor that varies, then by point.
  let columns: Storage
  /// What a point's residuals are multiplied by, beside what is common to all: 1 unless set.
  let weights: Storage
  /// What the expressions integrate.
  let integrals: [IntegralChunk]
  private(set) var inputs: [Vector] = []
  private(set) var valueOutputs: [Vector] = []
  private(set) var tangentOutputs: [Vector] = []
  /// By network: [jet][point][input].
  private let features: [Storage]
  private var pointInputs: [Vector] = []
  private var featureOutputs: [[Vector]] = []
  private var columnOutputs: [Vector] = []

  init(_ kit: PointKit, count: Int) {
    self.kit = kit
    self.count = 0
    let program = kit.program
    points = Storage(count * program.pointNames.count)
    features = kit.lanes.map { Storage(count * $0.featureCount) }
    columns = Storage(count * program.columns.outputCount)
    weights = Storage(count)
    weights.vector.fill(1)
    integrals = kit.integrals.map { IntegralChunk($0, count: count) }
    resize(count)
  }

  /// Changes how many of the first places are in use.
  func resize(_ count: Int) {
    precondition(
      count <= kit.capacity && count * kit.program.pointNames.count <= points.vector.count,
      "\(count) points in a smaller chunk")
    if count == self.count { return }
    self.count = count
    let program = kit.program
    func runs(_ storage: Storage, _ total: Int) -> [Vector] {
      (0..<total).map { storage.vector.slice($0 * count, count) }
    }
    pointInputs = runs(points, program.pointNames.count)
    let estimates = (0..<kit.estimates.vector.count).map { kit.estimates.vector.slice($0, 1) }
    let leaves = runs(kit.leaves, program.leaves.count)
    var names: [Symbol: Vector] = [:]
    for (name, run) in zip(program.values.inputs.parameters, estimates) { names[name] = run }
    for (name, run) in zip(program.pointNames + program.values.inputs.state, pointInputs + leaves) {
      names[name] = run
    }
    inputs = pointInputs + leaves + integrals.resize(count, around: &names) + estimates
    columnOutputs = runs(columns, program.columns.outputCount)
    featureOutputs = kit.lanes.map { runs($0.scratch, $0.featureCount) }
    valueOutputs = runs(kit.outputs, program.values.outputCount)
    tangentOutputs = runs(kit.outputs, program.tangents.outputCount)
  }

  /// Takes points, flat and point after point, and computes what depends on them alone.
  ///
  /// - Parameter given: the values of the program's given leaves, by leaf, then by point.
  func fill(
    _ flat: [Double], from first: Int, measurements: [Double], given: [[Double]] = []
  ) {
    precondition(given.count == kit.program.given.count, "\(given.count) given leaves")
    let dimension = kit.field.dimension
    for variable in 0..<dimension {
      for point in 0..<count {
        pointInputs[variable][point] = flat[(first + point) * dimension + variable]
      }
    }
    let further = dimension + 2 * kit.field.forcings.count
    if !measurements.isEmpty {
      for point in 0..<count { pointInputs[further][point] = measurements[first + point] }
    }
    for (index, values) in given.enumerated() {
      for point in 0..<count { pointInputs[further + 1 + index][point] = values[first + point] }
    }
    fill()
  }

  /// The variables, a run of points for each.
  var variables: [Vector] { Array(pointInputs.prefix(kit.field.dimension)) }

  /// Computes what depends on the points alone; ``variables`` come first.
  func fill() {
    let field = kit.field
    let dimension = field.dimension
    for (index, forcing) in field.forcings.enumerated() {
      for point in 0..<count {
        let t = pointInputs[field.marching][point]
        pointInputs[dimension + index][point] = forcing.value(t)
        pointInputs[dimension + field.forcings.count + index][point] = forcing.derivative(t)
      }
    }
    kit.columns.evaluateBlock(count: count, inputs: pointInputs, into: columnOutputs)
    for (index, lane) in kit.lanes.enumerated() {
      lane.features.evaluateBlock(count: count, inputs: pointInputs, into: featureOutputs[index])
      spreadFeatures(index, lane)
    }
    for integral in integrals { integral.fill() }
  }

  /// From one run for each input and jet to inputs side by side.
  private func spreadFeatures(_ index: Int, _ lane: NetworkLane) {
    let (jets, inputs) = (lane.jetCount, lane.inputCount)
    let spread = features[index].vector
    for jet in 0..<jets {
      for input in 0..<inputs {
        let run = featureOutputs[index][jet * inputs + input]
        for point in 0..<count { spread[(jet * count + point) * inputs + input] = run[point] }
      }
    }
  }

  /// The inputs of a network for the points in use.
  func featureJets(_ lane: Int) -> Vector {
    features[lane].vector.slice(0, count * kit.lanes[lane].featureCount)
  }

  /// One of the points.
  func point(_ index: Int) -> [Double] {
    (0..<kit.field.dimension).map { pointInputs[$0][index] }
  }
}

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
  /// [jet][point][input].
  let features: Storage
  /// By lift and factor that varies, then by point.
  let columns: Storage
  private(set) var inputs: [Vector] = []
  private(set) var valueOutputs: [Vector] = []
  private(set) var tangentOutputs: [Vector] = []
  private var pointInputs: [Vector] = []
  private var featureOutputs: [Vector] = []
  private var columnOutputs: [Vector] = []

  init(_ kit: PointKit, count: Int) {
    self.kit = kit
    self.count = 0
    let program = kit.program
    points = Storage(count * program.pointNames.count)
    features = Storage(count * program.features.outputCount)
    columns = Storage(count * program.columns.outputCount)
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
    inputs = pointInputs + runs(kit.leaves, program.leaves.count)
    columnOutputs = runs(columns, program.columns.outputCount)
    featureOutputs = runs(kit.scratch, program.features.outputCount)
    valueOutputs = runs(kit.outputs, program.values.outputCount)
    tangentOutputs = runs(kit.outputs, program.tangents.outputCount)
  }

  /// Takes points, flat and point after point, and computes what depends on them alone.
  func fill(_ flat: [Double], from first: Int, measurements: [Double]) {
    let dimension = kit.dimension
    for variable in 0..<dimension {
      for point in 0..<count {
        pointInputs[variable][point] = flat[(first + point) * dimension + variable]
      }
    }
    for (index, forcing) in kit.forcings.enumerated() {
      for point in 0..<count {
        let t = pointInputs[kit.marching][point]
        pointInputs[dimension + index][point] = forcing.value(t)
        pointInputs[dimension + kit.forcings.count + index][point] = forcing.derivative(t)
      }
    }
    if !measurements.isEmpty {
      let run = pointInputs[pointInputs.count - 1]
      for point in 0..<count { run[point] = measurements[first + point] }
    }
    kit.columns.evaluateBlock(count: count, inputs: pointInputs, into: columnOutputs)
    kit.features.evaluateBlock(count: count, inputs: pointInputs, into: featureOutputs)
    spreadFeatures()
  }

  /// From one run for each input and jet to inputs side by side.
  private func spreadFeatures() {
    let (jets, inputs) = (kit.program.jets.count, kit.inputCount)
    for jet in 0..<jets {
      for input in 0..<inputs {
        let run = featureOutputs[jet * inputs + input]
        for point in 0..<count {
          features.vector[(jet * count + point) * inputs + input] = run[point]
        }
      }
    }
  }

  /// The inputs of the network for the points in use.
  var featureJets: Vector {
    features.vector.slice(0, count * kit.program.features.outputCount)
  }

  /// One of the points.
  func point(_ index: Int) -> [Double] {
    (0..<kit.dimension).map { pointInputs[$0][index] }
  }
}

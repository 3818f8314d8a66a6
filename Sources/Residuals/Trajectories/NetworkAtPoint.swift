import Networks
import Numerics

/// A network at one point of a trajectory: its leaves, and what is pulled back from them.
///
/// Leaves are values or derivatives by the inputs, `[jet][output]`. One worker's own; allocates
/// nothing in a call.
final class NetworkAtPoint {
  private let plain: PointNetwork?
  private let jets: JetNetwork?
  /// Jets of the inputs themselves: values, and ones for the first derivatives.
  private let features: Storage
  private let wide: Storage
  private let inputCount: Int
  private let outputCount: Int
  private let leafCount: Int
  /// Where the leaves' jets stand among those carried, and those of their derivatives by each input.
  private let places: [Int]
  private let raised: [[Int]]

  /// - Parameter indices: the derivatives that the equations ask for.
  init(_ shape: NetworkShape, _ indices: JetIndices) {
    inputCount = shape.inputs
    outputCount = shape.outputs
    leafCount = indices.count * shape.outputs
    if indices.order == 0 {
      plain = PointNetwork(shape)
      jets = nil
      (features, wide) = (Storage(0), Storage(0))
      (places, raised) = ([], [])
      return
    }
    plain = nil
    let units = (0..<shape.inputs).map { axis in (0..<shape.inputs).map { $0 == axis ? 1 : 0 } }
    let higher = indices.indices.map { index in units.map { zip(index, $0).map { $0 + $1 } } }
    let carried = JetIndices(
      dimension: shape.inputs, covering: indices.indices + higher.flatMap(\.self))
    let network = JetNetwork(shape, carried, capacity: 1)
    jets = network
    places = indices.indices.map { carried.position(of: $0) ?? 0 }
    raised = higher.map { $0.map { carried.position(of: $0) ?? 0 } }
    features = Storage(carried.count * shape.inputs)
    for (axis, unit) in units.enumerated() {
      if let place = carried.position(of: unit) {
        features.vector[place * shape.inputs + axis] = 1
      }
    }
    wide = Storage(carried.count * shape.outputs)
  }

  /// Writes the leaves at inputs x; `x`: `[k]`, `leaves`: `[jets·outputs]`.
  func forward(_ parameters: Vector, _ x: Vector, into leaves: Vector) {
    if let plain { return plain.forward(parameters, x, into: leaves) }
    guard let jets else { return }
    features.vector.slice(0, inputCount).assign(x)
    jets.forward(parameters, features.vector, count: 1)
    let values = jets.outputs
    for (index, place) in places.enumerated() {
      for output in 0..<outputCount {
        leaves[index * outputCount + output] = values[place * outputCount + output]
      }
    }
  }

  /// Of each seed, writes seed·∂leaves/∂θ to `rows` (where given) and seed·∂leaves/∂x to `slopes`.
  ///
  /// - Shape: `seeds`: `[count][leaves]`; row i at `rows[i·stride ..< i·stride + P]`; `slopes`:
  ///   `[count][k]`.
  func pull(
    _ parameters: Vector, _ seeds: Vector, count: Int, rows: Vector?, stride: Int, slopes: Vector
  ) {
    if let plain {
      guard let rows else {
        return plain.slopes(parameters, seeds: seeds, count: count, into: slopes)
      }
      return plain.pull(
        parameters, seeds: seeds, count: count, rows: rows, stride: stride, slopes: slopes)
    }
    guard let jets else { return }
    for row in 0..<count {
      let seed = seeds.slice(row * leafCount, leafCount)
      writeSlopes(seed, jets.outputs, into: slopes.slice(row * inputCount, inputCount))
      guard let rows else { continue }
      spread(seed)
      let width = jets.parameterCount
      jets.writeRows(
        parameters, seeds: wide.vector, into: rows.slice(row * stride, width), stride: width)
    }
  }

  /// Adds seed·∂leaves/∂θ to a gradient, and writes seed·∂leaves/∂x.
  func addGradient(_ parameters: Vector, _ seed: Vector, to gradient: Vector, slopes: Vector) {
    if let plain {
      return plain.addGradient(parameters, seed: seed, to: gradient, slopes: slopes)
    }
    guard let jets else { return }
    writeSlopes(seed, jets.outputs, into: slopes)
    spread(seed)
    jets.addGradient(parameters, seeds: wide.vector, to: gradient)
  }

  private func spread(_ seed: Vector) {
    wide.vector.fill(0)
    for (index, place) in places.enumerated() {
      for output in 0..<outputCount {
        wide.vector[place * outputCount + output] = seed[index * outputCount + output]
      }
    }
  }

  private func writeSlopes(_ seed: Vector, _ values: Vector, into slopes: Vector) {
    for axis in 0..<inputCount {
      var sum = 0.0
      for index in places.indices {
        let place = raised[index][axis]
        for output in 0..<outputCount {
          sum += seed[index * outputCount + output] * values[place * outputCount + output]
        }
      }
      slopes[axis] = sum
    }
  }
}

import Expressions
import Networks
import Numerics

/// One network's share of a ``PointKit``: its features, its jets, and what is pulled back to it.
final class NetworkLane {
  let network: JetNetwork
  let features: Tape
  let featureCount: Int
  let inputCount: Int
  let outputCount: Int
  let jetCount: Int
  /// Derivatives by the jets, `[jet][point][output]`.
  let seeds: Storage
  /// Changes of the jets along a direction, likewise.
  let changes: Storage
  /// What features are computed in, by jet and input.
  let scratch: Storage
  private let range: Range<Int>

  init(_ part: PointProgram.Part, _ network: JetNetwork, offset: Int, capacity: Int) {
    self.network = network
    features = Tape(part.features)
    featureCount = part.features.outputCount
    inputCount = network.shape.inputs
    outputCount = network.shape.outputs
    jetCount = part.jets.count
    seeds = Storage(capacity * jetCount * outputCount)
    changes = Storage(capacity * jetCount * outputCount)
    scratch = Storage(capacity * featureCount)
    range = offset..<(offset + network.parameterCount)
  }

  private func own(_ parameters: Vector) -> Vector {
    parameters.slice(range.lowerBound, range.count)
  }

  func seeds(_ count: Int) -> Vector { seeds.vector.slice(0, count * jetCount * outputCount) }

  func forward(_ parameters: Vector, _ features: Vector, count: Int, slopes: Bool) {
    network.forward(own(parameters), features, count: count, slopes: slopes)
  }

  /// Writes its columns of rows that are as long as θ.
  func writeRows(_ parameters: Vector, count: Int, into rows: Vector) {
    let size = parameters.count
    let part = rows.slice(range.lowerBound, (count - 1) * size + range.count)
    network.writeRows(own(parameters), seeds: seeds(count), into: part, stride: size)
  }

  func addGradient(_ parameters: Vector, count: Int, to gradient: Vector) {
    network.addGradient(own(parameters), seeds: seeds(count), to: own(gradient))
  }

  func tangent(_ parameters: Vector, _ direction: Vector, count: Int) {
    network.tangent(
      own(parameters), own(direction),
      into: changes.vector.slice(0, count * jetCount * outputCount))
  }
}

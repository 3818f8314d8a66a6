import Networks
import Numerics
import Testing

extension Tag {
  @Tag static var unit: Tag
  @Tag static var property: Tag
}

/// A seeded generator for the tests: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func numbers(_ count: Int, _ reach: Double = 1) -> [Double] {
    (0..<count).map { _ in Double.random(in: -reach...reach, using: &self) }
  }
}

/// A network with random parameters, biases too, and random jets of features.
struct Sample {
  let shape: NetworkShape
  let jets: JetIndices
  let points: Int
  let parameters: [Double]
  let features: [Double]
  var generator: SeededGenerator

  init(
    _ activation: Activation, _ jets: JetIndices, hidden: [Int] = [5, 7], outputs: Int = 2,
    inputs: Int = 3, points: Int = 4, seed: UInt64 = 1, kind: NetworkKind = .dense
  ) {
    // Equal widths where the kind needs them.
    let widths = kind.needsEqualWidths ? hidden.map { _ in hidden[0] } : hidden
    shape = NetworkShape(
      inputs: inputs, hidden: widths, outputs: outputs, activation: activation,
      initialization: .glorot, kind: kind)
    self.jets = jets
    self.points = points
    generator = SeededGenerator(state: seed)
    // Weights of order 1/sqrt(in): arguments of the activations stay of order 1.
    let scale = 1.5 / Double(hidden.max() ?? inputs).squareRoot()
    parameters = generator.numbers(shape.parameterCount, scale)
    features = generator.numbers(jets.count * points * inputs)
  }

  /// The network after a forward pass.
  func run(capacity: Int? = nil, parameters other: [Double]? = nil) -> JetNetwork {
    let network = JetNetwork(shape, jets, capacity: capacity ?? points)
    let theta = Storage(other ?? parameters)
    let inputs = Storage(features)
    defer { theta.keep(inputs) }
    network.forward(theta.vector, inputs.vector, count: points)
    return network
  }

  /// The outputs, `[jet][point][output]`.
  func outputs(capacity: Int? = nil, parameters: [Double]? = nil) -> [Double] {
    let network = run(capacity: capacity, parameters: parameters)
    // The vector of the outputs does not keep the network.
    return withExtendedLifetime(network) { network.outputs.array }
  }

  /// Every multi-index up to a total order.
  static func full(_ dimension: Int, order: Int = 4) -> JetIndices {
    var indices = [[Int](repeating: 0, count: dimension)]
    for variable in 0..<dimension {
      indices = indices.flatMap { index in
        (0...order - index.reduce(0, +)).map { extra in
          var longer = index
          longer[variable] += extra
          return longer
        }
      }
    }
    return JetIndices(dimension: dimension, covering: indices)
  }
}

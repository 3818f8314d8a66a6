import Glibc
import Networks
import Testing

@Suite("Initial parameters", .tags(.unit)) struct InitializationTests {
  static func shape(_ activation: Activation, _ initialization: Initialization) -> NetworkShape {
    NetworkShape(
      inputs: 100, hidden: [300, 200], outputs: 400, activation: activation,
      initialization: initialization)
  }

  static func weights(_ shape: NetworkShape, layer: Int, seed: UInt64 = 7) -> [Double] {
    let block = shape.blocks[2 * layer]
    return Array(shape.initialParameters(seed: seed)[block.offset..<block.offset + block.count])
  }

  /// Mean, variance and kurtosis of the 60000 weights of the second layer, within 5 deviations of
  /// what their distribution has.
  @Test(arguments: Initialization.allCases)
  func distributions(_ initialization: Initialization) {
    let numbers = Self.weights(Self.shape(.tanh, initialization), layer: 1)
    let count = Double(numbers.count)
    #expect(count == 60000)
    // In 300, out 200. Kurtosis: 9/5 of a uniform distribution, 3 of a normal one.
    let (variance, kurtosis) =
      switch initialization {
      case .glorot: (2 / 500.0, 1.8)
      case .he: (2 / 300.0, 3.0)
      case .lecun: (1 / 300.0, 3.0)
      }
    let moments = (1...4).map { power in
      numbers.reduce(0.0) { sum, x in sum + (0..<power).reduce(1.0) { value, _ in value * x } }
        / count
    }
    let deviation = 5 / count.squareRoot()
    #expect(abs(moments[0]) < deviation * variance.squareRoot())
    #expect(abs(moments[1] / variance - 1) < deviation * (kurtosis - 1).squareRoot())
    // The fourth moment scatters by sqrt(96) and less.
    #expect(abs(moments[3] / (variance * variance) - kurtosis) < deviation * 10)
    #expect(abs(moments[2]) / (variance * variance.squareRoot()) < deviation * 4)
  }

  @Test func sinesAreSIRENs() throws {
    let shape = Self.shape(.sin, .lecun)
    let parameters = shape.initialParameters(seed: 1)
    let reaches = [NetworkShape.sineFrequency / 100, (6 / 300.0).squareRoot()]
    for (layer, reach) in reaches.enumerated() {
      let largest = Self.weights(shape, layer: layer, seed: 1).map(abs).max() ?? 0
      // Of 30000 uniform numbers the largest is within a thousandth of the end.
      #expect(largest <= reach && largest > 0.999 * reach)
    }
    let phases = shape.blocks[1]
    let numbers = parameters[phases.offset..<phases.offset + phases.count]
    #expect((numbers.max() ?? 0) > 3 && (numbers.min() ?? 0) < -3)
    let hidden = shape.blocks[3]
    #expect(parameters[hidden.offset..<hidden.offset + hidden.count].allSatisfy { $0 == 0 })
  }

  @Test func theSeedDecides() {
    for activation in Activation.allCases {
      let shape = Self.shape(activation, .he)
      #expect(shape.initialParameters(seed: 3) == shape.initialParameters(seed: 3))
      #expect(shape.initialParameters(seed: 3) != shape.initialParameters(seed: 4))
    }
    // The same everywhere and in every version: xoshiro256** begins 0x99ec5f36cb75f2b4,
    // 0xbf6e1f784956452a for the seed 0 (a second implementation, in Python).
    let small = NetworkShape(
      inputs: 1, hidden: [], outputs: 2, activation: .tanh, initialization: .glorot)
    let expected = [0.28641501428675975, 0.700810964169986, 0, 0]
    for (number, truth) in zip(small.initialParameters(seed: 0), expected) {
      #expect(abs(number - truth) < 1e-15)
    }
  }

  @Test func blocksAreThePlan() {
    let shape = NetworkShape(
      inputs: 2, hidden: [3], outputs: 1, activation: .tanh, initialization: .glorot)
    #expect(shape.parameterCount == 13)
    #expect(
      shape.blocks.map(\.name) == [
        "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias",
      ])
    #expect(shape.blocks.map(\.offset) == [0, 6, 9, 12])
    #expect(shape.blocks.map(\.shape) == [[3, 2], [3], [1, 3], [1]])
  }

  /// Every number of every kind has a name and a place.
  @Test(arguments: NetworkKind.allCases) func blocksLeaveNoGap(_ kind: NetworkKind) {
    let shape = NetworkShape(inputs: 2, hidden: [3, 3], outputs: 1, kind: kind)
    let blocks = shape.blocks
    let counts: [NetworkKind: Int] = [.dense: 25, .factorized: 32, .residual: 25, .gated: 43]
    #expect(shape.parameterCount == counts[kind])
    #expect(shape.initialParameters(seed: 1).count == counts[kind])
    #expect(Set(blocks.map(\.name)).count == blocks.count)
    #expect(blocks.reduce(0) { $1.offset == $0 ? $0 + $1.count : -1 } == counts[kind])
    #expect(blocks.contains { $0.name == "layers.1.scale" } == (kind == .factorized))
  }

  /// A factorised network begins with weights of the same distribution, of scales about e.
  @Test func factorsAreThoseOfTheWeights() throws {
    var shape = Self.shape(.tanh, .glorot)
    shape.kind = .factorized
    let parameters = shape.initialParameters(seed: 7)
    func numbers(_ name: String) throws -> [Double] {
      let block = try #require(shape.blocks.first { $0.name == name })
      return Array(parameters[block.offset..<block.offset + block.count])
    }
    let scales = try numbers("layers.1.scale")
    let weights = try numbers("layers.1.direction").enumerated().map {
      exp(scales[$0 / 300]) * $1
    }
    // As in `distributions`: uniform of variance 2/500, cut off where that ends.
    let variance = weights.reduce(0) { $0 + $1 * $1 } / Double(weights.count)
    #expect(abs(variance * 250 - 1) < 5 / 60000.0.squareRoot())
    #expect(weights.allSatisfy { abs($0) <= (6 / 500.0).squareRoot() * (1 + 1e-15) })
    let count = Double(scales.count)
    let mean = scales.reduce(0, +) / count
    let spread = scales.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    #expect(abs(mean - 1) < 5 * 0.1 / count.squareRoot())
    #expect(abs(spread / 0.01 - 1) < 5 * (2 / count).squareRoot())
  }

  @Test func closedSets() {
    let jets = JetIndices(dimension: 2, covering: [[2, 1], [0, 2]])
    #expect(jets.indices == [[0, 0], [1, 0], [0, 1], [2, 0], [1, 1], [0, 2], [2, 1]])
    #expect(jets.position(of: [1, 1]) == 4 && jets.position(of: [1, 2]) == nil)
    #expect(JetIndices(dimension: 3, covering: []).indices == [[0, 0, 0]])
    // 15 = 6!/(4!·2!) indices of order 4 at most in two variables.
    #expect(Sample.full(2).count == 15 && Sample.full(2).order == 4)
  }
}

import Networks
import Numerics
import Testing

@Suite("Jets of networks", .tags(.property)) struct JetTests {
  /// 1e-12 of the largest jet of the same index: a few hundred roundings, since terms of order 4 cancel.
  func check(_ sample: Sample) {
    let outputs = sample.outputs()
    let truths = (0..<sample.points).map { sample.truth(at: $0) }
    for (jet, index) in sample.jets.indices.enumerated() {
      let scale = truths.flatMap { $0[jet] }.reduce(0) { max($0, abs($1)) }
      #expect(scale > 0)
      for point in 0..<sample.points {
        for output in 0..<sample.shape.outputs {
          let found = outputs[(jet * sample.points + point) * sample.shape.outputs + output]
          let difference = abs(found - truths[point][jet][output])
          #expect(
            difference <= 1e-12 * scale,
            "\(sample.shape.activation) \(sample.shape.kind) \(index): \(difference / scale)")
        }
      }
    }
  }

  @Test(arguments: Activation.allCases, NetworkKind.allCases)
  func everyIndexUpToOrderFour(_ activation: Activation, _ kind: NetworkKind) {
    check(Sample(activation, Sample.full(1), points: 3, kind: kind))
    check(Sample(activation, Sample.full(2), points: 3, kind: kind))
    check(Sample(activation, Sample.full(3), hidden: [4, 3, 3], points: 2, kind: kind))
  }

  @Test(arguments: Activation.allCases, NetworkKind.allCases)
  func mixturesAlone(_ activation: Activation, _ kind: NetworkKind) {
    let (mixed, heat) = ([[2, 1, 1]], [[2, 0], [0, 1]])
    let three = JetIndices(dimension: 3, covering: mixed)
    check(Sample(activation, three, inputs: 2, kind: kind))
    let two = JetIndices(dimension: 2, covering: heat)
    check(Sample(activation, two, hidden: [9], kind: kind))
    check(Sample(activation, JetIndices(dimension: 1, covering: []), hidden: [], kind: kind))
  }

  @Test func tenDimensions() {
    var (mixed, pairs, fourth) = ([0, 1, 0, 1, 0, 1, 0, 1, 0, 0], [Int](), [Int]())
    pairs = [2, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    fourth = [0, 0, 0, 0, 4, 0, 0, 0, 0, 0]
    mixed[9] = 0
    let jets = JetIndices(dimension: 10, covering: [mixed, pairs, fourth])
    // 16 subsets, 3·3 pairs, 5 powers; the value is in all three.
    #expect(jets.count == 16 + 9 + 5 - 2)
    check(Sample(.tanh, jets, hidden: [5], points: 2))
  }

  /// Strips of the kernels begin and end anywhere, and a block need not be full.
  @Test(arguments: NetworkKind.allCases) func anyCountOfPoints(_ kind: NetworkKind) {
    let jets = JetIndices(dimension: 2, covering: [[2, 0], [0, 1]])
    for (points, width) in [(1, 1), (13, 20), (37, 7), (3, 150)] {
      let sample = Sample(.swish, jets, hidden: [width, 3], points: points, kind: kind)
      check(sample)
      #expect(sample.outputs(capacity: points + 5) == sample.outputs())
    }
  }

  @Test(arguments: Activation.allCases)
  func activationsKnowTheirDerivatives(_ activation: Activation) {
    for x in [-3.1, -0.7, 0, 0.4, 2.9] {
      let series = Series.expansion(of: activation, at: x)
      let found = activation.derivatives(x, order: Activation.orderLimit)
      for (order, factorial) in [1.0, 1, 2, 6, 24].enumerated() {
        // Derivatives are of order 1 to 10; cancellation costs some digits of the series.
        #expect(abs(found[order] - factorial * series[order]) < 1e-13 * 24)
      }
      // The fifth, which only reverse passes use, is the difference of the fourth: 6th order in h.
      let h = 0.02
      let fourth = (-3...3).map { activation.derivatives(x + Double($0) * h, order: 4)[4] }
      let sum = zip([-1, 9, -45, 0, 45, -9, 1], fourth).reduce(0.0) { $0 + $1.0 * $1.1 }
      #expect(abs(found[5] - sum / (60 * h)) < 1e-5 * max(1, abs(found[5])))
    }
  }

  @Test(arguments: NetworkKind.allCases) func notANumberStaysWhereItIs(_ kind: NetworkKind) {
    let jets = JetIndices(dimension: 2, covering: [[2, 0], [0, 1]])
    let sound = Sample(.tanh, jets, points: 9, kind: kind)
    let network = sound.run()
    let expected = network.outputs.array
    for bad in [Double.nan, .infinity] {
      var features = sound.features
      features[4 * 3] = bad
      let (theta, inputs) = (Storage(sound.parameters), Storage(features))
      defer { theta.keep(inputs) }
      network.forward(theta.vector, inputs.vector, count: 9)
      for (index, number) in network.outputs.array.enumerated() {
        let point = index / 2 % 9
        if point == 4 { continue }
        #expect(number == expected[index])
      }
      if bad.isNaN { #expect(network.outputs[8].isNaN && network.outputs[9].isNaN) }
    }
  }
}

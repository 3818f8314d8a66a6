import Networks
import Numerics
import Residuals

/// A regulariser of a small network with random parameters, and what is known of it otherwise.
struct RegularizerSample {
  let kind: RegularizerKind
  let shape: NetworkShape
  /// Other parameters stand before and behind the network's.
  let offset = 3
  let points = 4
  let sigma = 0.2
  let parameters: [Double]
  let features: [Double]
  let targets: [Double]
  let direction: [Double]

  init(
    _ kind: RegularizerKind, _ activation: Activation, hidden: [Int], outputs: Int,
    form: NetworkKind = .dense
  ) {
    var numbers = Numbers(11)
    self.kind = kind
    shape = NetworkShape(
      inputs: 3, hidden: hidden, outputs: outputs, activation: activation, kind: form)
    let count = shape.parameterCount + offset + 2
    parameters = numbers.array(count, size: 0.8)
    features = numbers.array(points * 3)
    targets = numbers.array(points * outputs)
    direction = numbers.array(count)
  }

  var layerPoints: LayerPoints {
    LayerPoints(
      shape, offset: offset, parameterCount: parameters.count, features: features, count: points)
  }

  func make() -> any Regularizer {
    kind.make(
      shape: shape, offset: offset, parameterCount: parameters.count, features: features,
      count: points, targets: kind.needsTargets ? targets : nil,
      sigma: [Double](repeating: sigma, count: shape.outputs))
  }

  /// The network's own parameters, of the layers `range`, the last one being linear.
  private func network(_ range: Range<Int>) -> (shape: NetworkShape, parameters: [Double]) {
    let widths = [shape.inputs] + shape.hidden + [shape.outputs]
    let part = NetworkShape(
      inputs: widths[range.lowerBound], hidden: Array(widths[range].dropFirst()),
      outputs: widths[range.upperBound], activation: shape.activation)
    let start = offset + shape.blocks[2 * range.lowerBound].offset
    return (part, Array(parameters[start..<start + part.parameterCount]))
  }

  /// The outputs of some layers and their derivatives along a direction, by jets of order 1.
  private func jets(_ range: Range<Int>, _ input: [Double], _ along: [Double]) -> [[Double]] {
    let (part, theta) = network(range)
    let network = JetNetwork(part, JetIndices(dimension: 1, covering: [[1]]), capacity: 1)
    let both = borrowed(theta) { theta in
      borrowed(input + along) { inputs in
        network.forward(theta, inputs, count: 1)
        return network.outputs.array
      }
    }
    return [Array(both.prefix(part.outputs)), Array(both.suffix(part.outputs))]
  }

  /// h_l at a point; l = 0 gives the features.
  func values(_ layer: Int, at point: Int) -> [Double] {
    let input = Array(features[3 * point..<3 * point + 3])
    guard layer > 0 else { return input }
    let sums = jets(0..<layer, input, [0, 0, 0])[0]
    return layer > shape.hidden.count
      ? sums : sums.map { shape.activation.derivatives($0, order: 0)[0] }
  }

  /// ∂f/∂h_l at a point, by neuron of the layer.
  func jacobian(_ layer: Int, at point: Int) -> [[Double]] {
    let values = values(layer, at: point)
    return values.indices.map { neuron in
      let unit = values.indices.map { $0 == neuron ? 1.0 : 0 }
      guard layer <= shape.hidden.count else { return unit }
      return jets(layer..<shape.hidden.count + 1, values, unit)[1]
    }
  }
}

/// Every regulariser with networks of one to three hidden layers and one or two outputs.
let regularizerSamples: [RegularizerSample] = RegularizerKind.allCases.flatMap { kind in
  let dense = [
    RegularizerSample(kind, .tanh, hidden: [5], outputs: 1),
    RegularizerSample(kind, .swish, hidden: [4, 6], outputs: 2),
    RegularizerSample(kind, .sin, hidden: [5, 3, 4], outputs: 2),
  ]
  let others = NetworkKind.allCases.filter { $0 != .dense && kind.applies(to: $0) }
  return dense
    + others.map { RegularizerSample(kind, .tanh, hidden: [4, 4], outputs: 1, form: $0) }
}

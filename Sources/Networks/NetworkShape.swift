/// What a fully connected network is made of; its parameters are one flat vector.
public struct NetworkShape: Sendable, Equatable, Codable {
  /// How many features come in.
  public var inputs: Int
  /// Neurons per hidden layer.
  public var hidden: [Int]
  /// How many numbers come out; the last layer is linear.
  public var outputs: Int
  /// What stands between the layers.
  public var activation: Activation
  /// How parameters begin.
  public var initialization: Initialization

  /// Names the parts; every layer has at least one neuron.
  public init(
    inputs: Int, hidden: [Int], outputs: Int, activation: Activation = .tanh,
    initialization: Initialization = .glorot
  ) {
    self.inputs = inputs
    self.hidden = hidden
    self.outputs = outputs
    self.activation = activation
    self.initialization = initialization
  }

  /// Neurons per layer, the features first and the outputs last.
  var widths: [Int] { [inputs] + hidden + [outputs] }

  /// The count of parameters, P.
  public var parameterCount: Int {
    zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
  }

  /// A named run of the parameter vector.
  public struct Block: Sendable, Equatable {
    /// Its name, such as `layers.0.weight`.
    public var name: String
    /// Where it begins.
    public var offset: Int
    /// Weights: `[out, in]`, row-major; biases: `[out]`.
    public var shape: [Int]

    /// The count of its numbers.
    public var count: Int { shape.reduce(1, *) }
  }

  /// Weight and bias of every layer, in order and without gaps.
  public var blocks: [Block] {
    var offset = 0
    return zip(widths, widths.dropFirst()).enumerated().flatMap { layer, sizes in
      let weight = Block(
        name: "layers.\(layer).weight", offset: offset, shape: [sizes.1, sizes.0])
      let bias = Block(
        name: "layers.\(layer).bias", offset: offset + weight.count, shape: [sizes.1])
      offset = bias.offset + bias.count
      return [weight, bias]
    }
  }
}

extension NetworkShape {
  /// The parameters by block, as a file has them.
  ///
  /// - Parameters:
  ///   - parameters: `[P]`.
  ///   - prefix: what the names begin with, such as `u.`.
  public func tensors(_ parameters: [Double], prefix: String = "") -> [Safetensors.Tensor] {
    precondition(parameters.count == parameterCount, "\(parameters.count) parameters of \(self)")
    return blocks.map { block in
      Safetensors.Tensor(
        name: prefix + block.name, shape: block.shape,
        values: Array(parameters[block.offset..<block.offset + block.count]))
    }
  }

  /// The parameters that a file has for this network.
  ///
  /// - Throws: ``SafetensorsFault`` where a tensor is missing or has another shape.
  public func parameters(
    from file: Safetensors, prefix: String = ""
  ) throws(SafetensorsFault) -> [Double] {
    var parameters: [Double] = []
    for block in blocks {
      let name = prefix + block.name
      guard let tensor = file[name] else { throw .missing(name: name) }
      guard tensor.shape == block.shape else {
        throw .shape(name: name, found: tensor.shape, expected: block.shape)
      }
      parameters += tensor.values
    }
    return parameters
  }
}

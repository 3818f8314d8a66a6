/// What a network is made of; its parameters are one flat vector.
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
  /// How layers go together.
  public var kind: NetworkKind

  /// Names the parts; every layer has at least one neuron, and hidden layers are of equal width where
  /// the kind asks for it.
  public init(
    inputs: Int, hidden: [Int], outputs: Int, activation: Activation = .tanh,
    initialization: Initialization = .glorot, kind: NetworkKind = .dense
  ) {
    self.inputs = inputs
    self.hidden = hidden
    self.outputs = outputs
    self.activation = activation
    self.initialization = initialization
    self.kind = kind
  }

  /// Neurons per layer, the features first and the outputs last.
  var widths: [Int] { [inputs] + hidden + [outputs] }

  /// The layers in order, the last one linear; after them, of a gated network, those of U and V.
  var places: [LayerPlace] {
    var layers = zip(widths, widths.dropFirst()).enumerated().map { ("layers.\($0)", $1) }
    if kind == .gated, let width = hidden.first {
      layers += ["gates.0", "gates.1"].map { ($0, (inputs, width)) }
    }
    var offset = 0
    return layers.map { name, sizes in
      let place = LayerPlace(
        name, inputs: sizes.0, outputs: sizes.1, offset: offset,
        isFactorized: kind == .factorized)
      offset = place.end
      return place
    }
  }

  /// The count of parameters, P.
  public var parameterCount: Int { places.last?.end ?? 0 }

  /// What the activations of a layer that is skipped are multiplied by; nil where none is.
  ///
  /// 1/√k, k being the count of such layers: values and derivatives then stay of one order at any
  /// depth (Hayou et al. 2021).
  public var skipScale: Double? {
    guard kind == .residual, hidden.count > 1 else { return nil }
    return 1 / Double(hidden.count - 1).squareRoot()
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

  /// Weight and bias of every layer, in order and without gaps; of a factorised one its scales (their
  /// logarithms) and directions.
  public var blocks: [Block] { places.flatMap(\.blocks) }

  /// Those of the last layer, which is linear.
  public var outputBlocks: [Block] { places[hidden.count].blocks }
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

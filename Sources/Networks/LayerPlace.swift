/// Where the numbers of one affine layer are in the parameter vector.
struct LayerPlace: Equatable {
  /// Such as `layers.0`.
  let name: String
  let inputs: Int
  let outputs: Int
  /// Logarithms of the neurons' scales, `[out]`; of a factorised layer.
  let scale: Int?
  /// The weights, or directions of a factorised layer: `[out, in]`, row-major.
  let weight: Int
  /// The biases: `[out]`.
  let bias: Int

  /// Begins at `offset`.
  init(_ name: String, inputs: Int, outputs: Int, offset: Int, isFactorized: Bool) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    scale = isFactorized ? offset : nil
    weight = isFactorized ? offset + outputs : offset
    bias = weight + inputs * outputs
  }

  /// Where the next one begins.
  var end: Int { bias + outputs }

  var blocks: [NetworkShape.Block] {
    let bias = NetworkShape.Block(name: "\(name).bias", offset: bias, shape: [outputs])
    func weights(_ word: String) -> NetworkShape.Block {
      NetworkShape.Block(name: "\(name).\(word)", offset: weight, shape: [outputs, inputs])
    }
    guard let scale else { return [weights("weight"), bias] }
    // Another name than a weight's: it is none without the scale.
    return [
      NetworkShape.Block(name: "\(name).scale", offset: scale, shape: [outputs]),
      weights("direction"), bias,
    ]
  }
}

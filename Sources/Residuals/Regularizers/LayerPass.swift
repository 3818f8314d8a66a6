import Networks
import Numerics

/// A dense network at one point, layer by layer: what its layers hold, derivatives by it, and
/// derivatives of such derivatives by the parameters.
///
/// h_0 are the features, h_l = σ(a_l) and a_l = W_l·h_{l−1} + b_l up to the depth, f = a_{depth+1}.
/// With perturbations h_l and f have δ_l·‖h_{l−1}‖ added (Wei and Ma 2020). Plain loops: a
/// regulariser is evaluated beside residuals of many more operations. Nothing is allocated in a call.
final class LayerPass {
  /// The layers: what makes h_l out of h_{l−1}.
  final class Layer {
    let inputs: Int
    let outputs: Int
    /// Where W_l begins in θ, then b_l.
    let weight: Int
    let bias: Int
    /// h_l, or f.
    let values: Storage
    /// σ, σ′ and σ″ at a_l, `[3][out]`.
    let slopes: Storage
    /// ∂f/∂h_l, `[outputs of the network][out]`.
    let jacobian: Storage
    /// δ_l.
    let perturbation: Storage
    /// A scalar's derivative by h_l.
    let adjoint: Storage
    /// A change of a_l, one of h_l, and the adjoints of both; that of a_l by its value too.
    let (sums, change): (Storage, Storage)
    let (sumsAdjoint, valueAdjoint): (Storage, Storage)

    init(inputs: Int, outputs: Int, weight: Int, networkOutputs: Int) {
      self.inputs = inputs
      self.outputs = outputs
      self.weight = weight
      bias = weight + inputs * outputs
      values = Storage(outputs)
      slopes = Storage(3 * outputs)
      jacobian = Storage(networkOutputs * outputs)
      perturbation = Storage(outputs)
      adjoint = Storage(outputs)
      (sums, change) = (Storage(outputs), Storage(outputs))
      (sumsAdjoint, valueAdjoint) = (Storage(outputs), Storage(outputs))
    }

    /// The derivative of one output by h_l.
    func jacobian(_ output: Int) -> Vector {
      jacobian.vector.slice(output * outputs, outputs)
    }

    /// Derivative `order` of the activations.
    func slope(_ order: Int) -> Vector { slopes.vector.slice(order * outputs, outputs) }
  }

  /// h_1 … h_depth, f.
  let layers: [Layer]
  /// The count of hidden layers.
  let depth: Int
  let inputs: Int
  let outputs: Int
  var isPerturbed = false
  private let activation: Activation
  private let features: Storage

  /// A dense network whose parameters begin at `offset`.
  init(_ shape: NetworkShape, offset: Int) {
    precondition(shape.kind == .dense, "layers of a \(shape.kind) network")
    (depth, inputs, outputs) = (shape.hidden.count, shape.inputs, shape.outputs)
    activation = shape.activation
    features = Storage(shape.inputs)
    let weights = shape.blocks.filter { $0.shape.count == 2 }
    layers = weights.map { block in
      Layer(
        inputs: block.shape[1], outputs: block.shape[0], weight: offset + block.offset,
        networkOutputs: shape.outputs)
    }
  }

  /// f of the last ``evaluate(_:_:)``.
  var result: Vector { layers[depth].values.vector }

  /// h_{index}: what comes into the layer of that index.
  func below(_ index: Int) -> Vector {
    index == 0 ? features.vector : layers[index - 1].values.vector
  }

  /// Computes every h_l and f.
  func evaluate(_ parameters: Vector, _ point: Vector) {
    features.vector.assign(point)
    for (index, layer) in layers.enumerated() {
      let (input, values) = (below(index), layer.values.vector)
      for row in 0..<layer.outputs {
        values[row] =
          parameters[layer.bias + row] + weights(parameters, layer, row).dot(input)
      }
      if index < depth {
        activation.differentiate(values, order: 2, into: layer.slopes.vector)
        values.assign(layer.slope(0))
      }
      if isPerturbed {
        let norm = input.squaredNorm.squareRoot()
        for row in 0..<layer.outputs { values[row] += norm * layer.perturbation.vector[row] }
      }
    }
  }

  /// Computes every ∂f/∂h_l.
  func differentiate(_ parameters: Vector) {
    for output in 0..<outputs {
      layers[depth].adjoint.vector.fill(0)
      layers[depth].adjoint.vector[output] = 1
      pullBack(parameters, from: depth)
      for layer in layers { layer.jacobian(output).assign(layer.adjoint.vector) }
    }
  }

  /// Carries the adjoint of the layer `top` down to all below it, and adds what it gives to a
  /// gradient.
  ///
  /// Perturbations δ are held fixed, the norms that they are multiplied by are not.
  func pullBack(_ parameters: Vector, from top: Int, to gradient: Vector? = nil) {
    for index in stride(from: top, through: 0, by: -1) {
      let layer = layers[index]
      let (adjoint, sums) = (layer.adjoint.vector, layer.valueAdjoint.vector)
      for row in 0..<layer.outputs {
        sums[row] = adjoint[row] * (index < depth ? layer.slope(1)[row] : 1)
      }
      if let gradient { addOuter(sums, below(index), layer, to: gradient, isAffine: true) }
      guard index > 0 else { return }
      let lower = layers[index - 1]
      multiply(parameters, layer, sums, into: lower.adjoint.vector)
      guard isPerturbed else { continue }
      let norm = lower.values.vector.squaredNorm.squareRoot()
      guard norm > 0 else { continue }
      let factor = layer.perturbation.vector.dot(adjoint) / norm
      for row in 0..<lower.outputs {
        lower.adjoint.vector[row] += factor * lower.values.vector[row]
      }
    }
  }

  /// Adds, of scale·(∂f_output/∂h)·v with v held fixed, h being what the layer `start` holds: the
  /// derivative by h to its adjoint, and that by the parameters above to a gradient.
  ///
  /// A change v of h is carried up, and the adjoint of what arrives at the output carried down, both
  /// through the changes and through the values that they depend on.
  func addCurvature(
    _ parameters: Vector, start: Int, output: Int, along direction: Vector, scale: Double,
    to gradient: Vector
  ) {
    carryUp(parameters, start, direction)
    layers[depth].valueAdjoint.vector.fill(0)
    layers[depth].sumsAdjoint.vector.fill(0)
    layers[depth].sumsAdjoint.vector[output] = scale
    for index in stride(from: depth, to: start, by: -1) {
      let (layer, lower) = (layers[index], layers[index - 1])
      let (sums, values) = (layer.sumsAdjoint.vector, layer.valueAdjoint.vector)
      addOuter(sums, lower.change.vector, layer, to: gradient, isAffine: false)
      addOuter(values, lower.values.vector, layer, to: gradient, isAffine: true)
      let (below, change) = (lower.valueAdjoint.vector, lower.sumsAdjoint.vector)
      multiply(parameters, layer, sums, into: change)
      multiply(parameters, layer, values, into: below)
      for row in 0..<lower.outputs {
        guard index - 1 > start else {
          lower.adjoint.vector[row] += below[row]
          continue
        }
        let first = lower.slope(1)[row]
        below[row] =
          first * below[row] + lower.slope(2)[row] * lower.sums.vector[row] * change[row]
        change[row] *= first
      }
    }
  }

  /// Carries a change of what a layer holds to the layers above.
  private func carryUp(_ parameters: Vector, _ start: Int, _ direction: Vector) {
    layers[start].change.vector.assign(direction)
    for index in start + 1...depth {
      let (layer, input) = (layers[index], layers[index - 1].change.vector)
      let (sums, change) = (layer.sums.vector, layer.change.vector)
      for row in 0..<layer.outputs {
        sums[row] = weights(parameters, layer, row).dot(input)
        if index < depth { change[row] = layer.slope(1)[row] * sums[row] }
      }
    }
  }

  private func weights(_ parameters: Vector, _ layer: Layer, _ row: Int) -> Vector {
    parameters.slice(layer.weight + row * layer.inputs, layer.inputs)
  }

  /// Writes Wᵀ·v.
  private func multiply(
    _ parameters: Vector, _ layer: Layer, _ vector: Vector, into product: Vector
  ) {
    product.fill(0)
    for row in 0..<layer.outputs {
      let (weights, factor) = (weights(parameters, layer, row), vector[row])
      for column in 0..<layer.inputs { product[column] += factor * weights[column] }
    }
  }

  /// Adds left·rightᵀ to a gradient by W, and left to that by b where the sums are affine.
  private func addOuter(
    _ left: Vector, _ right: Vector, _ layer: Layer, to gradient: Vector, isAffine: Bool
  ) {
    for row in 0..<layer.outputs {
      let (sum, factor) = (weights(gradient, layer, row), left[row])
      for column in 0..<layer.inputs { sum[column] += factor * right[column] }
      if isAffine { gradient[layer.bias + row] += factor }
    }
  }
}

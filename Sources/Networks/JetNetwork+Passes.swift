import CKernels
import Numerics

extension JetNetwork {
  /// Adds Σ seeds·∂outputs/∂θ, summed over the points of the last forward pass, to a gradient.
  ///
  /// - Parameters:
  ///   - parameters: those of the forward pass, `[P]`.
  ///   - seeds: derivatives of a scalar by the outputs, `[jet][point][output]`.
  ///   - gradient: `[P]`.
  /// - Cost: twice a forward pass.
  public func addGradient(_ parameters: Vector, seeds: Vector, to gradient: Vector) {
    precondition(gradient.count == parameterCount, "a gradient of \(gradient.count) numbers")
    sweep(parameters, seeds) { layer, adjoint in
      let size = layer.inputs * layer.outputs
      let sum = layer.factors?.blankGradient() ?? gradient.slice(layer.place.weight, size)
      LayerProducts.addOuter(
        adjoint, layer.values.vector.slice(0, rows * layer.inputs), to: sum, rows: layer.outputs,
        inner: rows, columns: layer.inputs, scratch: transposed.vector)
      layer.factors?.addGradient(to: gradient)
      cauchy_add_rows(adjoint.base, count, layer.outputs, gradient.base + layer.place.bias)
    }
  }

  /// Writes, of every point i of the last forward pass, its seeds·∂outputs/∂θ: a row of a Jacobian.
  ///
  /// - Parameters:
  ///   - parameters: those of the forward pass, `[P]`.
  ///   - seeds: derivatives of one scalar a point by its outputs, `[jet][point][output]`.
  ///   - rows: row i is at `rows[i*stride ..< i*stride + P]`.
  /// - Cost: a forward pass, and jets multiplications a number written.
  public func writeRows(_ parameters: Vector, seeds: Vector, into rows: Vector, stride: Int) {
    precondition(
      stride >= parameterCount && rows.count >= (count - 1) * stride + parameterCount,
      "\(count) rows of \(parameterCount) in \(rows.count) numbers, \(stride) apart")
    sweep(parameters, seeds) { layer, adjoint in
      cauchy_layer_rows(
        adjoint.base, layer.values.vector.base, jets.count, count, layer.outputs, layer.inputs,
        rows.base + layer.place.weight, rows.base + layer.place.bias, stride)
      layer.factors?.pullBack(rows, count: count, stride: stride)
    }
  }

  /// Carries adjoints from the outputs back to every layer's sums, the last layer first.
  private func sweep(
    _ parameters: Vector, _ seeds: Vector, _ visit: (JetLayer, Vector) -> Void
  ) {
    precondition(
      seeds.count == rows * shape.outputs && parameters.count == parameterCount && hasSlopes,
      "\(seeds.count) seeds of \(rows * shape.outputs), after a forward pass with slopes")
    gates?.changes.first.vector.fill(0)
    gates?.changes.difference.vector.fill(0)
    var current = seeds
    for index in layers.indices.reversed() {
      let layer = layers[index]
      visit(layer, current)
      guard index > 0 else { break }
      let (here, other) = index % 2 == 0 ? (adjoint.0, adjoint.1) : (adjoint.1, adjoint.0)
      let below = here.vector.slice(0, rows * layer.inputs)
      // What skips this layer is there already.
      LayerProducts.multiply(
        current, layer.weights(parameters), into: below, rows: rows, inner: layer.outputs,
        columns: layer.inputs, isAdded: layer.skip != nil)
      let previous = layers[index - 1]
      if previous.skip != nil { other.vector.slice(0, below.count).assign(below) }
      if let gates { pullBackGate(gates, index - 1, below) }
      pull(previous.slopes, below)
      current = below
    }
    if let gates { pullBackGates(gates, visit) }
  }

  /// Writes the derivative of the outputs along a direction in parameter space.
  ///
  /// - Parameters:
  ///   - parameters: those of the forward pass, `[P]`.
  ///   - direction: `[P]`.
  ///   - result: `[jet][point][output]` of the last forward pass.
  /// - Cost: twice a forward pass.
  public func tangent(_ parameters: Vector, _ direction: Vector, into result: Vector) {
    precondition(
      parameters.count == parameterCount && direction.count == parameters.count
        && result.count == rows * shape.outputs && hasSlopes,
      "\(direction.count) numbers along \(parameters.count), after a forward pass with slopes")
    if let gates { pushGates(gates, direction) }
    for index in layers.indices {
      let layer = layers[index]
      let isLast = index == layers.count - 1
      let (here, other) = index % 2 == 0 ? (adjoint.0, adjoint.1) : (adjoint.1, adjoint.0)
      let below = other.vector.slice(0, rows * layer.inputs)
      let change = isLast ? result : here.vector.slice(0, rows * layer.outputs)
      differentiate(layer, direction, into: change)
      if index > 0 {
        LayerProducts.multiplyTransposed(
          below, layer.weights(parameters), into: change, rows: rows, inner: layer.inputs,
          columns: layer.outputs, scratch: transposed.vector, isAdded: true)
      }
      cauchy_add_to_rows(direction.base + layer.place.bias, count, layer.outputs, change.base)
      guard !isLast else { return }
      push(layer.slopes, change)
      if layer.skip != nil { change.add(below) }
      if let gates { pushGate(gates, index, change) }
    }
  }

  /// Writes the change of a layer's sums by that of its weights.
  func differentiate(_ layer: JetLayer, _ direction: Vector, into change: Vector) {
    LayerProducts.multiplyTransposed(
      layer.values.vector.slice(0, rows * layer.inputs), layer.weights(along: direction),
      into: change, rows: rows, inner: layer.inputs, columns: layer.outputs,
      scratch: transposed.vector)
  }

  /// Multiplies an adjoint by the transpose of what multiplication with `factor` is, in place.
  func pull(_ factor: Scratch, _ adjoint: Vector) {
    let elements = adjoint.count / jets.count
    tables.reverse.withUnsafeBufferPointer { terms in
      cauchy_jets_reverse(
        terms.baseAddress, terms.count, factor.vector.base, elements, elements, adjoint.base)
    }
  }

  /// Multiplies a change by jets of `factor`, in place.
  func push(_ factor: Scratch, _ change: Vector) {
    let elements = change.count / jets.count
    tables.tangent.withUnsafeBufferPointer { terms in
      cauchy_jets_tangent(
        terms.baseAddress, terms.count, factor.vector.base, elements, elements, change.base)
    }
  }
}

import CKernels
import Numerics

extension JetNetwork {
  /// Adds Σ seeds·∂outputs/∂θ, summed over the points of the last forward pass, to a gradient.
  ///
  /// - Parameters:
  ///   - seeds: derivatives of a scalar by the outputs, `[jet][point][output]`.
  ///   - gradient: `[P]`.
  /// - Cost: twice a forward pass.
  public func addGradient(_ parameters: Vector, seeds: Vector, to gradient: Vector) {
    precondition(gradient.count == parameterCount, "a gradient of \(gradient.count) numbers")
    sweep(parameters, seeds) { index, layer, adjoint in
      LayerProducts.addOuter(
        adjoint, values(index), to: weight(layer, gradient), rows: layer.outputs, inner: rows,
        columns: layer.inputs, scratch: transposed.vector)
      cauchy_add_rows(adjoint.base, count, layer.outputs, gradient.base + layer.bias)
    }
  }

  /// Writes, of every point i of the last forward pass, its seeds·∂outputs/∂θ: a row of a Jacobian.
  ///
  /// - Parameters:
  ///   - seeds: derivatives of one scalar a point by its outputs, `[jet][point][output]`.
  ///   - rows: row i is at `rows[i*stride ..< i*stride + P]`.
  /// - Cost: a forward pass, and jets multiplications a number written.
  public func writeRows(_ parameters: Vector, seeds: Vector, into rows: Vector, stride: Int) {
    precondition(
      stride >= parameterCount && rows.count >= (count - 1) * stride + parameterCount,
      "\(count) rows of \(parameterCount) in \(rows.count) numbers, \(stride) apart")
    sweep(parameters, seeds) { index, layer, adjoint in
      cauchy_layer_rows(
        adjoint.base, values(index).base, jets.count, count, layer.outputs, layer.inputs,
        rows.base + layer.weight, rows.base + layer.bias, stride)
    }
  }

  /// Carries adjoints from the outputs back to every layer's sums, the last layer first.
  private func sweep(
    _ parameters: Vector, _ seeds: Vector, _ visit: (Int, Layer, Vector) -> Void
  ) {
    precondition(
      seeds.count == rows * shape.outputs && parameters.count == parameterCount && hasSlopes,
      "\(seeds.count) seeds of \(rows * shape.outputs), after a forward pass with slopes")
    var current = seeds
    for index in layers.indices.reversed() {
      let layer = layers[index]
      visit(index, layer, current)
      guard index > 0 else { return }
      let other = index % 2 == 0 ? adjoint.0 : adjoint.1
      let below = other.vector.slice(0, rows * layer.inputs)
      LayerProducts.multiply(
        current, weight(layer, parameters), into: below, rows: rows, inner: layer.outputs,
        columns: layer.inputs)
      tables.reverse.withUnsafeBufferPointer { terms in
        let elements = count * layer.inputs
        cauchy_jets_reverse(
          terms.baseAddress, terms.count, layer.slopes.vector.base, elements, elements, below.base)
      }
      current = below
    }
  }

  /// Writes the derivative of the outputs along a direction in parameter space.
  ///
  /// - Parameters:
  ///   - direction: `[P]`.
  ///   - result: `[jet][point][output]` of the last forward pass.
  /// - Cost: twice a forward pass.
  public func tangent(_ parameters: Vector, _ direction: Vector, into result: Vector) {
    precondition(
      parameters.count == parameterCount && direction.count == parameters.count
        && result.count == rows * shape.outputs && hasSlopes,
      "\(direction.count) numbers along \(parameters.count), after a forward pass with slopes")
    for index in layers.indices {
      let layer = layers[index]
      let isLast = index == layers.count - 1
      let (below, scratch) = index % 2 == 0 ? (adjoint.1, adjoint.0) : (adjoint.0, adjoint.1)
      let change = isLast ? result : scratch.vector.slice(0, rows * layer.outputs)
      LayerProducts.multiplyTransposed(
        values(index), weight(layer, direction), into: change, rows: rows, inner: layer.inputs,
        columns: layer.outputs, scratch: transposed.vector)
      if index > 0 {
        LayerProducts.multiplyTransposed(
          below.vector.slice(0, rows * layer.inputs), weight(layer, parameters), into: change,
          rows: rows, inner: layer.inputs, columns: layer.outputs, scratch: transposed.vector,
          isAdded: true)
      }
      cauchy_add_to_rows(direction.base + layer.bias, count, layer.outputs, change.base)
      guard !isLast else { return }
      tables.tangent.withUnsafeBufferPointer { terms in
        let elements = count * layer.outputs
        cauchy_jets_tangent(
          terms.baseAddress, terms.count, layers[index + 1].slopes.vector.base, elements, elements,
          change.base)
      }
    }
  }
}

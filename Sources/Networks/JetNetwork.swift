import CKernels
import Numerics

/// Forward, reverse and tangent passes of one network over a block of points.
///
/// A network takes features, given with their partial derivatives by the problem's variables (their
/// jets), to outputs with the same partial derivatives: Taylor mode, exact, in one pass. It owns its
/// workspaces: nothing is allocated in a pass, and one task at a time may use it. Every pass runs on
/// the thread that calls it; BLAS should be at one thread. What is not finite passes through.
public final class JetNetwork {
  /// The network.
  public let shape: NetworkShape
  /// The partial derivatives that are carried.
  public let jets: JetIndices
  /// The most points of a block.
  public let capacity: Int
  /// The count of parameters, P.
  public let parameterCount: Int
  /// The count of points of the last forward pass.
  public private(set) var count = 0

  let tables: JetTables
  let layers: [JetLayer]
  /// Of a gated network.
  let gates: Gates?
  /// Jets before an activation, and whatever a pass needs in between.
  let inner: Scratch
  let adjoint: (Scratch, Scratch)
  /// The weights of a layer, `[in, out]`.
  let transposed: Scratch
  private let result: Scratch
  private(set) var hasSlopes = false

  /// Allocates workspaces for blocks of up to `capacity` points.
  ///
  /// Jets of 64 points or so stay in the second-level cache; 32 to 128 run alike.
  public init(_ shape: NetworkShape, _ jets: JetIndices, capacity: Int) {
    let widths = shape.widths
    precondition(widths.allSatisfy { $0 > 0 }, "layers of \(widths) neurons")
    precondition(
      !shape.kind.needsEqualWidths || Set(shape.hidden).count <= 1,
      "hidden layers of \(shape.hidden) neurons in a \(shape.kind) network")
    precondition(capacity > 0, "blocks of \(capacity) points")
    self.shape = shape
    self.jets = jets
    self.capacity = capacity
    parameterCount = shape.parameterCount
    tables = JetTables(jets)
    let block = jets.count * capacity
    let places = shape.places
    let depth = shape.hidden.count
    layers = places.prefix(depth + 1).enumerated().map { index, place in
      JetLayer(
        place, values: Scratch(block * place.inputs),
        slopes: Scratch(index < depth ? block * place.outputs : 0),
        skip: index > 0 && index < depth ? shape.skipScale : nil)
    }
    gates = Gates(places.dropFirst(depth + 1), features: layers[0].values, block, depth: depth)
    let widest = widths.max() ?? 0
    inner = Scratch(block * widest)
    adjoint = (Scratch(block * widest), Scratch(block * widest))
    transposed = Scratch(places.reduce(0) { max($0, $1.inputs * $1.outputs) })
    result = Scratch(block * shape.outputs)
  }

  /// The outputs of the last forward pass, `[jet][point][output]`.
  public var outputs: Vector { result.vector.slice(0, rows * shape.outputs) }

  /// The count of jets of points: rows of every product.
  var rows: Int { jets.count * count }

  /// Takes features to outputs.
  ///
  /// - Parameters:
  ///   - parameters: `[P]`.
  ///   - inputs: jets of the features, `[jet][point][feature]`; copied.
  ///   - count: the count of points, up to ``capacity``.
  ///   - slopes: whether a reverse or tangent pass follows; without one, leaving them out saves
  ///     part of the work.
  /// - Cost: 2·jets·count operations a weight, and an activation a neuron and point.
  public func forward(_ parameters: Vector, _ inputs: Vector, count: Int, slopes: Bool = true) {
    precondition(count > 0 && count <= capacity, "\(count) points in a block of \(capacity)")
    precondition(
      parameters.count == parameterCount
        && inputs.count == jets.count * count * shape.inputs,
      "\(parameters.count) parameters and \(inputs.count) features do not fit \(shape)")
    self.count = count
    hasSlopes = slopes
    layers[0].values.vector.slice(0, inputs.count).assign(inputs)
    if let gates { evaluate(gates, parameters, slopes: slopes) }
    for (index, layer) in layers.enumerated() {
      guard index < layers.count - 1 else { return finish(layer, parameters) }
      let next = values(index + 1)
      guard let gates else {
        activate(layer, parameters, slopes: slopes, into: next)
        if let scale = layer.skip { pass(layer, to: next, scale: scale, slopes: slopes) }
        continue
      }
      activate(layer, parameters, slopes: slopes, into: gates.openings[index].vector)
      open(gates, index, into: next)
    }
  }

  /// Writes the jets of σ(W·x + b), and of the slopes.
  func activate(_ layer: JetLayer, _ parameters: Vector, slopes: Bool, into values: Vector) {
    multiply(layer, parameters, into: inner.vector.slice(0, rows * layer.outputs))
    let biases = layer.biases.vector
    for index in 0..<biases.count {
      biases[index] = parameters[layer.place.bias + index % layer.outputs]
    }
    let elements = count * layer.outputs
    tables.composition.withUnsafeBufferPointer { terms in
      cauchy_jets_forward(
        shape.activation.kernel, Int32(jets.order), terms.baseAddress, terms.count,
        inner.vector.base, biases.base, layer.outputs, elements, elements, values.base,
        slopes ? layer.slopes.vector.base : nil)
    }
  }

  private func finish(_ layer: JetLayer, _ parameters: Vector) {
    multiply(layer, parameters, into: outputs)
    cauchy_add_to_rows(parameters.base + layer.place.bias, count, layer.outputs, outputs.base)
  }

  private func multiply(_ layer: JetLayer, _ parameters: Vector, into product: Vector) {
    layer.factors?.multiply(parameters)
    LayerProducts.multiplyTransposed(
      layer.values.vector.slice(0, rows * layer.inputs), layer.weights(parameters),
      into: product, rows: rows, inner: layer.inputs, columns: layer.outputs,
      scratch: transposed.vector)
  }

  /// Adds what came into a layer to its scaled activations; the slopes are scaled too, so that the
  /// other passes know of the scale.
  private func pass(_ layer: JetLayer, to next: Vector, scale: Double, slopes: Bool) {
    if scale != 1 {
      next.multiply(by: scale)
      if slopes { layer.slopes.vector.slice(0, next.count).multiply(by: scale) }
    }
    next.add(layer.values.vector.slice(0, next.count))
  }

  /// The jets that come into a layer.
  func values(_ index: Int) -> Vector {
    layers[index].values.vector.slice(0, rows * layers[index].inputs)
  }
}

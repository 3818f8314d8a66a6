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
  let layers: [Layer]
  /// Jets before an activation, and whatever a pass needs in between.
  let inner: Scratch
  let adjoint: (Scratch, Scratch)
  /// The weights of a layer, `[in, out]`.
  let transposed: Scratch
  private let result: Scratch
  private(set) var hasSlopes = false

  /// One layer: where its parameters are, what comes in.
  struct Layer {
    let inputs: Int
    let outputs: Int
    let weight: Int
    let bias: Int
    /// Jets that come in, [jet][point][input].
    let values: Scratch
    /// Jets of the slope of the activation that made them.
    let slopes: Scratch
    /// The biases over and over, for strips that begin at any neuron.
    let biases: Scratch
  }

  /// Allocates workspaces for blocks of up to `capacity` points.
  ///
  /// Jets of 64 points or so stay in the second-level cache; 32 to 128 run alike.
  public init(_ shape: NetworkShape, _ jets: JetIndices, capacity: Int) {
    let widths = shape.widths
    precondition(widths.allSatisfy { $0 > 0 }, "layers of \(widths) neurons")
    precondition(capacity > 0, "blocks of \(capacity) points")
    self.shape = shape
    self.jets = jets
    self.capacity = capacity
    parameterCount = shape.parameterCount
    tables = JetTables(jets)
    let block = jets.count * capacity
    let blocks = shape.blocks
    layers = (0..<widths.count - 1).map { layer -> Layer in
      let (input, output) = (widths[layer], widths[layer + 1])
      return Layer(
        inputs: input, outputs: output, weight: blocks[2 * layer].offset,
        bias: blocks[2 * layer + 1].offset, values: Scratch(block * input),
        slopes: Scratch(layer == 0 ? 0 : block * input), biases: Scratch(output + cauchy_strip))
    }
    let widest = widths.max() ?? 0
    inner = Scratch(block * widest)
    adjoint = (Scratch(block * widest), Scratch(block * widest))
    transposed = Scratch(layers.reduce(0) { max($0, $1.inputs * $1.outputs) })
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
    for index in layers.indices {
      let layer = layers[index]
      let isLast = index == layers.count - 1
      let product = isLast ? outputs : inner.vector.slice(0, rows * layer.outputs)
      LayerProducts.multiplyTransposed(
        values(index), weight(layer, parameters), into: product, rows: rows, inner: layer.inputs,
        columns: layer.outputs, scratch: transposed.vector)
      if isLast {
        cauchy_add_to_rows(parameters.base + layer.bias, count, layer.outputs, product.base)
      } else {
        activate(layer, parameters, slopes: slopes, into: layers[index + 1])
      }
    }
  }

  private func activate(_ layer: Layer, _ parameters: Vector, slopes: Bool, into next: Layer) {
    let biases = layer.biases.vector
    for index in 0..<biases.count {
      biases[index] = parameters[layer.bias + index % layer.outputs]
    }
    let elements = count * layer.outputs
    tables.composition.withUnsafeBufferPointer { terms in
      cauchy_jets_forward(
        shape.activation.kernel, Int32(jets.order), terms.baseAddress, terms.count,
        inner.vector.base, biases.base, layer.outputs, elements, elements,
        next.values.vector.base, slopes ? next.slopes.vector.base : nil)
    }
  }

  func weight(_ layer: Layer, _ parameters: Vector) -> Vector {
    parameters.slice(layer.weight, layer.inputs * layer.outputs)
  }

  /// The jets that come into a layer.
  func values(_ index: Int) -> Vector {
    layers[index].values.vector.slice(0, rows * layers[index].inputs)
  }
}

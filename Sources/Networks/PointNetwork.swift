import CKernels
import Numerics

/// Forward, reverse and tangent passes of one dense network at one point.
///
/// For right-hand sides of ordinary differential equations, where one point comes after another and
/// the cost of calls decides: every pass is one call of a kernel. It owns its workspaces: nothing is
/// allocated in a pass, and one task at a time may use it. The same arguments give the same bits on
/// the same processor. What is not finite passes through. Blocks of points, other kinds of networks
/// and higher derivatives: ``JetNetwork``.
public final class PointNetwork {
  /// The network.
  public let shape: NetworkShape
  /// The count of parameters, P.
  public let parameterCount: Int

  private let kernel: UnsafeMutablePointer<cauchy_point_network>
  private let layers: UnsafeMutablePointer<cauchy_point_layer>
  /// Keeps the numbers that the kernel points at.
  private let room: [Scratch]
  private let inputs: Int
  private let outputs: Int

  /// Allocates workspaces.
  public init(_ shape: NetworkShape) {
    precondition(shape.kind == .dense, "a \(shape.kind) network at a point")
    let widths = shape.widths
    precondition(widths.allSatisfy { $0 > 0 }, "layers of \(widths) neurons")
    self.shape = shape
    (inputs, outputs) = (shape.inputs, shape.outputs)
    parameterCount = shape.parameterCount
    let places = shape.places
    let rooms = widths.map { ($0 + 7) / 8 * 8 }
    let width = rooms.max() ?? 0
    let values = rooms.dropLast().map { Scratch($0) }
    let slopes = rooms.dropFirst().dropLast().map { Scratch($0) }
    let work = Scratch(2 * cauchy_point_seeds * width)
    room = values + slopes + [work]
    layers = .allocate(capacity: places.count)
    for (index, place) in places.enumerated() {
      (layers + index).initialize(
        to: cauchy_point_layer(
          inputs: place.inputs, outputs: place.outputs, weight: place.weight, bias: place.bias,
          values: values[index].vector.base,
          slopes: index < slopes.count ? slopes[index].vector.base : nil))
    }
    kernel = .allocate(capacity: 1)
    kernel.initialize(
      to: cauchy_point_network(
        sigma: shape.activation.kernel, layers: layers, layers_count: places.count,
        parameters_count: parameterCount, width: width, work: work.vector.base))
  }

  deinit {
    kernel.deallocate()
    layers.deallocate()
  }

  /// Takes features to outputs, and remembers what the other passes need.
  ///
  /// - Shape: `parameters`: `[P]`, `x`: `[inputs]`, `outputs`: `[outputs]`.
  /// - Cost: 2 operations a weight, and an activation with its slope a neuron.
  public func forward(_ parameters: Vector, _ x: Vector, into outputs: Vector) {
    precondition(
      parameters.count == parameterCount && x.count == inputs && outputs.count == self.outputs,
      "\(parameters.count) parameters, \(x.count) features and \(outputs.count) outputs")
    cauchy_point_forward(kernel, parameters.base, x.base, outputs.base)
  }

  /// Writes, of every seed, its product with the derivatives of the outputs by the parameters and by
  /// the features, at the point of the last forward pass.
  ///
  /// - Parameters:
  ///   - parameters: those of the forward pass, `[P]`.
  ///   - seeds: derivatives of scalars by the outputs, `[count][outputs]`.
  ///   - count: how many scalars; up to 8 go through the layers together.
  ///   - rows: row i is at `rows[i*stride ..< i*stride + P]`; nothing between rows is written.
  ///   - slopes: derivatives of the scalars by the features, `[count][inputs]`.
  /// - Cost: a seed 2 operations a weight, and a multiplication a number written.
  public func pull(
    _ parameters: Vector, seeds: Vector, count: Int, rows: Vector, stride: Int, slopes: Vector
  ) {
    check(parameters, seeds, count, slopes)
    precondition(
      stride >= parameterCount && rows.count >= (count - 1) * stride + parameterCount,
      "\(count) rows of \(parameterCount) in \(rows.count) numbers, \(stride) apart")
    cauchy_point_pull(
      kernel, parameters.base, seeds.base, count, rows.base, stride, 0, slopes.base)
  }

  /// Adds seed·∂outputs/∂θ at the point of the last forward pass to a gradient, and writes
  /// seed·∂outputs/∂x.
  ///
  /// - Shape: `seed`: `[outputs]`, `gradient`: `[P]`, `slopes`: `[inputs]`.
  public func addGradient(
    _ parameters: Vector, seed: Vector, to gradient: Vector, slopes: Vector
  ) {
    check(parameters, seed, 1, slopes)
    precondition(gradient.count == parameterCount, "a gradient of \(gradient.count) numbers")
    cauchy_point_pull(
      kernel, parameters.base, seed.base, 1, gradient.base, parameterCount, 1, slopes.base)
  }

  /// Writes seeds·∂outputs/∂x at the point of the last forward pass, and no row.
  ///
  /// - Shape: `seeds`: `[count][outputs]`, `slopes`: `[count][inputs]`.
  public func slopes(_ parameters: Vector, seeds: Vector, count: Int, into slopes: Vector) {
    check(parameters, seeds, count, slopes)
    cauchy_point_pull(kernel, parameters.base, seeds.base, count, nil, 0, 0, slopes.base)
  }

  /// Writes ∂outputs/∂x·dx + ∂outputs/∂θ·dtheta at the point of the last forward pass; nil is no
  /// change.
  ///
  /// - Shape: `dx`: `[inputs]`, `dtheta`: `[P]`, `result`: `[outputs]`.
  /// - Cost: 2 operations a weight, and as much for `dtheta`.
  public func tangent(_ parameters: Vector, _ dx: Vector?, _ dtheta: Vector?, into result: Vector) {
    precondition(
      parameters.count == parameterCount && (dx?.count ?? inputs) == inputs
        && (dtheta?.count ?? parameterCount) == parameterCount && result.count == outputs,
      "a change along \(dx?.count ?? 0) features and \(dtheta?.count ?? 0) parameters")
    cauchy_point_tangent(kernel, parameters.base, dx?.base, dtheta?.base, result.base)
  }

  @inline(__always)
  private func check(_ parameters: Vector, _ seeds: Vector, _ count: Int, _ slopes: Vector) {
    precondition(
      parameters.count == parameterCount && count > 0 && seeds.count == count * outputs
        && slopes.count == count * inputs,
      "\(seeds.count) seeds for \(count) scalars, \(slopes.count) slopes")
  }
}

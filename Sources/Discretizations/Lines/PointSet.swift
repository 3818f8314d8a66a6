import Expressions
import Numerics
import Problems

/// The numbers that programs read at a set of points, each in memory of its own.
///
/// Inputs are in the order of the system's programs: t, space variables, forcings and their slopes,
/// jets, nonlocal symbols, parameters. What is the same at all points is one number.
final class PointSet {
  let count: Int
  /// One for each input; jets that nobody reads here are a single number.
  var inputs: [Vector]
  /// Where the jets begin in ``inputs``.
  let firstJet: Int
  private let shared: Storage
  private let coordinates: Storage
  private let forcings: [Interpolation]
  private let hasTime: Bool

  /// - Parameters:
  ///   - coordinates: of the space variables, `[space][count]`.
  ///   - jets: how many fields the programs read; those of the system's programs if nil.
  init(
    _ system: PointwiseSystem, count: Int, coordinates places: [[Double]], parameters: [Double],
    jets wanted: Int? = nil
  ) throws {
    self.count = count
    let problem = system.problem
    hasTime = system.marching != nil
    forcings = try problem.forcings.map { try Interpolation($0) }
    let space = system.space.count
    let point = system.inputs.point.count
    let jets = wanted ?? system.inputs.state.count
    firstJet = point
    shared = Storage(point + 1 + parameters.count)
    coordinates = Storage(places.flatMap { $0 })
    let first = hasTime ? 1 : 0
    var inputs: [Vector] = []
    for index in 0..<point {
      let isCoordinate = index >= first && index < first + space
      inputs.append(
        isCoordinate
          ? coordinates.vector.slice((index - first) * count, count)
          : shared.vector.slice(index, 1))
    }
    // A jet without a field of its own reads zero.
    inputs += [Vector](repeating: shared.vector.slice(point, 1), count: jets)
    for (index, value) in parameters.enumerated() {
      shared.vector[point + 1 + index] = value
      inputs.append(shared.vector.slice(point + 1 + index, 1))
    }
    self.inputs = inputs
  }

  /// Sets t, and the forcings with it.
  func move(to t: Double) {
    guard hasTime else { return }
    shared.vector[0] = t
    let first = firstJet - 2 * forcings.count
    for (index, forcing) in forcings.enumerated() {
      shared.vector[first + index] = forcing.value(t)
      shared.vector[first + forcings.count + index] = forcing.derivative(t)
    }
  }

  /// Changes the parameters.
  func setParameters(_ values: [Double]) {
    let first = inputs.count - values.count
    for (index, value) in values.enumerated() { inputs[first + index][0] = value }
  }

  /// Lets a jet, or a nonlocal symbol after them, read its field; `[count]`.
  func setJet(_ index: Int, _ field: Vector) { inputs[firstJet + index] = field }
}

/// A program evaluated over point sets; owns its registers.
final class PointTape {
  private let tape: Tape
  private var inputs: [Vector] = []
  private var outputs: [Vector] = []

  init(_ program: Program) { tape = Tape(program) }

  var outputCount: Int { tape.program.outputCount }

  /// Evaluates at all points; `out`: `[outputs × count]`, one output after the other.
  func callAsFunction(_ points: PointSet, into out: Vector) {
    evaluate(points, from: 0, count: points.count, into: out)
  }

  /// Evaluates at `count` points from `start` on; the numbers of those points go to their own places.
  func evaluate(_ points: PointSet, from start: Int, count: Int, into out: Vector) {
    let n = points.count
    guard n > 0, outputCount > 0 else { return }
    if inputs.count != points.inputs.count { inputs = points.inputs }
    if outputs.isEmpty { outputs = [Vector](repeating: out, count: outputCount) }
    for index in inputs.indices {
      let input = points.inputs[index]
      inputs[index] = input.count == n && n > 1 ? input.slice(start, count) : input
    }
    for index in outputs.indices { outputs[index] = out.slice(index * n + start, count) }
    tape.evaluateBlock(count: count, inputs: inputs, into: outputs)
  }
}

import Discretizations
import Integrators
import Numerics

/// The adjoint equation, integrated back along the interpolated solution from row to row.
///
/// Mᵀλ' = −(∂F/∂y)ᵀλ with jumps where weights stand; dL/dp = ∫ λᵀ·∂F/∂p dt by Gauss's rule on the
/// steps of both integrations. Any stepper that solves M·y' = F serves; the result is as exact as
/// the tolerance, not the derivative of the numbers that the solve gave.
/// Source: Y. Cao, S. Li, L. Petzold and R. Serban, SIAM J. Sci. Comput. 24 (2003) 1076; A. C.
/// Hindmarsh and R. Serban, User documentation for CVODES (adjoint sensitivity analysis).
final class InterpolatingAdjoint: SegmentAdjoint {
  private let base: TrainableField
  private let path: SolutionPath
  private let field: AdjointField
  private let consistent: ConsistentAdjoint?
  private let n: Int
  private let relay = Relay()
  private let integration: Integration
  private let stations = RecordRoll(width: 1)
  private let sizes: [Double]
  private let initial: Storage
  private let work: Storage
  private let nodes: [Double]
  private let nodeWeights: [Double]
  private var endTime = 0.0

  /// Of the rule on each step.
  private static let nodeCount = 5

  /// What the steps back talk to.
  private final class Relay {
    var step: ((Stepper, Double) -> Void)?
  }

  /// - Parameters:
  ///   - settings: what the segments are integrated with.
  ///   - sizes: of the components of the state.
  /// - Throws: what the stepper throws for the field.
  init(_ base: TrainableField, _ settings: SegmentRun.SegmentSettings, sizes: [Double]) throws {
    self.base = base
    self.sizes = sizes
    n = base.dimension
    path = SolutionPath(dimension: n)
    field = AdjointField(base, along: path)
    consistent = base.mass.map { ConsistentAdjoint(base, $0) }
    let relative = settings.tolerances.relative
    var own = IntegrationSettings()
    own.control = settings.integration.control
    own.maxSteps = settings.mostSteps
    own.breakpoints = settings.breakpoints
    own.fixedStep = settings.integration.fixedStep
    var handlers = IntegrationHandlers()
    let relay = relay
    handlers.dense = { relay.step?($0, $1) }
    // Weights are brought to size 1 in units of the state's sizes.
    integration = try Integration(
      field, method: settings.method,
      tolerances: Tolerances(
        relative: relative, absolute: sizes.map { 1e-2 * relative / $0 }, norm: .max),
      settings: own, handlers: handlers)
    let rule = try QuadratureRule.gaussLegendre(
      InterpolatingAdjoint.nodeCount, from: 0, to: 1)
    (nodes, nodeWeights) = (rule.nodes, rule.weights)
    initial = Storage(n)
    work = Storage(5 * n)
  }

  // MARK: Forwards

  func begin(_ integration: Integration, _ t: Double, _ y: Vector) {
    path.clear()
    stations.clear()
    initial.vector.assign(y)
    endTime = t
  }

  func keep(_ step: Stepper, upTo end: Double) {
    path.append(step, upTo: end)
    endTime = end
  }

  func visit(_ t: Double) {
    // The last step may end a few roundings before the row.
    let isBeyond = path.count > 0 && (t - endTime) * (endTime - path.start(0)) > 0
    stations.add()[0] = isBeyond ? endTime : t
  }

  // MARK: Backwards

  func reverse(
    seeds: Vector, end: Vector, into start: Vector, addingTo gradient: Vector
  ) -> Bool {
    let size = largest(seeds, end)
    start.fill(0)
    guard size > 0, size.isFinite else { return size == 0 }
    let adjoint = work.vector.slice(0, n)
    adjoint.fill(0)
    var t = endTime
    guard jump(t, end, 1 / size, adjoint, size, gradient) else { return false }
    for station in stride(from: stations.count - 1, through: 0, by: -1) {
      let seed = seeds.slice(station * n, n)
      if seed.isZero { continue }
      guard goBack(from: t, to: stations[station][0], adjoint, size, gradient) else { return false }
      t = stations[station][0]
      guard jump(t, seed, 1 / size, adjoint, size, gradient) else { return false }
    }
    let first = path.count > 0 ? path.start(0) : t
    guard goBack(from: t, to: first, adjoint, size, gradient) else { return false }
    if let mass = base.mass {
      for k in mass.entries.indices {
        start[mass.pattern.columns[k]] += mass.entries[k] * adjoint[mass.pattern.rows[k]] * size
      }
    } else {
      start.add(size, times: adjoint)
    }
    return start.isFinite
  }

  /// The largest weight in units of the state's sizes.
  private func largest(_ seeds: Vector, _ end: Vector) -> Double {
    var largest = 0.0
    for i in 0..<n {
      var own = end[i].magnitude
      for station in 0..<stations.count { own = max(own, seeds[station * n + i].magnitude) }
      largest = max(largest, own * sizes[i])
    }
    return largest
  }

  /// Adds weights on the state at `t` to λ, which is in units of `size`.
  private func jump(
    _ t: Double, _ seed: Vector, _ scale: Double, _ adjoint: Vector, _ size: Double,
    _ gradient: Vector
  ) -> Bool {
    if seed.isZero { return true }
    guard let consistent else {
      adjoint.add(scale, times: seed)
      return true
    }
    let (change, y) = (work.vector.slice(n, n), work.vector.slice(2 * n, n))
    change.assign(seed)
    if path.count > 0 { path.state(t, into: y) } else { y.assign(initial.vector) }
    guard consistent.pull(t, y, change, addingTo: gradient) else { return false }
    adjoint.add(scale, times: change)
    if path.count == 0 { return true }
    guard let whole = try? Consistency.solve(field, t, adjoint.array) else { return false }
    adjoint.assign(whole)
    return true
  }

  /// Integrates λ back, and adds its part of the integral.
  private func goBack(
    from t: Double, to end: Double, _ adjoint: Vector, _ size: Double, _ gradient: Vector
  ) -> Bool {
    if t == end || adjoint.isZero { return true }
    relay.step = { [unowned self] step, end in collect(step, upTo: end, size, gradient) }
    defer { relay.step = nil }
    let report = integration.run(from: t, adjoint.array, to: end)
    guard report.outcome == .reached else { return false }
    adjoint.assign(integration.present)
    return true
  }

  /// ∫ λᵀ·∂F/∂p dt over a step, from one end of the solution's own steps to the next.
  private func collect(_ step: Stepper, upTo end: Double, _ size: Double, _ gradient: Vector) {
    var from = step.t
    let isDown = step.h < 0
    while from != end {
      var piece = path.piece(at: from)
      // At the start of a piece, the way back leads into the one before.
      if path.start(piece) == from, piece > 0 { piece -= 1 }
      let edge = path.start(piece)
      let isWithin = isDown ? edge > end : edge < end
      let to = isWithin && edge != from ? edge : end
      add(step, from, to, size, gradient)
      from = to
    }
  }

  private func add(
    _ step: Stepper, _ from: Double, _ to: Double, _ size: Double, _ gradient: Vector
  ) {
    let (adjoint, y, pulled) = (
      work.vector.slice(n, n), work.vector.slice(2 * n, n), work.vector.slice(3 * n, n)
    )
    for (node, weight) in zip(nodes, nodeWeights) {
      let t = from + node * (to - from)
      step.interpolate((t - step.t) / step.h, into: adjoint)
      let scale = weight * (from - to) * size
      for i in 0..<n { adjoint[i] *= scale }
      path.state(t, into: y)
      base.pullBack(t, y, adjoint, into: pulled, addingTo: gradient)
    }
  }
}

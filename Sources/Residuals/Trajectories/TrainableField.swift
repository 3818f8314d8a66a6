import Discretizations
import Expressions
import Integrators
import Networks
import Numerics
import Problems

/// A ``TrainableSystem`` with numbers for its weights and estimates: the field that steppers
/// integrate, and its derivatives by the state and by the parameters.
///
/// One worker's own; nothing is allocated in an evaluation.
public final class TrainableField: VectorField {
  public let system: TrainableSystem
  /// P: weights of the networks, then the free numbers of the estimates.
  public let parameterCount: Int
  private let layout: ParameterLayout
  private let networks: [NetworkAtPoint]
  private let rates: Tape
  private let slopes: Tape
  private let features: Tape
  private let featureSlopes: Tape
  private let timeSlopes: Tape?
  private let theta: Storage
  /// Derivatives of the estimates by their free numbers.
  private let scale: Storage
  private let parameters: Storage
  private let forced: ForcedPoint
  /// y, then the leaves.
  private let state: Storage
  private let x: Storage
  private let values: Storage
  private let featureValues: Storage
  private let seeds: Storage
  private let pulled: Storage
  /// Of one application of a network that stands at several inputs: its rows and slopes.
  private let rows: Storage
  private let lineSlopes: Storage
  private let tables: FieldTables
  private let hasFeatureSlopes: Bool

  /// Makes room; the parameters are zero until ``set(_:)``.
  public init(_ system: TrainableSystem, _ layout: ParameterLayout) throws {
    self.system = system
    self.layout = layout
    parameterCount = layout.count
    let n = system.dimension
    networks = system.applications.map { NetworkAtPoint(system.shapes[$0.network], $0.jets) }
    rates = Tape(system.rates)
    slopes = Tape(system.slopes)
    features = Tape(system.features)
    featureSlopes = Tape(system.featureSlopes)
    timeSlopes = system.timeSlopes.map(Tape.init)
    theta = Storage(layout.networkCount)
    scale = Storage(max(layout.estimates.count, 1))
    parameters = Storage(system.problem.parameters.map(\.value) + layout.estimates.map(\.start))
    forced = ForcedPoint(
      try system.problem.forcings.map { try Interpolation($0) }, count: system.inputs.point.count)
    state = Storage(n + system.leafCount)
    let inner = system.applications.last.map(\.featureRange.upperBound) ?? 0
    x = Storage(inner)
    values = Storage(system.slopes.outputCount)
    featureValues = Storage(max(system.featureSlopes.outputCount, 1))
    let widest = system.applications.map(\.leaves.count).max() ?? 0
    seeds = Storage(n * max(widest, 1))
    pulled = Storage(n * max(inner, 1))
    let tables = FieldTables(system, layout)
    self.tables = tables
    hasFeatureSlopes = system.featureSlopes.outputCount > 0
    rows = Storage(tables.applications.contains(where: \.isShared) ? n * layout.networkCount : 0)
    lineSlopes = Storage(n * max(system.applications.map(\.featureRange.count).max() ?? 0, 1))
    super.init(
      dimension: n, mass: TrainableField.mass(system, parameters.vector),
      isAutonomous: system.isAutonomous)
  }

  private static func mass(_ system: TrainableSystem, _ parameters: Vector) -> MassMatrix? {
    guard let program = system.mass else { return nil }
    let (out, point) = (Storage(system.form.mass.count), Storage(system.inputs.point.count))
    let state = Storage(system.inputs.state.count)
    defer { out.keep(point, state) }
    Tape(program).evaluate(point.vector, state.vector, parameters, into: out.vector)
    return MassMatrix(
      pattern: SparsityPattern(
        dimension: system.dimension, rows: system.form.mass.map(\.row),
        columns: system.form.mass.map(\.column)), entries: out.vector.array)
  }

  /// Takes weights and free numbers; `numbers`: at least `[P]`.
  public func set(_ numbers: Vector) {
    theta.vector.assign(numbers.slice(0, theta.vector.count))
    let first = system.problem.parameters.count
    for (index, law) in layout.scales.enumerated() {
      let (value, slope) = law.value(numbers[theta.vector.count + index])
      parameters.vector[first + index] = value
      scale.vector[index] = slope
    }
  }

  /// Values of ``TrainableSystem/parameterNames``.
  var parameterValues: [Double] { parameters.vector.array }
  /// Derivatives of the estimates by their free numbers.
  var estimateSlopes: [Double] { scale.vector.array }

  // MARK: Values

  public override func evaluate(_ t: Double, _ y: Vector, into dydt: Vector) {
    move(t, y)
    rates.evaluate(forced.vector, state.vector, parameters.vector, into: dydt)
  }

  /// Brings leaves and state to (t, y).
  private func move(_ t: Double, _ y: Vector) {
    forced.move(to: t)
    state.vector.slice(0, dimension).assign(y)
    if networks.isEmpty { return }
    features.evaluate(forced.vector, state.vector, parameters.vector, into: x.vector)
    var index = 0
    while index < tables.applications.count {
      let application = tables.applications[index]
      networks[index].forward(
        theta.vector.slice(application.weights), x.vector.slice(application.features),
        into: state.vector.slice(
          dimension + application.leaves.lowerBound, application.leaves.count))
      index += 1
    }
  }

  // MARK: Derivatives

  public override func jacobian(_ t: Double, _ y: Vector, into entries: Vector) {
    move(t, y)
    writeSlopes(jacobian: entries, rows: nil, stride: 0)
  }

  /// Writes F, ∂F/∂y and ∂F/∂(weights, free numbers) at (t, y).
  ///
  /// - Shape: `rate`: `[n]`, `jacobian`: `[n][n]`, `rows`: row i of `[P]` at i·stride.
  func linearize(
    _ t: Double, _ y: Vector, rate: Vector, jacobian: Vector, rows: Vector, stride: Int
  ) {
    move(t, y)
    rates.evaluate(forced.vector, state.vector, parameters.vector, into: rate)
    writeSlopes(jacobian: jacobian, rows: rows, stride: stride)
  }

  /// At the point moved to last.
  private func writeSlopes(jacobian: Vector, rows: Vector?, stride: Int) {
    let n = dimension
    evaluateSlopes()
    jacobian.fill(0)
    for (k, entry) in tables.states.enumerated() {
      jacobian[entry.row * n + entry.column] = values.vector[k]
    }
    if let rows { for i in 0..<n { rows.slice(i * stride, parameterCount).fill(0) } }
    for index in networks.indices { pull(index, rows, stride) }
    addFeatureSlopes(to: jacobian)
    if let rows { addEstimates(to: rows, stride) }
  }

  private func evaluateSlopes() {
    slopes.evaluate(forced.vector, state.vector, parameters.vector, into: values.vector)
    if hasFeatureSlopes {
      featureSlopes.evaluate(
        forced.vector, state.vector, parameters.vector, into: featureValues.vector)
    }
  }

  /// Carries ∂F/∂u of one application back to its weights and features.
  private func pull(_ index: Int, _ rows: Vector?, _ stride: Int) {
    let (n, application) = (dimension, tables.applications[index])
    if application.isShared { return pullShared(index, rows, stride) }
    let count = application.leaves.count
    let seed = seeds.vector.slice(0, n * count)
    seed.fill(0)
    for entry in tables.leaves[application.entries] {
      seed[entry.row * count + entry.column] = values.vector[entry.place]
    }
    let features = application.features
    let slopes = pulled.vector.slice(n * features.lowerBound, n * features.count)
    let range = application.weights
    let weights = theta.vector.slice(range)
    guard let rows else {
      return networks[index].pull(
        weights, seed, count: n, rows: nil, stride: 0, slopes: slopes)
    }
    let last = (n - 1) * stride + range.upperBound
    networks[index].pull(
      weights, seed, count: n,
      rows: rows.slice(range.lowerBound, last - range.lowerBound), stride: stride, slopes: slopes)
  }

  /// The same for one of several applications, in the few rows where it stands; they are added.
  private func pullShared(_ index: Int, _ rows: Vector?, _ stride: Int) {
    let (n, application) = (dimension, tables.applications[index])
    let (count, lines) = (application.leaves.count, application.lines)
    guard !lines.isEmpty else { return }
    let seed = seeds.vector.slice(0, lines.count * count)
    seed.fill(0)
    for entry in tables.leaves[application.entries] {
      seed[entry.line * count + entry.column] = values.vector[entry.place]
    }
    let (features, range) = (application.features, application.weights)
    let slopes = lineSlopes.vector.slice(0, lines.count * features.count)
    let part = self.rows.vector.slice(0, lines.count * range.count)
    networks[index].pull(
      theta.vector.slice(range), seed, count: lines.count, rows: rows == nil ? nil : part,
      stride: range.count, slopes: slopes)
    for line in 0..<lines.count {
      let row = tables.rows[lines.lowerBound + line]
      pulled.vector.slice(n * features.lowerBound + row * features.count, features.count)
        .assign(slopes.slice(line * features.count, features.count))
      rows?.slice(row * stride + range.lowerBound, range.count)
        .add(1, times: part.slice(line * range.count, range.count))
    }
  }

  /// ∂F/∂u·∂u/∂x of row i and a feature.
  @inline(__always)
  private func slope(_ i: Int, of feature: Int) -> Double {
    let place = tables.features[feature]
    return pulled.vector[place.first + i * place.width]
  }

  private func addFeatureSlopes(to jacobian: Vector) {
    let n = dimension
    for (k, entry) in tables.featureStates.enumerated() {
      let factor = featureValues.vector[k]
      for i in 0..<n { jacobian[i * n + entry.column] += slope(i, of: entry.row) * factor }
    }
  }

  private func addEstimates(to rows: Vector, _ stride: Int) {
    let offset = theta.vector.count
    let first = tables.states.count + tables.leaves.count
    for (k, entry) in tables.estimates.enumerated() {
      rows[entry.row * stride + offset + entry.column] +=
        values.vector[first + k] * scale.vector[entry.column]
    }
    let inner = tables.featureStates.count
    for (k, entry) in tables.featureEstimates.enumerated() {
      let factor = featureValues.vector[inner + k] * scale.vector[entry.column]
      for i in 0..<dimension {
        rows[i * stride + offset + entry.column] += slope(i, of: entry.row) * factor
      }
    }
  }

  public override func timeDerivative(_ t: Double, _ y: Vector, into result: Vector) {
    move(t, y)
    evaluateSlopes()
    if let timeSlopes {
      timeSlopes.evaluate(forced.vector, state.vector, parameters.vector, into: result)
    } else {
      result.fill(0)
    }
    guard !tables.featureTimes.isEmpty else { return }
    for index in networks.indices { pull(index, nil, 0) }
    let first = tables.featureStates.count + tables.featureEstimates.count
    for (k, entry) in tables.featureTimes.enumerated() {
      for i in 0..<dimension {
        result[i] += slope(i, of: entry.row) * featureValues.vector[first + k]
      }
    }
  }

  // MARK: Adjoints

  /// Adds λᵀ∂F/∂(weights, free numbers) to `gradient`, where given, and writes λᵀ∂F/∂y, at (t, y).
  ///
  /// - Shape: `adjoint`, `pullback`: `[n]`, `gradient`: `[P]`.
  func pullBack(
    _ t: Double, _ y: Vector, _ adjoint: Vector, into pullback: Vector, addingTo gradient: Vector?
  ) {
    move(t, y)
    evaluateSlopes()
    pullback.fill(0)
    for (k, entry) in tables.states.enumerated() {
      pullback[entry.column] += adjoint[entry.row] * values.vector[k]
    }
    var index = 0
    while index < tables.applications.count {
      let application = tables.applications[index]
      let seed = seeds.vector.slice(0, application.leaves.count)
      seed.fill(0)
      for entry in tables.leaves[application.entries] {
        seed[entry.column] += adjoint[entry.row] * values.vector[entry.place]
      }
      let weights = theta.vector.slice(application.weights)
      let slopes = pulled.vector.slice(application.features)
      if let gradient {
        networks[index].addGradient(
          weights, seed, to: gradient.slice(application.weights), slopes: slopes)
      } else {
        networks[index].pull(weights, seed, count: 1, rows: nil, stride: 0, slopes: slopes)
      }
      index += 1
    }
    for (k, entry) in tables.featureStates.enumerated() {
      pullback[entry.column] += pulled.vector[entry.row] * featureValues.vector[k]
    }
    guard let gradient else { return }
    let offset = theta.vector.count
    let first = tables.states.count + tables.leaves.count
    for (k, entry) in tables.estimates.enumerated() {
      gradient[offset + entry.column] +=
        adjoint[entry.row] * values.vector[first + k] * scale.vector[entry.column]
    }
    let inner = tables.featureStates.count
    for (k, entry) in tables.featureEstimates.enumerated() {
      gradient[offset + entry.column] +=
        pulled.vector[entry.row] * featureValues.vector[inner + k] * scale.vector[entry.column]
    }
  }
}

extension Vector {
  /// Borrows a run of numbers.
  func slice(_ range: Range<Int>) -> Vector { slice(range.lowerBound, range.count) }
}

import Discretizations
import Integrators
import Numerics
import Problems

/// The flow of an initial-value problem over a short time, y(t + h) by y(t), and its derivative.
///
/// One method takes 1, 2, 4 … equal steps until its estimated error is small; the derivative S
/// follows S' = ∂f/∂y·S, S(t) = 1, with the same steps, and is that of what the steps compute.
/// Not `Sendable`: one worker asks.
final class FlowMap {
  /// Error allowed in a step, of the solution and of its size.
  static let tolerance = 1e-12
  /// Steps are not shortened further than this part of the time.
  private static let mostSteps = 256

  let dimension: Int
  private let plain: Lane
  private let varied: Lane

  /// A stepper and the states that it goes between.
  private struct Lane {
    let stepper: Stepper
    let states: Storage

    init(_ method: String, _ field: VectorField, _ tolerances: Tolerances) throws(SteppingError) {
      stepper = try StepperCatalog.make(method, field, tolerances)
      states = Storage(2 * field.dimension)
    }

    func state(_ index: Int) -> Vector {
      states.vector.slice(index * stepper.dimension, stepper.dimension)
    }
  }

  private let norm: ErrorNorm

  /// Readies a method for a system.
  ///
  /// - Parameters:
  ///   - parameters: in the order of the problem's.
  ///   - sizes: of the components of y.
  /// - Throws: `SteppingError` if the method does not suit the system.
  init(_ problem: InitialValueProblem, parameters: [Double], method: String, sizes: [Double])
    throws(SteppingError)
  {
    let field = problem.makeField(parameters, problem.makeCode(.tape))
    dimension = field.dimension
    let absolute = sizes.map { Self.tolerance * $0 }
    let tolerances = Tolerances(relative: Self.tolerance, absolute: absolute)
    norm = ErrorNorm(tolerances)
    plain = try Lane(method, field, tolerances)
    let slopes = sizes.indices.flatMap { _ in absolute }
    varied = try Lane(
      method, VariationalField(field),
      Tolerances(relative: Self.tolerance, absolute: absolute + slopes))
  }

  /// Writes y(t + h); NaN where the method fails.
  func advance(_ y: Vector, from t: Double, by h: Double, into result: Vector) {
    run(plain, t, h, into: result) { $0.assign(y) }
  }

  /// Writes y(t + h), and its derivative by y(t), `[n][n]` by columns.
  func advance(
    _ y: Vector, from t: Double, by h: Double, into result: Vector, slopes: Vector
  ) {
    let n = dimension
    run(varied, t, h, into: result) { start in
      start.slice(0, n).assign(y)
      let unit = start.slice(n, n * n)
      unit.fill(0)
      for i in 0..<n { unit[i * n + i] = 1 }
    }
    slopes.assign(varied.state(0).slice(n, n * n))
  }

  private func run(
    _ lane: Lane, _ t: Double, _ h: Double, into result: Vector, _ begin: (Vector) -> Void
  ) {
    var count = 1
    var isDone = false
    while !isDone {
      begin(lane.state(0))
      isDone = walk(lane, t, h, count, isLast: count >= Self.mostSteps)
      count *= 2
    }
    result.assign(lane.state(0).slice(0, dimension))
  }

  /// Takes equal steps from the first state, back to it; false as soon as one is not accurate.
  private func walk(_ lane: Lane, _ t: Double, _ h: Double, _ count: Int, isLast: Bool) -> Bool {
    let stepper = lane.stepper
    let (y, yNew) = (lane.state(0), lane.state(1))
    stepper.start(t, y)
    for step in 0..<count {
      let from = t + h * Double(step) / Double(count)
      let to = t + h * Double(step + 1) / Double(count)
      let works = stepper.step(from, y, to: to, yNew)
      let own = (stepper.error.slice(0, dimension), y.slice(0, dimension))
      let error = norm.measure(own.0, own.1, yNew.slice(0, dimension))
      if !isLast, !works || !(error <= 1) { return false }
      if !works { yNew.fill(.nan) }
      stepper.accept()
      y.assign(yNew)
    }
    return true
  }
}

/// y' = f(t, y) with S' = ∂f/∂y·S beside it: the state is y, then S by columns.
private final class VariationalField: VectorField {
  private let own: ExpressionField
  private let entries: Storage

  init(_ own: ExpressionField) {
    self.own = own
    entries = Storage(own.pattern.count)
    super.init(
      dimension: own.dimension * (own.dimension + 1), mass: own.mass,
      isAutonomous: own.isAutonomous)
  }

  override func evaluate(_ t: Double, _ y: Vector, into dydt: Vector) {
    let n = own.dimension
    own.evaluate(t, y.slice(0, n), into: dydt.slice(0, n))
    own.jacobian(t, y.slice(0, n), into: entries.vector)
    dydt.slice(n, n * n).fill(0)
    for k in 0..<own.pattern.count {
      let (row, column) = (own.pattern.rows[k], own.pattern.columns[k])
      for place in 1...n {
        dydt[place * n + row] += entries.vector[k] * y[place * n + column]
      }
    }
  }
}

/// Defects of a flow map between the two points of a bundle, which lie h apart: (y₁ − Φ(y₀))/h.
final class FlowMapMixing: Mixing {
  private let make: () throws -> FlowMap
  /// nil where there is no memory for it; residuals are then NaN.
  private let map: FlowMap?
  private let length: Double
  private let marching: Int
  private let start: Storage
  private let end: Storage
  private let slopes: Storage

  /// - Parameter length: h.
  init(
    components: Int, length: Double, marching: Int, map: FlowMap?,
    make: @escaping () throws -> FlowMap
  ) {
    self.make = make
    self.map = map
    self.length = length
    self.marching = marching
    start = Storage(components)
    end = Storage(components)
    slopes = Storage(components * components)
    super.init(points: 2, expressions: components, blocks: components, rowsPerBlock: 1)
  }

  override func copy() -> Mixing {
    FlowMapMixing(
      components: expressions, length: length, marching: marching, map: try? make(), make: make)
  }

  override func evaluate(_ values: Vector, at place: Vector, into result: Vector) {
    for i in 0..<expressions { start.vector[i] = values[2 * i] }
    end.vector.fill(.nan)
    map?.advance(start.vector, from: place[marching], by: length, into: end.vector)
    store(values, into: result)
  }

  override func linearize(
    _ values: Vector, at place: Vector, into result: Vector, matrix: Vector
  ) {
    let n = expressions
    for i in 0..<n { start.vector[i] = values[2 * i] }
    end.vector.fill(.nan)
    slopes.vector.fill(.nan)
    map?.advance(
      start.vector, from: place[marching], by: length, into: end.vector, slopes: slopes.vector)
    store(values, into: result)
    for i in 0..<n {
      for j in 0..<n {
        matrix[(i * n + j) * 2] = -slopes.vector[j * n + i] / length
        matrix[(i * n + j) * 2 + 1] = i == j ? 1 / length : 0
      }
    }
  }

  private func store(_ values: Vector, into result: Vector) {
    for i in 0..<expressions { result[i] = (values[2 * i + 1] - end.vector[i]) / length }
  }
}

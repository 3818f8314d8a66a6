import Integrators
import Numerics

/// The derivative of the steps that an explicit Runge-Kutta method has taken, backwards.
///
/// Steps are held as they were: what comes out is the derivative of the numbers that the solve gave,
/// to rounding. Start and stages of each step are kept while the memory lasts. Beyond it only times
/// are, and steps are taken again, with the same bits, between checkpoints that are placed so that
/// as few of them as possible are.
/// Source: E. Hairer, S. Nørsett and G. Wanner, Solving ODEs I (1993), section II.6; A. Griewank and
/// A. Walther, ACM TOMS 26 (2000) 19.
final class DiscreteAdjoint: SegmentAdjoint {
  let field: TrainableField
  let stages: ExplicitStages
  let n: Int
  /// Start and end of each step.
  let times = RecordRoll(width: 2)
  /// y, then the stages; of all steps, or of those in hand.
  let records: RecordRoll
  /// The step and θ of each row; θ above 1 is the very end.
  private let stations = RecordRoll(width: 2)
  /// How many records are kept at most, and how many of them while others are checkpoints.
  let most: (whole: Int, window: Int, checkpoints: Int)
  private var isWhole = true
  private var stepper: ExplicitRungeKutta?
  private let initial: Storage
  let checkpoints: Storage
  let walk: Storage
  private let work: Storage
  /// dL/d(rates of the stages); `[stages][n]`.
  private let rates: Vector
  private let adjoint: Vector
  private let below: Vector
  let argument: Vector
  private let pulled: Vector
  private let weights: Vector
  /// dL/d(rate at the start of the step that was followed last).
  private let carried: Vector
  private var station = 0

  /// Stands for the end of a step itself.
  private static let end = 2.0

  /// - Parameter memory: numbers that may be kept, beside two a step.
  /// - Throws: `SteppingError.noAdjoint` for methods that are not explicit Runge-Kutta methods.
  init(_ field: TrainableField, _ method: String, memory: Int) throws(SteppingError) {
    self.field = field
    n = field.dimension
    stages = try ExplicitStages(method, dimension: n)
    let width = n * (1 + stages.count)
    records = RecordRoll(width: width)
    let window = max(1, memory / 2 / width)
    let checkpoints = min(64, memory / 2 / n)
    most = (max(1, memory / width), window, checkpoints)
    self.checkpoints = Storage((checkpoints + 1) * n)
    initial = Storage(n)
    walk = Storage(width + n)
    work = Storage((stages.count + 5) * n + stages.count)
    rates = work.vector.slice(0, stages.count * n)
    let rest = work.vector.slice(stages.count * n, 5 * n)
    adjoint = rest.slice(0, n)
    below = rest.slice(n, n)
    argument = rest.slice(2 * n, n)
    pulled = rest.slice(3 * n, n)
    carried = rest.slice(4 * n, n)
    weights = work.vector.slice((stages.count + 5) * n, stages.count)
  }

  // MARK: Forwards

  func begin(_ integration: Integration, _ t: Double, _ y: Vector) {
    stepper = integration.stepper as? ExplicitRungeKutta
    times.clear()
    records.clear()
    stations.clear()
    isWhole = true
    initial.vector.assign(y)
  }

  func keep(_ step: Stepper, upTo end: Double) {
    let time = times.add()
    time[0] = step.t
    time[1] = step.tNew
    guard isWhole, let stepper else { return }
    guard records.count < most.whole else {
      isWhole = false
      return
    }
    let record = records.add()
    record.slice(0, n).assign(step.yOld)
    record.slice(n, stages.count * n).assign(stepper.k)
  }

  func visit(_ t: Double) {
    let station = stations.add()
    station[0] = Double(times.count - 1)
    station[1] = DiscreteAdjoint.end
    guard times.count > 0 else { return }
    let time = times[times.count - 1]
    if t != time[1] { station[1] = min(max((t - time[0]) / (time[1] - time[0]), 0), 1) }
  }

  // MARK: Backwards

  func reverse(
    seeds: Vector, end: Vector, into start: Vector, addingTo gradient: Vector
  ) -> Bool {
    adjoint.assign(end)
    carried.fill(0)
    station = stations.count - 1
    if isWhole {
      for i in stride(from: times.count - 1, through: 0, by: -1) {
        follow(i, records[i], isRetaken: false, seeds, gradient)
      }
    } else {
      reverse(0, times.count, from: initial.vector, free: 0, seeds, gradient)
    }
    // Rows at the start itself.
    while station >= 0 {
      adjoint.add(1, times: seeds.slice(station * n, n))
      station -= 1
    }
    start.assign(adjoint)
    return start.isFinite
  }

  /// Follows one step back: ``adjoint`` goes from its end to its start.
  func follow(
    _ i: Int, _ record: Vector, isRetaken: Bool, _ seeds: Vector, _ gradient: Vector
  ) {
    let (t, tNew) = (times[i][0], times[i][1])
    let h = tNew - t
    let (y, k) = (record.slice(0, n), record.slice(n, stages.count * n))
    rates.fill(0)
    below.fill(0)
    if takeSeeds(i, h, seeds) {
      if isRetaken { takeExtraStages(t, tNew, y, k) }
      for stage in stride(from: stages.count - 1, to: stages.last, by: -1) {
        pull(stage, t, tNew, y, k, gradient)
      }
    }
    // The rate at the end is that at the start of the next step.
    let rate = rates.slice(stages.last * n, n)
    if i + 1 < times.count, times[i + 1][0] == tNew { rate.add(1, times: carried) }
    if !rate.isZero {
      stages.argument(stages.last, y, h, k, into: argument)
      field.pullBack(tNew, argument, rate, into: pulled, addingTo: gradient)
      adjoint.add(1, times: pulled)
    }
    spread(stages.last, h, adjoint)
    for stage in stride(from: stages.last - 1, to: 0, by: -1) {
      pull(stage, t, tNew, y, k, gradient)
    }
    carried.assign(rates.slice(0, n))
    if i == 0 || times[i - 1][1] != t {
      field.pullBack(t, y, carried, into: pulled, addingTo: gradient)
      below.add(1, times: pulled)
    }
    adjoint.assign(below)
  }

  /// Takes up the seeds of rows in a step; whether its interpolant has further stages.
  private func takeSeeds(_ i: Int, _ h: Double, _ seeds: Vector) -> Bool {
    var isInside = false
    while station >= 0, stations[station][0] == Double(i) {
      let (theta, seed) = (stations[station][1], seeds.slice(station * n, n))
      station -= 1
      if theta == DiscreteAdjoint.end {
        adjoint.add(1, times: seed)
        continue
      }
      isInside = true
      stages.weights(theta, into: weights)
      below.add(1, times: seed)
      for stage in 0..<stages.count {
        rates.slice(stage * n, n).add(h * weights[stage], times: seed)
      }
    }
    return isInside && stages.count > stages.last + 1
  }

  /// Pulls the adjoint of a stage's rate back to the state and the stages before.
  @inline(__always)
  private func pull(
    _ stage: Int, _ t: Double, _ tNew: Double, _ y: Vector, _ k: Vector, _ gradient: Vector
  ) {
    let h = tNew - t
    stages.argument(stage, y, h, k, into: argument)
    field.pullBack(
      stages.time(stage, t, tNew), argument, rates.slice(stage * n, n), into: pulled,
      addingTo: gradient)
    spread(stage, h, pulled)
  }

  /// Takes dL/d(argument of a stage) to the state and the stages before.
  @inline(__always)
  private func spread(_ stage: Int, _ h: Double, _ change: Vector) {
    below.add(1, times: change)
    let row = stages.coefficients.vector.slice(stage * stages.count, stages.count)
    for j in 0..<stage where row[j] != 0 {
      rates.slice(j * n, n).add(h * row[j], times: change)
    }
  }
}

extension Vector {
  /// Whether all numbers are zero.
  @inline(__always)
  var isZero: Bool {
    for i in 0..<count where base[i] != 0 { return false }
    return true
  }
}

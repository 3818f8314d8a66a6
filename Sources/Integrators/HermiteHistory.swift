import Numerics

/// Interpolation through the last ends of steps, by values and rates or by values alone.
///
/// For steppers without a continuous extension. With m nodes the polynomial has degree 2m − 1
/// (values and rates) or m − 1 (values alone: for stiff systems, where a rate multiplies the error
/// of its value by the stiffness). Newton's divided differences with confluent nodes.
final class HermiteHistory {
  let usesRates: Bool
  private let dimension: Int
  private let capacity: Int
  private let times: Storage
  // In memory of its own: as a stored property, each step would pay for access checks.
  private let counter: UnsafeMutablePointer<Int>
  private(set) var count: Int {
    get { counter.pointee }
    set { counter.pointee = newValue }
  }
  /// Ring of values, then of rates.
  private let values: Storage
  private let rates: Storage
  private let coefficients: Storage
  private var abscissae: [Double]
  private var terms = 0
  private var origin = 0.0
  private var scale = 1.0

  /// Allocates for `nodes` nodes.
  init(dimension: Int, nodes: Int, usesRates: Bool = true) {
    self.dimension = dimension
    self.usesRates = usesRates
    // One more than needed, so that a node pushed on trial takes no place of one in use.
    capacity = nodes + 1
    times = Storage(capacity)
    counter = .allocate(capacity: 1)
    counter.initialize(to: 0)
    values = Storage(capacity * dimension)
    rates = Storage(usesRates ? capacity * dimension : 0)
    let points = usesRates ? 2 * nodes : nodes
    coefficients = Storage(points * dimension)
    abscissae = [Double](repeating: 0, count: points)
  }

  deinit { counter.deallocate() }

  func clear() { count = 0 }

  /// Adds a node; the oldest one goes when all places are taken.
  func push(_ t: Double, _ y: Vector, _ rate: Vector) {
    let place = count % capacity
    times.vector[place] = t
    values.vector.slice(place * dimension, dimension).assign(y)
    if usesRates { rates.vector.slice(place * dimension, dimension).assign(rate) }
    count += 1
  }

  /// All nodes as numbers, for a restart.
  func save() -> [Double] {
    [Double(count)] + times.vector.array + values.vector.array
      + (usesRates ? rates.vector.array : [])
  }

  /// Takes back what ``save()`` returned.
  func restore(_ numbers: [Double]) {
    count = Int(numbers[0])
    times.vector.assign(Array(numbers[1...capacity]))
    let rest = numbers.dropFirst(1 + capacity)
    values.vector.assign(Array(rest.prefix(capacity * dimension)))
    if usesRates { rates.vector.assign(Array(rest.dropFirst(capacity * dimension))) }
  }

  /// Builds the polynomial through the last `nodes` nodes, in units of `scale` around `origin`.
  ///
  /// - Cost: (points)²/2 operations a component.
  func build(nodes wanted: Int, origin: Double, scale: Double) {
    let nodes = min(wanted, count, capacity - 1)
    self.origin = origin
    self.scale = scale
    let each = usesRates ? 2 : 1
    terms = nodes * each
    for index in 0..<nodes {
      let place = (count - 1 - index) % capacity
      for copy in 0..<each {
        let row = index * each + copy
        abscissae[row] = (times.vector[place] - origin) / scale
        self.row(row).assign(values.vector.slice(place * dimension, dimension))
      }
    }
    for level in 1..<max(terms, 1) {
      for i in stride(from: terms - 1, through: level, by: -1) {
        divide(i, level)
      }
    }
  }

  /// Builds the polynomial through the end of a step and the last step ends, and says whether it
  /// converges there: whether the last node changes it by less than the one before did.
  ///
  /// It does where the solution is smooth over these steps. Three scratch vectors: `[dimension]`.
  func converges(
    _ step: Stepper, rateNew: Vector, nodes: Int, _ norm: ErrorNorm,
    scratch: (Vector, Vector, Vector)
  ) -> Bool {
    let available = min(nodes, count + 1)
    guard available > 2 else { return false }
    let (a, b, difference) = scratch
    func value(_ nodes: Int, _ y: Vector) {
      buildThrough(step.tNew, step.yNew, rateNew, nodes: nodes, from: step.t)
      evaluate(step.t + 0.5 * step.h, into: y)
    }
    func distance() -> Double {
      for c in 0..<dimension { difference[c] = a[c] - b[c] }
      return norm.measure(difference, step.yOld, step.yNew)
    }
    value(available - 2, a)
    value(available - 1, b)
    let first = distance()
    value(available, a)
    return distance() < first
  }

  /// Builds the polynomial through a new node and the `nodes` − 1 last ones, without keeping the new
  /// one; `from` is the start of the step that it ends.
  func buildThrough(_ t: Double, _ y: Vector, _ rate: Vector, nodes: Int, from: Double) {
    push(t, y, rate)
    build(nodes: nodes, origin: from, scale: t - from)
    count -= 1
  }

  private func row(_ index: Int) -> Vector {
    coefficients.vector.slice(index * dimension, dimension)
  }

  private func divide(_ i: Int, _ level: Int) {
    let target = row(i)
    let gap = abscissae[i] - abscissae[i - level]
    if gap == 0 {
      let place = (count - 1 - i / 2) % capacity
      let rate = rates.vector.slice(place * dimension, dimension)
      for c in 0..<dimension { target[c] = scale * rate[c] }
    } else {
      let before = row(i - 1)
      let reciprocal = 1 / gap
      for c in 0..<dimension { target[c] = (target[c] - before[c]) * reciprocal }
    }
  }

  /// Writes the polynomial's value at `t`; `y`: `[dimension]`.
  func evaluate(_ t: Double, into y: Vector) {
    let x = (t - origin) / scale
    y.assign(row(terms - 1))
    for level in stride(from: terms - 2, through: 0, by: -1) {
      let factor = x - abscissae[level]
      let coefficient = row(level)
      for c in 0..<dimension { y[c] = y[c] * factor + coefficient[c] }
    }
  }
}

import Numerics

/// The coefficients of an explicit Runge-Kutta method.
///
/// yNew = y + h Σ bⱼkⱼ, kᵢ = f(t + cᵢh, y + h Σ aᵢⱼkⱼ). The last row of `a` is b where the last
/// stage is the rate at the new point ("first same as last").
public struct ButcherTableau: Sendable {
  public var name: String
  public var order: Int
  /// Rows 2, 3, … of the strictly lower triangle, without trailing zeros.
  public var a: [[Double]]
  public var c: [Double]
  /// Weights of the error: b minus the embedded b̂; a second set where the method has one.
  public var error: [[Double]]
  /// h·|λ| up to which the method is stable on the negative real axis.
  public var realStability: Double
  /// Polynomials bᵢ(θ) = Σ rᵢₘ θᵐ, m = 1, 2, …, of the free interpolant; empty if there is none.
  public var interpolant: [[Double]]

  /// The number of stages, the rate at the new point among them.
  public var stages: Int { c.count }
}

/// An explicit Runge-Kutta stepper whose last stage is the rate at the new point.
open class ExplicitRungeKutta: Stepper {
  public let tableau: ButcherTableau
  /// Stage rates, one after another; `[(stages + extra)·dimension]`.
  package let k: Vector
  let stage: Vector
  private let penultimate: Vector
  private let scratch: Vector
  private let nodes: Vector
  private let work: Storage
  private let rows: [StageRow]
  private let errorRow: StageRow
  private let polynomials: Storage
  private let degree: Int
  /// Step ends behind: their polynomial of degree 7 is free, and more accurate than the tableau's.
  private var history: HermiteHistory?
  private var usesHistory = false

  /// Allocates for a field, with room for `extra` stages of an interpolant.
  public init(_ tableau: ButcherTableau, _ field: VectorField, extra: Int = 0) {
    self.tableau = tableau
    let n = field.dimension
    let stages = tableau.stages
    work = Storage((stages + extra + 3) * n + stages)
    k = work.vector.slice(0, (stages + extra) * n)
    stage = work.vector.slice((stages + extra) * n, n)
    penultimate = work.vector.slice((stages + extra + 1) * n, n)
    scratch = work.vector.slice((stages + extra + 2) * n, n)
    nodes = work.vector.slice((stages + extra + 3) * n, stages)
    nodes.assign(tableau.c)
    rows = tableau.a.map { StageRow($0, dimension: n) }
    errorRow = StageRow(tableau.error[0], dimension: n)
    degree = tableau.interpolant.first?.count ?? 1
    polynomials = Storage(tableau.interpolant.flatMap { $0 })
    history =
      tableau.interpolant.isEmpty
      ? nil : HermiteHistory(dimension: n, nodes: ExplicitRungeKutta.historyNodes)
    super.init(field)
  }

  private static let historyNodes = 4

  open override var order: Int { tableau.order }
  open override var errorPower: Double { 5 }
  open override var interpolantDegree: Int {
    history == nil ? degree : 2 * ExplicitRungeKutta.historyNodes - 1
  }

  open override func configure(_ settings: IntegrationSettings) {
    if settings.usesOwnInterpolant { history = nil }
  }

  open override func start(_ t: Double, _ y: Vector) {
    super.start(t, y)
    k.slice(0, dimension).assign(rate)
    history?.clear()
    history?.push(t, y, rate)
  }

  open override func attempt() -> Bool {
    let n = dimension
    let last = rows.count - 1
    for i in 0..<last {
      let argument = i == last - 1 ? penultimate : stage
      rows[i].combine(yOld, h, k, into: argument)
      let node = nodes[i + 1]
      field(node == 1 ? tNew : t + node * h, argument, into: k.slice((i + 1) * n, n))
    }
    rows[last].combine(yOld, h, k, into: yNew)
    field(tNew, yNew, into: k.slice((last + 1) * n, n))
    errorRow.combine(nil, h, k, into: error)
    return true
  }

  open override func accept() {
    let n = dimension
    k.slice(0, n).assign(k.slice((tableau.stages - 1) * n, n))
    rate.assign(k.slice(0, n))
    history?.push(tNew, yNew, rate)
  }

  open override func saveHistory() -> [Double]? { rate.array + (history?.save() ?? []) }

  open override func restoreHistory(_ history: [Double]) {
    super.restoreHistory(history)
    k.slice(0, dimension).assign(rate)
    self.history?.restore(Array(history.dropFirst(dimension)))
  }

  open override func prepareInterpolant(_ norm: ErrorNorm) {
    usesHistory = false
    guard let history else { return }
    let rateNew = k.slice((tableau.stages - 1) * dimension, dimension)
    usesHistory = history.converges(
      self, rateNew: rateNew, nodes: ExplicitRungeKutta.historyNodes, norm,
      scratch: (stage, error, scratch))
  }

  open override func interpolate(_ theta: Double, into y: Vector) {
    if usesHistory, let history {
      return theta == 1 ? y.assign(yNew) : history.evaluate(t + theta * h, into: y)
    }
    y.assign(yOld)
    for i in 0..<tableau.stages {
      var weight = 0.0
      for m in stride(from: degree - 1, through: 0, by: -1) {
        weight = (weight + polynomials.vector[i * degree + m]) * theta
      }
      let scale = h * weight
      let rate = k.slice(i * dimension, dimension)
      for c in 0..<dimension { y[c] += scale * rate[c] }
    }
  }

  open override func writeStagePair(_ rates: Vector, _ states: Vector) -> Bool {
    let n = dimension
    let s = tableau.stages
    let (last, before) = (k.slice((s - 1) * n, n), k.slice((s - 2) * n, n))
    for i in 0..<n {
      rates[i] = last[i] - before[i]
      states[i] = yNew[i] - penultimate[i]
    }
    return true
  }

  /// ‖f(yNew) − f(g)‖ / ‖yNew − g‖ with g the argument of the stage before, also at t + h.
  ///
  /// Source: Hairer & Wanner, Solving ODEs II, sec. IV.2.
  open override var spectralRadius: Double? {
    let n = dimension
    let s = tableau.stages
    let last = k.slice((s - 1) * n, n)
    let before = k.slice((s - 2) * n, n)
    var rates = 0.0
    var states = 0.0
    for i in 0..<n {
      let rate = last[i] - before[i]
      let state = yNew[i] - penultimate[i]
      rates += rate * rate
      states += state * state
    }
    return states > 0 ? (rates / states).squareRoot() : nil
  }
}

/// One row of a tableau with its zeros left out, ready for combining stage rates.
package final class StageRow {
  private let coefficients: Storage
  private let offsets: UnsafeMutablePointer<Int>
  private let count: Int

  package init(_ row: [Double], dimension: Int) {
    let used = row.indices.filter { row[$0] != 0 }
    count = used.count
    coefficients = Storage(used.map { row[$0] })
    offsets = .allocate(capacity: max(count, 1))
    offsets.initialize(repeating: 0, count: max(count, 1))
    for (place, stage) in used.enumerated() { offsets[place] = stage * dimension }
  }

  deinit { offsets.deallocate() }

  /// Writes `y` + Σ aⱼkⱼ and g Σ bⱼkⱼ, b of another row of as many coefficients, reading the stages
  /// once.
  func combine(
    _ y: Vector, _ k: Vector, into result: Vector, _ other: StageRow, _ g: Double,
    into coupled: Vector
  ) {
    let (a, b) = (coefficients.vector.base, other.coefficients.vector.base)
    let n = result.count
    var c = 0
    while c + 4 <= n {
      var (sum, second) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
      for j in 0..<count {
        let stage = UnsafeRawPointer(k.base + offsets[j] + c).loadUnaligned(
          as: SIMD4<Double>.self)
        sum += a[j] * stage
        second += b[j] * stage
      }
      sum += UnsafeRawPointer(y.base + c).loadUnaligned(as: SIMD4.self)
      UnsafeMutableRawPointer(result.base + c).storeBytes(of: sum, as: SIMD4<Double>.self)
      UnsafeMutableRawPointer(coupled.base + c).storeBytes(
        of: second * g, as: SIMD4<Double>.self)
      c += 4
    }
    while c < n {
      var (sum, second) = (0.0, 0.0)
      for j in 0..<count {
        let stage = k.base[offsets[j] + c]
        sum += a[j] * stage
        second += b[j] * stage
      }
      result.base[c] = sum + y.base[c]
      coupled.base[c] = second * g
      c += 1
    }
  }

  /// Writes `y` + h Σ aⱼkⱼ (without `y` if nil), summing the stages in order.
  package func combine(_ y: Vector?, _ h: Double, _ k: Vector, into result: Vector) {
    let a = coefficients.vector.base
    let n = result.count
    var c = 0
    while c + 4 <= n {
      var sum = SIMD4<Double>.zero
      for j in 0..<count {
        sum += a[j] * UnsafeRawPointer(k.base + offsets[j] + c).loadUnaligned(as: SIMD4.self)
      }
      sum *= h
      if let y { sum += UnsafeRawPointer(y.base + c).loadUnaligned(as: SIMD4.self) }
      UnsafeMutableRawPointer(result.base + c).storeBytes(of: sum, as: SIMD4<Double>.self)
      c += 4
    }
    while c < n {
      var sum = 0.0
      for j in 0..<count { sum += a[j] * k.base[offsets[j] + c] }
      sum *= h
      if let y { sum += y.base[c] }
      result.base[c] = sum
      c += 1
    }
  }
}

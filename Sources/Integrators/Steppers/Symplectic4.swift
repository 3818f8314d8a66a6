import Glibc
import Numerics

/// Forest and Ruth's symplectic method of order 4 for separable systems, with a fixed step.
///
/// The unknowns fall in two groups, positions and momenta, such that the rate of each group depends
/// on the other group (and t) alone: q' = v(p, t), p' = g(q, t). Eight evaluations a step. There is
/// no error estimate: a fixed step is needed, since changing it would lose the invariants.
/// Source: E. Forest & R. D. Ruth, Physica D 43 (1990) 105, eq. (4.8).
public final class Symplectic4: Stepper {
  private static let theta: Double = 1 / (2 - Glibc.cbrt(2.0))
  private static let drifts = [theta / 2, (1 - theta) / 2, (1 - theta) / 2, theta / 2]
  private static let kicks = [theta, 1 - 2 * theta, theta, 0]

  private let positions: [Int]
  private let momenta: [Int]
  private let stageRate: Storage
  private let rateNew: Storage
  private let history: HermiteHistory

  /// Allocates for a field whose ``VectorField/pattern`` splits as above.
  public init(separable field: VectorField) throws(SteppingError) {
    guard field.mass == nil, let groups = Symplectic4.groups(of: field.pattern) else {
      throw .notSeparable
    }
    (positions, momenta) = groups
    stageRate = Storage(field.dimension)
    rateNew = Storage(field.dimension)
    history = HermiteHistory(dimension: field.dimension, nodes: 3)
    super.init(field)
  }

  public override var order: Int { 4 }
  public override var interpolantDegree: Int { 5 }

  /// Colours the unknowns so that every dependence joins two colours; nil if there is no such way.
  static func groups(of pattern: SparsityPattern) -> ([Int], [Int])? {
    let n = pattern.dimension
    var neighbours = [[Int]](repeating: [], count: n)
    for k in 0..<pattern.count {
      neighbours[pattern.rows[k]].append(pattern.columns[k])
      neighbours[pattern.columns[k]].append(pattern.rows[k])
    }
    var colour = [Int](repeating: -1, count: n)
    for first in 0..<n where colour[first] < 0 {
      colour[first] = 0
      var open = [first]
      while let i = open.popLast() {
        for j in neighbours[i] {
          if colour[j] == colour[i] { return nil }
          if colour[j] < 0 {
            colour[j] = 1 - colour[i]
            open.append(j)
          }
        }
      }
    }
    let groups = ((0..<n).filter { colour[$0] == 0 }, (0..<n).filter { colour[$0] == 1 })
    return groups.1.isEmpty ? nil : groups
  }

  public override func start(_ t: Double, _ y: Vector) {
    super.start(t, y)
    history.clear()
    history.push(t, y, rate)
  }

  public override func attempt() -> Bool {
    yNew.assign(yOld)
    var drifted = 0.0
    var kicked = 0.0
    for stage in 0..<4 {
      // Positions move at the time the momenta have reached, and the other way round.
      advance(positions, by: Symplectic4.drifts[stage], at: kicked)
      drifted += Symplectic4.drifts[stage]
      if Symplectic4.kicks[stage] != 0 {
        advance(momenta, by: Symplectic4.kicks[stage], at: drifted)
        kicked += Symplectic4.kicks[stage]
      }
    }
    field(tNew, yNew, into: rateNew.vector)
    error.fill(0)
    return true
  }

  private func advance(_ group: [Int], by fraction: Double, at time: Double) {
    field(t + time * h, yNew, into: stageRate.vector)
    for i in group { yNew[i] += fraction * h * stageRate.vector[i] }
  }

  public override func accept() {
    rate.assign(rateNew.vector)
    history.push(tNew, yNew, rate)
  }

  public override func prepareInterpolant(_ norm: ErrorNorm) {
    history.buildThrough(tNew, yNew, rateNew.vector, nodes: 3, from: t)
  }

  public override func interpolate(_ theta: Double, into y: Vector) {
    if theta == 1 { return y.assign(yNew) }
    history.evaluate(t + theta * h, into: y)
  }

  public override func saveHistory() -> [Double]? { rate.array + history.save() }

  public override func restoreHistory(_ history: [Double]) {
    super.restoreHistory(history)
    self.history.restore(Array(history.dropFirst(dimension)))
  }
}

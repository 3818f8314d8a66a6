import Numerics

/// The stages of one step of an explicit Runge-Kutta method, for whoever takes a step again or
/// follows it backwards: their arguments with the stepper's own bits, and the weights of its
/// interpolant.
///
/// Stages are numbered from 0, the rate at the start; stage ``last`` is the rate at the end, those
/// behind it belong to the interpolant. The arguments of `argument` are as the stepper's.
package final class ExplicitStages {
  /// The rate at the end of the step.
  package let last: Int
  /// All stages, those of the interpolant among them.
  package let count: Int
  /// cᵢ; `[count]`.
  package let nodes: Storage
  /// aᵢⱼ; `[count][count]`.
  package let coefficients: Storage
  private let rows: [StageRow]
  private let interpolant: [[Double]]
  private let isNested: Bool

  /// The methods whose steps can be followed.
  package static let names = ["tsit5", "dop853"]

  /// - Throws: ``SteppingError/noAdjoint(_:)`` for other methods.
  package init(_ method: String, dimension: Int) throws(SteppingError) {
    let tableau: ButcherTableau
    var (extra, extraNodes): ([[Double]], [Double]) = ([], [])
    switch method {
    case "tsit5":
      tableau = .tsit5
      interpolant = tableau.interpolant
      isNested = false
    case "dop853":
      tableau = .dop853
      (extra, extraNodes) = (ButcherTableau.dop853Extra, Dop853.extraNodes)
      interpolant = ExplicitStages.nestedTerms
      isNested = true
    default: throw .noAdjoint(method)
    }
    last = tableau.stages - 1
    let all = [[]] + tableau.a + extra
    let size = all.count
    count = size
    nodes = Storage(tableau.c + extraNodes)
    rows = all.map { StageRow($0, dimension: dimension) }
    coefficients = Storage(
      all.flatMap { $0 + [Double](repeating: 0, count: size - $0.count) })
  }

  /// Writes y + h·Σ aᵢⱼkⱼ, with the same bits as the step itself.
  @inline(__always)
  package func argument(_ i: Int, _ y: Vector, _ h: Double, _ k: Vector, into result: Vector) {
    rows[i].combine(y, h, k, into: result)
  }

  /// The time of a stage.
  @inline(__always)
  package func time(_ i: Int, _ t: Double, _ tNew: Double) -> Double {
    let node = nodes.vector[i]
    return node == 1 ? tNew : t + node * (tNew - t)
  }

  /// Writes bᵢ(θ) of y(t + θh) = y + h·Σ bᵢkᵢ; `[count]`.
  package func weights(_ theta: Double, into weights: Vector) {
    isNested ? nested(theta, weights) : powers(theta, weights)
  }

  private func powers(_ theta: Double, _ weights: Vector) {
    for i in 0..<count {
      var weight = 0.0
      for coefficient in interpolant[i].reversed() { weight = (weight + coefficient) * theta }
      weights[i] = weight
    }
  }

  /// Terms that come in turn with θ and 1 − θ.
  private func nested(_ theta: Double, _ weights: Vector) {
    weights.fill(0)
    var factor = 1.0
    for (index, term) in interpolant.enumerated() {
      factor *= index & 1 == 0 ? theta : 1 - theta
      for i in 0..<term.count { weights[i] += factor * term[i] }
    }
  }

  /// The terms of the dense output of dop853 in stages: the rise, what the rates at both ends add,
  /// and four of the extra stages.
  private static let nestedTerms: [[Double]] = {
    let b = (ButcherTableau.dop853.a.last ?? []) + [0]
    let first = b.indices.map { ($0 == 0 ? 1 : 0) - b[$0] }
    let second = b.indices.map { 2 * b[$0] - ($0 == 0 || $0 == b.count - 1 ? 1 : 0) }
    return [b, first, second] + ButcherTableau.dop853Dense
  }()
}

import Numerics

/// The implicit Runge-Kutta method of Gauss and Legendre on a step of length 1: order 2q.
///
/// - Source: J. C. Butcher, Math. Comp. 18 (1964) 50; Hairer and Wanner, Solving ODEs II, section
///   IV.5.
public struct GaussTableau: Sendable, Equatable {
  /// Places of the stages, increasing.
  public let nodes: [Double]
  /// b: of the step's end.
  public let weights: [Double]
  /// A, by stage: `matrix[i][j]` is ∫ℓⱼ from 0 to cᵢ, where ℓⱼ is 1 at stage j and 0 at the others.
  public let matrix: [[Double]]

  /// Computes the coefficients: ℓⱼ in Legendre polynomials, which are integrated exactly.
  ///
  /// - Complexity: O(q³).
  /// - Precondition: 1 stage at least.
  /// - Throws: `GSLError` where GSL finds no memory.
  public init(stages: Int) throws(GSLError) {
    let rule = try QuadratureRule.gaussLegendre(stages)
    nodes = rule.nodes.map { (1 + $0) / 2 }
    weights = rule.weights.map { $0 / 2 }
    let table = rule.nodes.map { TestFunctions.legendre($0, count: stages + 1) }
    matrix = rule.nodes.indices.map { i in
      rule.nodes.indices.map { j in
        // Σ (2k + 1)·Pₖ(xⱼ)·∫Pₖ from −1 to xᵢ; the integral is (Pₖ₊₁ − Pₖ₋₁)/(2k + 1) there.
        var sum = 1 + rule.nodes[i]
        for k in stride(from: 1, to: stages, by: 1) {
          sum += table[j][k] * (table[i][k + 1] - table[i][k - 1])
        }
        return rule.weights[j] / 4 * sum
      }
    }
  }
}

/// Weights that differentiate the polynomial through given nodes.
public enum DifferenceWeights {
  /// The weights of the derivative of order `order` at `x` from values at `nodes`.
  ///
  /// - Parameters:
  ///   - order: 0 interpolates; needs at least `order + 1` nodes, which must differ.
  /// - Cost: order·n² operations.
  /// - Source: Fornberg, SIAM Review 40 (1998) 685.
  public static func weights(_ nodes: [Double], at x: Double, order: Int) -> [Double] {
    let n = nodes.count
    precondition(order >= 0 && order < n, "derivative \(order) from \(n) nodes")
    // table[k·n + j]: weight of node j for derivative k, by the nodes met so far.
    var table = [Double](repeating: 0, count: (order + 1) * n)
    table[0] = 1
    var product = 1.0
    var before = nodes[0] - x
    for i in 1..<n {
      let highest = min(i, order)
      var across = 1.0
      let distance = before
      before = nodes[i] - x
      for j in 0..<i {
        let gap = nodes[i] - nodes[j]
        across *= gap
        if j == i - 1 {
          for k in stride(from: highest, through: 0, by: -1) {
            let lower = k > 0 ? Double(k) * table[(k - 1) * n + i - 1] : 0
            table[k * n + i] = product * (lower - distance * table[k * n + i - 1]) / across
          }
        }
        for k in stride(from: highest, through: 0, by: -1) {
          let lower = k > 0 ? Double(k) * table[(k - 1) * n + j] : 0
          table[k * n + j] = (before * table[k * n + j] - lower) / gap
        }
      }
      product = across
    }
    return Array(table[(order * n)...])
  }

  /// The weights at 0 from values at whole-numbered places: each the rounding of the exact fraction.
  ///
  /// Numerator and denominator are whole numbers, exact in double precision up to 18 places or so; a
  /// stencil that mirrors itself has weights that do.
  public static func weights(offsets: [Int], order: Int) -> [Double] {
    let n = offsets.count
    precondition(order >= 0 && order < n, "derivative \(order) from \(n) nodes")
    var factorial = 1.0
    for k in 0..<order { factorial *= Double(k + 1) }
    return (0..<n).map { node in
      // ∏(z − oⱼ) over the other nodes, by rising powers of z.
      var powers = [1.0]
      var denominator = 1.0
      for other in 0..<n where other != node {
        powers.append(0)
        for k in stride(from: powers.count - 1, through: 0, by: -1) {
          powers[k] = (k > 0 ? powers[k - 1] : 0) - Double(offsets[other]) * powers[k]
        }
        denominator *= Double(offsets[node] - offsets[other])
      }
      let weight = factorial * powers[order] / denominator
      return weight == 0 ? 0 : weight
    }
  }
}

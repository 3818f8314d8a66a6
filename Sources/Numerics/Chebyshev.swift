import Glibc

/// Polynomials by their values at the Chebyshev-Lobatto points of the unit interval.
public enum Chebyshev {
  /// The points, from 0 to 1; `[degree + 1]`.
  public static func nodes(_ degree: Int) -> [Double] {
    precondition(degree > 0, "a polynomial of degree \(degree)")
    return (0...degree).map {
      $0 == degree ? 1 : 0.5 - 0.5 * Glibc.cos(Double.pi * Double($0) / Double(degree))
    }
  }

  /// cos(π·index/degree).
  public static func cosine(_ index: Int, _ degree: Int) -> Double {
    Glibc.cos(Double.pi * Double(index % (2 * degree)) / Double(degree))
  }

  /// Evaluates a vector-valued polynomial by the barycentric formula.
  ///
  /// - Shape: `values`: `[degree + 1][dimension]` at `nodes`; `y`: `[dimension]`.
  /// - Source: Berrut & Trefethen, SIAM Review 46 (2004) 501, eq. (5.4).
  public static func interpolate(
    _ degree: Int, _ x: Double, _ nodes: [Double], _ values: Vector, into y: Vector
  ) {
    let n = y.count
    y.fill(0)
    var sum = 0.0
    for i in 0...degree {
      if x == nodes[i] { return y.assign(values.slice(i * n, n)) }
      let half = i == 0 || i == degree ? 0.5 : 1
      let weight = (i & 1 == 0 ? half : -half) / (x - nodes[i])
      sum += weight
      for c in 0..<n { y[c] += weight * values[i * n + c] }
    }
    for c in 0..<n { y[c] /= sum }
  }

  /// Integrals of the Lagrange polynomials: entry (i, j), row-major, is that of polynomial j from 0
  /// to node i.
  ///
  /// Exact to rounding: Clenshaw-Curtis sums of enough points.
  public static func integrals(_ degree: Int) -> [Double] {
    let nodes = nodes(degree)
    let size = degree + 1
    // ℓⱼ = Σₖ cⱼₖTₖ, with the discrete cosine sum for cⱼₖ and ∫Tₖ in closed form.
    var table = [Double](repeating: 0, count: size * size)
    for j in 0..<size {
      for k in 0..<size {
        let ends = (j == 0 || j == degree ? 0.5 : 1) * (k == 0 || k == degree ? 0.5 : 1)
        // Nodes run from x = −1 up: node j is −cos(πj/degree), so Tₖ(node j) has the sign (−1)ᵏ.
        let sign: Double = k % 2 == 0 ? 1 : -1
        let coefficient = 2 / Double(degree) * ends * sign * cosine(j * k, degree)
        for i in 0..<size {
          table[i * size + j] += coefficient * integral(k, 2 * nodes[i] - 1) / 2
        }
      }
    }
    return table
  }

  /// The integral of Tₖ from −1 to x.
  private static func integral(_ k: Int, _ x: Double) -> Double {
    let angle = Glibc.acos(max(-1, min(1, x)))
    func t(_ order: Int, _ angle: Double) -> Double { Glibc.cos(Double(order) * angle) }
    if k == 0 { return x + 1 }
    if k == 1 { return (x * x - 1) / 2 }
    let sign: Double = k % 2 == 0 ? 1 : -1
    let at = t(k + 1, angle) / Double(2 * (k + 1)) - t(k - 1, angle) / Double(2 * (k - 1))
    let start = -sign / Double(2 * (k + 1)) + sign / Double(2 * (k - 1))
    return at - start
  }
}

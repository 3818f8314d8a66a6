import Glibc

/// Differentiation, interpolation and integration by the polynomial through the Gauss-Lobatto points.
enum ChebyshevMatrix {
  /// −cos(πj/(n−1)) on [lower, upper], written so that nodes mirror each other exactly.
  static func nodes(_ n: Int, _ lower: Double, _ upper: Double) -> [Double] {
    let middle = lower + (upper - lower) / 2
    var nodes = (0..<n).map { middle + (upper - lower) / 2 * place($0, n) }
    (nodes[0], nodes[n - 1]) = (lower, upper)
    return nodes
  }

  private static func place(_ j: Int, _ n: Int) -> Double {
    sin(Double.pi * Double(2 * j - n + 1) / Double(2 * (n - 1)))
  }

  /// Barycentric weights: alternating signs, halved at the ends.
  private static func barycentric(_ j: Int, _ n: Int) -> Double {
    (j % 2 == 0 ? 1 : -1) * (j == 0 || j == n - 1 ? 0.5 : 1)
  }

  /// The derivative of an order on `n` nodes of an interval.
  ///
  /// Differences of nodes by a product of sines, rows of the lower half mirrored from the upper, each
  /// diagonal entry minus the sum of its row: a constant has derivative zero to rounding.
  /// - Source: Welfert, SIAM J. Numer. Anal. 34 (1997) 1640; Baltensperger & Trummer, SIAM J. Sci.
  ///   Comput. 24 (2003) 1465; Weideman & Reddy, ACM TOMS 26 (2000) 465.
  static func derivative(_ order: Int, _ n: Int, _ length: Double) -> AxisOperator {
    var matrix = [Double](repeating: 0, count: n * n)
    for i in 0..<n { matrix[i * n + i] = 1 }
    for step in 1...order { raise(&matrix, step, n) }
    let scale = Axis.power(2 / length, order)
    let columns = Array(0..<n)
    return AxisOperator(
      matrix: (0..<n).map { i in
        AxisRow(columns: columns, weights: (0..<n).map { matrix[i * n + $0] * scale })
      })
  }

  /// From the derivative of order `step` − 1 to that of order `step`, on [−1, 1].
  private static func raise(_ matrix: inout [Double], _ step: Int, _ n: Int) {
    let sign: Double = step % 2 == 0 ? 1 : -1
    for i in 0..<(n + 1) / 2 {
      let before = matrix[i * n + i]
      let weight = barycentric(i, n)
      var entries: [Double] = []
      for j in 0..<n where j != i {
        let entry =
          Double(step) * (barycentric(j, n) / weight * before - matrix[i * n + j])
          / difference(i, j, n)
        matrix[i * n + j] = entry
        entries.append(entry)
      }
      matrix[i * n + i] = -sum(entries)
    }
    for i in (n + 1) / 2..<n {
      for j in 0..<n { matrix[i * n + j] = sign * matrix[(n - 1 - i) * n + n - 1 - j] }
    }
  }

  /// xᵢ − xⱼ = cos(πj/(n−1)) − cos(πi/(n−1)), by a product of sines.
  private static func difference(_ i: Int, _ j: Int, _ n: Int) -> Double {
    let half = Double.pi / Double(2 * (n - 1))
    // sin(π·k/(2(n−1))) of k past the middle by its mirror image.
    let k = min(i + j, 2 * (n - 1) - i - j)
    return 2 * sin(half * Double(k)) * sin(half * Double(i - j))
  }

  /// A sum with its rounding errors carried along (Neumaier).
  private static func sum(_ numbers: [Double]) -> Double {
    var total = 0.0
    var lost = 0.0
    for number in numbers {
      let next = total + number
      lost +=
        total.magnitude >= number.magnitude ? (total - next) + number : (number - next) + total
      total = next
    }
    return total + lost
  }

  /// The barycentric weights of the value at x, which is no node.
  static func interpolation(_ nodes: [Double], at x: Double) -> [Double] {
    let weights = nodes.indices.map { barycentric($0, nodes.count) / (x - nodes[$0]) }
    let total = sum(weights)
    return weights.map { $0 / total }
  }

  /// Clenshaw-Curtis weights.
  static func quadrature(_ n: Int, _ length: Double) -> [Double] {
    let degree = n - 1
    return (0..<n).map { j in
      var total = 1.0
      for k in stride(from: 2, through: degree, by: 2) {
        let angle = Double.pi * Double((k * j) % (2 * degree)) / Double(degree)
        total -= (k == degree ? 1 : 2) * cos(angle) / Double(k * k - 1)
      }
      return total * length / Double(degree) * (j == 0 || j == degree ? 0.5 : 1)
    }
  }
}

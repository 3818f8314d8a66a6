import Glibc

/// Integrals over the interval.
extension Axis {
  /// The quadrature weights of the nodes for the whole interval.
  ///
  /// Clenshaw-Curtis on Chebyshev nodes, the trapezoid on uniform nodes of a period (both spectrally
  /// accurate), else the integral of the local polynomials that give the scheme's order.
  public var weights: [Double] {
    if spec.scheme == .chebyshev { return ChebyshevMatrix.quadrature(count, length) }
    if spec.isPeriodic && isUniform { return Array(repeating: spacing, count: count) }
    return localQuadrature(spec.scheme.stencilAccuracy ?? 2)
  }

  /// Each cell's integral of the polynomial through the `accuracy` nodes about it.
  private func localQuadrature(_ accuracy: Int) -> [Double] {
    let width = min(accuracy, count)
    let rule = GaussRule(points: (width + 1) / 2)
    var weights = [Double](repeating: 0, count: count)
    for cell in 0..<(spec.isPeriodic ? count : count - 1) {
      let first = window(width, around: cell)
      let reach = first..<first + width
      // In units of the cell, so that uniform nodes have the same weights wherever they are.
      let start = unrolled(cell)
      let size = isUniform ? spacing : unrolled(cell + 1) - start
      let places = reach.map { isUniform ? Double($0 - cell) : (unrolled($0) - start) / size }
      for (x, weight) in zip(rule.nodes, rule.weights) {
        let values = DifferenceWeights.weights(places, at: x, order: 0)
        for (index, value) in zip(reach, values) {
          weights[((index % count) + count) % count] += size * weight * value
        }
      }
    }
    return weights
  }
}

/// Gauss-Legendre rules of up to five points on the unit interval.
struct GaussRule: Sendable {
  let nodes: [Double]
  let weights: [Double]

  /// Exact for polynomials of degree 2·points − 1; `points` from 1 to 5.
  init(points: Int) {
    precondition((1...5).contains(points), "a Gauss rule of \(points) points")
    let half: [(x: Double, w: Double)] =
      switch points {
      case 1: [(0, 2)]
      case 2: [((1.0 / 3).squareRoot(), 1)]
      case 3: [(0, 8.0 / 9), (0.6.squareRoot(), 5.0 / 9)]
      case 4:
        [
          ((3.0 / 7 - 2.0 / 7 * 1.2.squareRoot()).squareRoot(), (18 + 30.squareRoot()) / 36),
          ((3.0 / 7 + 2.0 / 7 * 1.2.squareRoot()).squareRoot(), (18 - 30.squareRoot()) / 36),
        ]
      default:
        [
          (0, 128.0 / 225),
          ((5 - 2 * (10.0 / 7).squareRoot()).squareRoot() / 3, (322 + 13 * 70.squareRoot()) / 900),
          ((5 + 2 * (10.0 / 7).squareRoot()).squareRoot() / 3, (322 - 13 * 70.squareRoot()) / 900),
        ]
      }
    let whole =
      half.reversed().filter { $0.x > 0 }.map { (x: -$0.x, w: $0.w) } + half.filter { $0.x >= 0 }
    nodes = whole.map { (1 + $0.x) / 2 }
    weights = whole.map { $0.w / 2 }
  }
}

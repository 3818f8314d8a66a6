import Glibc

/// Differentiation and interpolation by the trigonometric polynomial through equally spaced points.
///
/// Of an even number of points the highest wave is cos(nπx/L) alone, which has odd derivatives zero
/// on the nodes.
enum FourierMatrix {
  /// The derivative of an order on `n` nodes of a period.
  static func derivative(_ order: Int, _ n: Int, _ length: Double) -> AxisOperator {
    let scale = Axis.power(2 * Double.pi / length, order)
    let generator = generator(order, n).map { $0 * scale }
    let columns = Array(0..<n)
    return AxisOperator(
      matrix: (0..<n).map { i in
        AxisRow(columns: columns, weights: (0..<n).map { generator[(i - $0 + n) % n] })
      })
  }

  /// Weight of a node by how many nodes it lies before the place, on a period of 2π.
  private static func generator(_ order: Int, _ n: Int) -> [Double] {
    let isOdd = order % 2 == 1
    var weights = [Double](repeating: 0, count: n)
    for distance in 1..<(n + 2) / 2 {
      let value = order == 1 ? first(distance, n) : series(order, distance, n)
      weights[distance] = value
      weights[n - distance] = isOdd ? -value : value
    }
    if isOdd {
      if n % 2 == 0 { weights[n / 2] = 0 }
      return weights
    }
    // A constant has derivative zero.
    weights[0] = -weights[1...].sorted { $0.magnitude < $1.magnitude }.reduce(0, +)
    return weights
  }

  /// The first derivative in closed form.
  private static func first(_ distance: Int, _ n: Int) -> Double {
    let angle = Double.pi * Double(distance) / Double(n)
    let sign: Double = distance % 2 == 0 ? 1 : -1
    return n % 2 == 0 ? sign / 2 / tan(angle) : sign / 2 / sin(angle)
  }

  /// (1/n) Σ (ik)ᵐ e^{ikθ} over the waves.
  private static func series(_ order: Int, _ distance: Int, _ n: Int) -> Double {
    // iᵐ turns cos into ±cos or ±sin.
    let quarter = order % 4
    var total = 0.0
    for k in 1...max((n - 1) / 2, 1) where 2 * k < n {
      let angle = 2 * Double.pi * Double((k * distance) % n) / Double(n)
      total += 2 * Axis.power(Double(k), order) * (quarter % 2 == 0 ? cos(angle) : sin(angle))
    }
    if n % 2 == 0, quarter % 2 == 0 {
      total += Axis.power(Double(n / 2), order) * (distance % 2 == 0 ? 1 : -1)
    }
    return (quarter == 1 || quarter == 2 ? -total : total) / Double(n)
  }

  /// The weights of the value at a part of the period, which is no node.
  static func interpolation(_ n: Int, _ part: Double) -> [Double] {
    (0..<n).map { j in
      let half = Double.pi * (part - Double(j) / Double(n))
      return n % 2 == 0
        ? sin(Double(n) * half) / (Double(n) * tan(half))
        : sin(Double(n) * half) / (Double(n) * sin(half))
    }
  }
}

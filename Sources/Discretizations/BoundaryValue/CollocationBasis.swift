import Numerics

/// Lagrange polynomials at the Gauss points of the unit interval, with their repeated integrals.
///
/// Kept as sums of Legendre polynomials, which integrate and differentiate exactly and do not cancel.
struct CollocationBasis: Sendable {
  /// The number of Gauss points, k: polynomials of degree k − 1.
  let stages: Int
  /// How often integrals may be repeated.
  let order: Int
  /// Gauss points in (0, 1), increasing, and their weights, which sum to 1.
  let rule: QuadratureRule
  /// Legendre coefficients of ∫…∫ Lₛ, r-fold, at `[r + stages − 1][s][p]`; derivatives for r < 0.
  private let series: [[[Double]]]
  /// βᵣₛ at the Gauss points, and at the upper end; each as ``fill(_:into:)`` gives it.
  let atStages: [[Double]]
  let atEnd: [Double]

  /// - Precondition: 1...12 stages, a non-negative order.
  init(stages k: Int, order: Int) throws {
    precondition((1...12).contains(k) && order >= 0, "\(k) stages for order \(order)")
    stages = k
    self.order = order
    let rule = try QuadratureRule.gaussLegendre(k, from: 0, to: 1)
    self.rule = rule
    var levels = [
      (0..<k).map { s in
        let values = CollocationBasis.legendre(k, rule.nodes[s])
        return (0..<k).map { Double(2 * $0 + 1) * rule.weights[s] * values[$0] }
      }
    ]
    for _ in 0..<order { levels.append(levels[levels.count - 1].map(CollocationBasis.integral)) }
    for _ in 0..<k - 1 { levels.insert(levels[0].map(CollocationBasis.derivative), at: 0) }
    series = levels
    let all = levels
    func table(_ theta: Double) -> [Double] {
      let values = CollocationBasis.legendre(k + order + 1, theta)
      return (0...order).flatMap { r in
        (0..<k).map { CollocationBasis.sum(all[r + k - 1][$0], values) }
      }
    }
    atStages = rule.nodes.map(table)
    atEnd = table(1)
  }

  /// Writes βᵣₛ(θ), the r-fold integral from 0 of Lagrange polynomial s, at `r·stages + s`.
  ///
  /// - Shape: `table`: `[(order + 1)·stages]`.
  func fill(_ theta: Double, into table: Vector) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: stages + order + 1) { values in
      CollocationBasis.legendre(theta, into: values)
      for r in 0...order {
        for s in 0..<stages {
          let coefficients = series[r + stages - 1][s]
          var sum = 0.0
          for p in coefficients.indices { sum += coefficients[p] * values[p] }
          table[r * stages + s] = sum
        }
      }
    }
  }

  /// Calls with the table of ``fill(_:into:)`` at θ.
  func withTable<Result>(at theta: Double, _ body: (Vector) -> Result) -> Result {
    let count = (order + 1) * stages
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { memory in
      guard let base = memory.baseAddress else { preconditionFailure("an empty table") }
      let table = Vector(base: base, count: count)
      fill(theta, into: table)
      return body(table)
    }
  }

  /// The value at θ of derivative `order` of Lagrange polynomial `stage`.
  func derivative(_ order: Int, of stage: Int, at theta: Double) -> Double {
    guard order < stages else { return 0 }
    return CollocationBasis.sum(
      series[stages - 1 - order][stage], CollocationBasis.legendre(stages, theta))
  }

  /// The highest derivative of Lagrange polynomial `stage`: a constant.
  func top(of stage: Int) -> Double { series[0][stage][0] }

  // MARK: Legendre polynomials of 2θ − 1

  private static func legendre(_ count: Int, _ theta: Double) -> [Double] {
    [Double](unsafeUninitializedCapacity: count) { values, filled in
      legendre(theta, into: UnsafeMutableBufferPointer(rebasing: values[0..<count]))
      filled = count
    }
  }

  private static func legendre(_ theta: Double, into values: UnsafeMutableBufferPointer<Double>) {
    let x = 2 * theta - 1
    values[0] = 1
    if values.count > 1 { values[1] = x }
    for p in 1..<max(values.count - 1, 1) where p + 1 < values.count {
      let next = Double(2 * p + 1) * x * values[p] - Double(p) * values[p - 1]
      values[p + 1] = next / Double(p + 1)
    }
  }

  private static func sum(_ coefficients: [Double], _ values: [Double]) -> Double {
    zip(coefficients, values).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// ∫₀ P₀ = (P₁ + P₀)/2 and ∫₀ Pₚ = (Pₚ₊₁ − Pₚ₋₁)/(4p + 2).
  private static func integral(_ a: [Double]) -> [Double] {
    var b = [Double](repeating: 0, count: a.count + 1)
    b[0] += a[0] / 2
    b[1] += a[0] / 2
    for p in a.indices.dropFirst() {
      let part = a[p] / Double(4 * p + 2)
      b[p + 1] += part
      b[p - 1] -= part
    }
    return b
  }

  /// Pₚ' = 2 Σ (2q + 1) P_q over q = p − 1, p − 3, ….
  private static func derivative(_ a: [Double]) -> [Double] {
    var b = [Double](repeating: 0, count: max(a.count - 1, 1))
    for p in a.indices.dropFirst() {
      for q in stride(from: p - 1, through: 0, by: -2) { b[q] += Double(4 * q + 2) * a[p] }
    }
    return b
  }
}

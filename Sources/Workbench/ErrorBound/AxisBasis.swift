import Problems

/// Functions of one variable, and their derivatives, in which an error is looked for.
///
/// On an interval: 1, s, …, s^(q−1)/(q−1)! and the q-fold integrals of Legendre polynomials, q the
/// highest derivative asked for: a derivative of order q is then a Legendre series, which keeps
/// large systems well conditioned. Periodic: sines and cosines.
/// - Source: L. Greengard, Spectral integration and two-point boundary value problems, SIAM J. Numer.
///   Anal. 28 (1991) 1071, with Legendre's polynomials in place of Chebyshev's.
struct AxisBasis {
  let interval: Interval
  /// How many functions; odd where they are periodic.
  let count: Int
  /// The highest derivative.
  let order: Int
  let isPeriodic: Bool

  init(_ interval: Interval, count: Int, order: Int, isPeriodic: Bool) {
    self.interval = interval
    self.count = isPeriodic ? max(count | 1, 1) : max(count, order + 1)
    self.order = order
    self.isPeriodic = isPeriodic
  }

  /// The derivative of that order of all functions at a place; `[count]`.
  func values(_ derivative: Int, at place: Double) -> [Double] {
    isPeriodic ? waves(derivative, place) : polynomials(derivative, place)
  }

  private func waves(_ derivative: Int, _ place: Double) -> [Double] {
    let unit = 2 * Double.pi / (interval.upper - interval.lower)
    let phase = unit * (place - interval.lower)
    return (0..<count).map { index in
      if index == 0 { return derivative == 0 ? 1 : 0 }
      let wave = Double((index + 1) / 2)
      // A derivative turns a wave by a quarter.
      let turn = Double(derivative + (index % 2 == 0 ? 0 : 3)) * .pi / 2
      return power(unit * wave, Double(derivative)) * cosine(wave * phase + turn)
    }
  }

  private func polynomials(_ derivative: Int, _ place: Double) -> [Double] {
    precondition(derivative <= order, "a derivative of order \(derivative) of \(order)")
    let half = (interval.upper - interval.lower) / 2
    let s = (place - interval.lower) / half - 1
    var values: [Double] = []
    values.reserveCapacity(count)
    for k in 0..<order {
      var term = k < derivative ? 0 : 1.0
      if k > derivative { for j in 1...(k - derivative) { term *= s / Double(j) } }
      values.append(term)
    }
    let times = order - derivative
    var integrals = legendre(count - order + times, s)
    for _ in 0..<times { integrals = AxisBasis.integrated(integrals) }
    values += integrals
    let scale = power(half, -Double(derivative))
    return values.map { $0 * scale }
  }

  /// Integrals of Legendre series, one function fewer: ∫P_k = (P_(k+1) − P_(k−1))/(2k + 1).
  private static func integrated(_ values: [Double]) -> [Double] {
    var integrals: [Double] = []
    integrals.reserveCapacity(values.count)
    for k in 0..<(values.count - 1) {
      let below = k > 0 ? values[k - 1] : 0
      integrals.append((values[k + 1] - below) / Double(2 * k + 1))
    }
    return integrals
  }

  private func legendre(_ count: Int, _ s: Double) -> [Double] {
    var values = [1.0, s]
    for k in 2..<max(count, 3) {
      let n = Double(k)
      values.append(((2 * n - 1) * s * values[k - 1] - (n - 1) * values[k - 2]) / n)
    }
    return Array(values.prefix(count))
  }
}

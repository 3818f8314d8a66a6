import Expressions
import Problems

/// Polynomials of one variable with given derivatives at both ends of its interval.
struct HermiteBasis {
  let interval: Interval
  /// How many derivatives count at the lower end, the value among them.
  let lower: Int
  /// How many count at the upper end.
  let upper: Int

  /// The polynomial whose derivative of this order at this end is 1, and every other that counts 0.
  func polynomial(isUpper: Bool, order: Int) -> Expression {
    let (near, far) = isUpper ? (upper, lower) : (lower, upper)
    precondition(order < near, "derivative \(order) of \(near)")
    let length = interval.upper - interval.lower
    // The Taylor polynomial of ξ^q/q!·(1 − ξ)^far·[the series of (1 − ξ)^−far, cut].
    let (rise, fall) = isUpper ? (fromUpper, fromLower) : (fromLower, fromUpper)
    var series = Expression.zero
    var binomial = 1.0
    for power in 0..<(near - order) {
      if power > 0 { binomial *= Double(far + power - 1) / Double(power) }
      series = series + .number(binomial) * .pow(rise, .number(Double(power)))
    }
    var scale = 1.0
    for factor in 0..<order {
      scale *= (isUpper ? -length : length) / Double(factor + 1)
    }
    return .number(scale) * .pow(rise, .number(Double(order)))
      * .pow(fall, .number(Double(far))) * series
  }

  /// A polynomial of size 1 that vanishes at the lower end to one order and at the upper to another.
  func bubble(lower: Int, upper: Int) -> Expression {
    let (a, b) = (Double(lower), Double(upper))
    func power(_ base: Double, _ exponent: Int) -> Double {
      (0..<exponent).reduce(1) { product, _ in product * base }
    }
    // The largest value of ξ^a·(1 − ξ)^b is at a/(a + b).
    let peak = lower + upper == 0 ? 1 : power(a / (a + b), lower) * power(b / (a + b), upper)
    return .number(1 / peak) * .pow(fromLower, .number(a)) * .pow(fromUpper, .number(b))
  }

  /// ξ: 0 at the lower end, exactly, and 1 at the upper.
  private var fromLower: Expression {
    (.symbol(interval.name) - .number(interval.lower)) / .number(interval.upper - interval.lower)
  }

  /// 1 − ξ: 0 at the upper end, exactly.
  private var fromUpper: Expression {
    (.number(interval.upper) - .symbol(interval.name)) / .number(interval.upper - interval.lower)
  }
}

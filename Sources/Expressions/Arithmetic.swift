import Glibc

/// What each operation computes on numbers: the one definition that folding, tape and native follow.
enum Arithmetic {
  /// The largest integer exponent that is written out as products.
  static let largestChain = 16

  /// Raises by products only: left-to-right binary powers, `1/…` for negative exponents.
  static func chain<Value>(
    _ base: Value, _ exponent: Int, one: Value, multiply: (Value, Value) -> Value,
    divide: (Value, Value) -> Value
  ) -> Value {
    let size = exponent.magnitude
    guard size > 0 else { return one }
    var result = base
    var bit = (UInt(1) << UInt(UInt.bitWidth - 1 - size.leadingZeroBitCount)) >> 1
    while bit != 0 {
      result = multiply(result, result)
      if size & bit != 0 { result = multiply(result, base) }
      bit >>= 1
    }
    return exponent < 0 ? divide(one, result) : result
  }

  /// The exponent as a small integer, where products stand for the power.
  static func chainExponent(_ exponent: Double) -> Int? {
    guard exponent.magnitude <= Double(largestChain), exponent == exponent.rounded() else {
      return nil
    }
    return Int(exponent)
  }

  /// Raises to a constant exponent: products, a square root, or the library's `pow`.
  static func power(_ base: Double, constant exponent: Double) -> Double {
    if let n = chainExponent(exponent) {
      return chain(base, n, one: 1, multiply: *, divide: /)
    }
    return exponent == 0.5 ? base.squareRoot() : pow(base, exponent)
  }

  static func truth(_ claim: Bool) -> Double { claim ? 1 : 0 }

  /// The value of an operation with number operands; nil for leaves, integrals and places.
  static func value(_ operation: Operation, _ x: (Int) -> Double) -> Double? {
    switch operation {
    case .number(let bits): Double(bitPattern: bits)
    case .symbol, .integral, .place: nil
    case .negate: -x(0)
    case .add: x(0) + x(1)
    case .subtract: x(0) - x(1)
    case .multiply: x(0) * x(1)
    case .divide: x(0) / x(1)
    case .power: pow(x(0), x(1))
    case .less: truth(x(0) < x(1))
    case .lessOrEqual: truth(x(0) <= x(1))
    case .greater: truth(x(0) > x(1))
    case .greaterOrEqual: truth(x(0) >= x(1))
    case .equal: truth(x(0) == x(1))
    case .notEqual: truth(x(0) != x(1))
    case .and: truth(x(0) != 0 && x(1) != 0)
    case .or: truth(x(0) != 0 || x(1) != 0)
    case .not: truth(x(0) == 0)
    case .select: x(0) != 0 ? x(1) : x(2)
    case .call(let function): function.row.value(x)
    }
  }
}

/// The shortest decimal that lies in the rounding interval of a double, and of those the nearest.
///
/// The number is `digits · 10^exponent`, with no trailing zero in `digits`.
///
/// - Precondition: made from a finite number other than zero; the sign is left out.
/// - Source: Giulietti, "The Schubfach way to render doubles" (2020), with candidates of one digit
///   allowed, so that the smallest subnormal number is 5e-324.
struct DecimalDigits {
  var digits: UInt64
  var exponent: Int

  init(magnitude bits: UInt64) {
    let fraction = bits & 0xF_FFFF_FFFF_FFFF
    let biased = Int(bits >> 52)
    let c = biased == 0 ? fraction : fraction | 1 << 52
    let q = biased == 0 ? -1074 : biased - 1075
    if q <= 0, q > -53, c & (1 << UInt64(-q) - 1) == 0 {
      digits = c >> UInt64(-q)  // a whole number below 2^53 is its own shortest decimal
      exponent = 0
    } else {
      (digits, exponent) = Self.shortest(c, q, narrowBelow: fraction == 0 && biased > 1)
    }
    dropTrailingZeros()
  }

  /// Finds the shortest decimal for `c · 2^q`.
  ///
  /// The interval reaches half a unit of `c` to both sides, a quarter below a power of two; its ends
  /// belong to it when `c` is even. All four quantities are scaled by 4 · 10^(-k), and rounded to
  /// odd, so that comparisons of the rounded values are those of the exact ones.
  private static func shortest(_ c: UInt64, _ q: Int, narrowBelow: Bool) -> (UInt64, Int) {
    let k = (q * 1_262_611 - (narrowBelow ? 524_031 : 0)) >> 22  // floor(log10(2^q or 3/4 · 2^q))
    let shift = UInt64(truncatingIfNeeded: q + (-k * 1_741_647) >> 19 + 1)
    let power = PowersOfTen.power(-k)
    let open: UInt64 = c & 1
    let middle = power.scaled((4 &* c) << shift)
    let lower = power.scaled((4 &* c &- (narrowBelow ? 1 : 2)) << shift) &+ open
    let upper = power.scaled((4 &* c &+ 2) << shift) &- open
    let floor = middle >> 2
    if floor >= 10 {
      let tens = floor / 10
      let isLowInside = lower <= 40 &* tens
      let isHighInside = 40 &* tens &+ 40 <= upper
      if isLowInside != isHighInside { return (tens &+ (isHighInside ? 1 : 0), k + 1) }
    }
    let isLowInside = lower <= 4 &* floor
    let isHighInside = 4 &* floor &+ 4 <= upper
    if isLowInside != isHighInside { return (floor &+ (isHighInside ? 1 : 0), k) }
    let half = 4 &* floor &+ 2
    let isUp = middle > half || (middle == half && floor & 1 == 1)
    return (floor &+ (isUp ? 1 : 0), k)
  }

  /// Whether 2 divides the number, and 5: by the inverse of 5 modulo 2^64, without a division.
  @inline(__always)
  private static func isMultipleOfTen(_ number: UInt64) -> Bool {
    number & 1 == 0 && number &* 0xCCCC_CCCC_CCCC_CCCD <= UInt64.max / 5
  }

  private mutating func dropTrailingZeros() {
    guard Self.isMultipleOfTen(digits) else { return }
    digits /= 10
    exponent += 1
    while digits % 100_000_000 == 0 {
      digits /= 100_000_000
      exponent += 8
    }
    while Self.isMultipleOfTen(digits) {
      digits /= 10
      exponent += 1
    }
  }
}

/// A power of ten to 128 bits, rounded up: `(high · 2^64 + low) · 2^e` for the `e` that sets the top bit.
struct PowerOfTen {
  var high: UInt64
  var low: UInt64

  /// The upper 64 bits of the 192-bit product with `factor`, rounded to odd.
  @inline(__always)
  func scaled(_ factor: UInt64) -> UInt64 {
    let below = low.multipliedFullWidth(by: factor).high
    let above = high.multipliedFullWidth(by: factor)
    let (sum, isCarried) = above.low.addingReportingOverflow(below)
    return (above.high &+ (isCarried ? 1 : 0)) | (sum > 1 ? 1 : 0)
  }
}

/// The powers of ten that rendering a double can ask for, computed exactly at the first use.
enum PowersOfTen {
  static let lowest = -292
  static let highest = 324

  /// 10 to the `exponent`, which lies in `lowest...highest`.
  @inline(__always)
  static func power(_ exponent: Int) -> PowerOfTen { table[exponent - lowest] }

  private static let table: [PowerOfTen] = {
    var negative: [PowerOfTen] = []
    var reciprocal = [UInt64](repeating: 0, count: 19)  // 2^1152 / 10^m, always rounded down once
    reciprocal[18] = 1
    for _ in 1...(-lowest) {
      divideByTen(&reciprocal)
      negative.append(leading128(reciprocal, isExact: false))
    }
    var positive: [PowerOfTen] = []
    var power: [UInt64] = [1]
    for _ in 0...highest {
      positive.append(leading128(power, isExact: true))
      multiplyByTen(&power)
    }
    return negative.reversed() + positive
  }()

  private static func divideByTen(_ words: inout [UInt64]) {
    var remainder: UInt64 = 0
    for index in words.indices.reversed() {
      let division = UInt64(10).dividingFullWidth((remainder, words[index]))
      words[index] = division.quotient
      remainder = division.remainder
    }
  }

  private static func multiplyByTen(_ words: inout [UInt64]) {
    var carry: UInt64 = 0
    for index in words.indices {
      let product = words[index].multipliedFullWidth(by: 10)
      let (sum, isCarried) = product.low.addingReportingOverflow(carry)
      words[index] = sum
      carry = product.high + (isCarried ? 1 : 0)
    }
    if carry > 0 { words.append(carry) }
  }

  /// The leading 128 bits of a number given in words, least first, rounded up.
  private static func leading128(_ words: [UInt64], isExact: Bool) -> PowerOfTen {
    let top = words.lastIndex { $0 != 0 } ?? 0
    let shift = UInt64(words[top].leadingZeroBitCount)
    func word(_ index: Int) -> UInt64 {
      let upper = index < 0 ? 0 : words[index] << shift
      let lower = index < 1 || shift == 0 ? 0 : words[index - 1] >> (64 - shift)
      return upper | lower
    }
    let isRest = word(top - 2) != 0 || words[..<max(0, top - 2)].contains { $0 != 0 }
    var power = PowerOfTen(high: word(top), low: word(top - 1))
    if isRest || !isExact {
      power.low &+= 1
      if power.low == 0 { power.high += 1 }
    }
    return power
  }
}

import Glibc

/// Reads decimal numbers from bytes, correctly rounded.
enum DecimalText {
  /// Powers of ten that a double holds exactly.
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The finite number in a range of a text, nil if it is none.
  ///
  /// A mantissa below 2⁵³ with a power of ten up to 10²² takes one exact operation (Clinger, PLDI
  /// 1990); anything else goes to `strtod`, which stops at the delimiter after the range: the
  /// character there is no part of a number.
  static func value(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Double? {
    var at = range.lowerBound
    let end = range.upperBound
    guard at < end, let base = text.baseAddress else { return nil }
    let isNegative = text[at] == UInt8(ascii: "-")
    if isNegative || text[at] == UInt8(ascii: "+") { at += 1 }
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    var isExact = true
    var sawPoint = false
    while at < end {
      let digit = text[at] &- UInt8(ascii: "0")
      if digit < 10 {
        digits += 1
        if mantissa < 900_719_925_474_099 {
          mantissa = mantissa * 10 + UInt64(digit)
          if sawPoint { exponent -= 1 }
        } else {
          isExact = false
        }
      } else if text[at] == UInt8(ascii: "."), !sawPoint {
        sawPoint = true
      } else {
        break
      }
      at += 1
    }
    guard digits > 0 else { return nil }
    if at < end {
      guard let power = self.power(text, at, end) else { return nil }
      exponent += power
    }
    if isExact, abs(exponent) <= 22 {
      let whole = Double(mantissa)
      let value = exponent < 0 ? whole / powers[-exponent] : whole * powers[exponent]
      return isNegative ? -value : value
    }
    let start = UnsafeRawPointer(base + range.lowerBound).assumingMemoryBound(to: CChar.self)
    let value = strtod(start, nil)
    return value.isFinite ? value : nil
  }

  /// Reads `e±digits` that fills the rest of the range.
  private static func power(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    guard text[start] | 0x20 == UInt8(ascii: "e") else { return nil }
    var at = start + 1
    let isNegative = at < end && text[at] == UInt8(ascii: "-")
    if at < end, isNegative || text[at] == UInt8(ascii: "+") { at += 1 }
    guard at < end else { return nil }
    var power = 0
    while at < end {
      let digit = text[at] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      power = min(power * 10 + Int(digit), 100_000)
      at += 1
    }
    return isNegative ? -power : power
  }
}

import Glibc

/// Writes doubles as the shortest text that reads back to the same double.
///
/// The digits are the fewest that single out the double, and of those the nearest to it. They stand
/// plainly (`0.25`, `-12.5`) or with an exponent (`1e-5`, `6.02e23`), whichever is shorter, plainly
/// in a tie; whole numbers below a million stand plainly always. No `+`, no `.0`, no padded
/// exponent. Minus zero is `-0`; what is not finite is `NaN`, `Inf` and `-Inf`.
public enum NumberText {
  /// The greatest count of bytes that one number takes: `-2.2250738585072014e-308` has 24.
  public static let longest = 24

  /// Whole numbers below this magnitude are written without an exponent.
  static let plainBelow = 1_000_000.0

  /// The text of one number.
  public static func text(_ number: Double) -> String {
    String(unsafeUninitializedCapacity: longest) { buffer in
      guard let start = buffer.baseAddress else { return 0 }
      return write(number, to: start)
    }
  }

  /// The text of a number rounded to `digits` significant digits, for people.
  public static func text(_ number: Double, digits: Int) -> String {
    precondition((1...17).contains(digits), "\(digits) significant digits")
    guard number.isFinite else { return text(number) }
    var rounded = [CChar](repeating: 0, count: 32)
    _ = withVaList([CInt(digits - 1), number]) { vsnprintf(&rounded, 32, "%.*e", $0) }
    return text(strtod(rounded, nil))
  }

  /// Writes the text of a number from `start` on and says how many bytes it took.
  ///
  /// - Precondition: ``longest`` bytes may be written from `start` on.
  /// - Cost: some 10 ns for a small whole number, 50 ns for 17 digits; allocates nothing.
  public static func write(_ number: Double, to start: UnsafeMutablePointer<UInt8>) -> Int {
    var cursor = start
    let bits = number.bitPattern
    let magnitude = bits & ~(1 << 63)
    guard magnitude < 0x7FF0_0000_0000_0000 else {
      return put(number.isNaN ? "NaN" : number > 0 ? "Inf" : "-Inf", at: start)
    }
    if bits != magnitude {
      cursor.pointee = minus
      cursor += 1
    }
    if magnitude == 0 {
      cursor.pointee = zero
      return cursor - start + 1
    }
    let size = Double(bitPattern: magnitude)
    if size < plainBelow, size == Double(Int(size)) {
      let whole = UInt64(size)
      let count = digitCount(whole)
      putDigits(whole, count, at: cursor)
      return cursor - start + count
    }
    return cursor - start + put(DecimalDigits(magnitude: magnitude), at: cursor)
  }

  private static let zero = UInt8(ascii: "0")
  private static let minus = UInt8(ascii: "-")
  private static let point = UInt8(ascii: ".")

  /// Puts a decimal in the shorter of its two forms.
  private static func put(_ decimal: DecimalDigits, at start: UnsafeMutablePointer<UInt8>) -> Int {
    let count = digitCount(decimal.digits)
    let whole = count + decimal.exponent  // digits before the point; negative: zeros after it
    let power = whole - 1
    let powerLength = (power < 0 ? 1 : 0) + digitCount(UInt64(power.magnitude))
    let scientific = count + (count > 1 ? 2 : 1) + powerLength
    let plain =
      decimal.exponent >= 0 ? whole : whole > 0 ? count + 1 : 2 - whole + count
    if scientific < plain {
      putScientific(decimal.digits, count, power, at: start)
      return scientific
    }
    if decimal.exponent >= 0 {
      putDigits(decimal.digits, count, at: start)
      for index in count..<whole { start[index] = zero }
    } else if whole > 0 {
      // The digits are put one place too far to the right, then those before the point move back.
      putDigits(decimal.digits, count, at: start + 1)
      for index in 0..<whole { start[index] = start[index + 1] }
      start[whole] = point
    } else {
      start[0] = zero
      start[1] = point
      for index in 2..<(2 - whole) { start[index] = zero }
      putDigits(decimal.digits, count, at: start + (2 - whole))
    }
    return plain
  }

  private static func putScientific(
    _ digits: UInt64, _ count: Int, _ power: Int, at start: UnsafeMutablePointer<UInt8>
  ) {
    var cursor = start
    if count == 1 {
      cursor[0] = zero + UInt8(digits)
      cursor += 1
    } else {
      putDigits(digits, count, at: start + 1)
      start[0] = start[1]
      start[1] = point
      cursor += count + 1
    }
    cursor[0] = UInt8(ascii: "e")
    cursor += 1
    if power < 0 {
      cursor[0] = minus
      cursor += 1
    }
    let size = UInt64(power.magnitude)
    putDigits(size, digitCount(size), at: cursor)
  }

  /// Puts the `count` decimal digits of a whole number below 10^17.
  ///
  /// The last eight are split off so that divisions do not wait for each other.
  @inline(__always)
  static func putDigits(_ number: UInt64, _ count: Int, at start: UnsafeMutablePointer<UInt8>) {
    var rest = UInt32(truncatingIfNeeded: number)
    var end = count
    if count > 8 {
      let upper = number / 100_000_000
      let lower = UInt32(truncatingIfNeeded: number &- upper &* 100_000_000)
      rest = UInt32(truncatingIfNeeded: upper)
      end -= 8
      let high = lower / 10_000
      let low = lower % 10_000
      putPair(high / 100, at: start + end)
      putPair(high % 100, at: start + end + 2)
      putPair(low / 100, at: start + end + 4)
      putPair(low % 100, at: start + end + 6)
    }
    while rest >= 100 {
      end -= 2
      putPair(rest % 100, at: start + end)
      rest /= 100
    }
    if rest >= 10 {
      putPair(rest, at: start + end - 2)
    } else {
      start[end - 1] = zero + UInt8(truncatingIfNeeded: rest)
    }
  }

  @inline(__always)
  private static func putPair(_ pair: UInt32, at place: UnsafeMutablePointer<UInt8>) {
    let digits = UnsafeRawPointer(digitPairs.utf8Start + 2 * Int(pair))
    UnsafeMutableRawPointer(place)
      .storeBytes(of: digits.loadUnaligned(as: UInt16.self), as: UInt16.self)
  }

  /// The count of decimal digits of a whole number below 10^17; 1 for zero.
  @inline(__always)
  static func digitCount(_ number: UInt64) -> Int {
    if number >= 1_000_000_000_000_000 {
      return number >= 10_000_000_000_000_000 ? 17 : 16
    }
    var count = 1
    var bound: UInt64 = 10
    while number >= bound {
      count &+= 1
      bound &*= 10
    }
    return count
  }

  private static let digitPairs: StaticString = """
    00010203040506070809101112131415161718192021222324\
    25262728293031323334353637383940414243444546474849\
    50515253545556575859606162636465666768697071727374\
    75767778798081828384858687888990919293949596979899
    """

  private static func put(_ text: StaticString, at start: UnsafeMutablePointer<UInt8>) -> Int {
    start.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
    return text.utf8CodeUnitCount
  }
}

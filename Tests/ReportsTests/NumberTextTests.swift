import Reports
import Testing

/// A family of doubles, and how to draw one.
struct NumberFamily: Sendable, CustomTestStringConvertible {
  let name: String
  let draw: @Sendable (inout SeededGenerator) -> Double
  var testDescription: String { name }

  static let all = [
    NumberFamily(name: "any bits") { Double(bitPattern: $0.next()) },
    NumberFamily(name: "between -100 and 100") { Double.random(in: -100...100, using: &$0) },
    NumberFamily(name: "thousandths") {
      Double(Int.random(in: -10_000_000...10_000_000, using: &$0)) / 1000
    },
    NumberFamily(name: "powers of two and their neighbours") {
      let bits = UInt64.random(in: 1..<0x7FF, using: &$0) << 52
      return Double(bitPattern: bits &+ UInt64.random(in: 0...2, using: &$0) &- 1)
    },
    NumberFamily(name: "subnormal") { Double(bitPattern: $0.next() >> (12 + $0.next() % 52)) },
    NumberFamily(name: "powers of ten and their neighbours") {
      let power = Double("1e\(Int.random(in: -323...308, using: &$0))") ?? 1
      let step = Int.random(in: -1...1, using: &$0)
      return step < 0 ? power.nextDown : step > 0 ? power.nextUp : power
    },
    NumberFamily(name: "whole") { Double(Int64(bitPattern: $0.next()) >> Int64($0.next() % 64)) },
  ]
}

@Suite("Number text") struct NumberTextTests {
  @Test(
    "reads back bit for bit, with the fewest digits", .tags(.property), arguments: NumberFamily.all)
  func roundTrip(_ family: NumberFamily) {
    var generator = SeededGenerator(state: 1)
    var faults: [String] = []
    for _ in 0..<150_000 {
      let number = family.draw(&generator)
      guard number.isFinite else { continue }
      let text = NumberText.text(number)
      // The standard library's description has the fewest digits too, and the nearest of those.
      let isShortest = Decimal(text) == Decimal(number.description)
      if !isShortest || Double(text)?.bitPattern != number.bitPattern
        || text.utf8.count > NumberText.longest
        || text.utf8.count > number.description.utf8.count
      {
        faults.append("\(number): \(text)")
      }
    }
    #expect(faults.isEmpty, "\(faults.count) faults, the first: \(faults.first ?? "")")
  }

  @Test(
    "stands plainly or with an exponent, whichever is shorter", .tags(.unit),
    arguments: [
      (0, "0"), (-0.0, "-0"), (1, "1"), (-1, "-1"), (0.1, "0.1"), (0.01, "0.01"), (0.001, "1e-3"),
      (0.25, "0.25"), (0.000012, "1.2e-5"), (0.00001, "1e-5"), (12.5, "12.5"), (1000, "1000"),
      (999_999, "999999"), (1e6, "1e6"), (1_234_567, "1234567"), (2_500_000, "2.5e6"),
      (1e15, "1e15"), (1e22, "1e22"), (1e23, "1e23"), (6.02214076e23, "6.02214076e23"),
      (9_007_199_254_740_992, "9007199254740992"), (1.0 / 3, "0.3333333333333333"),
      (0.1 + 0.2, "0.30000000000000004"), (.leastNonzeroMagnitude, "5e-324"),
      (-.leastNormalMagnitude, "-2.2250738585072014e-308"),
      (.greatestFiniteMagnitude, "1.7976931348623157e308"),
      (.infinity, "Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
    ] as [(Double, String)])
  func form(_ number: Double, _ text: String) {
    #expect(NumberText.text(number) == text)
  }

  @Test("rounds for people", .tags(.unit))
  func rounded() {
    #expect(NumberText.text(0.123456, digits: 3) == "0.123")
    #expect(NumberText.text(-98765.4, digits: 2) == "-99000")
    #expect(NumberText.text(0, digits: 4) == "0")
  }
}

/// The digits of a decimal text without leading and trailing zeros, and the exponent behind them.
private struct Decimal: Equatable {
  var isNegative = false
  var digits: [UInt8] = []
  var exponent = 0

  init(_ text: String) {
    var bytes = Array(text.utf8)
    if bytes.first == UInt8(ascii: "-") {
      isNegative = true
      bytes.removeFirst()
    }
    if let place = bytes.firstIndex(of: UInt8(ascii: "e")) {
      exponent = Int(String(decoding: bytes[(place + 1)...], as: UTF8.self)) ?? 0
      bytes.removeSubrange(place...)
    }
    if let place = bytes.firstIndex(of: UInt8(ascii: ".")) {
      exponent -= bytes.count - place - 1
      bytes.remove(at: place)
    }
    digits = Array(bytes.drop { $0 == UInt8(ascii: "0") })
    while digits.last == UInt8(ascii: "0") {
      digits.removeLast()
      exponent += 1
    }
    if digits.isEmpty { exponent = 0 }
  }
}

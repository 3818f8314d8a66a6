import Glibc

/// Numbers in sentences.
package enum NumberWords {
  /// Two significant digits: `0.00049`, `1e-6`.
  package static func short(_ number: Double) -> String {
    var text = [CChar](repeating: 0, count: 32)
    _ = withVaList([number]) { vsnprintf(&text, text.count, "%.2g", $0) }
    let digits = String(
      decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let mark = digits.firstIndex(of: "e") else { return digits }
    // C writes exponents with a sign and two digits.
    let exponent = Int(digits[digits.index(after: mark)...].drop { $0 == "+" }) ?? 0
    return "\(digits[..<mark])e\(exponent)"
  }
}

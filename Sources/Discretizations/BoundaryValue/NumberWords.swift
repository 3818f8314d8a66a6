import Glibc

/// Numbers in sentences.
enum NumberWords {
  /// Two significant digits.
  static func short(_ number: Double) -> String {
    var text = [CChar](repeating: 0, count: 32)
    _ = withVaList([number]) { vsnprintf(&text, text.count, "%.2g", $0) }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Texts and numbers in gnuplot's language.
///
/// Words of a problem file go into a script in single quotes alone: nothing inside is run or
/// replaced there, neither backquotes nor `@` nor a backslash. The only way out is a quote, and none
/// stays: doubled ones, which the manual offers, end the literal where two pairs meet (gnuplot 5.4).
/// Control characters, line feeds among them, become spaces.
enum GnuplotText {
  /// A text as a literal.
  static func quoted(_ text: String) -> String {
    var literal = "'"
    var last: Unicode.Scalar = " "
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
        .unassigned:
        literal += " "
      default:
        let next = index + 1 < scalars.count ? scalars[index + 1] : " "
        let isInWord = last.properties.isAlphabetic && next.properties.isAlphabetic
        // An apostrophe inside a word, a prime elsewhere.
        literal += scalar == "'" ? (isInWord ? "\u{2019}" : "\u{2032}") : String(scalar)
      }
      last = scalar
    }
    return literal + "'"
  }

  /// Numbers beside an axis with their powers raised, in gnuplot's markup.
  static func raised(_ text: String) -> String {
    let digits: [Character: Character] = [
      "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
      "⁹": "9", "⁻": "−",
    ]
    guard let start = text.firstIndex(where: { digits[$0] != nil }) else { return text }
    return text[..<start] + "^{" + String(text[start...].map { digits[$0] ?? $0 }) + "}"
  }

  /// A number of a table, with the digits that a picture can show; what is not finite is a gap.
  static func number(_ number: Double) -> String {
    // So far outside that it makes no difference.
    number.isFinite ? NumberText.text(min(max(number, -1e6), 1e6), digits: 6) : "NaN"
  }
}

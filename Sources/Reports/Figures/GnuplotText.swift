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

  /// A text that has at most so many characters, the last one `…` where some are left out.
  static func shortened(_ text: String, to count: Int) -> String {
    text.count <= count ? text : text.prefix(max(count - 1, 0)) + "…"
  }

  /// A number of a table; what is not finite is a gap.
  static func number(_ number: Double) -> String {
    number.isFinite ? NumberText.text(number) : "NaN"
  }
}

/// Texts and numbers in gnuplot's language.
///
/// Words of a problem file go into a script in single quotes alone: nothing inside is run or
/// replaced there, neither backquotes nor `@` nor a backslash, and the only way out, a quote, is
/// doubled. Control characters, line feeds among them, become spaces.
enum GnuplotText {
  /// A text as a literal.
  static func quoted(_ text: String) -> String {
    var literal = "'"
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
        .unassigned:
        literal += " "
      default:
        if scalar == "'" { literal += "'" }
        literal.unicodeScalars.append(scalar)
      }
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

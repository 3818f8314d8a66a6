/// How much room texts take, whatever font draws them.
package enum TextWidth {
  /// The pixels that a text takes at most in common fonts without serifs, of so many pixels.
  package static func pixels(_ text: String, font: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + part($1) } * font
  }

  /// The text, or as much of its beginning as fits, with `…` behind.
  static func shortened(_ text: String, to room: Double, font: Double) -> String {
    if pixels(text, font: font) <= room { return text }
    var rest = Substring(text)
    while !rest.isEmpty, pixels(rest + "…", font: font) > room { rest.removeLast() }
    return rest + "…"
  }

  private static func pixels(_ text: Substring, font: Double) -> Double {
    pixels(String(text), font: font)
  }

  /// A character's width in parts of the font's size; a little more than in the widest such font.
  private static func part(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case " ", ".", ",", ":", ";", "'", "|", "!", "i", "j", "l", "I", "f", "t", "r", "(", ")", "[",
      "]", "/", "-", "·", "′":
      0.42
    // As they are beside an axis, raised.
    case "⁰"..."⁹", "¹", "²", "³": 0.53
    case "⁻": 0.66
    case "m", "w", "M", "W", "%", "@", "…": 1
    case "A"..."Z", "+", "−", "=", "<", ">", "~", "≤", "≥", "∂", "×": 0.82
    case _ where scalar.properties.generalCategory == .nonspacingMark: 0
    case _ where scalar.value >= 0x1100 && !(0x1D00...0x2BFF).contains(scalar.value): 1.1
    default: 0.66
    }
  }
}

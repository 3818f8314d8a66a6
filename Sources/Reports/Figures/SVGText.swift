/// Makes an SVG text of gnuplot fit to stand beside others in one page.
enum SVGText {
  /// The text with names of its own, the figure's title, and without the program's version.
  ///
  /// gnuplot gives the same names to the points and patterns of every figure; a page that holds two
  /// of them would draw both by those of the first.
  static func own(_ bytes: [UInt8], _ figure: Figure, _ script: String) -> [UInt8] {
    var text = String(decoding: bytes, as: UTF8.self)
    let prefix = "f" + digest(script) + "-"
    for mark in ["id='", "id=\"", "href='#", "href=\"#", "url(#"] {
      text = text.replacing(mark, with: mark + prefix)
    }
    text = text.replacing("<title>Gnuplot</title>", with: "<title>\(escaped(figure.title))</title>")
    if let start = text.firstRange(of: "<desc>"), let end = text.firstRange(of: "</desc>") {
      text.replaceSubrange(start.lowerBound..<end.upperBound, with: "")
    }
    text = text.replacing("<svg ", with: "<svg role=\"img\" ")
    return Array(text.utf8)
  }

  /// A text inside an element.
  static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case _ where scalar.value < 32: out += " "
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// Eight hexadecimal digits that differ where scripts do (FNV-1a, folded).
  static func digest(_ text: String) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String((hash >> 32) ^ (hash & 0xffff_ffff), radix: 16)
    return String(repeating: "0", count: 8 - digits.utf8.count) + digits
  }
}

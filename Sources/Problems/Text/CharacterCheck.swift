/// Refuses what no honest problem file holds: bytes that are not UTF-8, and characters that do not
/// show or that turn the reading direction, so that the eye and the program read the same text.
enum CharacterCheck {
  /// Reports every such character; returns true if there are none.
  static func pass(_ source: SourceText, _ log: FaultLog) -> Bool {
    var decoder = UTF8()
    var iterator = source.bytes.makeIterator()
    var offset = 0
    var clean = true
    while log.hasRoom {
      switch decoder.decode(&iterator) {
      case .emptyInput: return clean
      case .error:
        let place = Place(source: source, range: offset..<offset + 1)
        log.error(place, "the text is not UTF-8", "save the file in UTF-8")
        return false
      case .scalarValue(let scalar):
        let width = UTF8.width(scalar)
        if isRefused(scalar) {
          clean = false
          let place = Place(source: source, range: offset..<offset + width)
          log.error(place, "\(sort(scalar)) \(code(scalar))", "remove it")
        }
        offset += width
      }
    }
    return false
  }

  /// True for a character that may stand nowhere in a problem file, escaped or not.
  static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E: false
    case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    case 0xE000...0xF8FF: true
    default: isBidirectional(scalar)
    }
  }

  /// The refused character of a decoded scalar, if it has one.
  static func firstRefused(in text: String) -> Unicode.Scalar? {
    text.unicodeScalars.first { isRefused($0) }
  }

  /// Names the character for a message: `control character U+0007`.
  static func name(_ scalar: Unicode.Scalar) -> String { "\(sort(scalar)) \(code(scalar))" }

  private static func isBidirectional(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private static func sort(_ scalar: Unicode.Scalar) -> String {
    if isBidirectional(scalar) { return "bidirectional character" }
    return 0xE000...0xF8FF ~= scalar.value ? "private-use character" : "control character"
  }

  private static func code(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

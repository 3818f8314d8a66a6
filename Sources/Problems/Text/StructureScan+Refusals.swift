/// What is refused: said where it stands, and blanked in the text to compose.
extension StructureScan {
  func refuse(_ range: Range<Int>, _ message: String, _ remedy: String) {
    log.error(Place(source: source, range: range.clamped(to: 0..<bytes.count)), message, remedy)
  }

  mutating func refuseAlias() {
    let name = word(from: at)
    refuse(
      name, "an alias '\(text(name))'",
      "write the value out, or quote an expression that starts with '*'")
    edits.append((at..<at + 1, Array("\u{E000}".utf8)))
  }

  mutating func blankProperty() {
    let name = word(from: at)
    let isAnchor = byte() == UInt8(ascii: "&")
    refuse(
      name, "\(isAnchor ? "an anchor" : "a tag") '\(text(name))'",
      "remove it: every value is written out, as plain text")
    edits.append((name, Array(repeating: Byte.space, count: source.scalars(in: name))))
    at = name.upperBound
  }

  private func word(from start: Int) -> Range<Int> {
    var end = start + 1
    while end < bytes.count, !Byte.isBlank(bytes[end]), !Byte.isBreak(bytes[end]),
      !",[]{}".utf8.contains(bytes[end])
    {
      end += 1
    }
    return start..<end
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Remembers a key of the innermost mapping; a repeated one is refused, and hidden from the
  /// composer behind characters for private use, which a problem file cannot hold itself.
  mutating func note(key range: Range<Int>) {
    var name = text(range)
    if name.count > 1, let first = name.first, first == "'" || first == "\"" {
      name = String(name.dropFirst().dropLast())
    }
    guard let earlier = levels[levels.count - 1].keys.updateValue(range.lowerBound, forKey: name)
    else { return }
    levels[levels.count - 1].keys[name] = earlier
    refuse(
      range, "the key '\(name)' is already given in line \(source.line(at: earlier))",
      "keep one of the two")
    var count = placeholders
    placeholders += 1
    var hidden = ""
    for _ in 0..<source.scalars(in: range) {
      hidden.unicodeScalars.append(Unicode.Scalar(0xE000 + count % 6400) ?? " ")
      count /= 6400
    }
    guard count == 0, source.line(at: range.lowerBound) == source.line(at: range.upperBound - 1)
    else {
      canCompose = false
      return
    }
    edits.append((range, Array(hidden.utf8)))
  }

  func edited() -> [UInt8] {
    guard !edits.isEmpty else { return bytes }
    var result: [UInt8] = []
    var from = 0
    for edit in edits.sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
    where edit.range.lowerBound >= from {
      result += bytes[from..<edit.range.lowerBound]
      result += edit.text
      from = edit.range.upperBound
    }
    return result + bytes[from...]
  }
}

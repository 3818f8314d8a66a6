/// Finds the source bytes that a part of a decoded YAML scalar came from.
///
/// The decoded text and the source are walked side by side; escapes, doubled apostrophes, folded
/// line ends and the indentation of block scalars are stepped over. Where the two do not agree the
/// answer is the start of the scalar, never a trap.
enum ScalarAlignment {
  /// Source range of `length` UTF-8 bytes of the text from `offset` on.
  static func range(of offset: Int, _ length: Int, in place: Place) -> Range<Int> {
    let text = Array(place.text.utf8)
    var walk = Walk(
      bytes: place.source.bytes, at: place.range.lowerBound, end: place.range.upperBound)
    walk.enter()
    var first = walk.at
    var index = 0
    let last = min(offset + max(length, 1), text.count)
    while index < last {
      if index <= offset { first = walk.skipInvisible(expecting: text[index]) }
      guard let produced = walk.step(expecting: text[index]) else {
        return place.range.lowerBound..<min(place.range.lowerBound + 1, place.range.upperBound)
      }
      index += produced
    }
    if offset >= text.count { first = min(walk.at, place.range.upperBound) }
    return first..<max(first, min(walk.at, place.range.upperBound))
  }

  private struct Walk {
    enum Style { case plain, single, double, block }
    let bytes: [UInt8]
    var at: Int
    let end: Int
    var style = Style.plain

    init(bytes: [UInt8], at: Int, end: Int) {
      self.bytes = bytes
      self.at = at
      self.end = min(end, bytes.count)
    }

    /// Steps over the opening quote, or over the header line of a block scalar.
    mutating func enter() {
      guard at < end else { return }
      switch bytes[at] {
      case Byte.apostrophe: (style, at) = (.single, at + 1)
      case Byte.quote: (style, at) = (.double, at + 1)
      case UInt8(ascii: "|"), UInt8(ascii: ">"):
        style = .block
        while at < end, bytes[at] != Byte.newline { at += 1 }
        skipWhite()
      default: break
      }
    }

    /// Steps over a line end with its indentation when the text goes on with something visible.
    mutating func skipInvisible(expecting byte: UInt8) -> Int {
      if byte != Byte.space, byte != Byte.newline, at < end, Byte.isBreak(bytes[at]) { skipWhite() }
      return at
    }

    /// Moves past the source of one text byte; returns how many text bytes it made.
    mutating func step(expecting byte: UInt8) -> Int? {
      guard at < end else { return nil }
      let here = bytes[at]
      if style == .double, here == Byte.backslash { return escape() }
      if style == .single, here == Byte.apostrophe {
        at += 2
        return byte == Byte.apostrophe ? 1 : nil
      }
      if here == byte, byte != Byte.space, byte != Byte.newline {
        at += 1
        return 1
      }
      if byte == Byte.newline || byte == Byte.space {
        if byte == Byte.space, !foldsHere {
          guard Byte.isBlank(here) else { return nil }
          at += 1
        } else {
          skipWhite(breaks: byte == Byte.newline ? 2 : .max)
        }
        return 1
      }
      guard Byte.isBreak(here) || Byte.isBlank(here) else { return nil }
      skipWhite()
      return at < end && bytes[at] == byte ? step(expecting: byte) : nil
    }

    /// True where blanks run up to a line end, which folds to one space.
    private var foldsHere: Bool {
      var ahead = at
      while ahead < end, Byte.isBlank(bytes[ahead]) { ahead += 1 }
      return ahead < end && Byte.isBreak(bytes[ahead])
    }

    private mutating func skipWhite(breaks: Int = .max) {
      var left = breaks
      while at < end, Byte.isBlank(bytes[at]) || Byte.isBreak(bytes[at]) {
        if bytes[at] == Byte.newline {
          left -= 1
          if left == 0 { return }
        }
        at += 1
      }
    }

    private mutating func escape() -> Int? {
      guard at + 1 < end else { return nil }
      let digits: Int
      switch bytes[at + 1] {
      case UInt8(ascii: "x"): digits = 2
      case UInt8(ascii: "u"): digits = 4
      case UInt8(ascii: "U"): digits = 8
      case Byte.newline, Byte.carriageReturn:
        at += 1
        skipWhite()
        return 0
      case UInt8(ascii: "N"), UInt8(ascii: "_"):
        at += 2
        return 2
      case UInt8(ascii: "L"), UInt8(ascii: "P"):
        at += 2
        return 3
      default: digits = 0
      }
      let code = String(
        decoding: bytes[min(at + 2, end)..<min(at + 2 + digits, end)], as: UTF8.self)
      at = min(at + 2 + digits, end)
      guard digits > 0 else { return 1 }
      guard let value = UInt32(code, radix: 16) else { return nil }
      return value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4
    }
  }
}

import Glibc

/// Says what is wrong with a JSON text, and where.
public struct JSONFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// The line of the fault, from 1.
  public var line: Int
  /// The byte of the line, from 1.
  public var column: Int
  /// What is wrong, without the place.
  public var message: String

  /// One sentence: the place and the fact.
  public var description: String { "line \(line), column \(column): \(message)" }
}

extension JSONValue {
  /// How deep lists and objects may lie in each other: far more than any summary needs, and far less
  /// than the stack holds.
  public static let deepest = 64

  /// Reads a JSON text (RFC 8259).
  ///
  /// Numbers without point and exponent that fit an `Int` become ``integer(_:)``, all others the
  /// nearest double; `-0` is the double. Refused are keys that stand twice in an object, lone
  /// surrogates, broken UTF-8, numbers beyond the doubles and texts deeper than ``deepest``.
  ///
  /// - Parameter bytes: the text in UTF-8.
  /// - Throws: ``JSONFault`` at the first fault. Cost: linear in the length.
  public init(reading bytes: [UInt8]) throws(JSONFault) {
    var reader = JSONReader(bytes)
    self = try reader.whole()
  }

  /// Reads a JSON text, as above.
  ///
  /// - Throws: ``JSONFault``.
  public init(reading text: String) throws(JSONFault) { try self.init(reading: Array(text.utf8)) }

  /// The value of a key; nil where this is no object or has no such key.
  public subscript(_ key: String) -> JSONValue? { members?.first { $0.key == key }?.value }

  /// The members of an object; nil for anything else.
  public var members: [(key: String, value: JSONValue)]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The elements of a list; nil for anything else.
  public var elements: [JSONValue]? { if case .list(let values) = self { values } else { nil } }

  /// The characters of a text; nil for anything else.
  public var string: String? { if case .text(let text) = self { text } else { nil } }

  /// The value of a number, whole or not; nil for anything else.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value of a whole number that fits an `Int`; nil for anything else.
  public var int: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The truth value; nil for anything else.
  public var boolean: Bool? { if case .bool(let value) = self { value } else { nil } }
}

/// Reads one JSON text from its bytes.
private struct JSONReader {
  private let bytes: [UInt8]
  private var place = 0
  private var depth = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func whole() throws(JSONFault) -> JSONValue {
    let value = try self.value()
    skipSpace()
    if place < bytes.count { throw fault("something stands after the end of the value") }
    return value
  }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func value() throws(JSONFault) -> JSONValue {
    skipSpace()
    guard let next else { throw fault("the text ends where a value is needed") }
    switch next {
    case UInt8(ascii: "{"): return try nested { reader throws(JSONFault) in try reader.object() }
    case UInt8(ascii: "["): return try nested { reader throws(JSONFault) in try reader.list() }
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw fault("no value starts like this")
    }
  }

  private mutating func nested(
    _ read: (inout JSONReader) throws(JSONFault) -> JSONValue
  ) throws(JSONFault) -> JSONValue {
    depth += 1
    if depth > JSONValue.deepest {
      throw fault("lists and objects lie more than \(JSONValue.deepest) deep")
    }
    place += 1
    let value = try read(&self)
    depth -= 1
    return value
  }

  private mutating func object() throws(JSONFault) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = []
    var keys: Set<String> = []
    if takes("}") { return .object([]) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw fault("a key is needed, in quotes") }
      let start = place
      let key = try string()
      if !keys.insert(key).inserted {
        place = start
        throw fault("the key '\(key)' stands twice")
      }
      guard takes(":") else { throw fault("':' is needed after a key") }
      members.append((key, try value()))
    } while takes(",")
    guard takes("}") else { throw fault("',' or '}' is needed") }
    return .object(members)
  }

  private mutating func list() throws(JSONFault) -> JSONValue {
    if takes("]") { return .list([]) }
    var values: [JSONValue] = []
    repeat { values.append(try value()) } while takes(",")
    guard takes("]") else { throw fault("',' or ']' is needed") }
    return .list(values)
  }

  private mutating func word(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONFault) -> JSONValue {
    let end = place + word.utf8CodeUnitCount
    guard end <= bytes.count, word.withUTF8Buffer({ $0.elementsEqual(bytes[place..<end]) }) else {
      throw fault("no value starts like this")
    }
    place = end
    return value
  }

  // MARK: Numbers

  private mutating func number() throws(JSONFault) -> JSONValue {
    let start = place
    let isNegative = takesByte("-")
    let digits = place
    guard skipDigits() > 0 else { throw fault("a digit is needed") }
    if bytes[digits] == UInt8(ascii: "0"), place > digits + 1 {
      place = digits
      throw fault("a number starts with a needless zero")
    }
    var isWhole = true
    if takesByte(".") {
      isWhole = false
      guard skipDigits() > 0 else { throw fault("a digit is needed after the point") }
    }
    if takesByte("e") || takesByte("E") {
      isWhole = false
      if !takesByte("+") { _ = takesByte("-") }
      guard skipDigits() > 0 else { throw fault("a digit is needed in the exponent") }
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    if isWhole, let whole = Int(text), whole != 0 || !isNegative { return .integer(whole) }
    guard let value = Double(text), value.isFinite else {
      place = start
      throw fault("the number is beyond the doubles")
    }
    return .number(value)
  }

  private mutating func skipDigits() -> Int {
    let start = place
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { place += 1 }
    return place - start
  }

  // MARK: Texts

  private mutating func string() throws(JSONFault) -> String {
    place += 1
    var units: [UInt8] = []
    let start = place
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: units, as: UTF8.self) else {
          place = start
          throw fault("the text is not UTF-8")
        }
        place += 1
        return text
      case UInt8(ascii: "\\"): units += Array(String(try escape()).utf8)
      case 0..<0x20: throw fault("a control character stands in a text; write it as \\u")
      default:
        units.append(byte)
        place += 1
      }
    }
    throw fault("the text ends inside quotes")
  }

  private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
    let start = place
    place += 1
    guard let letter = next else { throw fault("the text ends inside quotes") }
    place += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default:
      place = start
      throw fault("no escape starts like this")
    }
    var code = try hexadecimal()
    if (0xD800..<0xDC00).contains(code), takesByte("\\"), takesByte("u") {
      let low = try hexadecimal()
      if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + low - 0xDC00 }
    }
    guard let scalar = Unicode.Scalar(code) else {
      place = start
      throw fault("half of a surrogate pair stands alone")
    }
    return scalar
  }

  private mutating func hexadecimal() throws(JSONFault) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw fault("four hexadecimal digits are needed after \\u")
      }
      code = code << 4 + UInt32(digit)
      place += 1
    }
    return code
  }

  // MARK: Places

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      place += 1
    }
  }

  /// Skips space, and takes a character if it comes next.
  private mutating func takes(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    return takesByte(character)
  }

  private mutating func takesByte(_ character: Unicode.Scalar) -> Bool {
    guard let next, next == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private func fault(_ message: String) -> JSONFault {
    let before = bytes[..<min(place, bytes.count)]
    let line = before.count { $0 == 0x0A } + 1
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return JSONFault(line: line, column: place - start + 1, message: message)
  }
}

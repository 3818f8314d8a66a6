import Reports
import Testing

@Suite("JSON texts") struct JSONReadingTests {
  /// A value of any kind, lists and objects to some depth.
  private static func random(_ generator: inout SeededGenerator, depth: Int) -> JSONValue {
    let kinds = depth > 0 ? 7 : 5
    switch Int.random(in: 0..<kinds, using: &generator) {
    case 0: return .null
    case 1: return .bool(.random(using: &generator))
    case 2: return .integer(Int(bitPattern: UInt(generator.next())))
    case 3: return .number(number(&generator))
    case 4: return .text(text(&generator))
    case 5:
      return .list(
        (0..<Int.random(in: 0..<5, using: &generator)).map { _ in
          random(&generator, depth: depth - 1)
        })
    default:
      return .object(
        (0..<Int.random(in: 0..<5, using: &generator)).map { index in
          ("\(index)" + text(&generator), random(&generator, depth: depth - 1))
        })
    }
  }

  /// Any finite double: of random bits, so that every exponent comes.
  private static func number(_ generator: inout SeededGenerator) -> Double {
    let number = Double(bitPattern: generator.next())
    return number.isFinite ? number : 0.1
  }

  private static func text(_ generator: inout SeededGenerator) -> String {
    let alphabet: [Unicode.Scalar] = [
      "a", "\"", "\\", "/", "\n", "\t", "\u{1}", "\u{7f}", "é", "τ", "\u{2028}", "\u{FFFD}", "😀",
    ]
    var text = ""
    for _ in 0..<Int.random(in: 0..<8, using: &generator) {
      let index = Int.random(in: 0..<alphabet.count, using: &generator)
      text.unicodeScalars.append(alphabet[index])
    }
    return text
  }

  @Test("that were written are read back", .tags(.property))
  func roundTrip() throws {
    var generator = SeededGenerator(state: 7)
    for _ in 0..<2000 {
      let text = Self.random(&generator, depth: 4).rendered
      #expect(try JSONValue(reading: text).rendered == text)
    }
  }

  @Test("give back the same doubles", .tags(.property))
  func numbers() throws {
    var generator = SeededGenerator(state: 8)
    let special: [Double] = [
      0, -0.0, 1, -1, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude, 1e15, 1e16, 0x1p53, 0x1p63, -0x1p63, 0.1,
    ]
    let random = (0..<20_000).map { _ in Self.number(&generator) }
    for number in special + random {
      let read = try JSONValue(reading: JSONValue.number(number).rendered).double
      #expect(read?.bitPattern == number.bitPattern)
    }
  }

  @Test("may be written in any way that the standard allows", .tags(.unit))
  func forms() throws {
    let value = try JSONValue(
      reading: " \r\n\t{ \"a\" :[1 , -0, 1E+2,2.50e-1 ,9223372036854775808],\"b\":{\"\": true}} ")
    #expect(value["a"]?.elements?.map(\.double) == [1, -0.0, 100, 0.25, 0x1p63])
    #expect(value["a"]?.elements?.map(\.int) == [1, 0, 100, nil, nil])
    #expect(value["b"]?[""]?.boolean == true && value["c"] == nil)
    #expect(
      try JSONValue(reading: #""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00\u0000""#).string
        == "\"\\/\u{8}\u{c}\n\r\té😀\0")
    #expect(value["a"]?["b"] == nil && value.string == nil && value.double == nil)
  }

  private static let faults: [(text: String, fault: String)] = [
    ("", "line 1, column 1: the text ends where a value is needed"),
    ("  \n ", "line 2, column 2: the text ends where a value is needed"),
    ("nul", "line 1, column 1: no value starts like this"),
    ("True", "line 1, column 1: no value starts like this"),
    ("'a'", "line 1, column 1: no value starts like this"),
    ("\u{FEFF}1", "line 1, column 1: no value starts like this"),
    ("NaN", "line 1, column 1: no value starts like this"),
    ("1 2", "line 1, column 3: something stands after the end of the value"),
    ("[1,]", "line 1, column 4: no value starts like this"),
    ("[1", "line 1, column 3: ',' or ']' is needed"),
    ("[1 2]", "line 1, column 4: ',' or ']' is needed"),
    ("{1: 2}", "line 1, column 2: a key is needed, in quotes"),
    ("{\"a\": 1,}", "line 1, column 9: a key is needed, in quotes"),
    ("{\"a\" 1}", "line 1, column 6: ':' is needed after a key"),
    ("{\"a\": 1", "line 1, column 8: ',' or '}' is needed"),
    ("{\"a\": 1,\n\"a\": 2}", "line 2, column 1: the key 'a' stands twice"),
    ("{\"a\":", "line 1, column 6: the text ends where a value is needed"),
    ("-", "line 1, column 2: a digit is needed"),
    ("+1", "line 1, column 1: no value starts like this"),
    (".5", "line 1, column 1: no value starts like this"),
    ("01", "line 1, column 1: a number starts with a needless zero"),
    ("-01", "line 1, column 2: a number starts with a needless zero"),
    ("1.", "line 1, column 3: a digit is needed after the point"),
    ("1e", "line 1, column 3: a digit is needed in the exponent"),
    ("1e+", "line 1, column 4: a digit is needed in the exponent"),
    ("-1e999", "line 1, column 1: the number is beyond the doubles"),
    ("0x10", "line 1, column 2: something stands after the end of the value"),
    ("\"a", "line 1, column 3: the text ends inside quotes"),
    ("\"a\\", "line 1, column 4: the text ends inside quotes"),
    ("\"\\x\"", "line 1, column 2: no escape starts like this"),
    ("\"\\u12g4\"", "line 1, column 6: four hexadecimal digits are needed after \\u"),
    ("\"\\ud800\"", "line 1, column 2: half of a surrogate pair stands alone"),
    ("\"\\udc00\"", "line 1, column 2: half of a surrogate pair stands alone"),
    ("\"\\ud800\\u0041\"", "line 1, column 2: half of a surrogate pair stands alone"),
    ("\"a\nb\"", "line 1, column 3: a control character stands in a text; write it as \\u"),
  ]

  @Test("that are wrong are refused at the place of the fault", .tags(.unit), arguments: faults)
  func refusal(_ text: String, _ fault: String) {
    let error = #expect(throws: JSONFault.self) { try JSONValue(reading: text) }
    #expect(error?.description == fault)
  }

  @Test("of bytes that are no UTF-8 are refused", .tags(.unit))
  func notUTF8() {
    let quote = UInt8(ascii: "\"")
    for bytes: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]] {
      let error = #expect(throws: JSONFault.self) {
        try JSONValue(reading: [quote] + bytes + [quote])
      }
      #expect(error?.description == "line 1, column 2: the text is not UTF-8")
    }
  }

  @Test("may be as deep as is said, and no deeper", .tags(.unit))
  func depth() throws {
    func nested(_ depth: Int, _ open: String, _ close: String) -> String {
      String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
    }
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
      _ = try JSONValue(reading: nested(JSONValue.deepest, open, close))
      let error = #expect(throws: JSONFault.self) {
        try JSONValue(reading: nested(1_000_000, open, close))
      }
      #expect(error?.message == "lists and objects lie more than 64 deep")
    }
  }

  @Test("cut off or changed at any byte are read or refused, never worse", .tags(.property))
  func mutations() throws {
    var generator = SeededGenerator(state: 9)
    let text =
      Array(Self.random(&generator, depth: 4).rendered.utf8) + Array("[{\"a\":\"é\"}]".utf8)
    var read = 0
    for _ in 0..<5000 {
      var bytes = Array(text.prefix(Int.random(in: 0...text.count, using: &generator)))
      for _ in 0..<3 where !bytes.isEmpty {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8(
          truncatingIfNeeded: generator.next())
      }
      guard let value = try? JSONValue(reading: bytes) else { continue }
      read += 1
      #expect(try JSONValue(reading: value.rendered).rendered == value.rendered)
    }
    #expect(read < 5000)
  }
}

/// Reads the JSON header of a safetensors file: just the JSON that such a header may have.
struct SafetensorsHeader {
  /// What the header says of one tensor.
  struct Entry {
    var name: String
    var type: String
    var shape: [Int]
    var offsets: (Int, Int)

    /// The count of bytes, if type, shape and offsets agree.
    func checkedSize() throws(SafetensorsFault) -> Int {
      guard type == "F64" else { throw .type(name: name, found: type) }
      var size = 8
      var isTooLarge = false
      for extent in shape {
        let (product, overflow) = size.multipliedReportingOverflow(by: extent)
        size = product
        isTooLarge = isTooLarge || overflow
      }
      guard !isTooLarge, offsets.0 <= offsets.1, offsets.1 - offsets.0 == size else {
        throw .size(name: name, shape: shape, offsets: [offsets.0, offsets.1])
      }
      return size
    }
  }

  private(set) var entries: [Entry] = []
  private(set) var metadata: [String: String] = [:]
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads everything; only spaces may follow.
  mutating func read() throws(SafetensorsFault) {
    guard bytes.first == UInt8(ascii: "{") else { throw .syntax(offset: 0, expected: "{") }
    try members { reader, name throws(SafetensorsFault) in
      if name == "__metadata__" {
        try reader.readMetadata()
      } else {
        try reader.readEntry(name)
      }
    }
    skipSpace()
    guard at == bytes.count else { throw .syntax(offset: at, expected: "the end") }
  }

  private mutating func readMetadata() throws(SafetensorsFault) {
    try members { reader, key throws(SafetensorsFault) in
      reader.metadata[key] = try reader.string()
    }
  }

  private mutating func readEntry(_ name: String) throws(SafetensorsFault) {
    var (type, shape, offsets) = (String?.none, [Int]?.none, [Int]?.none)
    try members { reader, key throws(SafetensorsFault) in
      switch key {
      case "dtype": type = try reader.string()
      case "shape": shape = try reader.integers()
      case "data_offsets": offsets = try reader.integers()
      default: throw .syntax(offset: reader.at, expected: "dtype, shape or data_offsets before")
      }
    }
    guard let type else { throw .incomplete(name: name, key: "dtype") }
    guard let shape else { throw .incomplete(name: name, key: "shape") }
    guard let offsets, offsets.count == 2 else {
      throw .incomplete(name: name, key: "data_offsets of two numbers")
    }
    entries.append(Entry(name: name, type: type, shape: shape, offsets: (offsets[0], offsets[1])))
  }
}

// The grammar.
extension SafetensorsHeader {
  /// Reads `{"key": value, ...}`; `visit` reads the value.
  private mutating func members(
    _ visit: (inout Self, String) throws(SafetensorsFault) -> Void
  ) throws(SafetensorsFault) {
    var keys: Set<String> = []
    try expect("{")
    if accept("}") { return }
    repeat {
      let key = try string()
      guard keys.insert(key).inserted else { throw .duplicate(name: key) }
      try expect(":")
      try visit(&self, key)
    } while accept(",")
    try expect("}")
  }

  private mutating func integers() throws(SafetensorsFault) -> [Int] {
    var numbers: [Int] = []
    try expect("[")
    if accept("]") { return numbers }
    repeat { numbers.append(try integer()) } while accept(",")
    try expect("]")
    return numbers
  }

  private mutating func integer() throws(SafetensorsFault) -> Int {
    skipSpace()
    let start = at
    while at < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[at] { at += 1 }
    guard let number = Int(String(decoding: bytes[start..<at], as: UTF8.self)) else {
      throw .syntax(offset: start, expected: "a count")
    }
    return number
  }

  private mutating func string() throws(SafetensorsFault) -> String {
    try expect("\"")
    let start = at
    var text: [UInt8] = []
    while true {
      guard let byte = next() else { throw .syntax(offset: at, expected: "the end of a string") }
      if byte == UInt8(ascii: "\"") { break }
      guard byte >= 0x20 else { throw .syntax(offset: at - 1, expected: "no control character") }
      if byte == UInt8(ascii: "\\") {
        text += try Array(String(escape()).utf8)
      } else {
        text.append(byte)
      }
    }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw .syntax(offset: start, expected: "UTF-8")
    }
    return string
  }

  private mutating func escape() throws(SafetensorsFault) -> Unicode.Scalar {
    switch next() {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw .syntax(offset: at - 1, expected: "an escape")
    }
    let first = try unit()
    // A character beyond the first 65536 is a pair.
    if 0xD800..<0xDC00 ~= first, next() == UInt8(ascii: "\\"), next() == UInt8(ascii: "u") {
      let second = try unit()
      if 0xDC00..<0xE000 ~= second,
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return scalar
      }
    }
    guard let scalar = Unicode.Scalar(first) else {
      throw .syntax(offset: at, expected: "a whole character")
    }
    return scalar
  }

  private mutating func unit() throws(SafetensorsFault) -> UInt32 {
    guard at + 4 <= bytes.count,
      let unit = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
    else { throw .syntax(offset: at, expected: "four hexadecimal digits") }
    at += 4
    return unit
  }

  private mutating func next() -> UInt8? {
    guard at < bytes.count else { return nil }
    at += 1
    return bytes[at - 1]
  }

  private mutating func skipSpace() {
    while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(SafetensorsFault) {
    guard accept(character) else { throw .syntax(offset: at, expected: "\(character)") }
  }
}

/// The request line and the headers of one request, read strictly.
///
/// RFC 9112 lets a server be lenient in many places; this one has no reason to be: browsers and
/// `curl` write none of what is refused here.
struct RequestHead: Sendable, Equatable {
  /// Most bytes of a head, the empty line at its end included.
  static let limit = 16_384
  /// Most bytes of a target.
  static let targetLimit = 4_096
  /// Most header fields.
  static let fieldLimit = 64
  /// Most bytes of a body.
  static let bodyLimit = 1 << 20

  var method: String
  /// The path and the query as sent, `/…`.
  var target: String
  /// Names in lower case; each stands once.
  var fields: [String: String]
  /// How many bytes of a body follow.
  var bodySize = 0

  /// Reads a head whose bytes end with the empty line.
  ///
  /// - Throws: a ``Refusal`` with what is wrong.
  init(_ bytes: ArraySlice<UInt8>) throws(Refusal) {
    var lines = try RequestHead.lines(bytes)
    guard !lines.isEmpty else { throw Refusal(400, "the request is empty") }
    (method, target) = try RequestHead.requestLine(lines.removeFirst())
    fields = [:]
    guard lines.count <= RequestHead.fieldLimit else {
      throw Refusal(431, "the request has more than \(RequestHead.fieldLimit) headers")
    }
    for line in lines {
      let (name, value) = try RequestHead.field(line)
      // Some clients repeat `Accept` and the like; what this server reads must stand once.
      if fields.updateValue(value, forKey: name) != nil {
        throw Refusal(400, "the header '\(name)' stands twice")
      }
    }
    bodySize = try readBodySize()
  }

  /// Where the head ends, its empty line included; nil while that has not come.
  static func end(in bytes: [UInt8], from start: Int) -> Int? {
    guard bytes.count >= 4 else { return nil }
    for index in max(start - 3, 0)...(bytes.count - 4)
    where bytes[index] == cr && bytes[index + 1] == lf && bytes[index + 2] == cr
      && bytes[index + 3] == lf
    {
      return index + 4
    }
    return nil
  }

  // MARK: Parts

  /// The lines without their ends; the empty line at the end is left out.
  private static func lines(_ bytes: ArraySlice<UInt8>) throws(Refusal) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = bytes.startIndex
    for index in bytes.indices {
      let byte = bytes[index]
      if byte == cr {
        guard index + 1 < bytes.endIndex, bytes[index + 1] == lf else {
          throw Refusal(400, "a carriage return stands alone in the head")
        }
      } else if byte == lf {
        guard index > start, bytes[index - 1] == cr else {
          throw Refusal(400, "a line feed stands alone in the head")
        }
        if index - 1 > start { lines.append(bytes[start..<index - 1]) }
        start = index + 1
      }
    }
    return lines
  }

  private static func requestLine(_ line: ArraySlice<UInt8>) throws(Refusal) -> (String, String) {
    let parts = line.split(separator: space, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(isTokenByte) else {
      throw Refusal(400, "the request line is not 'METHOD /path HTTP/1.1'")
    }
    let version = text(parts[2])
    guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
      throw Refusal(400, "only HTTP/1.1 is spoken here")
    }
    guard parts[1].count <= targetLimit else { throw Refusal(414, "the address is too long") }
    try checkTarget(parts[1])
    return (text(parts[0]), text(parts[1]))
  }

  /// What FlyingFox would take for another address, or for none, does not reach it.
  private static func checkTarget(_ target: ArraySlice<UInt8>) throws(Refusal) {
    guard target.first == slash, target.allSatisfy(isTargetByte) else {
      throw Refusal(400, "the address is not a path of the characters that addresses have")
    }
    let path = target.prefix { $0 != question }
    guard !path.indices.dropLast().contains(where: { path[$0] == slash && path[$0 + 1] == slash })
    else { throw Refusal(400, "the address has an empty part") }
    var decoded: [UInt8] = []
    var index = target.startIndex
    while index < target.endIndex {
      if target[index] == percent {
        guard index + 2 < target.endIndex,
          let code = UInt8(text(target[index + 1...index + 2]), radix: 16), code >= space,
          code != 0x7F, target[index + 1] != plus
        else { throw Refusal(400, "the address has an escape that stands for no character") }
        decoded.append(code)
        index += 3
      } else {
        decoded.append(target[index])
        index += 1
      }
    }
    guard String(validating: decoded, as: UTF8.self) != nil else {
      throw Refusal(400, "the address is not UTF-8")
    }
  }

  private static func field(_ line: ArraySlice<UInt8>) throws(Refusal) -> (String, String) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy(isTokenByte)
    else { throw Refusal(400, "a header is not 'Name: value'") }
    let value = line[(colon + 1)...]
    guard value.allSatisfy({ $0 >= space && $0 < 0x7F || $0 == tab }) else {
      throw Refusal(400, "a header holds characters other than visible ASCII")
    }
    let isBlank = { (byte: UInt8) in byte == space || byte == tab }
    let trimmed = value.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
    return (text(line[..<colon]).lowercased(), text(trimmed))
  }

  private func readBodySize() throws(Refusal) -> Int {
    if fields["transfer-encoding"] != nil {
      throw Refusal(411, "bodies in chunks are not taken; send Content-Length")
    }
    if fields["expect"] != nil { throw Refusal(417, "'Expect' is not answered; leave it out") }
    guard let written = fields["content-length"] else { return 0 }
    guard !written.isEmpty, written.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
      throw Refusal(400, "Content-Length is not a whole number")
    }
    // Too many digits for an integer are too large, too.
    guard let size = Int(written), size <= RequestHead.bodyLimit else {
      throw Refusal(413, "the body is larger than 1 MiB; a problem file is never larger")
    }
    return size
  }

  /// A byte that names may hold (RFC 9110, `tchar`).
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: tokenMarks.contains(byte)
    }
  }

  /// A byte that a path or a query may hold (RFC 3986).
  private static func isTargetByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: targetMarks.contains(byte)
    }
  }

  private static let targetMarks = Set("-._~!$&'()*+,;=:@/?%".utf8)
  private static let tokenMarks = Set("!#$%&'*+-.^_`|~".utf8)

  private static func text(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}

private let cr = UInt8(ascii: "\r")
private let lf = UInt8(ascii: "\n")
private let space = UInt8(ascii: " ")
private let tab = UInt8(ascii: "\t")
private let slash = UInt8(ascii: "/")
private let question = UInt8(ascii: "?")
private let percent = UInt8(ascii: "%")
private let plus = UInt8(ascii: "+")

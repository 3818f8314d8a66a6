import Glibc

/// A text that faults are placed in: a file's bytes, or one `--set path=value` override.
public final class SourceText: Sendable {
  /// What stands before the line number in a message: a path, or `--set path=value`.
  public let name: String
  /// UTF-8, without a byte order mark.
  public let bytes: [UInt8]
  /// False for an override, whose message carries no line number.
  public let isFile: Bool
  /// Faults are listed in this order: the file first, then overrides as they were given.
  let rank: Int
  private let lineStarts: [Int]

  /// Keeps the bytes (less a byte order mark) and finds their lines.
  public init(name: String, bytes: [UInt8], isFile: Bool = true, rank: Int = 0) {
    self.name = name
    self.rank = rank
    self.isFile = isFile
    self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    var starts = [0]
    for (index, byte) in self.bytes.enumerated() {
      let next = index + 1 < self.bytes.count ? self.bytes[index + 1] : 0
      if byte == Byte.newline || (byte == Byte.carriageReturn && next != Byte.newline) {
        starts.append(index + 1)
      }
    }
    lineStarts = starts
  }

  /// Number of lines.
  var lineCount: Int { lineStarts.count }

  /// Offset of the first byte of a line, counted from 1; the text's end for a line after the last.
  func start(ofLine line: Int) -> Int {
    line - 1 < lineStarts.count ? lineStarts[max(line - 1, 0)] : bytes.count
  }

  /// Line (from 1) that holds the byte at `offset`.
  func line(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// Bytes of a line, without its line end.
  func bytes(ofLine line: Int) -> ArraySlice<UInt8> {
    let first = start(ofLine: line)
    var last = start(ofLine: line + 1)
    while last > first, bytes[last - 1] == Byte.newline || bytes[last - 1] == Byte.carriageReturn {
      last -= 1
    }
    return bytes[first..<last]
  }

  /// Offset of a character: `line` from 1, `column` from 1 in Unicode scalars.
  ///
  /// - Parameter near: a known (column, offset) earlier in the same line, to walk from.
  func offset(line: Int, column: Int, near: (column: Int, offset: Int)? = nil) -> Int {
    var (at, offset) = near ?? (1, start(ofLine: line))
    while at < column, offset < bytes.count {
      offset += 1
      while offset < bytes.count, Byte.isContinuation(bytes[offset]) { offset += 1 }
      at += 1
    }
    return offset
  }

  /// Number of Unicode scalars in a run of bytes.
  func scalars(in range: Range<Int>) -> Int {
    bytes[range.clamped(to: 0..<bytes.count)].lazy.filter { !Byte.isContinuation($0) }.count
  }
}

/// The characters that the readers look for, as UTF-8 code units.
enum Byte {
  static let tab = UInt8(ascii: "\t")
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let quote = UInt8(ascii: "\"")
  static let apostrophe = UInt8(ascii: "'")
  static let backslash = UInt8(ascii: "\\")
  static let hash = UInt8(ascii: "#")
  static let comma = UInt8(ascii: ",")
  static let colon = UInt8(ascii: ":")

  static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
  static func isBreak(_ byte: UInt8) -> Bool { byte == newline || byte == carriageReturn }
  static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }
}

/// The problem file cannot be opened or read: not a fault in the file (exit code 3).
public struct ProblemUnreadable: Error, Sendable, Equatable, CustomStringConvertible {
  /// The path as it was given.
  public let path: String
  /// The system's reason, such as "No such file or directory".
  public let reason: String

  /// Says what could not be read, and why.
  public var description: String { "\(path): cannot be read: \(reason); check the path" }
}

extension SourceText {
  /// Reads a whole file, at most `limit` bytes of it plus one (so that a longer one is noticed).
  ///
  /// - Throws: ``ProblemUnreadable`` with the system's reason.
  static func contents(of path: String, limit: Int = .max - 1) throws(ProblemUnreadable) -> [UInt8]
  {
    var status = stat()
    guard stat(path, &status) == 0 else { throw unreadable(path, errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw unreadable(path, EISDIR) }
    guard limit < .max - 1 || status.st_mode & S_IFMT == S_IFREG else {
      throw ProblemUnreadable(path: path, reason: "Not a regular file")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(path, errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(Int(status.st_size), limit) + 1)
    var failure: Int32 = 0
    while bytes.count <= limit {
      let chunk = [UInt8](unsafeUninitializedCapacity: min(1 << 20, limit + 1 - bytes.count)) {
        buffer, count in
        let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        failure = got < 0 ? errno : 0
        count = max(got, 0)
      }
      guard failure == 0 else { throw unreadable(path, failure) }
      if chunk.isEmpty { break }
      bytes += chunk
    }
    return bytes
  }

  private static func unreadable(_ path: String, _ code: Int32) -> ProblemUnreadable {
    ProblemUnreadable(path: path, reason: String(cString: strerror(code)))
  }
}

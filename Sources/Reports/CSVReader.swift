import Glibc

/// Reads a table that ``CSVWriter`` wrote, row by row (RFC 4180).
///
/// Not `Sendable` on purpose: one task uses it at a time.
public final class CSVReader {
  /// The path that was given.
  public let path: String
  /// The names in the first row.
  public private(set) var columns: [String] = []

  private let file: UnsafeMutablePointer<FILE>
  private var line: UnsafeMutablePointer<CChar>?
  private var capacity = 0
  /// The fields of the row, each with a zero behind it.
  private var bytes: [CChar] = []
  private var starts: [Int] = []

  /// Opens a table and reads the names of its columns.
  ///
  /// - Throws: `ReportError.cannotRead`.
  public init(_ path: String) throws(ReportError) {
    guard let file = fopen(path, "re") else { throw .cannotRead(path: path, code: errno) }
    self.path = path
    self.file = file
    if try next() { columns = (0..<count).map(text) }
  }

  deinit {
    fclose(file)
    free(line)
  }

  /// How many fields the row has.
  public var count: Int { starts.count }

  /// Goes to the next row.
  ///
  /// - Returns: false after the last one.
  /// - Throws: `ReportError.cannotRead`.
  public func next() throws(ReportError) -> Bool {
    bytes.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
    var isQuoted = false
    repeat {
      let length = getline(&line, &capacity, file)
      guard length > 0, let line else {
        if ferror(file) != 0 { throw .cannotRead(path: path, code: errno) }
        return false
      }
      isQuoted = append(UnsafeBufferPointer(start: line, count: length), isQuoted)
    } while isQuoted
    bytes.append(0)
    return true
  }

  /// Splits a line into fields; says whether it ends inside quotes.
  private func append(_ line: UnsafeBufferPointer<CChar>, _ wasQuoted: Bool) -> Bool {
    var (isQuoted, isAfterQuote) = (wasQuoted, false)
    for byte in line {
      if byte == quote {
        // A second quote right after one that ended a field is a quote of the text.
        if isAfterQuote { bytes.append(byte) }
        isAfterQuote = isQuoted
        isQuoted.toggle()
        continue
      }
      isAfterQuote = false
      if isQuoted {
        bytes.append(byte)
      } else if byte == comma {
        bytes.append(0)
        starts.append(bytes.count)
      } else if byte != lineFeed {
        bytes.append(byte)
      }
    }
    return isQuoted
  }

  /// Whether nothing stands in a field: the value is missing.
  public func isMissing(_ field: Int) -> Bool { bytes[starts[field]] == 0 }

  /// The number in a field: NaN for a missing one, nil for a text.
  ///
  /// - Cost: some 50 ns.
  public func number(_ field: Int) -> Double? {
    if isMissing(field) { return .nan }
    return bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress.map({ $0 + starts[field] }) else { return nil }
      var end: UnsafeMutablePointer<CChar>?
      let number = strtod(start, &end)
      return end?.pointee == 0 ? number : nil
    }
  }

  /// How many bytes a field has, without quotes.
  func byteCount(_ field: Int) -> Int {
    (field + 1 < starts.count ? starts[field + 1] : bytes.count) - 1 - starts[field]
  }

  /// The text of a field.
  public func text(_ field: Int) -> String {
    let end = starts[field] + byteCount(field)
    return String(decoding: bytes[starts[field]..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

private let comma = CChar(bitPattern: UInt8(ascii: ","))
private let quote = CChar(bitPattern: UInt8(ascii: "\""))
private let lineFeed = CChar(bitPattern: UInt8(ascii: "\n"))

import Numerics

/// Formats rows of a table into bytes: RFC 4180 with `.` as decimal point.
///
/// Lines end in a line feed alone, which every reader of CSV takes and Unix tools expect. Numbers
/// are written by ``NumberText``; a missing value is an empty field. A worker of an ensemble fills
/// rows of its own and hands them over whole (``CSVWriter/append(_:)``).
///
/// Not `Sendable` on purpose: one task uses it at a time.
public final class CSVRows {
  /// How many fields a row has.
  public let columns: Int
  /// How many bytes stand in the buffer.
  public private(set) var byteCount = 0
  private var field = 0
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int

  /// Makes an empty buffer for rows of `columns` fields.
  public init(columns: Int) {
    precondition(columns > 0, "a table of \(columns) columns")
    self.columns = columns
    capacity = 4096
    start = .allocate(capacity: capacity)
  }

  deinit { start.deallocate() }

  /// Appends one number as the next field.
  @inline(__always)
  public func append(_ number: Double) {
    beginField(room: NumberText.longest)
    byteCount += NumberText.write(number, to: start + byteCount)
  }

  /// Appends several numbers as the next fields.
  public func append(_ numbers: Vector) {
    for index in 0..<numbers.count { append(numbers[index]) }
  }

  /// Appends several numbers as the next fields.
  public func append(_ numbers: [Double]) {
    for number in numbers { append(number) }
  }

  /// Appends a text as the next field, quoted where RFC 4180 asks for it.
  public func append(_ text: String) {
    let bytes = Array(text.utf8)
    let isQuoted = bytes.contains { $0 == comma || $0 == quote || $0 == lineFeed || $0 == 0x0D }
    beginField(room: 2 * bytes.count + 2)
    if isQuoted { put(quote) }
    for byte in bytes {
      if byte == quote { put(quote) }
      put(byte)
    }
    if isQuoted { put(quote) }
  }

  /// Appends an empty field: a value that is missing.
  public func appendMissing() { beginField(room: 0) }

  /// Ends the row.
  ///
  /// - Precondition: it has ``columns`` fields.
  public func endRow() {
    precondition(field == columns, "a row of \(field) fields in a table of \(columns) columns")
    makeRoom(1)
    put(lineFeed)
    field = 0
  }

  /// Takes all rows out and keeps the memory.
  public func removeAll() {
    precondition(field == 0, "a row is not ended")
    byteCount = 0
  }

  /// Appends the rows of another buffer.
  func append(rows: CSVRows) {
    precondition(rows.columns == columns, "rows of \(rows.columns) fields to \(columns) columns")
    precondition(rows.field == 0 && field == 0, "a row is not ended")
    makeRoom(rows.byteCount)
    (start + byteCount).update(from: rows.start, count: rows.byteCount)
    byteCount += rows.byteCount
  }

  /// The whole rows so far as a text, each with its line feed.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The bytes of the whole rows so far.
  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: start, count: byteCount)
  }

  /// How many of the first `count` bytes belong to whole rows.
  func wholeRows(within count: Int) -> Int {
    var isInQuotes = false
    var end = 0
    for index in 0..<count {
      if start[index] == quote { isInQuotes.toggle() }
      if start[index] == lineFeed, !isInQuotes { end = index + 1 }
    }
    return end
  }

  @inline(__always)
  private func beginField(room: Int) {
    makeRoom(room + 1)
    if field > 0 { put(comma) }
    field += 1
  }

  @inline(__always)
  private func put(_ byte: UInt8) {
    start[byteCount] = byte
    byteCount += 1
  }

  @inline(__always)
  private func makeRoom(_ room: Int) {
    if byteCount + room > capacity { grow(to: byteCount + room) }
  }

  private func grow(to need: Int) {
    capacity = max(2 * capacity, need)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: start, count: byteCount)
    start.deallocate()
    start = larger
  }
}

private let comma = UInt8(ascii: ",")
private let quote = UInt8(ascii: "\"")
private let lineFeed = UInt8(ascii: "\n")

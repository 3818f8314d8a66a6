import Glibc

/// Reads a table row by row (RFC 4180), in memory that does not grow with it.
///
/// A last row that has no line end, as in a table that is still being written, is left out.
///
/// Not `Sendable` on purpose: one task uses it at a time.
public final class CSVReader {
  /// The path that was given.
  public let path: String
  /// The names in the first row.
  public private(set) var columns: [String] = []

  private let file: UnsafeMutablePointer<FILE>
  /// The row as it was read, each field with a zero behind it.
  private var row: UnsafeMutablePointer<CChar>?
  private var capacity = 0
  private var fields: [Range<Int>] = []

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
    free(row)
  }

  /// Where the next row starts, bytes from the start of the file.
  public var place: Int { max(ftell(file), 0) }

  /// How long the file is at present, bytes.
  public var size: Int {
    var status = stat()
    return fstat(fileno(file), &status) == 0 ? Int(status.st_size) : 0
  }

  /// Goes to a place: the start of a row, for what is left of a row is taken for one.
  ///
  /// Rows that were added to the file since are then seen.
  public func go(to place: Int) { fseek(file, place, SEEK_SET) }

  /// How many fields the row has.
  public var count: Int { fields.count }

  /// Visits all rows below the header that have as many fields, from the first on, until `visit` says
  /// false.
  ///
  /// - Throws: `ReportError.cannotRead`.
  public func visit(_ visit: (CSVReader) -> Bool) throws(ReportError) {
    rewind(file)
    _ = try next()
    while try next() {
      if count == columns.count, !visit(self) { return }
    }
  }

  /// Goes to the next row.
  ///
  /// - Returns: false after the last one.
  /// - Throws: `ReportError.cannotRead`.
  public func next() throws(ReportError) -> Bool {
    fields.removeAll(keepingCapacity: true)
    guard let length = try readRow(), let row else { return false }
    if memchr(row, Int32(quote), length) == nil {
      splitPlain(row, length)
    } else {
      splitQuoted(row, length)
    }
    return true
  }

  /// Reads a row with its line ends, of which one may stand inside quotes.
  ///
  /// - Returns: how many bytes before the last line feed; nil where there is no whole row.
  private func readRow() throws(ReportError) -> Int? {
    var length = try readLine(&row, &capacity)
    var isOpen = hasOddQuotes(row, length)
    var more: UnsafeMutablePointer<CChar>?
    var room = 0
    defer { free(more) }
    while isOpen {
      let count = try readLine(&more, &room)
      guard count > 0, let more, let longer = makeRoom(length + count + 1) else { return nil }
      memcpy(longer + length, more, count + 1)
      length += count
      isOpen = !hasOddQuotes(more, count)
    }
    guard length > 0, row?[length - 1] == lineFeed else { return nil }
    return length - 1
  }

  private func readLine(
    _ line: inout UnsafeMutablePointer<CChar>?, _ capacity: inout Int
  ) throws(ReportError) -> Int {
    let length = getline(&line, &capacity, file)
    if length < 0, ferror(file) != 0 { throw .cannotRead(path: path, code: errno) }
    return max(length, 0)
  }

  /// The row's memory, made larger where it has to be; nil where there is none.
  private func makeRoom(_ count: Int) -> UnsafeMutablePointer<CChar>? {
    if count <= capacity { return row }
    guard let larger = realloc(row, 2 * count) else { return nil }
    row = larger.assumingMemoryBound(to: CChar.self)
    capacity = 2 * count
    return row
  }

  /// Whether quotes are opened or closed in a line.
  private func hasOddQuotes(_ line: UnsafePointer<CChar>?, _ length: Int) -> Bool {
    guard let line, length > 0, memchr(line, Int32(quote), length) != nil else { return false }
    return !(0..<length).count { line[$0] == quote }.isMultiple(of: 2)
  }

  /// Splits a row without quotes.
  private func splitPlain(_ row: UnsafeMutablePointer<CChar>, _ length: Int) {
    let end = length > 0 && row[length - 1] == carriageReturn ? length - 1 : length
    var start = 0
    for index in 0..<end where row[index] == comma {
      row[index] = 0
      fields.append(start..<index)
      start = index + 1
    }
    row[end] = 0
    fields.append(start..<end)
  }

  /// Splits a row with quotes, and takes away those that stand around fields or before quotes.
  private func splitQuoted(_ row: UnsafeMutablePointer<CChar>, _ length: Int) {
    var (isQuoted, isAfterQuote) = (false, false)
    var (start, end) = (0, 0)
    func put(_ byte: CChar) {
      row[end] = byte
      end += 1
    }
    func endField() {
      fields.append(start..<end)
      put(0)
      start = end
    }
    for index in 0..<length {
      let byte = row[index]
      if byte == quote {
        // A second quote right after one that ended a field is a quote of the text.
        if isAfterQuote { put(byte) }
        isAfterQuote = isQuoted
        isQuoted.toggle()
        continue
      }
      isAfterQuote = false
      if byte == comma, !isQuoted {
        endField()
      } else if byte != carriageReturn || isQuoted || index < length - 1 {
        put(byte)
      }
    }
    endField()
  }

  /// Whether nothing stands in a field: the value is missing.
  public func isMissing(_ field: Int) -> Bool { fields[field].isEmpty }

  /// The number in a field: NaN for a missing one, nil for a text.
  ///
  /// - Cost: some 50 ns.
  public func number(_ field: Int) -> Double? {
    guard let row, !isMissing(field) else { return .nan }
    var end: UnsafeMutablePointer<CChar>?
    let number = strtod(row + fields[field].lowerBound, &end)
    return end == row + fields[field].upperBound ? number : nil
  }

  /// The number in a field; NaN for a missing one and for a text.
  public func value(_ field: Int) -> Double { number(field) ?? .nan }

  /// How many bytes a field has, without quotes.
  func byteCount(_ field: Int) -> Int { fields[field].count }

  /// The text of a field.
  public func text(_ field: Int) -> String {
    let range = fields[field]
    let bytes = UnsafeRawBufferPointer(start: row.map { $0 + range.lowerBound }, count: range.count)
    return String(decoding: bytes, as: UTF8.self)
  }
}

private let comma = CChar(bitPattern: UInt8(ascii: ","))
private let quote = CChar(bitPattern: UInt8(ascii: "\""))
private let lineFeed = CChar(bitPattern: UInt8(ascii: "\n"))
private let carriageReturn = CChar(bitPattern: UInt8(ascii: "\r"))

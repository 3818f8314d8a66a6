import Glibc
import Numerics

/// Streams a table into a file that appears under its name only when it is finished.
///
/// Rows go to `<path>.partial` in blocks of 64 KB. When a write fails (a full disk, a size limit)
/// the file is cut off after the last whole row, so that ``finish()`` can still keep what was
/// written; without ``finish()`` nothing stays behind.
///
/// Not `Sendable` on purpose: one task uses it at a time.
public final class CSVWriter {
  private let rows: CSVRows
  private let file: OutputFile
  private var hasFailed = false

  /// Opens the table and writes its header.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public init(_ path: String, columns: [String]) throws(ReportError) {
    rows = CSVRows(columns: columns.count)
    file = try OutputFile(path)
    for column in columns { rows.append(column) }
    rows.endRow()
  }

  /// The name that the file gets in the end.
  public var path: String { file.path }

  /// Appends one number as the next field of the row.
  @inline(__always)
  public func append(_ number: Double) { rows.append(number) }

  /// Appends several numbers as the next fields of the row.
  public func append(_ numbers: Vector) { rows.append(numbers) }

  /// Appends several numbers as the next fields of the row.
  public func append(_ numbers: [Double]) { rows.append(numbers) }

  /// Appends a text as the next field of the row.
  public func append(_ text: String) { rows.append(text) }

  /// Appends an empty field: a value that is missing.
  public func appendMissing() { rows.appendMissing() }

  /// Ends the row.
  ///
  /// - Precondition: it has as many fields as the header.
  /// - Throws: `ReportError.cannotWrite`.
  public func endRow() throws(ReportError) {
    rows.endRow()
    if rows.byteCount >= blockSize { try flush() }
  }

  /// Appends whole rows that a worker formatted.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public func append(_ block: CSVRows) throws(ReportError) {
    rows.append(rows: block)
    if rows.byteCount >= blockSize { try flush() }
  }

  /// Appends the rows of a table that was written before with the same columns.
  ///
  /// - Parameter limit: how many rows from the first on; nil for all. With a limit, no field may hold
  ///   a line feed.
  /// - Throws: `ReportError.cannotRead` or `cannotWrite`. Cost: one buffer of 64 KB.
  public func appendRows(ofTable path: String, limit: Int? = nil) throws(ReportError) {
    try flush()
    var left = limit ?? .max
    if left == 0 { return }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path: path, code: errno) }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: blockSize)
    var isHeader = true
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count >= 0 else { throw .cannotRead(path: path, code: errno) }
      if count == 0 { return }
      var part = buffer[..<count]
      if isHeader {
        guard let end = part.firstIndex(of: UInt8(ascii: "\n")) else { continue }
        part = part[(end + 1)...]
        isHeader = false
      }
      if limit != nil { part = Self.rows(part, &left) }
      try file.write(part)
      if left == 0 { return }
    }
  }

  /// The part up to the end of the last row that is wanted; `left` counts those that are.
  private static func rows(_ part: ArraySlice<UInt8>, _ left: inout Int) -> ArraySlice<UInt8> {
    for index in part.indices where part[index] == UInt8(ascii: "\n") {
      left -= 1
      if left == 0 { return part[...index] }
    }
    return part
  }

  /// Hands the rows so far to the system, so that someone who watches the file sees them.
  ///
  /// - Throws: `ReportError.cannotWrite`; the file then ends with its last whole row.
  public func flush() throws(ReportError) {
    precondition(!hasFailed, "\(path): rows after a failed write")
    let before = file.size
    do {
      try file.write(rows.bytes)
    } catch {
      hasFailed = true
      let whole = rows.wholeRows(within: file.size - before)
      try file.truncate(to: before + whole)
      throw error
    }
    rows.removeAll()
  }

  /// Writes what is left, closes the file and gives it its name.
  ///
  /// After a failed write this keeps the rows that did get into the file. When it is `finish()`
  /// itself that cannot write the last rows, it keeps those before them, and throws.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public func finish() throws(ReportError) {
    if !hasFailed {
      do {
        try flush()
      } catch {
        try file.finish()
        throw error
      }
    }
    try file.finish()
  }

  /// Closes and removes the unfinished file.
  public func abandon() { file.abandon() }
}

private let blockSize = 1 << 16

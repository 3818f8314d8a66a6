/// The text of a CSV file (RFC 4180: quoted fields, either line end, an optional byte order mark),
/// with its header read and its rows not yet.
struct TableText {
  /// The file as the user knows it, for messages.
  let name: String
  /// Column names, in order.
  let header: [String]
  /// The text, closed by a line end and a zero, so that a number is always followed by something.
  private let bytes: [UInt8]
  private let firstRow: Int
  private let firstRowLine: Int
  private let headerRanges: [Range<Int>]
  private(set) var rowStarts: [Int] = []
  private var rowLines: [Int] = []

  /// Faults reported for one file: the rest would say the same.
  static let faultLimit = 20

  /// Reads the header.
  init(name: String, bytes given: [UInt8]) {
    self.name = name
    var bytes = given.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(given.dropFirst(3)) : given
    bytes += [Byte.newline, 0]
    var at = 0
    var lines = 0
    var header: [String] = []
    var ranges: [Range<Int>] = []
    bytes.withUnsafeBufferPointer { text in
      at = Self.skipBlankLines(text, 0, &lines)
      while text[at] != 0 {
        let field = Self.field(text, at, &lines)
        header.append(Self.text(text, field.content))
        ranges.append(field.content)
        at = field.next
        if field.endsRow { break }
      }
    }
    self.bytes = bytes
    self.header = header
    headerRanges = ranges
    firstRow = at
    firstRowLine = lines + 1
  }

  /// Reads the rows.
  ///
  /// - Parameters:
  ///   - numeric: indices of the columns to read as numbers.
  ///   - blanks: those among them that may hold blanks (read as NaN).
  ///   - label: a column to read as text, if any.
  /// - Returns: one array for each numeric column, in the order given, and the labels.
  /// - Cost: one pass; rows are not kept as text.
  mutating func read(numeric: [Int], blanks: Set<Int> = [], label: Int? = nil, _ log: FaultLog)
    -> (values: [[Double]], labels: [String])
  {
    var slot = [Int](repeating: -1, count: header.count)
    for (index, column) in numeric.enumerated() { slot[column] = index }
    var reading = Reading(values: numeric.map { _ in [] }, labels: [])
    var lines = firstRowLine - 1
    var starts: [Int] = []
    var rowLines: [Int] = []
    let faultsBefore = log.errorCount
    bytes.withUnsafeBufferPointer { text in
      var at = Self.skipBlankLines(text, firstRow, &lines)
      while text[at] != 0, log.errorCount - faultsBefore < Self.faultLimit {
        starts.append(at)
        rowLines.append(lines + 1)
        at = row(text, at, &lines, slot, blanks, label, &reading, log)
        at = Self.skipBlankLines(text, at, &lines)
      }
    }
    rowStarts = starts
    self.rowLines = rowLines
    return (reading.values, reading.labels)
  }

  private struct Reading {
    var values: [[Double]]
    var labels: [String]
  }

  private func row(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ lines: inout Int, _ slot: [Int],
    _ blanks: Set<Int>, _ label: Int?, _ reading: inout Reading, _ log: FaultLog
  ) -> Int {
    let line = lines + 1
    var at = start
    var column = 0
    while true {
      let field = Self.field(text, at, &lines)
      if column < slot.count, slot[column] >= 0 {
        let value = DecimalText.value(text, field.content)
        if value == nil, field.content.isEmpty, blanks.contains(column) {
          reading.values[slot[column]].append(.nan)
        } else {
          if value == nil { reportBadNumber(text, field.content, start, line, column, log) }
          reading.values[slot[column]].append(value ?? .nan)
        }
      } else if column == label {
        reading.labels.append(Self.text(text, field.content))
      }
      column += 1
      at = field.next
      if field.endsRow { break }
    }
    if column != header.count {
      report(
        start..<at, line: line, rowStart: start,
        "this row has \(column) fields, the header has \(header.count)",
        "give every row one field a column", log)
      for index in column..<max(column, slot.count) where slot[index] >= 0 {
        reading.values[slot[index]].append(.nan)
      }
      if let label, label >= column { reading.labels.append("") }
    }
    return at
  }

  // MARK: Faults

  /// Reports a fault in a field of a row that was read.
  func report(row: Int, column: Int, _ message: String, _ remedy: String, _ log: FaultLog) {
    var lines = 0
    var at = rowStarts[row]
    var range = at..<at
    bytes.withUnsafeBufferPointer { text in
      for _ in 0...column {
        let field = Self.field(text, at, &lines)
        (range, at) = (field.content, field.next)
        if field.endsRow { break }
      }
    }
    report(range, line: rowLines[row], rowStart: rowStarts[row], message, remedy, log)
  }

  /// Reports a fault in the header: at a column, or at its start.
  func report(header column: Int?, _ message: String, _ remedy: String, _ log: FaultLog) {
    let first = headerRanges.first?.lowerBound ?? 0
    let range = column.map { headerRanges[$0] } ?? first..<first
    let lines = bytes[..<first].count { $0 == Byte.newline }
    report(range, line: lines + 1, rowStart: first, message, remedy, log)
  }

  private func report(
    _ range: Range<Int>, line: Int, rowStart: Int, _ message: String, _ remedy: String,
    _ log: FaultLog
  ) {
    guard log.hasRoom else { return }
    var end = rowStart
    while bytes[end] != 0, !Byte.isBreak(bytes[end]) { end += 1 }
    let scalars = { (range: Range<Int>) in
      range.count { !Byte.isContinuation(bytes[$0]) }
    }
    var diagnostic = Diagnostic(
      file: name, line: line, column: scalars(rowStart..<max(rowStart, range.lowerBound)) + 1,
      length: max(1, scalars(range.clamped(to: rowStart..<end))), message: message, remedy: remedy)
    diagnostic.show(bytes[rowStart..<end])
    log.add(diagnostic)
  }

  private func reportBadNumber(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ start: Int, _ line: Int,
    _ column: Int, _ log: FaultLog
  ) {
    let written = Self.text(text, range)
    report(
      range, line: line, rowStart: start,
      written.isEmpty
        ? "column '\(header[column])' is blank here"
        : "'\(written)' in column '\(header[column])' is not a finite number",
      "write a number such as 0.5 or 1e-3", log)
  }

  // MARK: Fields

  private typealias Field = (content: Range<Int>, next: Int, endsRow: Bool)

  private static func skipBlankLines(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ lines: inout Int
  ) -> Int {
    var at = start
    while Byte.isBreak(text[at]) {
      if text[at] == Byte.newline { lines += 1 }
      at += 1
    }
    return at
  }

  /// One field from `start` on: its content without quotes and outer blanks, and what follows.
  private static func field(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ lines: inout Int)
    -> Field
  {
    var first = start
    while Byte.isBlank(text[first]) { first += 1 }
    if text[first] == Byte.quote {
      first += 1
      var end = first
      while text[end] != 0, text[end] != Byte.quote || text[end + 1] == Byte.quote {
        if text[end] == Byte.newline { lines += 1 }
        end += text[end] == Byte.quote ? 2 : 1
      }
      return close(text, first..<end, end, &lines)
    }
    var end = first
    while text[end] != Byte.comma, !Byte.isBreak(text[end]), text[end] != 0 { end += 1 }
    let delimiter = end
    while end > first, Byte.isBlank(text[end - 1]) { end -= 1 }
    return close(text, first..<end, delimiter, &lines)
  }

  /// Goes from the end of a field's content over its delimiter.
  private static func close(
    _ text: UnsafeBufferPointer<UInt8>, _ content: Range<Int>, _ end: Int, _ lines: inout Int
  ) -> Field {
    var at = end
    while text[at] != Byte.comma, !Byte.isBreak(text[at]), text[at] != 0 { at += 1 }
    if text[at] == Byte.comma { return (content, at + 1, false) }
    if text[at] == Byte.carriageReturn, text[at + 1] == Byte.newline { at += 1 }
    if text[at] == Byte.newline { lines += 1 }
    return (content, text[at] == 0 ? at : at + 1, true)
  }

  private static func text(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> String {
    let raw = String(decoding: UnsafeBufferPointer(rebasing: text[range]), as: UTF8.self)
    return raw.contains("\"") ? raw.replacing("\"\"", with: "\"") : raw
  }
}

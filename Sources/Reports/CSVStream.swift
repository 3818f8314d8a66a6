import Glibc

/// Reads the rows of a table of a run one after the other, in memory that does not grow with it.
///
/// A number is what `strtod` takes; a blank, and any other text, is not a number. A last row that has
/// no line end, as in a table that is still being written, is left out.
public struct CSVStream {
  /// A row while it is visited.
  public struct Row {
    fileprivate let bytes: UnsafePointer<UInt8>
    fileprivate let ends: [Int]

    /// How many fields there are.
    public var count: Int { ends.count }

    /// The number in a field; NaN where there is none.
    public func number(_ index: Int) -> Double {
      let start = index == 0 ? 0 : ends[index - 1] + 1
      if start >= ends[index] { return .nan }
      return UnsafeRawPointer(bytes + start).withMemoryRebound(to: CChar.self, capacity: 1) {
        var end: UnsafeMutablePointer<CChar>?
        let number = strtod($0, &end)
        return end.map { UnsafePointer($0) } == $0 + (ends[index] - start) ? number : .nan
      }
    }

    /// The words in a field, without quotes around them.
    public func text(_ index: Int) -> String {
      let start = index == 0 ? 0 : ends[index - 1] + 1
      var field = Array(UnsafeBufferPointer(start: bytes + start, count: ends[index] - start))
      if field.count > 1, field.first == quote, field.last == quote {
        field = Array(field[1..<(field.count - 1)])
        var isSecond = false
        field = field.filter { byte in
          isSecond = byte == quote && !isSecond
          return byte != quote || isSecond
        }
      }
      return String(decoding: field, as: UTF8.self)
    }
  }

  /// The header, in order.
  public private(set) var columns: [String] = []
  private let path: String

  /// Reads the header.
  ///
  /// - Throws: `ReportError.cannotRead`.
  public init(_ path: String) throws(ReportError) {
    self.path = path
    var header: [String] = []
    try scan { row in
      header = (0..<row.count).map(row.text)
      return false
    }
    columns = header
  }

  /// Visits all rows below the header that have as many fields, until `visit` says false.
  ///
  /// - Throws: `ReportError.cannotRead`.
  public func visit(_ visit: (Row) -> Bool) throws(ReportError) {
    var isHeader = true
    try scan { row in
      defer { isHeader = false }
      return isHeader || row.count != columns.count || visit(row)
    }
  }

  private func scan(_ visit: (Row) -> Bool) throws(ReportError) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .cannotRead(path: path, code: errno) }
    defer { close(file) }
    // One more byte, always zero, ends the number at the end of the buffer.
    var buffer = [UInt8](repeating: 0, count: (1 << 18) + 1)
    var held = 0
    while true {
      if held == buffer.count - 1 { buffer += [UInt8](repeating: 0, count: buffer.count) }
      let room = buffer.count - 1 - held
      let count = buffer.withUnsafeMutableBytes {
        read(file, $0.baseAddress.map { $0 + held }, room)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotRead(path: path, code: errno)
      }
      if count == 0 { return }
      held += count
      buffer[held] = 0
      guard let rest = Self.rows(buffer, held, visit) else { return }
      buffer.withUnsafeMutableBytes { bytes in
        bytes.copyBytes(from: UnsafeRawBufferPointer(rebasing: bytes[rest..<held]))
      }
      held -= rest
    }
  }

  /// Visits the whole rows among the first bytes; where they end, nil once `visit` says false.
  private static func rows(_ buffer: [UInt8], _ held: Int, _ visit: (Row) -> Bool) -> Int? {
    buffer.withUnsafeBufferPointer { bytes -> Int? in
      guard let base = bytes.baseAddress else { return nil }
      var (start, isQuoted) = (0, false)
      var ends: [Int] = []
      for index in 0..<held {
        let byte = bytes[index]
        if byte == quote {
          isQuoted.toggle()
        } else if isQuoted {
          continue
        } else if byte == UInt8(ascii: ",") {
          ends.append(index - start)
        } else if byte == UInt8(ascii: "\n") {
          let isReturned = index > start && bytes[index - 1] == UInt8(ascii: "\r")
          ends.append(index - start - (isReturned ? 1 : 0))
          if !visit(Row(bytes: base + start, ends: ends)) { return nil }
          ends.removeAll(keepingCapacity: true)
          start = index + 1
        }
      }
      return start
    }
  }
}

private let quote = UInt8(ascii: "\"")

import Glibc

/// Rows of a table on the disk: enough to draw it, however long it is, or has become so far.
///
/// A table that is being written stands under its name with `.partial` added. Rows are lines: no
/// table of a run has a line feed inside a field, but in the header perhaps, where it is refused.
final class TableSample {
  private let descriptor: Int32
  /// The first line.
  let header: String
  /// Up to where rows were given.
  private var offset: Int

  /// Longest row that is read.
  private static let longestRow = 1 << 18

  /// Opens a table under its own or its temporary name.
  ///
  /// - Returns: nil where there is none yet, or not yet a header.
  init?(_ path: String) {
    var descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { descriptor = open(path + ".partial", O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { return nil }
    guard let line = TableSample.line(descriptor, after: 0) else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
    header = String(decoding: line.bytes, as: UTF8.self)
    offset = line.end
  }

  deinit { close(descriptor) }

  /// Rows up to the present end, evenly spaced, the last one among them.
  ///
  /// - Parameter limit: how many at most.
  /// - Cost: of a table above 1 MB some `limit` small reads, whatever its size.
  func rows(limit: Int) -> [String] {
    let size = TableSample.size(descriptor)
    if size - offset <= 1 << 20 { return TableSample.thinned(newRows(), to: limit) }
    var rows: [String] = []
    let (first, span) = (offset, size - offset)
    // The end of a row before the place asked for is where the row after it starts.
    var end = first
    for index in 0..<limit {
      let place = max(first + index * (span / limit), end)
      let start = index == 0 ? first : TableSample.line(descriptor, after: place)?.end
      guard let start, let row = TableSample.line(descriptor, after: start) else { break }
      rows.append(String(decoding: row.bytes, as: UTF8.self))
      end = row.end
    }
    offset = max(end, size - TableSample.longestRow)
    let tail = newRows()
    return rows + (tail.last.map { [$0] } ?? [])
  }

  /// The whole rows that came since the last call.
  func newRows() -> [String] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    // What comes faster than this in a quarter of a second is looked at in the next one.
    while bytes.count < 8 << 20 {
      let count = pread(descriptor, &chunk, chunk.count, offset + bytes.count)
      if count <= 0 { break }
      bytes += chunk[..<count]
    }
    guard let last = bytes.lastIndex(of: lineFeed) else { return [] }
    offset += last + 1
    return bytes[..<last].split(separator: lineFeed).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Rows evenly spaced, the last one among them.
  static func thinned(_ rows: [String], to limit: Int) -> [String] {
    guard rows.count > limit, limit > 1 else { return rows }
    return (0..<limit).map { rows[$0 * (rows.count - 1) / (limit - 1)] }
  }

  private static func size(_ descriptor: Int32) -> Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// The line that starts at a place, and where the next one starts; nil where it is not whole.
  private static func line(
    _ descriptor: Int32, after place: Int
  ) -> (bytes: [UInt8], end: Int)? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count < longestRow {
      let count = pread(descriptor, &chunk, chunk.count, place + bytes.count)
      if count <= 0 { return nil }
      if let feed = chunk[..<count].firstIndex(of: lineFeed) {
        bytes += chunk[..<feed]
        return (bytes, place + bytes.count + 1)
      }
      bytes += chunk[..<count]
    }
    return nil
  }
}

private let lineFeed = UInt8(ascii: "\n")

import Reports

/// The last row of a table that a run writes or has written, with the names of its columns.
struct LastRow {
  var columns: [String]
  var fields: [String]

  /// Reads the end of a table; while it is written it has the name with `.partial` added.
  ///
  /// - Returns: nil where there is no table, or no whole row in the last 64 KB of it.
  init?(ofTable path: String) {
    guard let part = FileBytes.ends(of: path) ?? FileBytes.ends(of: path + ".partial"),
      let columns = Self.lines(part.head).first
    else { return nil }
    // The row that is being written has no line feed yet.
    let rows = Self.lines(part.tail).filter { $0.count == columns.count }
    guard let row = rows.last, row != columns else { return nil }
    (self.columns, fields) = (columns, row)
  }

  /// The field of a column; nil where there is none, or nothing stands in it.
  subscript(_ column: String) -> String? {
    columns.firstIndex(of: column).map { fields[$0] }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The whole lines, each split into its fields.
  private static func lines(_ bytes: ArraySlice<UInt8>) -> [[String]] {
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")) ?? bytes.startIndex
    return bytes[..<end].split(separator: UInt8(ascii: "\n")).map { fields($0) }
  }

  /// The fields of a line of RFC 4180 that has no line feed inside.
  private static func fields(_ line: ArraySlice<UInt8>) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    for byte in line {
      switch byte {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted:
        fields.append(String(decoding: field, as: UTF8.self))
        field = []
      default: field.append(byte)
      }
    }
    return fields + [String(decoding: field, as: UTF8.self)]
  }
}

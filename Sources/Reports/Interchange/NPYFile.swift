/// Writes a table as NumPy's own file, so that `numpy.load` gives an array with named columns.
///
/// The array is structured: one row a record, numbers as little-endian doubles (`<f8`), a missing
/// value as NaN, a column of words as fixed-width text (`<U…`). It tells its columns by itself;
/// `numpy.lib.recfunctions.structured_to_unstructured` makes a plain matrix of it.
///
/// - Source: NumPy Enhancement Proposal 1, format versions 1.0, 2.0 (long headers) and 3.0 (names
///   beyond Latin-1).
public enum NPYFile {
  private static let block = 1 << 16
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// What the first reading of a table finds: the type of each column and the count of rows.
  private struct Shape {
    var rows = 0
    /// Of columns with a word in them, how many Unicode scalars the longest field has; 0 for those
    /// of numbers.
    var widths: [Int]

    init(_ reader: CSVReader) throws(ReportError) {
      widths = Array(repeating: 0, count: reader.columns.count)
      var longest = widths
      var isWord = widths.map { _ in false }
      while try reader.next() {
        rows += 1
        for column in widths.indices where column < reader.count {
          var length = reader.byteCount(column)
          if reader.number(column) == nil {
            isWord[column] = true
            length = reader.text(column).unicodeScalars.count
          }
          longest[column] = max(longest[column], length)
        }
      }
      for column in widths.indices where isWord[column] { widths[column] = longest[column] }
    }
  }

  /// Writes the table at `table` to `path`.
  ///
  /// - Throws: `ReportError.cannotRead` or `cannotWrite`; then there is no file at `path`.
  /// - Cost: reads the table twice; memory does not grow with it.
  public static func write(table: String, to path: String) throws(ReportError) {
    let shape = try Shape(CSVReader(table))
    let reader = try CSVReader(table)
    let file = try OutputFile(path)
    var bytes = header(reader.columns, shape)
    while try reader.next() {
      for column in reader.columns.indices {
        append(reader, column, shape.widths[column], to: &bytes)
      }
      if bytes.count >= block {
        try file.write(bytes[...])
        bytes.removeAll(keepingCapacity: true)
      }
    }
    try file.write(bytes[...])
    try file.finish()
  }

  private static func append(
    _ reader: CSVReader, _ column: Int, _ width: Int, to bytes: inout [UInt8]
  ) {
    let isThere = column < reader.count
    guard width > 0 else {
      let number = isThere ? reader.number(column) ?? .nan : .nan
      bytes.appendLittleEndian(number.bitPattern)
      return
    }
    let scalars = isThere ? Array(reader.text(column).unicodeScalars.prefix(width)) : []
    for scalar in scalars { bytes.appendLittleEndian(scalar.value) }
    for _ in scalars.count..<width { bytes.appendLittleEndian(UInt32(0)) }
  }

  /// Magic, version, length and the description, a Python literal padded to a multiple of 64.
  private static func header(_ columns: [String], _ shape: Shape) -> [UInt8] {
    let types = zip(columns, shape.widths).map { name, width in
      "(\(quoted(name)), '\(width > 0 ? "<U\(width)" : "<f8")')"
    }
    let text =
      "{'descr': [\(types.joined(separator: ", "))], 'fortran_order': False, "
      + "'shape': (\(shape.rows),), }"
    let body = Array(text.utf8)
    let isLatin = text.unicodeScalars.allSatisfy { $0.value < 0x80 }
    let isLong = body.count + 75 > 0xFFFF
    let prefix = magic.count + 2 + (isLatin && !isLong ? 2 : 4)
    let padding = 63 - (prefix + body.count) % 64
    let length = body.count + padding + 1
    var bytes = magic
    if isLatin, !isLong {
      bytes += [1, 0]
      bytes.appendLittleEndian(UInt16(length))
    } else {
      bytes += [isLatin ? 2 : 3, 0]
      bytes.appendLittleEndian(UInt32(length))
    }
    return bytes + body + Array(repeating: UInt8(ascii: " "), count: padding)
      + [UInt8(ascii: "\n")]
  }

  /// A Python string literal.
  private static func quoted(_ name: String) -> String {
    "'" + name.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}

extension [UInt8] {
  /// Appends the bytes of a whole number, the least significant first.
  mutating func appendLittleEndian<Number: FixedWidthInteger>(_ number: Number) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}

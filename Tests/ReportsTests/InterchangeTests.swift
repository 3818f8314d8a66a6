import Glibc
import Reports
import Testing

/// Bytes read from their start on, as the formats of other programs are read.
struct ByteReader {
  private let bytes: [UInt8]
  private(set) var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }

  mutating func take(_ count: Int) throws -> [UInt8] {
    try #require(count >= 0 && place + count <= bytes.count)
    defer { place += count }
    return Array(bytes[place..<(place + count)])
  }

  mutating func whole(_ count: Int) throws -> UInt64 {
    try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func double() throws -> Double { Double(bitPattern: try whole(8)) }
  mutating func float() throws -> Float { Float(bitPattern: UInt32(try whole(4))) }
}

@Suite("Tables that are read back") struct CSVReaderTests {
  @Test("have the fields that were written", .tags(.unit))
  func fields() throws {
    let folder = Folder()
    let words = ["plain", "a,b", "he said \"no\"", "two\nlines", "", "\"", "é"]
    let numbers: [Double] = [0, -1.5, 1e300, .leastNonzeroMagnitude, 0.1, .infinity, -.infinity]
    let writer = try CSVWriter(folder("t.csv"), columns: ["x", "the, \"word\"", "y"])
    for (number, word) in zip(numbers, words) {
      writer.append(number)
      writer.append(word)
      writer.appendMissing()
      try writer.endRow()
    }
    try writer.finish()
    let reader = try CSVReader(folder("t.csv"))
    #expect(reader.columns == ["x", "the, \"word\"", "y"])
    for (number, word) in zip(numbers, words) {
      try #require(try reader.next())
      #expect(reader.count == 3 && reader.number(0) == number && reader.text(1) == word)
      #expect(reader.isMissing(2) && reader.number(2)?.isNaN == true)
      #expect(word.isEmpty || reader.number(1) == nil)
    }
    #expect(try !reader.next())
  }

  @Test("that are not there are refused", .tags(.unit))
  func missing() {
    #expect(throws: ReportError.cannotRead(path: "/nowhere/t.csv", code: ENOENT)) {
      try CSVReader("/nowhere/t.csv")
    }
  }
}

@Suite("NumPy arrays") struct NPYTests {
  /// Writes a table and its array; the header and the bytes behind it.
  private static func array(_ csv: String) throws -> (version: [UInt8], header: String, [UInt8]) {
    let folder = Folder()
    try AtomicFile.write(csv, to: folder("t.csv"))
    try NPYFile.write(table: folder("t.csv"), to: folder("t.npy"))
    #expect(folder.names == ["t.csv", "t.npy"])
    let bytes = try #require(FileBytes.read(folder("t.npy")))
    var reader = ByteReader(bytes)
    #expect(try reader.take(6) == [0x93] + Array("NUMPY".utf8))
    let version = try reader.take(2)
    let length = Int(try reader.whole(version[0] == 1 ? 2 : 4))
    let header = try reader.take(length)
    #expect(reader.place % 64 == 0 && header.last == UInt8(ascii: "\n"))
    let text = String(decoding: header, as: UTF8.self)
    return (
      version, String(text.reversed().drop { $0 == " " || $0 == "\n" }.reversed()),
      try reader.take(bytes.count - reader.place)
    )
  }

  @Test("hold the rows of the table as records", .tags(.unit))
  func numbers() throws {
    let (version, header, data) = try Self.array("t,x\n0,1\n0.1,\n5e-324,-0\n")
    #expect(version == [1, 0])
    #expect(
      header == "{'descr': [('t', '<f8'), ('x', '<f8')], 'fortran_order': False, 'shape': (3,), }")
    var reader = ByteReader(data)
    let read = try (0..<6).map { _ in try reader.double() }
    #expect(reader.isAtEnd && read[3].isNaN)
    let expected = [0, 1, 0.1, read[3], Double.leastNonzeroMagnitude, -0.0]
    #expect(read.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test("hold words as text of one width", .tags(.unit))
  func words() throws {
    let (_, header, data) = try Self.array("who,x\na,1\n\"é😀\",2\n7,3\n")
    #expect(header.contains("[('who', '<U2'), ('x', '<f8')]"))
    var reader = ByteReader(data)
    for (scalars, number) in [([0x61, 0], 1.0), ([0xE9, 0x1F600], 2), ([0x37, 0], 3)] {
      let read = try (0..<2).map { _ in Int(try reader.whole(4)) }
      #expect(try read == scalars && reader.double() == number)
    }
  }

  @Test("name their columns as Python writes texts, in a header that holds them", .tags(.unit))
  func names() throws {
    let (greek, header, _) = try Self.array("τ,it's\n1,2\n")
    #expect(greek == [3, 0] && header.contains("[('τ', '<f8'), ('it\\'s', '<f8')]"))
    let many = (0..<9000).map { "c\($0)" }.joined(separator: ",")
    let (long, _, data) = try Self.array(many + "\n")
    #expect(long == [2, 0] && data.isEmpty)
  }
}

@Suite("TensorBoard events") struct EventFileTests {
  /// A field of a protocol buffer.
  private enum Field: Equatable {
    case varint(Int, UInt64)
    case double(Int, Double)
    case float(Int, Float)
    case bytes(Int, [UInt8])
  }

  private static func varint(_ reader: inout ByteReader) throws -> UInt64 {
    var (value, shift) = (UInt64(0), 0)
    while true {
      let byte = try reader.take(1)[0]
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
  }

  private static func fields(_ bytes: [UInt8]) throws -> [Field] {
    var reader = ByteReader(bytes)
    var fields: [Field] = []
    while !reader.isAtEnd {
      let key = try varint(&reader)
      let number = Int(key >> 3)
      switch key & 7 {
      case 0: fields.append(.varint(number, try varint(&reader)))
      case 1: fields.append(.double(number, try reader.double()))
      case 2: fields.append(.bytes(number, try reader.take(Int(try varint(&reader)))))
      default: fields.append(.float(number, try reader.float()))
      }
    }
    return fields
  }

  /// The messages of a file of records, whose checksums are right.
  private static func records(_ bytes: [UInt8]) throws -> [[UInt8]] {
    /// The checksum with the mask taken away.
    func sum(_ reader: inout ByteReader) throws -> UInt32 {
      let turned = UInt32(try reader.whole(4)) &- 0xA282_EAD8
      return turned << 15 | turned >> 17
    }
    var reader = ByteReader(bytes)
    var records: [[UInt8]] = []
    while !reader.isAtEnd {
      let length = try reader.take(8)
      #expect(try sum(&reader) == CRC32C.of(length))
      var size = ByteReader(length)
      records.append(try reader.take(Int(try size.whole(8))))
      #expect(try sum(&reader) == CRC32C.of(try #require(records.last)))
    }
    return records
  }

  // RFC 3720, appendix B.4; the bytes there are of the checksum least significant first. The last
  // is the check value that catalogs of checksums give.
  @Test("have the published checksums", .tags(.reference))
  func checksums() {
    let command: [UInt8] =
      [0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 4, 0]
      + [0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0]
    for (bytes, sum) in [
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      (Array(0..<32), 0x46DD_794E), (Array((0..<32).reversed()), 0x113F_DB5C),
      (command, 0xD996_3A56), (Array("123456789".utf8), 0xE306_9283), ([], 0),
    ] as [([UInt8], UInt32)] {
      #expect(CRC32C.of(bytes) == sum)
    }
  }

  @Test("are the accepted steps of a training", .tags(.unit))
  func scalars() throws {
    let folder = Folder()
    try AtomicFile.write(
      "step,accepted,tau,h,error,loss,gradient_norm,evaluations,seconds,u = 0\n"
        + "1,1,0.5,0.5,0.25,8,3,4,1.5,6\n1,0,0.5,2,,,,5,1.75,\n300,1,1,0.125,,2,,6,2.5,1e-3\n",
      to: folder("training.csv"))
    try EventFile.write(table: folder("training.csv"), to: folder("events"))
    let records = try Self.records(try #require(FileBytes.read(folder("events"))))
    #expect(records.count == 3)
    #expect(
      try Self.fields(records[0])
        == [.double(1, 0), .bytes(3, Array("brain.Event:2".utf8))])
    func check(_ seconds: Double, _ step: UInt64, _ values: [(String, Float)]) throws {
      let fields = try Self.fields(records[step == 1 ? 1 : 2])
      guard fields.count == 3, case .bytes(5, let summary) = fields[2] else {
        Issue.record("no summary in \(fields)")
        return
      }
      #expect(fields[0] == .double(1, seconds) && fields[1] == .varint(2, step))
      let read = try Self.fields(summary).map { field in
        guard case .bytes(1, let value) = field else { return [Field]() }
        return try Self.fields(value)
      }
      #expect(read == values.map { [.bytes(1, Array($0.utf8)), .float(2, $1)] })
    }
    try check(
      1.5, 1,
      [
        ("step/tau", 0.5), ("step/h", 0.5), ("step/error", 0.25), ("loss/total", 8),
        ("step/gradient_norm", 3), ("loss/u = 0", 6),
      ])
    try check(
      2.5, 300, [("step/tau", 1), ("step/h", 0.125), ("loss/total", 2), ("loss/u = 0", 1e-3)])
  }
}

extension Safetensors {
  /// The longest header that is read, as in the reference implementation.
  public static let headerLimit = 100_000_000

  /// Reads a file.
  ///
  /// Everything is checked before a number is read: the header, names, types, shapes, and that the
  /// numbers of the tensors follow one another without gap or overlap up to the end.
  ///
  /// - Throws: ``SafetensorsFault`` for the first thing that is wrong.
  public init(bytes: [UInt8]) throws(SafetensorsFault) {
    guard bytes.count >= 8 else { throw .tooShort(count: bytes.count) }
    let declared = Self.word(bytes, at: 0)
    let available = bytes.count - 8
    guard declared <= UInt64(min(available, Self.headerLimit)) else {
      throw .headerLength(declared: declared, available: available)
    }
    let length = Int(declared)
    var reader = SafetensorsHeader(Array(bytes[8..<8 + length]))
    try reader.read()
    var offset = 0
    var tensors: [Tensor] = []
    let start = 8 + length
    for entry in reader.entries.sorted(by: { $0.offsets < $1.offsets }) {
      let size = try entry.checkedSize()
      guard entry.offsets.0 == offset else {
        throw .gap(name: entry.name, begin: entry.offsets.0, expected: offset)
      }
      offset += size
      guard offset <= bytes.count - start else {
        throw .dataLength(expected: offset, found: bytes.count - start)
      }
      let values = stride(from: start + offset - size, to: start + offset, by: 8).map {
        Double(bitPattern: Self.word(bytes, at: $0))
      }
      tensors.append(Tensor(name: entry.name, shape: entry.shape, values: values))
    }
    guard offset == bytes.count - start else {
      throw .dataLength(expected: offset, found: bytes.count - start)
    }
    self.init(tensors: tensors, metadata: reader.metadata)
  }

  private static func word(_ bytes: [UInt8], at start: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
  }
}

/// Why bytes are no safetensors file that this program reads.
public enum SafetensorsFault: Error, Sendable, Equatable {
  /// Not even the header's length is there.
  case tooShort(count: Int)
  /// The header is longer than the file, or than what is read.
  case headerLength(declared: UInt64, available: Int)
  /// The header is not the JSON of such a file, at that byte of it.
  case syntax(offset: Int, expected: String)
  /// A name stands twice.
  case duplicate(name: String)
  /// A tensor lacks an entry.
  case incomplete(name: String, key: String)
  /// A tensor is not of doubles.
  case type(name: String, found: String)
  /// Shape and place of a tensor contradict each other.
  case size(name: String, shape: [Int], offsets: [Int])
  /// Numbers of two tensors overlap, or bytes between them belong to none.
  case gap(name: String, begin: Int, expected: Int)
  /// There are more or fewer numbers than the tensors have.
  case dataLength(expected: Int, found: Int)
  /// The network needs a tensor that is not there.
  case missing(name: String)
  /// A tensor has not the shape that the network needs.
  case shape(name: String, found: [Int], expected: [Int])
}

extension SafetensorsFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooShort(let count):
      "safetensors: \(count) bytes, fewer than the 8 that give the header's length; "
        + "the file was cut off, or is another format"
    case .headerLength(let declared, let available):
      "safetensors: a header of \(declared) bytes is declared, but \(available) follow "
        + "(at most \(Safetensors.headerLimit) are read); "
        + "the file was cut off, or is another format"
    case .syntax(let offset, let expected):
      "safetensors: byte \(offset) of the header: expected \(expected); "
        + "the file is damaged, or is another format"
    case .duplicate(let name):
      "safetensors: \"\(name)\" stands twice in the header; write the file anew"
    case .incomplete(let name, let key):
      "safetensors: tensor \"\(name)\" has no \(key); write the file anew"
    case .type(let name, let found):
      "safetensors: tensor \"\(name)\" is \(found), and only F64 is read; convert it to float64"
    case .size(let name, let shape, let offsets):
      "safetensors: tensor \"\(name)\": shape \(shape) of F64 does not fit data_offsets \(offsets); "
        + "write the file anew"
    case .gap(let name, let begin, let expected):
      "safetensors: tensor \"\(name)\" begins at byte \(begin) of the data, not at \(expected), "
        + "where the one before it ends; write the file anew"
    case .dataLength(let expected, let found):
      "safetensors: the tensors need \(expected) bytes of data and the file has \(found); "
        + "it was cut off or added to"
    case .missing(let name):
      "safetensors: no tensor \"\(name)\", which the network needs; "
        + "the file belongs to another network"
    case .shape(let name, let found, let expected):
      "safetensors: tensor \"\(name)\" has the shape \(found), and the network needs \(expected); "
        + "the file belongs to another network"
    }
  }
}

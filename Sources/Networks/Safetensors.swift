/// Named arrays of doubles and notes about them, as the safetensors format has them in a file.
///
/// The format: eight bytes (little-endian) with the length of a JSON header, the header, then the
/// numbers, little-endian and row-major, without gaps. Only `F64` is written, and only `F64` is read.
/// This is bytes to values and back; files are the caller's.
public struct Safetensors: Sendable, Equatable {
  /// An array of doubles.
  public struct Tensor: Sendable, Equatable {
    /// Its name, unique in a file.
    public var name: String
    /// Counts by axis; a single number has none.
    public var shape: [Int]
    /// The numbers, row-major.
    public var values: [Double]

    /// Names numbers; their count is the product of the shape.
    public init(name: String, shape: [Int], values: [Double]) {
      precondition(
        shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count,
        "\(values.count) numbers in the shape \(shape)")
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// The arrays, in the order of their numbers.
  public var tensors: [Tensor]
  /// Free text by key.
  public var metadata: [String: String]

  /// Collects arrays with different names, and text about them.
  public init(tensors: [Tensor], metadata: [String: String] = [:]) {
    let names = Set(tensors.map(\.name))
    precondition(
      names.count == tensors.count && !names.contains("__metadata__"),
      "names of tensors: \(tensors.map(\.name))")
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The array of that name.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// The file; the same values give the same bytes.
  ///
  /// Its numbers begin at a multiple of eight bytes.
  public var bytes: [UInt8] {
    var entries: [String] = []
    if !metadata.isEmpty {
      let notes = metadata.sorted { $0.key < $1.key }
      let pairs = notes.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let end = offset + 8 * tensor.values.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(Self.quoted(tensor.name)):{\"dtype\":\"F64\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    Self.append(UInt64(header.count), to: &bytes)
    bytes += header
    for tensor in tensors {
      for value in tensor.values { Self.append(value.bitPattern, to: &bytes) }
    }
    return bytes
  }

  private static func append(_ word: UInt64, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// A JSON string.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

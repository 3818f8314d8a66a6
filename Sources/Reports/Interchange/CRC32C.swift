/// The checksum of TensorFlow's records: the Castagnoli polynomial, bits reversed.
///
/// - Source: RFC 3720, appendix B.4, with its examples; the mask is that of
///   `tensorflow/core/lib/hash/crc32c.h`.
public enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in
      rest & 1 == 1 ? rest >> 1 ^ 0x82F6_3B78 : rest >> 1
    }
  }

  /// The checksum of the bytes.
  public static func of(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { rest, byte in
      rest >> 8 ^ table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)]
    }
  }

  /// The checksum turned by 15 bits and moved, so that a checksum of bytes with checksums in them
  /// is still good.
  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let sum = of(bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}

import Glibc

/// The SHA-256 digest of a file, which stands for data too large to copy beside a run.
///
/// - Source: NIST FIPS 180-4, section 6.2; its constants are computed, not listed.
public struct FileDigest {
  /// The size of a file in bytes.
  ///
  /// - Throws: `ReportError.cannotRead`.
  public static func size(of path: String) throws(ReportError) -> Int {
    var facts = stat()
    guard stat(path, &facts) == 0 else { throw .cannotRead(path: path, code: errno) }
    return Int(facts.st_size)
  }

  /// Digests the file at `path`, as 64 hexadecimal digits.
  ///
  /// - Throws: `ReportError.cannotRead`.
  public static func sha256(of path: String) throws(ReportError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw .cannotRead(path: path, code: errno) }
    defer { close(descriptor) }
    var digest = FileDigest()
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count == 0 { return digest.finish() }
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotRead(path: path, code: errno)
      }
      digest.absorb(chunk[..<count])
    }
  }

  /// Digests bytes, as 64 hexadecimal digits.
  public static func sha256(of bytes: [UInt8]) -> String {
    var digest = FileDigest()
    digest.absorb(bytes[...])
    return digest.finish()
  }

  private var state = FileDigest.fractions(ofRoots: 2, count: 8)
  private var block: [UInt8] = []
  private var length: UInt64 = 0
  private var schedule = [UInt32](repeating: 0, count: 64)

  private init() { block.reserveCapacity(64) }

  private mutating func absorb(_ bytes: ArraySlice<UInt8>) {
    length += UInt64(bytes.count)
    for byte in bytes {
      block.append(byte)
      if block.count == 64 { compress() }
    }
  }

  private mutating func finish() -> String {
    let bits = length * 8
    absorb([0x80])
    while block.count != 56 { absorb([0]) }
    absorb((0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) }[...])
    return state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private mutating func compress() {
    expandBlock()
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for (constant, word) in zip(Self.constants, schedule) {
      let choice = (e & f) ^ (~e & g)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      let first = h &+ (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) &+ choice &+ constant &+ word
      let second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) &+ majority
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ second)
    }
    for (place, word) in [a, b, c, d, e, f, g, h].enumerated() { state[place] &+= word }
    block.removeAll(keepingCapacity: true)
  }

  /// Expands the block's 16 words to the 64 of the message schedule.
  private mutating func expandBlock() {
    for index in 0..<16 {
      schedule[index] = block[(4 * index)..<(4 * index + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
    for index in 16..<64 {
      let early = schedule[index - 15]
      let late = schedule[index - 2]
      let low = turn(early, 7) ^ turn(early, 18) ^ early >> 3
      let high = turn(late, 17) ^ turn(late, 19) ^ late >> 10
      schedule[index] = schedule[index - 16] &+ low &+ schedule[index - 7] &+ high
    }
  }

  @inline(__always)
  private func turn(_ word: UInt32, _ places: UInt32) -> UInt32 {
    word >> places | word << (32 - places)
  }

  private static let constants = fractions(ofRoots: 3, count: 64)

  /// The first 32 bits after the point of the square or cube roots of the first primes.
  ///
  /// The root r of p · 2^(32·degree) is the greatest whole number whose power does not exceed it.
  private static func fractions(ofRoots degree: Int, count: Int) -> [UInt32] {
    let primes = (2...311).filter { candidate in
      !(2..<candidate).contains { candidate % $0 == 0 && $0 * $0 <= candidate }
    }
    return primes.prefix(count).map { prime in
      var root: UInt128 = 0
      for bit in (0..<37).reversed() {
        let next = root | 1 << bit
        let power = degree == 2 ? next * next : next * next * next
        if power <= UInt128(prime) << UInt128(32 * degree) { root = next }
      }
      return UInt32(truncatingIfNeeded: root)
    }
  }
}

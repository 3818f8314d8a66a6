import Glibc

/// The SHA-256 digest of a file, which stands for data too large to copy beside a run.
///
/// - Source: NIST FIPS 180-4, section 6.2; its constants are computed, not listed.
public struct FileDigest {
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
    var w = state
    for index in 0..<64 {
      let choice = (w[4] & w[5]) ^ (~w[4] & w[6])
      let majority = (w[0] & w[1]) ^ (w[0] & w[2]) ^ (w[1] & w[2])
      let first =
        w[7] &+ (turn(w[4], 6) ^ turn(w[4], 11) ^ turn(w[4], 25)) &+ choice
        &+ Self.constants[index] &+ schedule[index]
      let second = (turn(w[0], 2) ^ turn(w[0], 13) ^ turn(w[0], 22)) &+ majority
      for place in (1..<8).reversed() { w[place] = w[place - 1] }
      w[4] = w[4] &+ first
      w[0] = first &+ second
    }
    for place in 0..<8 { state[place] = state[place] &+ w[place] }
    block.removeAll(keepingCapacity: true)
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

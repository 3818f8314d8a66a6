/// SHA-256 of bytes (FIPS 180-4): names and checks the entries of the cache of native code.
struct ContentHash {
  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants = fractions(of: 64, degree: 3)
  /// The same of the square roots of the first 8 primes.
  private static let start = fractions(of: 8, degree: 2)

  /// Hashes `bytes`; the digest as 64 hexadecimal digits.
  static func hex(_ bytes: [UInt8]) -> String {
    var state = start
    let whole = bytes.count / 64 * 64
    bytes.withUnsafeBufferPointer { bytes in
      var offset = 0
      while offset < whole {
        mix(bytes, offset, into: &state)
        offset += 64
      }
    }
    var tail = Array(bytes[whole...]) + [0x80]
    while tail.count % 64 != 56 { tail.append(0) }
    let bits = UInt64(bytes.count) * 8
    for shift in stride(from: 56, through: 0, by: -8) {
      tail.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    tail.withUnsafeBufferPointer { tail in
      for offset in stride(from: 0, to: tail.count, by: 64) { mix(tail, offset, into: &state) }
    }
    return state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private static func mix(
    _ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int, into state: inout [UInt32]
  ) {
    func turn(_ x: UInt32, _ n: UInt32) -> UInt32 { (x >> n) | (x << (32 - n)) }
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
      for i in 0..<16 {
        w[i] = (0..<4).reduce(UInt32(0)) { ($0 << 8) | UInt32(bytes[offset + 4 * i + $1]) }
      }
      for i in 16..<64 {
        let (x, y) = (w[i - 15], w[i - 2])
        let s0 = turn(x, 7) ^ turn(x, 18) ^ (x >> 3)
        let s1 = turn(y, 17) ^ turn(y, 19) ^ (y >> 10)
        w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
      }
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      var (e, f, g, h) = (state[4], state[5], state[6], state[7])
      for i in 0..<64 {
        let s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
        let t1 = h &+ s1 &+ ((e & f) ^ (~e & g)) &+ constants[i] &+ w[i]
        let s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)
        let t2 = s0 &+ ((a & b) ^ (a & c) ^ (b & c))
        (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
      }
      for (i, x) in [a, b, c, d, e, f, g, h].enumerated() { state[i] = state[i] &+ x }
    }
  }

  private static func fractions(of count: Int, degree: Int) -> [UInt32] {
    var primes: [Int] = []
    var candidate = 2
    while primes.count < count {
      if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes.map { rootFraction($0, degree: degree) }
  }

  /// The first 32 bits after the point of the root of p, by bisection on whole numbers: exact.
  private static func rootFraction(_ p: Int, degree: Int) -> UInt32 {
    let target = UInt128(p) << UInt128(32 * degree)
    var (low, high) = (UInt64(0), UInt64(8) << 32)
    while high - low > 1 {
      let middle = (low + high) / 2
      let power = (0..<degree).reduce(UInt128(1)) { product, _ in product * UInt128(middle) }
      if power < target { low = middle } else { high = middle }
    }
    return UInt32(truncatingIfNeeded: low)
  }
}

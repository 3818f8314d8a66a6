/// Random bits from a seed: SplitMix64, the same on every machine.
///
/// Source: G. Steele, D. Lea and C. Flood, OOPSLA 2014, 453.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  /// Starts a stream of its own for each purpose and round.
  init(seed: UInt64, stream: UInt64 = 0, round: Int = 0) {
    state = seed
    for word in [stream, UInt64(bitPattern: Int64(round))] {
      state = next() ^ (word &* 0xD6E8_FEB8_6659_FD93)
    }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number inside (0, 1), never an end.
  mutating func unit() -> Double {
    (Double(next() >> 12) + 0.5) * 0x1p-52
  }

  /// A whole number from 0 to `bound` − 1.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}

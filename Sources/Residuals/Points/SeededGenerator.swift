import Numerics

/// Random bits from a seed, the same on every machine, in a stream of its own for each purpose.
struct SeededGenerator: RandomNumberGenerator {
  private var bits: SplitMix64

  /// Starts a stream of its own for each purpose and round.
  init(seed: UInt64, stream: UInt64 = 0, round: Int = 0) {
    bits = SplitMix64(seed: seed)
    for word in [stream, UInt64(bitPattern: Int64(round))] {
      bits = SplitMix64(seed: bits.next() ^ (word &* 0xD6E8_FEB8_6659_FD93))
    }
  }

  mutating func next() -> UInt64 { bits.next() }

  /// A number inside (0, 1), never an end.
  mutating func unit() -> Double { bits.unit() }

  /// A whole number from 0 to `bound` − 1.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}

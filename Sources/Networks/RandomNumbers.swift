import Glibc
import Numerics

/// Random numbers that are the same on every machine: xoshiro256**, seeded by SplitMix64.
///
/// Blackman and Vigna (2021); a seed of 64 bits gives a state of 256.
package struct RandomNumbers {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  package init(seed: UInt64) {
    var bits = SplitMix64(seed: seed)
    state = (bits.next(), bits.next(), bits.next(), bits.next())
  }

  /// The next 64 bits.
  mutating func next() -> UInt64 {
    let product = state.1 &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return result
  }

  /// A number in 0..<1, of 53 bits.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number uniform in -reach..<reach.
  mutating func uniform(_ reach: Double) -> Double { reach * (2 * unit() - 1) }

  /// A standard normal number (Box and Muller's cosine; the sine is thrown away).
  package mutating func normal() -> Double {
    // 1 - unit is in (0, 1]: its logarithm is finite.
    let radius = (-2 * log(1 - unit())).squareRoot()
    return radius * cos(2 * .pi * unit())
  }
}

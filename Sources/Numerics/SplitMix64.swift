/// Random bits from a seed, the same on every machine.
///
/// 64 bits of state, period 2⁶⁴; neighbouring seeds give unrelated streams, so it also seeds
/// generators of more state. Source: G. Steele, D. Lea and C. Flood, Fast splittable pseudorandom
/// number generators, OOPSLA 2014, 453.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts the stream of a seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number inside (0, 1), never an end: an odd multiple of 2⁻⁵³.
  public mutating func unit() -> Double {
    (Double(next() >> 12) + 0.5) * 0x1p-52
  }
}

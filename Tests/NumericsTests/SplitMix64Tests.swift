import Numerics
import Testing

@Suite(.tags(.unit)) struct SplitMix64Tests {
  /// Of the algorithm's published C in 64-bit integers, seed 1234567: the same everywhere.
  @Test func givesThePublishedNumbers() {
    var bits = SplitMix64(seed: 1_234_567)
    #expect(
      (0..<5).map { _ in bits.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  /// The upper 52 bits and a half: what rounding cannot bring to an end of (0, 1).
  @Test func numbersLieInside() {
    var bits = SplitMix64(seed: 7)
    var numbers = SplitMix64(seed: 7)
    for _ in 0..<1000 {
      let number = numbers.unit()
      #expect(number * 0x1p53 == Double(bits.next() >> 12) * 2 + 1)
      #expect(number > 0 && number < 1)
    }
  }
}

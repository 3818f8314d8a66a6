import Glibc

extension Axis {
  static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

  /// How far a number is from one end to the other on a logarithmic scale; NaN for what is not
  /// positive.
  static func ratio(of number: Double, from low: Double, to high: Double) -> Double {
    number > 0 ? log(number / low) / log(high / low) : .nan
  }

  /// How many powers of ten lie between the ends.
  var decades: Double { scale == .logarithmic ? log10(last / first).magnitude : 0 }

  /// The places 1, 2 and 5 times a power of ten on a logarithmic axis that spans few of them; empty
  /// where the powers themselves are enough.
  var shortLogarithmicTicks: [Double] {
    guard scale == .logarithmic else { return [] }
    let (low, high) = (min(first, last), max(first, last))
    let powers = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    let tens = powers.map { pow(10, Double($0)) }
    guard tens.count(where: { $0 >= low && $0 <= high }) < 3 else { return [] }
    let fine = tens.flatMap { [$0, 2 * $0, 5 * $0] }.filter { $0 >= low && $0 <= high }
    // Rounded, since powers of ten below 1 are not exact.
    return fine.map { strtod(NumberText.text($0, digits: 3), nil) }
  }

  /// Round numbers across a range, at least three of them, some `count`.
  public static func roundPlaces(from low: Double, to high: Double, count: Int = 7) -> [Double] {
    guard low < high, count > 0, (high - low).isFinite else { return [] }
    let rough = (high - low) / Double(count)
    let unit = pow(10, log10(rough).rounded(.down))
    let step = [1, 2, 5, 10].map { $0 * unit }.first { $0 >= rough } ?? 10 * unit
    let start = (low / step).rounded(.up)
    return (0...(2 * count)).map { (start + Double($0)) * step }.filter { $0 <= high * (1 + 1e-12) }
      .map { strtod(NumberText.text($0, digits: 12), nil) }
  }
}

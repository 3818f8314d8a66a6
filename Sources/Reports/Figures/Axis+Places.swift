import Glibc

extension Axis {
  static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

  /// How far a number is along the axis, from 0 at its first end to 1 at its last; NaN for what has
  /// no place on it.
  public func part(_ number: Double) -> Double {
    guard number.isFinite else { return .nan }
    if scale == .linear {
      // Halves, since the difference of two large numbers may be too large.
      return (number / 2 - first / 2) / (last / 2 - first / 2)
    }
    return number > 0 ? (log(number) - log(first)) / (log(last) - log(first)) : .nan
  }

  /// Round numbers across a range, at least three of them, some `count`.
  public static func roundPlaces(from low: Double, to high: Double, count: Int = 7) -> [Double] {
    guard low < high, count > 0, (high - low).isFinite else { return [] }
    let rough = (high - low) / Double(count)
    let unit = pow(10, log10(rough).rounded(.down))
    let step = [1, 2, 5, 10].map { $0 * unit }.first { $0 >= rough } ?? 10 * unit
    let start = (low / step).rounded(.up)
    return (0...(2 * count)).map { (start + Double($0)) * step }.filter { $0 <= high + 1e-9 * step }
      .map { strtod(NumberText.text($0, digits: 15), nil) }
  }
}

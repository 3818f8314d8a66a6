import Reports

/// Which scales suit numbers.
enum CurveScales {
  /// Logarithmic for places that are spread over powers of ten, as those of stiff chemistry are.
  static func places(_ t: [Double]) -> Axis.Scale {
    let positive = t.filter { $0 > 0 && $0.isFinite }
    guard positive.count + 1 >= t.count, positive.count > 4, let low = positive.min(),
      let high = positive.max(), high / low >= 1e4
    else { return .linear }
    // The middle place is far below the middle of the interval.
    return positive.sorted()[positive.count / 2] < 0.02 * high ? .logarithmic : .linear
  }

  /// Logarithmic for numbers that are positive and span many powers of ten.
  ///
  /// - Parameter ratio: of the largest to the smallest, from which on it is.
  static func values(_ numbers: [Double], ratio: Double = 1e5) -> Axis.Scale {
    let finite = numbers.filter(\.isFinite)
    guard !finite.contains(where: { $0 < 0 }) else { return .linear }
    let positive = finite.filter { $0 > 0 }.sorted()
    // A few numbers next to 0, such as where a curve starts, ask for no powers of ten.
    guard 10 * positive.count >= 9 * finite.count, let high = positive.last,
      high / positive[positive.count / 50] >= ratio
    else { return .linear }
    return .logarithmic
  }

  /// An axis from the first to the last place, without room beside them.
  static func axis(_ label: String, along t: [Double]) -> Axis {
    let scale = places(t)
    let shown = t.filter { $0.isFinite && (scale == .linear || $0 > 0) }
    guard let low = shown.min(), let high = shown.max(), low < high else {
      return Axis(label, showing: t)
    }
    return Axis(label, from: low, to: high, scale)
  }

  /// An axis for values; a logarithmic one leaves out what lies too far below the largest.
  static func axis(
    _ label: String, of numbers: [Double], ratio: Double = 1e5, deepest: Double = 1e-18
  ) -> Axis {
    let scale = values(numbers, ratio: ratio)
    guard scale == .logarithmic, let high = numbers.filter(\.isFinite).max() else {
      return Axis(label, showing: numbers)
    }
    return Axis(label, showing: numbers.filter { $0 >= deepest * high }, .logarithmic)
  }
}

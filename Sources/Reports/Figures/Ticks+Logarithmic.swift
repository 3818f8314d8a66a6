import Glibc

extension Ticks {
  /// Marks at powers of ten, or at 1, 2 and 5 times these; nil for a scale that is not logarithmic,
  /// and for one too short, on which round numbers are as good.
  static func logarithmic(_ axis: Axis, _ room: Room) -> (marks: [Mark], minor: [Double])? {
    guard axis.scale == .logarithmic else { return nil }
    let decades = Decades(axis)
    let digits = (1...9).map(Double.init)
    if decades.count < 3 {
      for chosen in [[1.0, 2, 5], [1, 3]] {
        let marks = decades.places(decades.powers, chosen).map {
          Mark(part: $0.part, text: text($0.digit, $0.power))
        }
        if marks.count > 2, room.fits(marks) {
          return (marks, decades.places(decades.powers, digits).map(\.part))
        }
      }
      if decades.count < 1 { return nil }
    }
    for step in [1, 2, 3, 5, 10, 20, 30, 50, 100, 200] {
      let powers = decades.powers.filter { $0 % step == 0 }
      let marks = decades.places(powers, [1]).map {
        Mark(part: $0.part, text: text(ofPower: $0.power))
      }
      guard room.fits(marks, least: room.isVertical ? 26 : 50) || step == 200 else { continue }
      let isFine = step == 1 && room.length > 30 * decades.count
      return (marks, decades.places(decades.powers, isFine ? digits : [1]).map(\.part))
    }
    return nil
  }

  /// Powers of ten along an axis.
  private struct Decades {
    private let low: Double
    private let high: Double
    private let isFalling: Bool

    init(_ axis: Axis) {
      let (first, last) = (log10(axis.first), log10(axis.last))
      (low, high, isFalling) = (min(first, last), max(first, last), last < first)
    }

    var count: Double { high - low }

    /// From the one below the axis on.
    var powers: ClosedRange<Int> { Int(low.rounded(.down))...Int(high.rounded(.up)) }

    /// The places of digits times powers that lie on the axis.
    func places(_ powers: some Sequence<Int>, _ digits: [Double]) -> [(
      power: Int, digit: Double, part: Double
    )] {
      powers.flatMap { power in
        digits.map { digit in
          let part = (Double(power) + log10(digit) - low) / (high - low)
          return (power, digit, isFalling ? 1 - part : part)
        }
      }.filter { $0.part > -1e-9 && $0.part < 1 + 1e-9 }
    }
  }

  /// `0.02`, or `2·10⁻⁷`.
  private static func text(_ digit: Double, _ power: Int) -> String {
    if (-3...3).contains(power) {
      return text(digit * pow(10, Double(power)), decimals: max(0, -power))
    }
    return (digit == 1 ? "" : "\(Int(digit))·") + text(ofPower: power)
  }
}

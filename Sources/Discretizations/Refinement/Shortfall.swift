import Glibc

/// Why an accuracy is not met, for people: the numbers, the reason, and what to do.
enum Shortfall {
  /// The finest grid of the family is reached, or what is needed lies far beyond it.
  case cap([AxisSpec], _ error: Double, _ accuracy: Double, _ rate: Double?, ErrorLaw)
  /// A finer grid does not fit in memory.
  case memory([AxisSpec], _ error: Double, _ accuracy: Double, String)
  /// Finer grids differ as much as coarser ones.
  case standstill([AxisSpec], _ distance: Double, _ accuracy: Double)
  /// The error in time does not fall far enough.
  case time(_ rtol: Double, _ error: Double, _ accuracy: Double)

  var sentence: String {
    switch self {
    case .cap(let grid, let error, let accuracy, let rate, let law):
      return "\(missed(accuracy)): the estimated error on \(text(grid)) is \(short(error))"
        + "\(speed(rate, law)); loosen solve.accuracy to \(short(roundedUp(error))), "
        + "or help where the solution is steep or has kinks"
    case .memory(let grid, let error, let accuracy, let why):
      return "\(missed(accuracy)): the estimated error on \(text(grid)) is \(short(error)), and a "
        + "finer grid does not fit: \(why); loosen solve.accuracy to \(short(roundedUp(error)))"
    case .standstill(let grid, let distance, let accuracy):
      return "\(missed(accuracy)): finer grids, up to \(text(grid)), still differ by "
        + "\(short(distance)), by rounding or because the solution is not smooth; "
        + "loosen solve.accuracy to \(short(roundedUp(distance)))"
    case .time(let rtol, let error, let accuracy):
      return "\(missed(accuracy)): the error in time is \(short(error)) even with rtol "
        + "\(short(rtol)); the solution amplifies errors: shorten the interval, "
        + "or loosen solve.accuracy to \(short(roundedUp(error)))"
    }
  }

  private func missed(_ accuracy: Double) -> String { "accuracy \(short(accuracy)) is not met" }

  private func text(_ grid: [AxisSpec]) -> String {
    RefinementLevel(number: 0, axes: grid, rtol: 0, purpose: .level).gridText
  }

  private func speed(_ rate: Double?, _ law: ErrorLaw) -> String {
    guard let rate, case .algebraic = law else { return "" }
    return " and falls like points^-\(short((10 * rate).rounded() / 10))"
  }

  /// Twice the error, rounded up to one digit.
  private func roundedUp(_ error: Double) -> Double {
    guard error.isFinite, error > 0 else { return error }
    let unit = pow(10, floor(log10(2 * error)))
    return (2 * error / unit).rounded(.up) * unit
  }

  private func short(_ number: Double) -> String { NumberWords.short(number) }
}

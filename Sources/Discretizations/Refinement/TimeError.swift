import Glibc

/// How the error in time follows the tolerance of a step.
///
/// An error per step held at rtol makes a global error that falls with rtol to a power between
/// p/(p + 1) and 1 for a method of order p, 2 or more. The lower power is for estimates, the higher one for
/// guessing a tolerance that an estimate then confirms.
enum TimeError {
  static let power = 0.6
  static let likelyPower = 0.9

  /// The factor by which the error falls when the tolerance falls by `ratio`.
  static func gain(_ ratio: Double) -> Double { pow(max(ratio, 1.5), power) }

  /// The factor for the tolerance that takes an error to the one wanted.
  static func tolerance(for wanted: Double, error: Double) -> Double {
    error.isFinite && error > 0 ? max(1e-4, pow(wanted / error, 1 / likelyPower)) : 1e-1
  }
}

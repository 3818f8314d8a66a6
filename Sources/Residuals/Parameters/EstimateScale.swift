import Glibc
import Problems

/// How a number z that is free stands for an estimated parameter p that has bounds.
///
/// z = 0 is the declared start. Between two bounds p = a + (b − a)/(1 + exp(−z − c)), or the same of
/// log p where both bounds are positive and far apart; with one bound p − a (or b − p) is
/// exponential; without, p = start + unit·z.
public struct EstimateScale: Sendable, Equatable {
  private enum Law: Sendable, Equatable {
    case line(unit: Double)
    case above(Double, reach: Double)
    case below(Double, reach: Double)
    case between(Double, Double, offset: Double)
    /// Between two bounds, in logarithms.
    case decades(Double, Double, offset: Double)
  }

  private let start: Double
  private let law: Law

  /// Chooses the law for an estimate; a start at a bound moves inside by a millionth.
  public init(_ estimate: Estimate) {
    start = estimate.start
    let (a, b) = (estimate.lower, estimate.upper)
    switch (a.isFinite, b.isFinite) {
    case (false, false):
      law = .line(unit: start == 0 ? 1 : start.magnitude)
    case (true, false):
      law = .above(a, reach: max(start - a, 1e-6 * max(1, a.magnitude)))
    case (false, true):
      law = .below(b, reach: max(b - start, 1e-6 * max(1, b.magnitude)))
    case (true, true):
      let isWide = a > 0 && b > 10 * a
      let part = isWide ? log(start / a) / log(b / a) : (start - a) / (b - a)
      let inside = min(max(part, 1e-6), 1 - 1e-6)
      let offset = log(inside / (1 - inside))
      law = isWide ? .decades(a, b, offset: offset) : .between(a, b, offset: offset)
    }
  }

  /// The parameter at z, and its derivative by z.
  public func value(_ z: Double) -> (value: Double, slope: Double) {
    switch law {
    case .line(let unit): return (start + unit * z, unit)
    case .above(let a, let reach):
      let rise = reach * exp(z)
      return (a + rise, rise)
    case .below(let b, let reach):
      let fall = reach * exp(-z)
      return (b - fall, fall)
    case .between(let a, let b, let offset):
      let part = 1 / (1 + exp(-z - offset))
      return (a + (b - a) * part, (b - a) * part * (1 - part))
    case .decades(let a, let b, let offset):
      let part = 1 / (1 + exp(-z - offset))
      let value = a * exp(log(b / a) * part)
      return (value, value * log(b / a) * part * (1 - part))
    }
  }

  /// The bound that a value has come to: within a thousandth of the way from the other one, or from
  /// the start where there is one bound; nil elsewhere.
  public func bound(near value: Double) -> Double? {
    let near = 1e-3
    switch law {
    case .line: return nil
    case .above(let a, let reach): return value - a < near * reach ? a : nil
    case .below(let b, let reach): return b - value < near * reach ? b : nil
    case .between(let a, let b, _):
      let part = (value - a) / (b - a)
      return part < near ? a : part > 1 - near ? b : nil
    case .decades(let a, let b, _):
      let part = log(value / a) / log(b / a)
      return part < near ? a : part > 1 - near ? b : nil
    }
  }
}

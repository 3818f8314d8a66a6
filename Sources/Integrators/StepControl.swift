import Glibc
import Numerics

/// Accepts or rejects a step by its error and proposes the next step size.
///
/// With e the weighted error (accepted if e ≤ 1) and k the power of h it falls with, the next step
/// is h·safety·eₙ^(−β₁/k)·eₙ₋₁^(β₂/k)·eₙ₋₂^(−β₃/k), bounded by the factors.
/// Source: K. Gustafsson, ACM TOMS 17 (1991) 533 (PI); C. A. Kennedy & M. H. Carpenter, Appl. Numer.
/// Math. 44 (2003) 139, sec. 2 (PID).
public struct StepControl: Sendable, Equatable {
  /// Catalog of the laws that propose the next step.
  public enum Law: String, Sendable, CaseIterable {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case I, PI, PID

    /// What `cauchy methods` prints.
    public var summary: String {
      switch self {
      case .I: "integral: the last error alone"
      case .PI: "proportional-integral: the last two errors; smoother at the stability limit"
      case .PID: "adds the error before them; smoothest, slowest to react"
      }
    }

    var exponents: (Double, Double, Double) {
      switch self {
      case .I: (1, 0, 0)
      case .PI: (0.7, 0.4, 0)
      case .PID: (0.58, 0.21, 0.1)
      }
    }
  }

  public var law: Law
  /// Aims below the tolerance, so that few steps are rejected.
  public var safety: Double
  public var smallestFactor: Double
  public var largestFactor: Double

  /// Sets a law with its bounds.
  public init(
    _ law: Law = .PI, safety: Double = 0.9, smallestFactor: Double = 0.2,
    largestFactor: Double = 10
  ) {
    self.law = law
    self.safety = safety
    self.smallestFactor = smallestFactor
    self.largestFactor = largestFactor
  }

  /// What the law remembers between steps.
  struct Memory: Sendable, Equatable {
    var previous = 1.0
    var beforePrevious = 1.0
    var justRejected = false
  }

  /// The factor for the step after an accepted one.
  func factorAfterAcceptance(_ error: Double, power: Double, _ memory: inout Memory) -> Double {
    let (b1, b2, b3) = law.exponents
    let floored = max(error, 1e-10)
    var factor = safety * pow(floored, -b1 / power)
    if b2 != 0 { factor *= pow(memory.previous, b2 / power) }
    if b3 != 0 { factor *= pow(memory.beforePrevious, -b3 / power) }
    factor = min(max(factor, smallestFactor), memory.justRejected ? 1 : largestFactor)
    memory.beforePrevious = memory.previous
    memory.previous = max(floored, 1e-4)
    memory.justRejected = false
    return factor
  }

  /// The factor for the retry after a rejected step; a non-finite error asks for a much smaller one.
  func factorAfterRejection(_ error: Double, power: Double, _ memory: inout Memory) -> Double {
    memory.justRejected = true
    guard error.isFinite else { return 0.1 }
    return min(max(safety * pow(error, -1 / power), smallestFactor), 0.9)
  }
}

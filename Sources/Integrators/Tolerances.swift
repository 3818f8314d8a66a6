import Numerics

/// What a local error is measured against: wᵢ = atolᵢ + rtol·max(|yᵢ|, |yNewᵢ|).
public struct Tolerances: Sendable, Equatable {
  /// How the weighted components make one number.
  public enum Norm: String, Sendable, CaseIterable {
    /// Root of the mean square.
    case rms
    /// Largest magnitude.
    case max
  }

  public var relative: Double
  /// One for each component.
  public var absolute: [Double]
  public var norm: Norm
  /// How many of the first components are measured; nil for all.
  public var measured: Int?

  /// Sets tolerances for each component.
  ///
  /// - Precondition: all positive; `relative` at least 1e-14, below which rounding decides.
  public init(relative: Double, absolute: [Double], norm: Norm = .rms) {
    precondition(relative > 0 && absolute.allSatisfy { $0 > 0 }, "tolerances must be positive")
    self.relative = relative
    self.absolute = absolute
    self.norm = norm
  }

  /// The default absolute tolerance of a component that starts at `y0`: 1e-9·|y₀|, 1e-9 where that
  /// is 0.
  public static func defaultAbsolute(_ y0: Double) -> Double {
    y0 == 0 ? 1e-9 : 1e-9 * y0.magnitude
  }
}

/// Weighted norms of one integration; owns nothing but the tolerances at a fixed address.
public final class ErrorNorm {
  public let tolerances: Tolerances
  private let relative: Double
  private let absolute: Storage
  private let isMax: Bool
  private let measured: Int

  /// Fixes the tolerances of an integration.
  public init(_ tolerances: Tolerances) {
    self.tolerances = tolerances
    relative = tolerances.relative
    absolute = Storage(tolerances.absolute)
    isMax = tolerances.norm == .max
    measured = tolerances.measured ?? tolerances.absolute.count
  }

  /// The weight of component `i` between `y` and `yNew`.
  @inline(__always)
  public func weight(_ i: Int, _ y: Vector, _ yNew: Vector) -> Double {
    absolute.vector[i] + relative * max(y[i].magnitude, yNew[i].magnitude)
  }

  /// The norm of `error`; not finite if `error` or `yNew` is not, as far as components are measured.
  ///
  /// All `[dimension]`.
  public func measure(_ error: Vector, _ y: Vector, _ yNew: Vector) -> Double {
    let absolute = self.absolute.vector
    let n = min(error.count, measured)
    var sum = 0.0
    var largest = 0.0
    var finite = 0.0
    let many = isMax || n < 32 ? 0 : n & ~7
    if many > 0 { (sum, finite) = squares(error, y, yNew, many) }
    for i in many..<n {
      let size = max(y[i].magnitude, yNew[i].magnitude)
      let scaled = error[i] / (absolute[i] + relative * size)
      sum += scaled * scaled
      finite += 0 * yNew[i]
      if isMax { largest = max(largest, scaled.magnitude) }
    }
    // The sum is NaN whenever one of its terms is; `max` would lose it.
    if isMax { return sum + finite - sum == 0 ? largest : .nan }
    return (sum / Double(n)).squareRoot() + finite
  }

  /// The sum of the first `count` squares, eight side by side: one sum would wait for each addition.
  private func squares(
    _ error: Vector, _ y: Vector, _ yNew: Vector, _ count: Int
  ) -> (sum: Double, finite: Double) {
    typealias Eight = SIMD8<Double>
    let absolute = absolute.vector
    let mask = SIMD8<UInt64>(repeating: 0x7fff_ffff_ffff_ffff)
    func load(_ vector: Vector, _ i: Int) -> Eight {
      UnsafeRawPointer(vector.base + i).loadUnaligned(as: Eight.self)
    }
    func size(_ numbers: Eight) -> Eight {
      unsafeBitCast(unsafeBitCast(numbers, to: SIMD8<UInt64>.self) & mask, to: Eight.self)
    }
    var sum = Eight.zero
    var finite = Eight.zero
    var i = 0
    while i < count {
      let end = load(yNew, i)
      let (before, after) = (size(load(y, i)), size(end))
      let larger = before.replacing(with: after, where: after .> before)
      let scaled = load(error, i) / (load(absolute, i) + relative * larger)
      sum += scaled * scaled
      finite += 0 * end
      i += 8
    }
    return (sum.sum(), finite.sum())
  }

  /// The component with the largest weighted error, for reports.
  public func worst(_ error: Vector, _ y: Vector, _ yNew: Vector) -> Int {
    var worst = 0
    var largest = -1.0
    for i in 0..<min(error.count, measured) {
      let scaled = error[i].magnitude / weight(i, y, yNew)
      if !scaled.isFinite { return i }
      if scaled > largest {
        largest = scaled
        worst = i
      }
    }
    return worst
  }
}

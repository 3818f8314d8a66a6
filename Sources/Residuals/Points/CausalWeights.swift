import Glibc

/// Weights that let residuals count once those before them in the marching variable are small.
///
/// The interval is cut into equal slices. A residual in slice k has the weight
/// wₖ = exp(−ε·Σ r²), summed over the residuals of all slices before, r as in the loss ½‖r‖² but
/// without these weights: the exponent is ε times twice the loss of what comes before. Weights are at
/// most 1, the first is 1, and all tend to 1 as the loss falls below 0.01/ε: the loss keeps its
/// meaning at the end. A person chooses ε by the loss: 1 to 100 where the first loss is about 1.
/// - Source: S. Wang, S. Sankaran and P. Perdikaris, Comput. Methods Appl. Mech. Engrg. 421 (2024)
///   116813, eqs. 13-14, with shares of the loss in the place of means over slices.
public struct CausalWeights: Sendable, Equatable {
  /// How many slices an interval has.
  public static let sliceCount = 32
  /// One for each slice, not increasing.
  public let values: [Double]

  /// - Parameters:
  ///   - epsilon: ε.
  ///   - squares: Σ r² of each slice; one that is not finite lets nothing count that comes after.
  public init(epsilon: Double, squares: [Double]) {
    var sum = 0.0
    values = squares.map { square in
      let weight = exp(-epsilon * sum)
      sum += square
      return weight.isFinite ? weight : 0
    }
  }

  /// The last slice's weight: 1 once everything counts alike.
  public var smallest: Double { values.last ?? 1 }

  /// The slice of a place on the interval.
  ///
  /// - Parameter part: from 0, where marching starts, to 1.
  static func slice(_ part: Double) -> Int {
    min(max(Int(part * Double(sliceCount)), 0), sliceCount - 1)
  }
}

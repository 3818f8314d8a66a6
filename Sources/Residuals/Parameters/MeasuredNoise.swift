/// The noise of the measurements of one unknown.
public struct MeasuredNoise: Sendable, Equatable {
  /// What is measured.
  public let unknown: String
  /// How many measurements there are.
  public let count: Int
  /// The standard deviation: declared, or as it was estimated last.
  public internal(set) var deviation: Double
  /// Whether it comes from the residuals, as their root mean square.
  public let isEstimated: Bool
  /// The largest magnitude measured.
  let size: Double
}

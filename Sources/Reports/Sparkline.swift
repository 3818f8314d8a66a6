import Glibc

/// A positive quantity over a whole run in a few characters, on a logarithmic scale.
///
/// Holds half to all of ``columns`` columns of equally many values each; when all are taken, two
/// become one. A column's height is the mean of its logarithms.
public struct Sparkline: Sendable {
  /// How many columns there are at most.
  public static let columns = 24

  /// Logarithms, summed over the values of each column.
  private var sums: [Double] = []
  /// How many values each column but the last has.
  private var stride = 1
  private var lastCount = 0

  /// Makes a line without values.
  public init() {}

  /// Appends a value; what is not finite and positive is left out.
  ///
  /// - Cost: constant on average; allocates nothing after the first values.
  public mutating func append(_ value: Double) {
    guard value > 0, value.isFinite else { return }
    if sums.isEmpty || lastCount == stride {
      if sums.count == Sparkline.columns { merge() }
      sums.append(0)
      lastCount = 0
    }
    sums[sums.count - 1] += log10(value)
    lastCount += 1
  }

  private mutating func merge() {
    for index in 0..<(sums.count / 2) { sums[index] = sums[2 * index] + sums[2 * index + 1] }
    sums.removeLast(sums.count / 2)
    stride *= 2
    lastCount = stride
  }

  /// The last columns as characters of eight heights, from the least to the greatest of them.
  ///
  /// - Parameters:
  ///   - count: how many columns there is room for.
  ///   - isUnicode: whether block characters can be shown; else ASCII stands for them.
  /// - Returns: nothing before there are two columns.
  public func text(columns count: Int = columns, isUnicode: Bool) -> String {
    let counts = (0..<sums.count).map { $0 == sums.count - 1 ? lastCount : stride }
    let heights = zip(sums, counts).map { $0 / Double($1) }.suffix(max(count, 0))
    guard heights.count > 1, let least = heights.min(), let greatest = heights.max() else {
      return ""
    }
    let characters = Array(isUnicode ? "▁▂▃▄▅▆▇█" : "_.-~=+*#")
    let scale = greatest > least ? 8 / (greatest - least) : 0
    return String(heights.map { characters[min(Int(scale * ($0 - least)), 7)] })
  }
}

import Numerics
import Problems

/// How trajectories are cut into pieces that start anew, and which initial states are sought.
public struct ShootingLayout: Sendable {
  /// A piece of one experiment's trajectory.
  public struct Segment: Sendable {
    /// Which series of the data.
    public let series: Int
    public let start: Double
    public let end: Double
    /// Rows of the series that lie in the piece, from its start up to the next one's.
    public let rows: Range<Int>
    /// Whether it starts with the experiment.
    public let isFirst: Bool
    /// Whether the next segment goes on where this one ends.
    public let isContinued: Bool
    /// The initial state: of sought components the place among the sought numbers, else -1.
    public fileprivate(set) var unknowns: [Int]
    /// Where sought components begin the search.
    public fileprivate(set) var guess: [Double]
  }

  public private(set) var segments: [Segment] = []
  /// Count of sought numbers.
  public private(set) var unknownCount = 0
  /// What a sought number is multiplied by: the size of its component.
  public private(set) var scales: [Double] = []

  /// Cuts the training part of every experiment into about `pieces` segments of equally many rows.
  ///
  /// - Parameters:
  ///   - horizon: the part of every experiment's time that is fitted, from its start, up to 1.
  ///   - sizes: of the components of the state.
  ///   - state: the state of an experiment at a time, to start a piece from.
  public init(
    _ data: TrajectoryData, pieces: Int, horizon: Double = 1, sizes: [Double],
    state: (_ series: Int, _ t: Double) -> [Double]
  ) {
    for (index, series) in data.series.enumerated() {
      let last = series.roles.lastIndex(of: .training) ?? -1
      guard last >= 0 else { continue }
      let reach = (series.times[last] - series.start) * horizon
      let rows = (0...last).filter {
        (series.times[$0] - series.start).magnitude <= reach.magnitude * (1 + 1e-12)
      }
      let bounds = ShootingLayout.cut(max(rows.count, 1), into: pieces)
      for (place, first) in bounds.dropLast().enumerated() {
        let next = bounds[place + 1]
        let isLast = place == bounds.count - 2
        add(
          data, index, start: place == 0 ? series.start : series.times[first],
          end: series.times[isLast ? next - 1 : next], rows: first..<next, isFirst: place == 0,
          isContinued: !isLast, sizes, state)
      }
    }
  }

  /// The first rows of the pieces, and what lies behind the last one.
  private static func cut(_ count: Int, into pieces: Int) -> [Int] {
    let parts = max(1, min(pieces, count - 1))
    return (0..<parts).map { $0 * (count - 1) / parts } + [count]
  }

  private mutating func add(
    _ data: TrajectoryData, _ index: Int, start: Double, end: Double, rows: Range<Int>,
    isFirst: Bool, isContinued: Bool, _ sizes: [Double],
    _ state: (_ series: Int, _ t: Double) -> [Double]
  ) {
    let starts = data.series[index].starts
    var unknowns = [Int](repeating: -1, count: sizes.count)
    var guess = isFirst ? [Double](repeating: 0, count: sizes.count) : state(index, start)
    for place in sizes.indices {
      if isFirst {
        guard case .free(let number) = starts[place] else { continue }
        guess[place] = number
      }
      unknowns[place] = unknownCount
      unknownCount += 1
      scales.append(sizes[place])
    }
    segments.append(
      Segment(
        series: index, start: start, end: end, rows: rows, isFirst: isFirst,
        isContinued: isContinued, unknowns: unknowns, guess: guess))
  }

  /// The sought numbers where the search begins, in units of ``scales``.
  public var initialNumbers: [Double] {
    var numbers = [Double](repeating: 0, count: unknownCount)
    for segment in segments {
      for (place, unknown) in segment.unknowns.enumerated() where unknown >= 0 {
        numbers[unknown] = segment.guess[place] / scales[unknown]
      }
    }
    return numbers
  }
}

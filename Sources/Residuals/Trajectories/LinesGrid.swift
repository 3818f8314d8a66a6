import Discretizations
import Problems

/// Equally spaced nodes of a space variable with difference formulas of fourth order.
public struct LinesGrid: Sendable {
  /// A node and what its value is multiplied by.
  public struct Term: Sendable, Equatable {
    public let node: Int
    public let weight: Double
  }

  public let variable: String
  /// Increasing; both ends included, of a periodic variable the lower one.
  public let nodes: [Double]
  public let isPeriodic: Bool
  private let lower: Double
  private let length: Double
  private var step: Double { length / Double(isPeriodic ? nodes.count : nodes.count - 1) }

  /// The order of the formulas.
  public static let order = 4
  /// The fewest nodes that the formulas of up to fourth derivatives fit on.
  public static let fewest = 9
  /// Nodes where nobody says.
  public static let standard = 41

  /// Makes a grid of at least ``fewest`` nodes.
  public init(_ interval: Interval, points: Int, isPeriodic: Bool) {
    variable = interval.name
    self.isPeriodic = isPeriodic
    lower = interval.lower
    length = interval.upper - interval.lower
    let parts = Double(isPeriodic ? points : points - 1)
    nodes = (0..<points).map { node in
      node == points - 1 && !isPeriodic
        ? interval.upper
        : interval.lower + (interval.upper - interval.lower) * Double(node) / parts
    }
  }

  /// A derivative at a node: centred where it fits, else towards the inside.
  func derivative(_ order: Int, at node: Int) -> [Term] {
    let centred = 2 * ((order + 1) / 2) - 1 + LinesGrid.order
    var (first, width) = (node - centred / 2, centred)
    if !isPeriodic, first < 0 || first + width > nodes.count {
      width = order + LinesGrid.order
      first = first < 0 ? 0 : nodes.count - width
    }
    var scale = 1.0
    for _ in 0..<order { scale *= step }
    let offsets = (first..<first + width).map { $0 - node }
    let weights = DifferenceWeights.weights(offsets: offsets, order: order)
    return zip(offsets, weights).filter { $1 != 0 }.map {
      Term(node: wrapped(node + $0), weight: $1 / scale)
    }
  }

  /// The cubic through the four nodes around a place, evaluated there.
  public func terms(at x: Double) -> [Term] {
    let place = (x - lower) / step
    let nearest = place.rounded()
    if (place - nearest).magnitude < 1e-9 { return [Term(node: wrapped(Int(nearest)), weight: 1)] }
    var first = Int(place.rounded(.down)) - 1
    if !isPeriodic { first = min(max(first, 0), nodes.count - 4) }
    let places = (0..<4).map { Double(first + $0) }
    let weights = DifferenceWeights.weights(places, at: place, order: 0)
    return (0..<4).map { Term(node: wrapped(first + $0), weight: weights[$0]) }
  }

  private func wrapped(_ node: Int) -> Int {
    isPeriodic ? ((node % nodes.count) + nodes.count) % nodes.count : node
  }
}

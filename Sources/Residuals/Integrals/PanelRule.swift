import Numerics

/// Gauss-Legendre rules on equal panels of every piece of an interval.
struct PanelRule: Sendable, Equatable {
  /// Nodes of a panel.
  static let panelNodes = 20

  /// How many pieces the kinks of an integrand make.
  let pieces: Int
  /// Of each piece.
  let panels: Int
  /// On one piece: increasing in (0, 1).
  private let nodes: [Double]
  /// On one piece: their sum is 1.
  private let weights: [Double]

  /// - Throws: `GSLError` where there is no rule.
  init(pieces: Int, panels: Int, nodes count: Int = PanelRule.panelNodes) throws(GSLError) {
    let rule = try QuadratureRule.gaussLegendre(count, from: 0, to: 1)
    self.pieces = pieces
    self.panels = panels
    let width = 1 / Double(panels)
    nodes = (0..<panels).flatMap { panel in rule.nodes.map { (Double(panel) + $0) * width } }
    weights = (0..<panels).flatMap { _ in rule.weights.map { $0 * width } }
  }

  /// How many nodes an integral has.
  var count: Int { pieces * nodes.count }

  /// The nodes of an integral and their weights, in order from the lower limit to the upper.
  ///
  /// - Parameter kinks: `pieces − 1` places; those outside of the limits make empty pieces.
  func nodes(from lower: Double, to upper: Double, kinks: [Double]) -> [(Double, Double)] {
    let sign: Double = lower <= upper ? 1 : -1
    var edges = kinks.map { kink in
      // What is no number is no kink.
      kink.isNaN ? lower : min(max(kink, min(lower, upper)), max(lower, upper))
    }
    edges.sort { sign * $0 < sign * $1 }
    edges = [lower] + edges + [upper]
    var found: [(Double, Double)] = []
    found.reserveCapacity(count)
    for piece in 0..<pieces {
      let (start, length) = (edges[piece], edges[piece + 1] - edges[piece])
      for (node, weight) in zip(nodes, weights) {
        found.append((start + node * length, weight * length))
      }
    }
    return found
  }
}

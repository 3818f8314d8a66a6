/// The nodes of one variable, and what derivatives, values and integrals are on them.
public struct Axis: Sendable {
  public let spec: AxisSpec
  /// Increasing; both ends included, but of a period the upper end is left out.
  public let nodes: [Double]
  /// Whether the nodes are equally spaced.
  let isUniform: Bool

  /// Places the nodes.
  ///
  /// - Precondition: as many points as ``minimumPoints(_:maxOrder:)`` says; an interval that is not
  ///   empty; a period for `fourier` and none for `chebyshev`; places of a grading in the interval.
  public init(_ spec: AxisSpec) {
    precondition(
      spec.lower < spec.upper && spec.points >= Axis.minimumPoints(spec.scheme, maxOrder: 0),
      "\(spec.points) points on [\(spec.lower), \(spec.upper)]")
    precondition(spec.scheme != .fourier || spec.isPeriodic, "a Fourier axis is periodic")
    precondition(spec.scheme != .chebyshev || !spec.isPeriodic, "a Chebyshev axis is not periodic")
    self.spec = spec
    let graded = spec.scheme.isSpectral ? nil : spec.grading
    if spec.scheme == .chebyshev {
      nodes = ChebyshevMatrix.nodes(spec.points, spec.lower, spec.upper)
      isUniform = false
    } else if let grading = graded, !grading.near.isEmpty, grading.ratio > 1 {
      nodes = GradedNodes(
        lower: spec.lower, upper: spec.upper, isPeriodic: spec.isPeriodic, grading
      ).nodes(spec.points)
      isUniform = false
    } else {
      let cells = Double(spec.isPeriodic ? spec.points : spec.points - 1)
      nodes = (0..<spec.points).map {
        // Weighted so that both ends, and the middle of a symmetric interval, are exact.
        (spec.lower * (cells - Double($0)) + spec.upper * Double($0)) / cells
      }
      isUniform = true
    }
  }

  /// Number of nodes.
  public var count: Int { nodes.count }

  /// The length of the interval.
  var length: Double { spec.upper - spec.lower }

  /// The spacing of uniform nodes.
  var spacing: Double { length / Double(spec.isPeriodic ? count : count - 1) }

  /// How few points a scheme can do with where derivatives up to an order are taken.
  public static func minimumPoints(_ scheme: Scheme, maxOrder: Int) -> Int {
    switch scheme {
    case .difference(let order): max(maxOrder, 1) + order + 1
    case .limited: max(max(maxOrder, 1) + 3, LimitedTransport.minimumPoints)
    case .chebyshev: max(maxOrder, 1) + 1
    case .fourier: maxOrder + 2
    }
  }

  /// The derivative of an order on the nodes; order 0 is the values themselves.
  ///
  /// - Precondition: enough points, see ``minimumPoints(_:maxOrder:)``.
  public func derivative(_ order: Int) -> AxisOperator {
    precondition(
      order >= 0 && count >= Axis.minimumPoints(spec.scheme, maxOrder: order),
      "derivative \(order) of \(spec.scheme.name) on \(count) points")
    if order == 0 { return AxisOperator(identity: count) }
    switch spec.scheme {
    case .chebyshev: return ChebyshevMatrix.derivative(order, count, length)
    case .fourier: return FourierMatrix.derivative(order, count, length)
    case .difference(let accuracy): return differences(order, accuracy)
    case .limited: return differences(order, 2)
    }
  }

  /// Centred stencils inside; near the ends the first or last `order + accuracy` nodes.
  private func differences(_ order: Int, _ accuracy: Int) -> AxisOperator {
    let radius = (order + 1) / 2 - 1 + accuracy / 2
    let around = Array(-radius...radius)
    let scale = Axis.power(1 / spacing, order)
    let stencil =
      isUniform
      ? DifferenceWeights.weights(offsets: around, order: order).map { $0 * scale } : nil
    let interior = min(radius, count)..<max(count - radius, min(radius, count))
    let rows = (0..<count).map { row -> AxisRow in
      if let stencil, interior.contains(row) {
        return AxisRow(columns: around.map { row + $0 }, weights: stencil)
      }
      if interior.contains(row) || spec.isPeriodic {
        return self.row(row - radius, around.count, order, from: row)
      }
      let width = order + accuracy
      return self.row(row < radius ? 0 : count - width, width, order, from: row)
    }
    return AxisOperator(rows: rows, interior: interior, radius: radius, stencil: stencil)
  }

  /// The derivative at a node by `width` nodes from `first` on, which may lie beyond a period's ends.
  private func row(_ first: Int, _ width: Int, _ order: Int, from node: Int) -> AxisRow {
    let reach = first..<first + width
    let columns = reach.map { (($0 % count) + count) % count }
    if isUniform {
      let scale = Axis.power(1 / spacing, order)
      let weights = DifferenceWeights.weights(offsets: reach.map { $0 - node }, order: order)
      return AxisRow(columns: columns, weights: weights.map { $0 * scale })
    }
    // Distances from the node, so that nothing is lost where spacings are small.
    let distances = reach.map { unrolled($0) - nodes[node] }
    return AxisRow(
      columns: columns, weights: DifferenceWeights.weights(distances, at: 0, order: order))
  }

  /// The place of a node counted on beyond the ends of a period.
  func unrolled(_ index: Int) -> Double {
    let turn = index >= 0 ? index / count : -((count - 1 - index) / count)
    return nodes[index - turn * count] + Double(turn) * length
  }

  static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}

import Numerics
import Problems

/// The points at which an error's equations are asked for: Gauss points inside and on the faces.
struct ErrorPoints {
  /// Flat, point after point; the last variable varies fastest.
  let points: [Double]
  /// Of the mean over the box or the face: they sum to 1.
  let weights: [Double]
  /// The places along each variable.
  private let axes: [[Double]]

  /// - Parameters:
  ///   - place: where each variable is held; nil: everywhere.
  ///   - counts: points along each variable.
  /// - Throws: `GSLError`.
  init(_ problem: Problem, _ place: [Double?], counts: [Int]) throws {
    let periodic = problem.periodicVariables
    var (points, weights, axes) = ([[Double]()], [1.0], [[Double]]())
    for (axis, interval) in problem.variables.enumerated() {
      let (nodes, shares) = try ErrorPoints.rule(
        interval, place[axis], counts[axis], isPeriodic: periodic.contains(interval.name))
      points = points.flatMap { point in nodes.map { point + [$0] } }
      weights = weights.flatMap { weight in shares.map { weight * $0 } }
      axes.append(nodes)
    }
    self.points = points.flatMap(\.self)
    self.weights = weights
    self.axes = axes
  }

  private static func rule(
    _ interval: Interval, _ held: Double?, _ count: Int, isPeriodic: Bool
  ) throws -> ([Double], [Double]) {
    if let held { return ([held], [1]) }
    let length = interval.upper - interval.lower
    if isPeriodic {
      let nodes = (0..<count).map { interval.lower + length * Double($0) / Double(count) }
      return (nodes, nodes.map { _ in 1 / Double(count) })
    }
    let gauss = try QuadratureRule.gaussLegendre(
      count, from: interval.lower, to: interval.upper)
    return (gauss.nodes, gauss.weights.map { $0 / length })
  }

  /// The nearest of the points.
  func nearest(to point: ArraySlice<Double>) -> Int {
    var index = 0
    for (nodes, place) in zip(axes, point) {
      var (low, high) = (0, nodes.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if (nodes[middle] + nodes[middle + 1]) / 2 < place {
          low = middle + 1
        } else {
          high = middle
        }
      }
      index = index * nodes.count + low
    }
    return index
  }
}

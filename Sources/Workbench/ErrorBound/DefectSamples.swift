import Expressions
import Numerics
import Problems
import Residuals

/// An equation or a condition with what is left of it, and its slopes, at points between those of
/// an ``ErrorSystem``.
struct DefectSamples {
  let row: LinearizedProblem.Row
  /// Where each variable is held; nil: everywhere.
  let place: [Double?]
  /// Whether it is an equation.
  let isEquation: Bool
  /// Flat, point after point.
  let points: [Double]
  /// What is left of it, by point.
  let residual: [Double]
  /// By leaf, then by point.
  let slopes: [[Double]]

  /// Points of each of the two sets inside, and of those on a face.
  private static let (inside, onFace) = (4096, 1024)

  /// - Throws: ``NoBound`` where it has no value somewhere; errors of evaluation.
  init(
    _ problem: Problem, _ row: LinearizedProblem.Row, _ place: [Double?],
    _ residuals: PhysicsResiduals, _ theta: Vector
  ) throws {
    self.row = row
    self.place = place
    isEquation = place.allSatisfy { $0 == nil }
    points = DefectSamples.points(
      problem, place, isEquation ? DefectSamples.inside : DefectSamples.onFace)
    let values = try residuals.evaluate([row.residual] + row.slopes, theta, at: points)
    guard values.joined().allSatisfy(\.isFinite) else {
      throw NoBound("'\(row.text)' has no value somewhere")
    }
    residual = values[0]
    slopes = Array(values.dropFirst())
  }

  /// Two sets, the second of them denser towards the ends.
  private static func points(_ problem: Problem, _ place: [Double?], _ count: Int) -> [Double] {
    let free = problem.variables.indices.filter { place[$0] == nil }
    if free.isEmpty { return place.map { $0 ?? 0 } }
    let intervals = free.map { problem.variables[$0] }
    return [0, 1].flatMap { set in
      let parts = FreshPoints(intervals, count: count, set: set).points
      return (0..<count).flatMap { point in
        var point = parts[(point * free.count)..<((point + 1) * free.count)]
        return problem.variables.indices.map { axis in
          if let held = place[axis] { return held }
          let part = point.removeFirst()
          return set == 0 ? part : DefectSamples.towardsEnds(part, problem.variables[axis])
        }
      }
    }
  }

  /// Chebyshev's density in place of an even one.
  static func towardsEnds(_ place: Double, _ interval: Interval) -> Double {
    let length = interval.upper - interval.lower
    let part = (place - interval.lower) / length
    return interval.lower + length * (1 - cosine(.pi * part)) / 2
  }
}

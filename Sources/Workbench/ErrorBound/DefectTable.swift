import Expressions
import Numerics
import Problems
import Residuals

/// An equation or a condition at points: what is left of it and its slopes, at the learned solution
/// or beside it.
final class DefectTable {
  typealias Leaf = ErrorSpace.Leaf

  let row: LinearizedProblem.Row
  /// Where each variable is held; nil: everywhere.
  let place: [Double?]
  /// Flat, point after point.
  let points: [Double]
  /// What is left, by point.
  private(set) var residual: [Double] = []
  /// By leaf, then by point.
  private(set) var slopes: [[Double]] = []
  /// Second derivatives, by pair of leaves, then by point.
  private(set) var curvatures: [[Double]] = []
  private let tape: Tape
  /// What the tape reads at the learned solution, by leaf and then by other symbols, then by point.
  private let inputs: [[Double]]

  /// Whether it is an equation.
  var isEquation: Bool { place.allSatisfy { $0 == nil } }

  /// - Throws: ``NoBound`` where it has no value somewhere; errors of evaluation.
  init(
    _ row: LinearizedProblem.Row, _ place: [Double?], _ points: [Double],
    _ residuals: PhysicsResiduals, _ theta: Vector
  ) throws {
    (self.row, self.place, self.points) = (row, place, points)
    let texts = [row.residual] + row.slopes + row.curvatures.map(\.slope)
    let symbols =
      row.symbols
      + texts.reduce(into: Set<Symbol>()) { $0.formUnion($1.symbols) }
      .subtracting(row.symbols).sorted { $0.description < $1.description }
    tape = Tape(try Program(texts, inputs: Inputs(state: symbols)))
    inputs =
      symbols.isEmpty
      ? [] : try residuals.evaluate(symbols.map { .symbol($0) }, theta, at: points)
    try move { _ in nil }
  }

  /// Evaluates at the learned solution less a correction, by leaf.
  ///
  /// - Throws: ``NoBound`` where there is no value somewhere.
  func move(by correction: (Leaf) -> [Double]?) throws(NoBound) {
    let count = points.count / (place.isEmpty ? 1 : place.count)
    var moved = inputs
    for (index, leaf) in row.leaves.enumerated() {
      guard let steps = correction(leaf) else { continue }
      for point in 0..<count { moved[index][point] -= steps[point] }
    }
    let (state, none) = (Storage(inputs.count), Storage(0))
    let out = Storage(1 + row.slopes.count + row.curvatures.count)
    defer { state.keep(none, out) }
    var values = [[Double]](
      repeating: [Double](repeating: 0, count: count), count: out.vector.count)
    for point in 0..<count {
      for index in moved.indices { state.vector[index] = moved[index][point] }
      tape.evaluate(none.vector, state.vector, none.vector, into: out.vector)
      for index in values.indices { values[index][point] = out.vector[index] }
    }
    guard values.joined().allSatisfy(\.isFinite) else {
      throw NoBound("'\(row.text)' has no value somewhere")
    }
    residual = values[0]
    slopes = Array(values[1..<(1 + row.slopes.count)])
    curvatures = Array(values[(1 + row.slopes.count)...])
  }
}

extension DefectTable {
  /// Points of each of the two sets inside, and of those on a face.
  private static let (inside, onFace) = (4096, 1024)

  /// Points between those of an ``ErrorSystem``: two sets, the second denser towards the ends.
  static func samples(_ problem: Problem, _ place: [Double?]) -> [Double] {
    let free = problem.variables.indices.filter { place[$0] == nil }
    if free.isEmpty { return place.map { $0 ?? 0 } }
    let count = free.count == place.count ? inside : onFace
    let intervals = free.map { problem.variables[$0] }
    return [0, 1].flatMap { set in
      let parts = FreshPoints(intervals, count: count, set: set).points
      return (0..<count).flatMap { point in
        var parts = parts[(point * free.count)..<((point + 1) * free.count)]
        return problem.variables.indices.map { axis in
          if let held = place[axis] { return held }
          let part = parts.removeFirst()
          return set == 0 ? part : towardsEnds(part, problem.variables[axis])
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

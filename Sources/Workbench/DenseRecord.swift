import Integrators
import Numerics

/// The continuous solution of a run, kept step by step.
final class DenseRecord {
  /// One step: its values at Chebyshev points, enough to reproduce its polynomial.
  private struct Piece {
    var start: Double
    var end: Double
    var degree: Int
    var values: [Double]
  }

  private let dimension: Int
  private var pieces: [Piece] = []

  init(dimension: Int) { self.dimension = dimension }

  /// Keeps a step up to `until`.
  func append(_ stepper: Stepper, upTo until: Double) {
    let degree = max(stepper.interpolantDegree, 1)
    let storage = Storage((degree + 1) * dimension)
    defer { storage.keep() }
    let share = (until - stepper.t) / stepper.h
    for (index, node) in Chebyshev.nodes(degree).enumerated() {
      stepper.interpolate(
        share * node, into: storage.vector.slice(index * dimension, dimension))
    }
    pieces.append(
      Piece(start: stepper.t, end: until, degree: degree, values: storage.vector.array))
  }

  /// The state at `t`; not a number before the first step and beyond the last.
  func state(at t: Double) -> [Double] {
    guard let first = pieces.first, let last = pieces.last, (t - first.start) * (t - last.end) <= 0
    else { return [Double](repeating: .nan, count: dimension) }
    let isForward = first.end > first.start
    var (low, high) = (0, pieces.count - 1)
    while low < high {
      let middle = (low + high) / 2
      let isBefore = isForward ? pieces[middle].end < t : pieces[middle].end > t
      if isBefore { low = middle + 1 } else { high = middle }
    }
    let piece = pieces[low]
    let values = Storage(piece.values)
    let result = Storage(dimension)
    defer { values.keep(result) }
    Chebyshev.interpolate(
      piece.degree, (t - piece.start) / (piece.end - piece.start), Chebyshev.nodes(piece.degree),
      values.vector, into: result.vector)
    return result.vector.array
  }
}

import Integrators
import Numerics

/// The interpolated solution of one segment: the polynomial of every step, by its values at
/// Chebyshev-Lobatto points.
final class SolutionPath {
  private let n: Int
  /// Start, end, degree and the place of the values.
  private let pieces = RecordRoll(width: 4)
  private let values: RecordRoll
  private var nodes: [[Double]] = []
  private var present = 0

  init(dimension: Int) {
    n = dimension
    values = RecordRoll(width: dimension)
  }

  var count: Int { pieces.count }

  func clear() {
    pieces.clear()
    values.clear()
    present = 0
  }

  /// Adds a step up to time `end`.
  func append(_ step: Stepper, upTo end: Double) {
    let degree = max(step.interpolantDegree, 1)
    while nodes.count <= degree {
      nodes.append(nodes.isEmpty ? [] : Chebyshev.nodes(nodes.count))
    }
    let piece = pieces.add()
    piece[0] = step.t
    piece[1] = end
    piece[2] = Double(degree)
    piece[3] = Double(values.count)
    let share = (end - step.t) / step.h
    for node in nodes[degree] { step.interpolate(share * node, into: values.add()) }
  }

  /// The time at which a piece starts.
  func start(_ index: Int) -> Double { pieces[index][0] }
  /// The time at which a piece ends.
  func end(_ index: Int) -> Double { pieces[index][1] }

  /// The piece that holds `t`, searched from the one found last; beyond the ends the nearest.
  func piece(at t: Double) -> Int {
    let isForward = pieces[count - 1][1] >= pieces[0][0]
    func isBefore(_ a: Double, _ b: Double) -> Bool { isForward ? a < b : a > b }
    present = min(present, count - 1)
    while present > 0, isBefore(t, pieces[present][0]) { present -= 1 }
    while present < count - 1, isBefore(pieces[present][1], t) { present += 1 }
    return present
  }

  /// Writes the state at `t`; `y`: `[n]`.
  func state(_ t: Double, into y: Vector) {
    let piece = pieces[piece(at: t)]
    let degree = Int(piece[2])
    let own = Vector(base: values.base + Int(piece[3]) * n, count: (degree + 1) * n)
    let theta = min(max((t - piece[0]) / (piece[1] - piece[0]), 0), 1)
    Chebyshev.interpolate(degree, theta, nodes[degree], own, into: y)
  }
}

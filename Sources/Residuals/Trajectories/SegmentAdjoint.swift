import Integrators
import Numerics

/// Follows the steps of a segment's integration, and carries weights on the states at its rows and its
/// end back to its parameters and its start: Jᵀw without J.
///
/// One worker's own; it serves one run after the other.
protocol SegmentAdjoint: AnyObject {
  /// Forgets the last run; the next one starts at `t` with `y`, `[n]`.
  func begin(_ integration: Integration, _ t: Double, _ y: Vector)
  /// Takes an accepted step, its interpolant ready.
  func keep(_ step: Stepper, upTo end: Double)
  /// A row of the last step that was kept, or of the start.
  func visit(_ t: Double)
  /// Writes dL/dy₀ and adds dL/dp.
  ///
  /// - Parameters:
  ///   - seeds: dL/dy at the rows visited, `[rows][n]`.
  ///   - end: dL/dy at the end, `[n]`.
  ///   - start: dL/dy₀ of a start that may be chosen freely, `[n]`.
  ///   - gradient: `[P]`.
  /// - Returns: false where the way back cannot be gone.
  func reverse(seeds: Vector, end: Vector, into start: Vector, addingTo gradient: Vector) -> Bool
}

/// Numbers of equal records one after the other, room for them growing as it must.
final class RecordRoll {
  private(set) var base: UnsafeMutablePointer<Double>
  private var capacity: Int
  let width: Int
  private(set) var count = 0

  /// - Parameter width: numbers of a record.
  init(width: Int) {
    self.width = width
    capacity = 16 * max(width, 1)
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  func clear() { count = 0 }

  /// The record at a place that has been added; borrowed until the next one is added.
  @inline(__always)
  subscript(_ index: Int) -> Vector { Vector(base: base + index * width, count: width) }

  /// Adds a record, to be written.
  @inline(__always)
  func add() -> Vector {
    if (count + 1) * width > capacity { grow() }
    count += 1
    return self[count - 1]
  }

  private func grow() {
    let larger = UnsafeMutablePointer<Double>.allocate(capacity: 2 * capacity + width)
    larger.update(from: base, count: count * width)
    base.deallocate()
    base = larger
    capacity = 2 * capacity + width
  }
}

import Numerics

/// A derivative of fields on a grid, one axis after the other.
///
/// Along an axis of uniform nodes the rows inside are one sum of shifted copies of the field, made in
/// one sweep over contiguous memory; dense axes are products of matrices (BLAS).
///
/// Not `Sendable`: it owns the field between two axes.
public final class GridDerivative {
  /// Number of nodes of the fields.
  public let count: Int
  private let sweeps: [AxisSweep]
  private let between: [Storage]

  /// Prepares D^α, by the order in each variable; all zero copies the field.
  public init(_ grid: Grid, _ orders: [Int]) {
    precondition(
      orders.count == grid.axes.count && orders.allSatisfy { $0 >= 0 },
      "orders \(orders) on \(grid.axes.count) axes")
    count = grid.count
    // The slowest axis first: its rows are whole blocks of memory.
    sweeps = orders.indices.filter { orders[$0] > 0 }.map { axis in
      AxisSweep(
        grid.axes[axis].derivative(orders[axis]),
        outer: grid.count / (grid.shape[axis] * grid.strides[axis]), inner: grid.strides[axis])
    }
    between = (0..<min(max(sweeps.count - 1, 0), 2)).map { _ in Storage(grid.count) }
  }

  /// Writes the derivative of a field; both `[count]`, and not the same memory.
  ///
  /// - Cost: a few operations a node and axis for differences, n for dense axes; allocates nothing.
  public func apply(_ field: Vector, into result: Vector) {
    precondition(
      field.count == count && result.count == count && field.base != result.base,
      "\(field.count) numbers into \(result.count), on \(count) nodes")
    guard let last = sweeps.indices.last else { return result.assign(field) }
    var source = field
    for (index, sweep) in sweeps.enumerated() {
      let target = index == last ? result : between[index % 2].vector
      sweep.apply(source.base, into: target.base)
      source = target
    }
  }
}

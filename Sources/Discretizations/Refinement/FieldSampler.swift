import Numerics

/// Values and derivatives of fields of a grid on a tensor product of other places.
///
/// One axis after the other: the functionals of ``Axis/row(derivative:at:)``. Not `Sendable`: it owns
/// the fields between two axes.
public final class FieldSampler {
  /// Number of places.
  public let count: Int
  private let grid: Grid
  private let places: [[Double]]
  /// Functionals of each derivative of each axis that was asked for.
  private var tables: [Key: Table] = [:]
  private let work: [Storage]

  private struct Key: Hashable {
    var axis: Int
    var order: Int
  }

  /// Rows of functionals, one for each place.
  private struct Table {
    var starts: [Int] = [0]
    var columns: [Int32] = []
    var weights: [Double] = []
  }

  /// Prepares for fields of a grid.
  ///
  /// - Parameter places: for each axis of the grid, inside its interval; the last axis is fastest.
  public init(_ grid: Grid, places: [[Double]]) {
    precondition(places.count == grid.axes.count, "\(places.count) axes of \(grid.axes.count)")
    self.grid = grid
    self.places = places
    count = places.reduce(1) { $0 * $1.count }
    // After k axes the first k have the places' counts, the others the grid's.
    work = (0..<max(places.count - 1, 0)).map { axis in
      let done = places[0...axis].reduce(1) { $0 * $1.count }
      return Storage(done * grid.shape[(axis + 1)...].reduce(1, *))
    }
  }

  /// Writes a derivative, by the order in each variable, of a field at the places.
  ///
  /// - Shape: the field `[grid.count]`, the result `[count]`.
  public func sample(_ orders: [Int], _ field: Vector, into result: Vector) {
    precondition(
      field.count == grid.count && result.count == count,
      "\(field.count) nodes to \(result.count) places")
    if places.isEmpty { return result.assign(field) }
    var source = field
    var outer = 1
    for axis in places.indices {
      let inner = grid.shape[(axis + 1)...].reduce(1, *)
      let target = axis < work.count ? work[axis].vector : result
      apply(table(axis, orders[axis]), source, target, outer, grid.shape[axis], inner)
      outer *= places[axis].count
      source = target
    }
  }

  private func apply(
    _ table: Table, _ source: Vector, _ target: Vector, _ outer: Int, _ nodes: Int, _ inner: Int
  ) {
    let rows = table.starts.count - 1
    for block in 0..<outer {
      let from = source.base + block * nodes * inner
      for row in 0..<rows {
        let to = target.base + (block * rows + row) * inner
        to.update(repeating: 0, count: inner)
        for entry in table.starts[row]..<table.starts[row + 1] {
          let weight = table.weights[entry]
          let column = from + Int(table.columns[entry]) * inner
          for k in 0..<inner { to[k] += weight * column[k] }
        }
      }
    }
  }

  private func table(_ axis: Int, _ order: Int) -> Table {
    let key = Key(axis: axis, order: order)
    if let known = tables[key] { return known }
    var table = Table()
    for place in places[axis] {
      let row = grid.axes[axis].row(derivative: order, at: place)
      table.columns += row.columns.map(Int32.init)
      table.weights += row.weights
      table.starts.append(table.columns.count)
    }
    tables[key] = table
    return table
  }
}

import Numerics
import Problems

/// Functionals of a field at many places of a grid: for each place one row along each axis.
///
/// Rows along an axis are kept once for each coordinate: the places of a double integral share them.
final class GridPlaces {
  /// Rows along one axis, by their number.
  private struct Rows {
    var starts: [Int32] = [0]
    var columns: [Int32] = []
    var weights: [Double] = []
    var numbers: [Double: Int32] = [:]
  }

  private let grid: Grid
  private let orders: [Int]
  private let strides: [Int]
  private var rows: [Rows]
  /// The row of each place along each axis; `[places × axes]`.
  private var places: [Int32] = []
  private var point: [Double]

  /// Makes ready for places of one derivative.
  init(_ grid: Grid, _ orders: [Int]) {
    self.grid = grid
    self.orders = orders
    rows = orders.map { _ in Rows() }
    point = orders.map { _ in 0 }
    strides = grid.axes.indices.map { axis in grid.shape[(axis + 1)...].reduce(1, *) }
  }

  var count: Int { places.count / orders.count }

  /// Adds a place; `false` if it is outside of the box.
  func append(_ place: [Double]) -> Bool {
    for (axis, coordinate) in place.enumerated() {
      let spec = grid.axes[axis].spec
      var x = coordinate
      if !spec.isPeriodic {
        let slack = 1e-12 * (spec.upper - spec.lower)
        guard x >= spec.lower - slack, x <= spec.upper + slack else { return false }
        x = min(max(x, spec.lower), spec.upper)
      }
      if rows[axis].numbers[x] == nil { add(x, axis) }
      places.append(rows[axis].numbers[x] ?? 0)
    }
    return true
  }

  private func add(_ x: Double, _ axis: Int) {
    let row = grid.axes[axis].row(derivative: orders[axis], at: x)
    rows[axis].numbers[x] = Int32(rows[axis].starts.count - 1)
    for (column, weight) in zip(row.columns, row.weights) where weight != 0 {
      rows[axis].columns.append(Int32(column))
      rows[axis].weights.append(weight)
    }
    rows[axis].starts.append(Int32(rows[axis].columns.count))
  }

  /// Calls with every column of a place and its weight.
  @inline(__always)
  func forEach(_ place: Int, _ body: (_ column: Int, _ weight: Double) -> Void) {
    visit(place, 0, 0, 1, body)
  }

  private func visit(
    _ place: Int, _ axis: Int, _ base: Int, _ factor: Double, _ body: (Int, Double) -> Void
  ) {
    let row = Int(places[place * orders.count + axis])
    let (first, end) = (Int(rows[axis].starts[row]), Int(rows[axis].starts[row + 1]))
    for k in first..<end {
      let column = base + Int(rows[axis].columns[k]) * strides[axis]
      let weight = factor * rows[axis].weights[k]
      if axis == orders.count - 1 {
        body(column, weight)
      } else {
        visit(place, axis + 1, column, weight, body)
      }
    }
  }

  /// Writes the value of the functional at every place; `field`: `[nodes]`, `values`: `[places]`.
  func evaluate(_ field: Vector, into values: Vector) {
    let axes = orders.count
    if axes == 1 {
      line(field, into: values)
      return
    }
    for place in 0..<count {
      var sum = 0.0
      forEach(place) { column, weight in sum += weight * field[column] }
      values[place] = sum
    }
  }

  private func line(_ field: Vector, into values: Vector) {
    rows[0].starts.withUnsafeBufferPointer { starts in
      rows[0].columns.withUnsafeBufferPointer { columns in
        rows[0].weights.withUnsafeBufferPointer { weights in
          places.withUnsafeBufferPointer { places in
            for place in places.indices {
              var sum = 0.0
              let row = Int(places[place])
              for k in Int(starts[row])..<Int(starts[row + 1]) {
                sum += weights[k] * field.base[Int(columns[k])]
              }
              values.base[place] = sum
            }
          }
        }
      }
    }
  }
}

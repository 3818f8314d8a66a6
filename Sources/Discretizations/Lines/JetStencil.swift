/// The functionals of one derivative at all nodes, loaded node by node into memory of its own.
final class JetStencil {
  /// Of the node last loaded; columns of the full vector.
  let columns: UnsafeMutablePointer<Int32>
  let weights: UnsafeMutablePointer<Double>
  private let spare: (UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Double>)
  private let axes: [Taps]
  private let offset: Int

  /// The rows of one axis in memory of their own.
  private struct Taps {
    let starts: UnsafeMutablePointer<Int32>
    let columns: UnsafeMutablePointer<Int32>
    let weights: UnsafeMutablePointer<Double>
    let stride: Int
    let length: Int

    init(_ rows: [AxisRow], stride: Int) {
      self.stride = stride
      length = rows.count
      let count = rows.reduce(0) { $0 + $1.columns.count }
      starts = .allocate(capacity: rows.count + 1)
      columns = .allocate(capacity: max(count, 1))
      weights = .allocate(capacity: max(count, 1))
      var next = 0
      for (row, functional) in rows.enumerated() {
        (starts + row).initialize(to: Int32(next))
        for (column, weight) in zip(functional.columns, functional.weights) {
          (columns + next).initialize(to: Int32(column * stride))
          (weights + next).initialize(to: weight)
          next += 1
        }
      }
      (starts + rows.count).initialize(to: Int32(next))
    }

    func deallocate() {
      starts.deallocate()
      columns.deallocate()
      weights.deallocate()
    }
  }

  init(_ grid: Grid, _ orders: [Int], offset: Int) {
    self.offset = offset
    let rows = zip(grid.axes, orders).map { $0.derivative($1).rows }
    axes = zip(rows, grid.strides).map { Taps($0, stride: $1) }
    let most = rows.reduce(1) { product, rows in
      product * (rows.map(\.columns.count).max() ?? 1)
    }
    columns = .allocate(capacity: most)
    weights = .allocate(capacity: most)
    spare = (.allocate(capacity: most), .allocate(capacity: most))
  }

  deinit {
    for axis in axes { axis.deallocate() }
    columns.deallocate()
    weights.deallocate()
    spare.0.deallocate()
    spare.1.deallocate()
  }

  /// Fills ``columns`` and ``weights`` for a node; how many they are.
  func load(_ node: Int) -> Int {
    columns[0] = Int32(offset)
    weights[0] = 1
    var count = 1
    for index in axes.indices {
      let axis = axes[index]
      let place = node / axis.stride % axis.length
      let first = Int(axis.starts[place])
      let width = Int(axis.starts[place + 1]) - first
      if width == 1 {
        for k in 0..<count {
          columns[k] += axis.columns[first]
          weights[k] *= axis.weights[first]
        }
        continue
      }
      spare.0.update(from: columns, count: count)
      spare.1.update(from: weights, count: count)
      for k in 0..<count {
        for tap in 0..<width {
          columns[k * width + tap] = spare.0[k] + axis.columns[first + tap]
          weights[k * width + tap] = spare.1[k] * axis.weights[first + tap]
        }
      }
      count *= width
    }
    return count
  }
}

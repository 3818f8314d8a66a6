/// The tensor product of axes; nodes are numbered with the last axis fastest.
public struct Grid: Sendable {
  public let axes: [Axis]
  /// Number of nodes along each axis.
  public let shape: [Int]
  /// Number of nodes.
  public let count: Int
  /// How far apart neighbours along each axis are numbered.
  let strides: [Int]

  /// Places the nodes of all axes.
  public init(_ specs: [AxisSpec]) {
    precondition(!specs.isEmpty, "a grid without axes")
    axes = specs.map(Axis.init)
    shape = axes.map(\.count)
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in stride(from: shape.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    self.strides = strides
    count = strides[0] * shape[0]
  }

  /// The number of the node at these places along the axes.
  public func index(_ place: [Int]) -> Int {
    var index = 0
    for axis in shape.indices { index += place[axis] * strides[axis] }
    return index
  }

  /// The places along the axes of a node.
  public func place(_ index: Int) -> [Int] {
    shape.indices.map { index / strides[$0] % shape[$0] }
  }

  /// The place of a node along one axis.
  public func place(_ index: Int, axis: Int) -> Int { index / strides[axis] % shape[axis] }

  /// One variable's value at every node; `[count]`.
  public func coordinates(_ axis: Int) -> [Double] {
    let (step, n, nodes) = (strides[axis], shape[axis], axes[axis].nodes)
    return [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      for index in 0..<count { buffer[index] = nodes[index / step % n] }
      filled = count
    }
  }

  /// The nodes on a face, increasing; `layer` 1 are their next neighbours inside.
  public func nodes(onFace axis: Int, upper: Bool, layer: Int = 0) -> [Int] {
    precondition(layer >= 0 && layer < shape[axis], "layer \(layer) of \(shape[axis])")
    let start = (upper ? shape[axis] - 1 - layer : layer) * strides[axis]
    let block = strides[axis] * shape[axis]
    return (0..<count / block).flatMap { outer in
      (0..<strides[axis]).map { outer * block + start + $0 }
    }
  }

  /// A derivative at a node as a functional of the field, by the order in each variable.
  ///
  /// - Cost: makes the axes' rows anew; for all nodes use ``rows(_:)`` or ``GridDerivative``.
  public func row(_ orders: [Int], node: Int) -> AxisRow {
    let place = place(node)
    return product(
      axes.indices.map { axis in
        orders[axis] == 0
          ? AxisRow(columns: [place[axis]], weights: [1])
          : axes[axis].derivative(orders[axis]).rows[place[axis]]
      })
  }

  /// A derivative at any place of the box as a functional of the field.
  public func row(_ orders: [Int], at point: [Double]) -> AxisRow {
    product(axes.indices.map { axes[$0].row(derivative: orders[$0], at: point[$0]) })
  }

  /// A derivative's functionals at all nodes, made when asked for from the axes' rows.
  public func rows(_ orders: [Int]) -> GridRows { GridRows(self, orders) }

  /// The product of functionals along the axes.
  func product(_ rows: [AxisRow]) -> AxisRow {
    var columns = [0]
    var weights = [1.0]
    for (row, step) in zip(rows, strides) {
      columns = columns.flatMap { before in row.columns.map { before + $0 * step } }
      weights = weights.flatMap { before in row.weights.map { before * $0 } }
    }
    return AxisRow(columns: columns, weights: weights)
  }

  /// The quadrature weights of the nodes for the whole box; `[count]`.
  public var weights: [Double] {
    axes.reduce([1.0]) { weights, axis in
      let along = axis.weights
      return weights.flatMap { before in along.map { before * $0 } }
    }
  }
}

/// The functionals of one derivative at the nodes of a grid.
public struct GridRows: Sendable {
  private let grid: Grid
  private let operators: [AxisOperator]

  init(_ grid: Grid, _ orders: [Int]) {
    precondition(orders.count == grid.axes.count, "\(orders.count) orders, \(grid.axes.count) axes")
    self.grid = grid
    operators = zip(grid.axes, orders).map { $0.derivative($1) }
  }

  /// The functional at a node.
  public subscript(node: Int) -> AxisRow {
    if operators.count == 1 { return operators[0].rows[node] }
    return grid.product(
      operators.indices.map { operators[$0].rows[grid.place(node, axis: $0)] })
  }
}

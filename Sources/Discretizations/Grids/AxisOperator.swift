/// A linear functional of the values on nodes: Σ weights[k]·value[columns[k]].
public struct AxisRow: Sendable, Equatable {
  /// Increasing.
  public let columns: [Int]
  public let weights: [Double]

  /// Puts the terms into the order of their columns, which must differ.
  public init(columns: [Int], weights: [Double]) {
    precondition(
      columns.count == weights.count, "\(columns.count) places, \(weights.count) weights")
    if zip(columns, columns.dropFirst()).allSatisfy({ $0 < $1 }) {
      (self.columns, self.weights) = (columns, weights)
    } else {
      let order = columns.indices.sorted { columns[$0] < columns[$1] }
      self.columns = order.map { columns[$0] }
      self.weights = order.map { weights[$0] }
    }
  }

  /// The functional of the values of a field.
  public func callAsFunction(_ values: [Double]) -> Double {
    var sum = 0.0
    for (column, weight) in zip(columns, weights) { sum += weight * values[column] }
    return sum
  }
}

/// A derivative on the nodes of an axis: one functional for each node.
public struct AxisOperator: Sendable {
  /// One for each node.
  public let rows: [AxisRow]
  /// Whether each row takes (almost) all nodes.
  public let isDense: Bool
  /// Rows that take the nodes from `row − radius` to `row + radius`; the others take what ``rows`` say.
  let interior: Range<Int>
  let radius: Int
  /// The weights of all interior rows, where they are the same.
  let stencil: [Double]?

  /// A dense operator.
  init(matrix rows: [AxisRow]) {
    self.rows = rows
    isDense = true
    interior = 0..<0
    radius = 0
    stencil = nil
  }

  /// A banded operator.
  init(rows: [AxisRow], interior: Range<Int>, radius: Int, stencil: [Double]?) {
    self.rows = rows
    isDense = false
    self.interior = interior
    self.radius = radius
    self.stencil = stencil
  }

  /// The values themselves.
  init(identity count: Int) {
    self.init(
      rows: (0..<count).map { AxisRow(columns: [$0], weights: [1]) }, interior: 0..<count,
      radius: 0, stencil: [1])
  }
}

import Numerics

/// The assembled Jacobian of a ``DiscreteSystem``: compressed rows with a fixed pattern.
///
/// Entry (row, column) is Σ over jets of (∂rate/∂jet at the node) × (weight of the column in the jet);
/// where each product goes is computed once. The weights may come from another grid with the same
/// nodes: the differences of order 2 there make the preconditioner of wider ones.
final class JetMatrix {
  let pattern: SparsePattern
  /// In the order of ``pattern``.
  let entries: Vector
  private let discrete: DiscreteSystem
  private let storage: Storage
  private let scatters: [Scatter]
  private let conditionScatters: [[Scatter]]
  private let nonlocal: NonlocalScatter?

  /// Products of one partial: node by node (or condition row by row), the entry and the weight.
  private struct Scatter {
    var starts: [Int32]
    var entries: [Int32]
    var weights: [Double]
  }

  /// - Parameter grid: whose functionals fill the rows of the differential equations.
  init(_ discrete: DiscreteSystem, weights grid: Grid? = nil) {
    self.discrete = discrete
    let builder = JetMatrixBuilder(discrete, grid ?? discrete.grid)
    let pattern = builder.makePattern()
    self.pattern = pattern
    storage = Storage(pattern.count)
    entries = storage.vector
    let lists = builder.makeScatters(pattern)
    scatters = lists.rates.map { Scatter(starts: $0.starts, entries: $0.entries, weights: $0.weights) }
    conditionScatters = lists.conditions.map { set in
      set.map { Scatter(starts: $0.starts, entries: $0.entries, weights: $0.weights) }
    }
    nonlocal = discrete.terms.map { NonlocalScatter(discrete, $0, pattern) }
  }

  /// Fills ``entries`` with the discrete system's last linearisation.
  func assemble(_ t: Double) {
    entries.fill(0)
    let n = discrete.grid.count
    for (index, scatter) in scatters.enumerated() {
      JetMatrix.add(scatter, discrete.coefficients.vector.slice(index * n, n), to: entries)
    }
    assembleConditions(clearing: false)
    nonlocal?.add(t, to: entries)
  }

  /// Fills the rows of conditions alone.
  func assembleConditions(clearing: Bool = true) {
    for (set, lists) in zip(discrete.sets, conditionScatters) {
      if clearing {
        for row in set.rows {
          for k in pattern.rowStarts[row]..<pattern.rowStarts[row + 1] { entries[k] = 0 }
        }
      }
      for (place, scatter) in lists.enumerated() {
        let partial = set.partials.slice(place * set.rows.count, set.rows.count)
        JetMatrix.add(scatter, partial, to: entries)
      }
    }
  }

  private static func add(_ scatter: Scatter, _ coefficients: Vector, to entries: Vector) {
    scatter.starts.withUnsafeBufferPointer { starts in
      scatter.entries.withUnsafeBufferPointer { places in
        scatter.weights.withUnsafeBufferPointer { weights in
          for node in 0..<starts.count - 1 {
            let coefficient = coefficients.base[node]
            for k in Int(starts[node])..<Int(starts[node + 1]) {
              entries.base[Int(places[k])] += coefficient * weights[k]
            }
          }
        }
      }
    }
  }
}

/// Lists the places and the products of a ``JetMatrix``.
private struct JetMatrixBuilder {
  struct List {
    var starts: [Int32] = [0]
    var entries: [Int32] = []
    var weights: [Double] = []
  }

  let discrete: DiscreteSystem
  /// The functionals of each jet at every node, in flat memory.
  private var stencils: [Int: JetStencil] = [:]
  /// Columns that nonlocal terms reach: `[symbol][node]`.
  private let nonlocal: [[[Int]]]

  init(_ discrete: DiscreteSystem, _ grid: Grid) {
    self.discrete = discrete
    let system = discrete.system
    nonlocal = discrete.terms?.columns ?? []
    for partial in system.partials where partial.jet < system.jets.count {
      guard stencils[partial.jet] == nil else { continue }
      let jet = system.jets[partial.jet]
      stencils[partial.jet] = JetStencil(grid, jet.orders, offset: jet.component * grid.count)
    }
  }

  /// Visits the columns of one row with their weights: of the differential equation's partial
  /// `index`, or of a condition's jet.
  private func visit(_ index: Int, _ node: Int, _ body: (Int, Double) -> Void) {
    let jet = discrete.system.partials[index].jet
    if let stencil = stencils[jet] { stencil.visit(node, body) }
  }

  func makePattern() -> SparsePattern {
    let n = discrete.grid.count
    let system = discrete.system
    var starts = [0]
    starts.reserveCapacity(discrete.dimension + 1)
    var columns: [Int] = []
    var marks = [Int32](repeating: -1, count: discrete.dimension)
    let own = system.components.indices.map { component in
      system.partials.indices.filter { system.partials[$0].component == component }
    }
    let places = conditionPlaces()
    for row in 0..<discrete.dimension {
      let first = columns.count
      func mark(_ column: Int) {
        if marks[column] != Int32(row) {
          marks[column] = Int32(row)
          columns.append(column)
        }
      }
      // The diagonal is there for the mass matrix.
      mark(row)
      if discrete.owners[row] < 0 {
        for index in own[row / n] {
          visit(index, row % n) { column, _ in mark(column) }
          let symbol = system.partials[index].jet - system.jets.count
          if symbol >= 0 { for column in nonlocal[symbol][row % n] { mark(column) } }
        }
        for other in system.mass.map({ $0[row / n] })?.indices ?? 0..<0
        where system.mass?[row / n][other] != 0 { mark(other * n + row % n) }
      } else {
        markCondition(row, places[row] ?? 0, mark)
      }
      columns[first...].sort()
      starts.append(columns.count)
    }
    return SparsePattern(dimension: discrete.dimension, rowStarts: starts, columns: columns)
  }

  /// The place of each taken row within its set.
  private func conditionPlaces() -> [Int: Int] {
    var places: [Int: Int] = [:]
    for set in discrete.sets {
      for (place, row) in set.rows.enumerated() { places[row] = place }
    }
    return places
  }

  private func markCondition(_ row: Int, _ place: Int, _ mark: (Int) -> Void) {
    let set = discrete.sets[Int(discrete.owners[row])]
    for (index, functional) in set.functionals.enumerated() {
      if functional.starts.count == 1 {
        let symbol = set.condition.jets[index] - discrete.system.jets.count
        for column in nonlocal[symbol][row % discrete.grid.count] { mark(column) }
      } else {
        for k in Int(functional.starts[place])..<Int(functional.starts[place + 1]) {
          mark(Int(functional.columns[k]))
        }
      }
    }
  }

  func makeScatters(_ pattern: SparsePattern) -> (rates: [List], conditions: [[List]]) {
    let n = discrete.grid.count
    let rates = discrete.system.partials.indices.map { index -> List in
      var list = List()
      let offset = discrete.system.partials[index].component * n
      for node in 0..<n {
        if discrete.owners[offset + node] < 0 {
          visit(index, node) { column, weight in
            list.entries.append(Int32(pattern.index(offset + node, column) ?? 0))
            list.weights.append(weight)
          }
        }
        list.starts.append(Int32(list.entries.count))
      }
      return list
    }
    let conditions = discrete.sets.map { set in
      set.functionals.map { functional -> List in
        guard functional.starts.count > 1 else {
          return List(starts: [Int32](repeating: 0, count: set.rows.count + 1))
        }
        var list = List(starts: functional.starts, entries: [], weights: functional.weights)
        for (place, row) in set.rows.enumerated() {
          for k in Int(functional.starts[place])..<Int(functional.starts[place + 1]) {
            list.entries.append(Int32(pattern.index(row, Int(functional.columns[k])) ?? 0))
          }
        }
        return list
      }
    }
    return (rates, conditions)
  }
}

/// The functionals of one derivative at all nodes, without an array for each.
struct JetStencil {
  private let axes: [AxisTaps]
  private let shape: [Int]
  private let strides: [Int]
  private let offset: Int

  private struct AxisTaps {
    var starts: [Int32] = [0]
    var columns: [Int32] = []
    var weights: [Double] = []
  }

  init(_ grid: Grid, _ orders: [Int], offset: Int) {
    shape = grid.shape
    strides = grid.strides
    self.offset = offset
    axes = zip(grid.axes, orders).map { axis, order in
      var taps = AxisTaps()
      for row in axis.derivative(order).rows {
        taps.columns += row.columns.map { Int32($0) }
        taps.weights += row.weights
        taps.starts.append(Int32(taps.columns.count))
      }
      return taps
    }
  }

  /// Calls the body with each column of the full vector and its weight.
  func visit(_ node: Int, _ body: (Int, Double) -> Void) { visit(node, 0, offset, 1, body) }

  private func visit(
    _ node: Int, _ axis: Int, _ column: Int, _ weight: Double, _ body: (Int, Double) -> Void
  ) {
    guard axis < axes.count else { return body(column, weight) }
    let place = node / strides[axis] % shape[axis]
    let taps = axes[axis]
    for k in Int(taps.starts[place])..<Int(taps.starts[place + 1]) {
      visit(
        node, axis + 1, column + Int(taps.columns[k]) * strides[axis], weight * taps.weights[k],
        body)
    }
  }
}

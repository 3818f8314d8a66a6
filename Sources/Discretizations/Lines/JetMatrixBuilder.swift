import Numerics

/// Lists the places and the products of a ``JetMatrix``, row by row.
struct JetMatrixBuilder {
  /// Compressed rows, columns in order.
  private(set) var starts = [0]
  private(set) var columns: [Int] = []
  /// One for each of the system's partials.
  private(set) var scatters: [JetMatrix.Scatter]
  private let discrete: DiscreteSystem
  /// The functionals of each jet that a rate reads.
  private var stencils: [JetStencil?]
  /// Partials of each component's rate.
  private let own: [[Int]]
  /// Columns that nonlocal terms reach: `[symbol][node]`.
  private let nonlocal: [[[Int]]]
  /// The place of each taken row within its set.
  private var places: [Int32]
  /// The last row that had a column, and where.
  private var marks: [Int32]
  private var entryOf: [Int32]

  init(_ discrete: DiscreteSystem, _ grid: Grid) {
    self.discrete = discrete
    let system = discrete.system
    nonlocal = discrete.terms?.columns ?? []
    scatters = [JetMatrix.Scatter](repeating: JetMatrix.Scatter(), count: system.partials.count)
    stencils = [JetStencil?](repeating: nil, count: system.jets.count)
    for partial in system.partials where partial.jet < system.jets.count {
      guard stencils[partial.jet] == nil else { continue }
      let jet = system.jets[partial.jet]
      stencils[partial.jet] = JetStencil(grid, jet.orders, offset: jet.component * grid.count)
    }
    own = system.components.indices.map { component in
      system.partials.indices.filter { system.partials[$0].component == component }
    }
    marks = [Int32](repeating: -1, count: discrete.dimension)
    entryOf = [Int32](repeating: 0, count: discrete.dimension)
    places = [Int32](repeating: 0, count: discrete.dimension)
    for set in discrete.sets {
      for (place, row) in set.rows.enumerated() { places[row] = Int32(place) }
    }
  }

  /// Visits every row once.
  mutating func build() {
    starts.reserveCapacity(discrete.dimension + 1)
    for row in 0..<discrete.dimension {
      let first = columns.count
      // The diagonal is there for the mass matrix.
      mark(row, row)
      if discrete.owners[row] < 0 {
        markRate(row)
      } else {
        markCondition(row)
      }
      sort(from: first)
      for k in first..<columns.count { entryOf[columns[k]] = Int32(k) }
      scatter(row)
      starts.append(columns.count)
    }
  }

  @inline(__always)
  private mutating func mark(_ column: Int, _ row: Int) {
    guard marks[column] != Int32(truncatingIfNeeded: row) else { return }
    marks[column] = Int32(truncatingIfNeeded: row)
    columns.append(column)
  }

  /// Short runs by insertion; long ones as usual.
  private mutating func sort(from first: Int) {
    guard columns.count - first <= 32 else { return columns[first...].sort() }
    for i in (first + 1)..<max(columns.count, first + 1) {
      let value = columns[i]
      var j = i
      while j > first, columns[j - 1] > value {
        columns[j] = columns[j - 1]
        j -= 1
      }
      columns[j] = value
    }
  }

  private mutating func markRate(_ row: Int) {
    let system = discrete.system
    let n = discrete.grid.count
    let node = row % n
    for index in own[row / n] {
      let jet = system.partials[index].jet
      if jet >= system.jets.count {
        for column in nonlocal[jet - system.jets.count][node] { mark(column, row) }
      } else if let stencil = stencils[jet] {
        let count = stencil.load(node)
        for k in 0..<count { mark(Int(stencil.columns[k]), row) }
      }
    }
    guard let mass = system.mass?[row / n] else { return }
    for (other, value) in mass.enumerated() where value != 0 { mark(other * n + node, row) }
  }

  private mutating func markCondition(_ row: Int) {
    let set = discrete.sets[Int(discrete.owners[row])]
    let place = Int(places[row])
    for (index, functional) in set.functionals.enumerated() {
      if functional.starts.count == 1 {
        let symbol = set.condition.jets[index] - discrete.system.jets.count
        for column in nonlocal[symbol][row % discrete.grid.count] { mark(column, row) }
      } else {
        for k in Int(functional.starts[place])..<Int(functional.starts[place + 1]) {
          mark(Int(functional.columns[k]), row)
        }
      }
    }
  }

  private mutating func scatter(_ row: Int) {
    let n = discrete.grid.count
    for index in own[row / n] {
      if discrete.owners[row] < 0, discrete.system.partials[index].jet < discrete.system.jets.count,
        let stencil = stencils[discrete.system.partials[index].jet]
      {
        let count = stencil.load(row % n)
        for k in 0..<count {
          scatters[index].entries.append(entryOf[Int(stencil.columns[k])])
          scatters[index].weights.append(stencil.weights[k])
        }
      }
      scatters[index].starts.append(Int32(scatters[index].entries.count))
    }
  }

  /// The products of each condition's partials.
  func conditionScatters(_ pattern: SparsePattern) -> [[JetMatrix.Scatter]] {
    discrete.sets.map { set in
      set.functionals.map { functional in
        guard functional.starts.count > 1 else {
          return JetMatrix.Scatter(starts: [Int32](repeating: 0, count: set.rows.count + 1))
        }
        var list = JetMatrix.Scatter(
          starts: functional.starts, entries: [], weights: functional.weights)
        for (place, row) in set.rows.enumerated() {
          for k in Int(functional.starts[place])..<Int(functional.starts[place + 1]) {
            list.entries.append(Int32(pattern.index(row, Int(functional.columns[k])) ?? 0))
          }
        }
        return list
      }
    }
  }
}

/// The functionals of one derivative at all nodes, loaded node by node into memory of its own.
final class JetStencil {
  /// Of the node last loaded; columns of the full vector.
  let columns: UnsafeMutablePointer<Int32>
  let weights: UnsafeMutablePointer<Double>
  private let spare: (UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Double>)
  private let starts: [[Int32]]
  private let taps: [[Int32]]
  private let tapWeights: [[Double]]
  private let shape: [Int]
  private let strides: [Int]
  private let offset: Int

  init(_ grid: Grid, _ orders: [Int], offset: Int) {
    shape = grid.shape
    strides = grid.strides
    self.offset = offset
    let rows = zip(grid.axes, orders).map { $0.derivative($1).rows }
    starts = rows.map { rows in
      rows.reduce(into: [Int32(0)]) { $0.append(($0.last ?? 0) + Int32($1.columns.count)) }
    }
    taps = zip(rows, grid.strides).map { rows, step in
      rows.flatMap { row in row.columns.map { Int32($0 * step) } }
    }
    tapWeights = rows.map { rows in rows.flatMap(\.weights) }
    let most = rows.reduce(1) { product, rows in
      product * (rows.map(\.columns.count).max() ?? 1)
    }
    columns = .allocate(capacity: most)
    weights = .allocate(capacity: most)
    spare = (.allocate(capacity: most), .allocate(capacity: most))
  }

  deinit {
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
    for axis in starts.indices {
      let place = node / strides[axis] % shape[axis]
      let first = Int(starts[axis][place])
      let width = Int(starts[axis][place + 1]) - first
      if width == 1 {
        for k in 0..<count {
          columns[k] += taps[axis][first]
          weights[k] *= tapWeights[axis][first]
        }
        continue
      }
      spare.0.update(from: columns, count: count)
      spare.1.update(from: weights, count: count)
      for k in 0..<count {
        for tap in 0..<width {
          columns[k * width + tap] = spare.0[k] + taps[axis][first + tap]
          weights[k * width + tap] = spare.1[k] * tapWeights[axis][first + tap]
        }
      }
      count *= width
    }
    return count
  }
}

import Numerics

/// Lists the places and the products of a ``JetMatrix``, row by row.
struct JetMatrixBuilder {
  /// Compressed rows, columns in order.
  private(set) var starts = [0]
  private(set) var columns: [Int] = []
  /// One for each of the system's partials.
  private(set) var scatters: [JetMatrix.Scatter]
  private let sets: [ConditionSet]
  private let owners: [Int32]
  private let nodes: Int
  private let dimension: Int
  private let jetCount: Int
  /// The jet of each partial.
  private let jetOf: [Int]
  private let mass: [[Double]]?
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
    // Copies of what is read for every row: a struct of many arrays is dear to copy.
    let system = discrete.system
    sets = discrete.sets
    owners = discrete.owners
    nodes = discrete.grid.count
    dimension = discrete.dimension
    jetCount = system.jets.count
    jetOf = system.partials.map(\.jet)
    mass = system.mass
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
    starts.reserveCapacity(dimension + 1)
    for row in 0..<dimension {
      let first = columns.count
      // The diagonal is there for the mass matrix.
      mark(row, row)
      if owners[row] < 0 {
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
    let n = nodes
    let node = row % n
    let component = row / n
    for place in own[component].indices {
      let jet = jetOf[own[component][place]]
      if jet >= jetCount {
        for column in nonlocal[jet - jetCount][node] { mark(column, row) }
      } else if let stencil = stencils[jet] {
        let count = stencil.load(node)
        for k in 0..<count { mark(Int(stencil.columns[k]), row) }
      }
    }
    guard let mass = mass?[component] else { return }
    for (other, value) in mass.enumerated() where value != 0 { mark(other * n + node, row) }
  }

  private mutating func markCondition(_ row: Int) {
    let set = sets[Int(owners[row])]
    let place = Int(places[row])
    for (index, functional) in set.functionals.enumerated() {
      if functional.starts.count == 1 {
        let symbol = set.condition.jets[index] - jetCount
        for column in nonlocal[symbol][row % nodes] { mark(column, row) }
      } else {
        for k in Int(functional.starts[place])..<Int(functional.starts[place + 1]) {
          mark(Int(functional.columns[k]), row)
        }
      }
    }
  }

  private mutating func scatter(_ row: Int) {
    let component = row / nodes
    for place in own[component].indices {
      let index = own[component][place]
      if owners[row] < 0, jetOf[index] < jetCount, let stencil = stencils[jetOf[index]] {
        let count = stencil.load(row % nodes)
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
    sets.map { set in
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

import Expressions
import Numerics
import Problems

/// The integrals of a problem at the nodes of a grid, or at other places of the box.
///
/// Every integral is a sum over fixed Gauss points of a function of the field's interpolant there, so
/// that its derivatives are exact. Where the integrand is linear in the fields with constant weights,
/// the weights of the nodes are computed once, and a value is one product with them.
public final class GridIntegrals: NonlocalTerms {
  /// For each symbol, the entries of the full vector that each root depends on, increasing.
  public private(set) var columns: [[[Int]]] = []
  private var functionals: [Functional] = []
  private let context: GridIntegralContext
  private let shared: GridIntegralShared
  private let nodes: Int
  private let roots: Int
  /// Derivatives at the roots that integrands read; each an unknown's functionals.
  private let jets: [(component: Int, rows: GridPlaces)]
  /// Jets at the roots, then the symbols' own values: what integrands read of their context.
  private let rootFields: [Vector]
  private let rootSlopes: [Vector]
  private let storage: Storage
  /// One number for each entry of the full vector; zero between uses.
  private let scratch: Storage
  /// Which root last marked an entry.
  private var marks: [Int32]

  /// How one symbol is computed.
  private enum Functional {
    /// A sum over points; `isUniform`: the same at all roots, and computed for the first.
    case level(GridIntegralLevel, isUniform: Bool)
    /// Fixed weights in the order of the columns, for each root, or one run for all.
    case weights([[Double]])
  }

  /// Places the points and lowers the integrands.
  ///
  /// - Parameter places: where the values are wanted, the roots: one run of coordinates for each space
  ///   variable.
  /// - Throws: ``GridIntegralError``, `DifferentiationError`, `ProgramError`, `GSLError`.
  /// - Cost: roots × points × nodes in a functional; memory roots × points, or roots × nodes where the
  ///   weights are fixed.
  init(
    _ source: GridIntegralSource, _ grid: Grid, components: [Symbol], parameters: [Symbol: Double],
    roots places: [[Double]]
  ) throws {
    let context = GridIntegralContext(source, grid, components, parameters)
    self.context = context
    shared = try GridIntegralShared(context)
    let count = places.first?.count ?? 0
    roots = count
    nodes = grid.count
    let leaves = GridIntegrals.contextJets(source.functionals, context)
    let askers = GridIntegralAskers(
      roots: (0..<count).map(Int32.init), symbols: context.space.map { Symbol($0.name) },
      coordinates: places)
    jets = leaves.map { leaf in
      let jet = context.jet(leaf) ?? (0, context.space.map { _ in 0 })
      let rows = GridPlaces(grid, jet.orders)
      for root in 0..<count { _ = rows.append(places.map { $0[root] }) }
      return (jet.component, rows)
    }
    let names = leaves + source.symbols
    let storage = Storage(2 * names.count * count)
    self.storage = storage
    rootFields = names.indices.map { storage.vector.slice($0 * count, count) }
    rootSlopes = names.indices.map { storage.vector.slice((names.count + $0) * count, count) }
    scratch = Storage(components.count * grid.count)
    marks = [Int32](repeating: -1, count: components.count * grid.count)
    let fields = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var uniform: Set<Symbol> = []
    for functional in source.functionals {
      switch functional {
      case .place(let place): try add(place, askers)
      case .integral(let term):
        let moving = Set(askers.symbols).union(names).subtracting(uniform)
        let isUniform = term.context.isDisjoint(with: moving)
        if isUniform { uniform.insert(term.symbol) }
        try add(term, isUniform ? askers.first : askers, fields, isUniform: isUniform)
      }
    }
  }

  /// Unknowns and derivatives that integrands read at the node that asks.
  private static func contextJets(_ functionals: [GridFunctional], _ context: GridIntegralContext)
    -> [Symbol]
  {
    var found: Set<Symbol> = []
    for case .integral(let term) in functionals {
      found.formUnion(term.context.filter { context.jet($0) != nil })
    }
    return found.sorted { $0.description < $1.description }
  }

  // MARK: Making

  private func add(_ place: PlacedUnknown, _ askers: GridIntegralAskers) throws {
    let rows = try GridIntegralPoints.rows(of: place, context, askers)
    let base = rows.component * nodes
    var weights: [[Double]] = []
    var columns: [[Int]] = []
    for root in 0..<roots {
      mark(Int32(root)) { body in rows.places.forEach(root) { column, _ in body(base + column) } }
      rows.places.forEach(root) { column, weight in scratch.vector[base + column] += weight }
      columns.append(marked)
      weights.append(gather(marked))
    }
    self.columns.append(columns)
    functionals.append(.weights(weights))
  }

  private func add(
    _ term: IntegralTerm, _ askers: GridIntegralAskers, _ fields: [Symbol: Int], isUniform: Bool
  ) throws {
    let level = try GridIntegralLevel(
      term, context, askers: askers, fields: fields, shared: shared)
    if level.isLinear { level.linearize() }
    var columns: [[Int]] = []
    var weights: [[Double]] = []
    marks.withUnsafeMutableBufferPointer { $0.update(repeating: -1) }
    for root in 0..<(isUniform ? min(1, roots) : roots) {
      mark(Int32(root)) { body in
        level.forEachSlope(asker: root, factor: 1, nodes: nodes) { column, _ in
          body(column)
        } leaf: { field, _ in
          if field < jets.count {
            let base = jets[field].component * nodes
            jets[field].rows.forEach(root) { column, _ in body(base + column) }
          } else {
            for column in self.columns[field - jets.count][root] { body(column) }
          }
        }
      }
      columns.append(marked)
      if level.isLinear {
        level.forEachSlope(asker: root, factor: 1, nodes: nodes) { column, slope in
          scratch.vector[column] += slope
        } leaf: { _, _ in
        }
        weights.append(gather(marked))
      }
    }
    if isUniform { columns = [[Int]](repeating: columns.first ?? [], count: roots) }
    self.columns.append(columns)
    functionals.append(
      level.isLinear ? .weights(weights) : .level(level, isUniform: isUniform))
  }

  private var marked: [Int] = []

  /// Collects the columns that a walk visits, each once, increasing.
  private func mark(_ root: Int32, _ walk: ((Int) -> Void) -> Void) {
    marked = []
    walk { column in
      if marks[column] != root {
        marks[column] = root
        marked.append(column)
      }
    }
    marked.sort()
  }

  /// Takes the sums of the scratch vector and clears it.
  private func gather(_ columns: [Int]) -> [Double] {
    columns.map { column in
      defer { scratch.vector[column] = 0 }
      return scratch.vector[column]
    }
  }

  // MARK: Values

  /// Writes the value of each symbol at every root; `fields`: the full vector.
  public func evaluate(_ t: Double, _ fields: Vector, into values: [Vector]) {
    evaluate(t, fields)
    for index in functionals.indices { values[index].assign(rootFields[jets.count + index]) }
  }

  private func evaluate(_ t: Double, _ fields: Vector) {
    shared.move(to: t)
    for (index, jet) in jets.enumerated() {
      jet.rows.evaluate(fields.slice(jet.component * nodes, nodes), into: rootFields[index])
    }
    for (index, functional) in functionals.enumerated() {
      let target = rootFields[jets.count + index]
      switch functional {
      case .level(let level, let isUniform):
        level.evaluate(fields, nodes, rootFields)
        if isUniform { target.fill(level.results[0]) } else { target.assign(level.results) }
      case .weights(let weights): product(weights, columns[index], fields, into: target)
      }
    }
  }

  private func product(
    _ weights: [[Double]], _ columns: [[Int]], _ fields: Vector, into target: Vector
  ) {
    for (root, run) in weights.enumerated() {
      var sum = 0.0
      for (weight, column) in zip(run, columns[root]) { sum += weight * fields[column] }
      target[root] = sum
    }
    if weights.count == 1 { target.fill(target[0]) }
  }

  /// The largest difference of the values of other terms from these, as a part of the largest value.
  ///
  /// With a source refined twice: the estimated error of the quadrature.
  public func difference(from other: GridIntegrals, _ t: Double, _ fields: Vector) -> Double {
    evaluate(t, fields)
    other.evaluate(t, fields)
    var (change, size) = (0.0, 0.0)
    for index in functionals.indices {
      let (own, others) = (rootFields[jets.count + index], other.rootFields[jets.count + index])
      for root in 0..<roots {
        change = max(change, abs(own[root] - others[root]))
        size = max(size, others[root].magnitude)
      }
    }
    return size > 0 ? change / size : change
  }

  // MARK: Derivatives

  /// Writes ∂symbol/∂fields in the order of ``columns``, all roots of a symbol after one another.
  public func jacobian(_ t: Double, _ fields: Vector, into entries: [Vector]) {
    evaluate(t, fields)
    for (index, functional) in functionals.enumerated() {
      var next = 0
      switch functional {
      case .weights(let weights):
        for root in 0..<roots {
          for weight in weights.count == 1 ? weights[0] : weights[root] {
            entries[index][next] = weight
            next += 1
          }
        }
      case .level(let level, let isUniform):
        level.linearize()
        for root in 0..<roots {
          if isUniform, root > 0 {
            let width = columns[index][0].count
            entries[index].slice(next, width).assign(entries[index].slice(0, width))
            next += width
            continue
          }
          accumulate(level, root, entries)
          for column in columns[index][root] {
            entries[index][next] = scratch.vector[column]
            scratch.vector[column] = 0
            next += 1
          }
        }
      }
    }
  }

  /// Adds the slopes of an integral at a root to the scratch vector.
  private func accumulate(_ level: GridIntegralLevel, _ root: Int, _ entries: [Vector]) {
    let sums = scratch.vector
    level.forEachSlope(asker: root, factor: 1, nodes: nodes) { column, slope in
      sums[column] += slope
    } leaf: { field, slope in
      if field < jets.count {
        let base = jets[field].component * nodes
        jets[field].rows.forEach(root) { column, weight in sums[base + column] += slope * weight }
        return
      }
      let symbol = field - jets.count
      let lists = columns[symbol]
      let first = lists.prefix(root).reduce(0) { $0 + $1.count }
      for (k, column) in lists[root].enumerated() {
        sums[column] += slope * entries[symbol][first + k]
      }
    }
  }

  /// Writes ∂symbol/∂t at every root, the fields held.
  public func timeDerivative(_ t: Double, _ fields: Vector, into values: [Vector]) {
    evaluate(t, fields)
    for (index, functional) in functionals.enumerated() {
      let target = rootSlopes[jets.count + index]
      switch functional {
      case .weights: target.fill(0)
      case .level(let level, let isUniform):
        level.linearize()
        level.differentiateTime(rootSlopes)
        if isUniform { target.fill(level.results[0]) } else { target.assign(level.results) }
      }
      values[index].assign(target)
    }
  }
}

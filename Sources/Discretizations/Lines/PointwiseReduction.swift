import Expressions
import Numerics
import Problems

/// The equations of a problem on their way to a ``PointwiseSystem``.
struct PointwiseReduction {
  typealias Component = PointwiseSystem.Component
  typealias Jet = PointwiseSystem.Jet

  let problem: Problem
  let nonlocal: (any NonlocalSource)?
  let space: [Interval]
  private(set) var components: [Component] = []
  private(set) var rates: [Expression] = []
  private(set) var mass: [[Double]]?
  private(set) var derivatives: [Symbol: Expression] = [:]
  private(set) var jets: [Jet] = []
  private var places: [Jet: Int] = [:]

  init(_ problem: Problem, _ nonlocal: (any NonlocalSource)?) throws {
    self.problem = problem
    self.nonlocal = nonlocal
    space = problem.variables.filter { $0.name != problem.marching }
    try refuseForms()
    if problem.marching == nil { takeResiduals() } else { try takeRates() }
    for component in components.indices {
      note(Jet(component: component, orders: space.map { _ in 0 }))
    }
    rates = rates.map(local)
    for rate in rates { noteJets(of: rate) }
  }

  func local(_ expression: Expression) -> Expression { nonlocal?.local(expression) ?? expression }

  // MARK: What lines cannot solve

  private func refuseForms() throws {
    for equation in problem.equations {
      if let t = problem.marching, let symbol = mixedTop(in: equation.residual, t) {
        throw problem.fault(
          equation.source,
          "\(symbol) differentiates a highest derivative in '\(t)' by a space variable",
          "declare another unknown for all that '\(t)' differentiates, such as w = u - u_xx, and "
            + "write w_\(t) in this equation")
      }
      if nonlocal == nil, equation.residual.integralDepth > 0 {
        throw problem.fault(
          equation.source, "an integral stands in a partial differential equation",
          "add an unknown whose derivative is the integrand")
      }
    }
    if let event = problem.events.first {
      throw problem.fault(
        path: "events.\(event.name)",
        "event '\(event.name)' stands beside a partial differential equation, whose unknowns are "
          + "fields",
        "remove it, and end an interval where the solution is to stop")
    }
  }

  /// A highest time derivative that stands differentiated in space.
  private func mixedTop(in residual: Expression, _ t: String) -> Symbol? {
    residual.symbols.first { symbol in
      guard problem.allUnknowns.contains(symbol.name) else { return false }
      let order = symbol.order(in: t)
      return order > 0 && order == problem.order(of: symbol.name, in: t) && symbol.order > order
    }
  }

  // MARK: Equations

  /// Elliptic: residuals, each in the row of the unknown that it determines best.
  private mutating func takeResiduals() {
    let unknowns = problem.allUnknowns
    components = unknowns.enumerated().map {
      Component(symbol: Symbol($1), unknown: $0, timeOrder: 0)
    }
    let residuals = problem.equations.map(\.residual)
    let owners = RowMatching.match(residuals.map { scores($0, unknowns) })
    rates = [Expression](repeating: .zero, count: unknowns.count)
    for (equation, unknown) in owners.enumerated() { rates[unknown] = residuals[equation] }
  }

  /// How well an equation determines each unknown: by the order of differentiation; absent ones
  /// least.
  private func scores(_ residual: Expression, _ unknowns: [String]) -> [Int] {
    let leaves = residual.symbols
    return unknowns.map { name in
      leaves.filter { $0.name == name }.map { 1 + $0.order }.max() ?? -100
    }
  }

  private mutating func takeRates() throws {
    guard let t = problem.marching else { return }
    let form = try SystemForm(problem)
    if let block = form.coupled {
      let names = block.unknowns.map(\.description).joined(separator: ", ")
      throw problem.fault(
        problem.equations[0].source,
        "more than three equations are tied together by their highest derivatives \(names)",
        "solve the equations for their highest derivatives in '\(t)'")
    }
    components = form.state.map { symbol in
      Component(
        symbol: symbol, unknown: problem.allUnknowns.firstIndex(of: symbol.name) ?? 0,
        timeOrder: symbol.order(in: t))
    }
    rates = form.rates
    derivatives = form.derivatives
    if form.hasMass { try reduceMass(form) }
  }

  /// Brings a constant singular M to reduced row echelon form: each differential component has a 1
  /// in its own row, and algebraic equations stand in the rows of algebraic components.
  private mutating func reduceMass(_ form: SystemForm) throws {
    let n = form.state.count
    let values = problem.parameterValues
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for entry in form.mass { matrix[entry.row][entry.column] = try entry.value.evaluate(values) }
    var pivots = [Int?](repeating: nil, count: n)
    let size = matrix.joined().map(\.magnitude).max() ?? 0
    for column in 0..<n {
      let open = (0..<n).filter { pivots[$0] == nil }
      guard let row = open.max(by: { matrix[$0][column].magnitude < matrix[$1][column].magnitude }),
        matrix[row][column].magnitude > 1e-12 * size
      else { continue }
      pivots[row] = column
      scale(row, by: matrix[row][column], &matrix)
      for other in 0..<n where other != row && matrix[other][column] != 0 {
        subtract(matrix[other][column], row, from: other, &matrix)
      }
    }
    place(matrix, pivots)
  }

  private mutating func scale(_ row: Int, by pivot: Double, _ matrix: inout [[Double]]) {
    guard pivot != 1 else { return }
    for j in matrix.indices { matrix[row][j] /= pivot }
    rates[row] = rates[row] / .number(pivot)
  }

  private mutating func subtract(
    _ factor: Double, _ row: Int, from other: Int, _ matrix: inout [[Double]]
  ) {
    for j in matrix.indices { matrix[other][j] -= factor * matrix[row][j] }
    rates[other] = rates[other] - .number(factor) * rates[row]
  }

  private mutating func place(_ matrix: [[Double]], _ pivots: [Int?]) {
    let n = pivots.count
    var order = [Int](repeating: 0, count: n)
    for (row, pivot) in pivots.enumerated() { if let pivot { order[pivot] = row } }
    let algebraic = (0..<n).filter { pivots[$0] == nil }
    let free = (0..<n).filter { column in !pivots.contains(column) }
    let names = free.map { components[$0].symbol.name }
    let owners = RowMatching.match(algebraic.map { scores(rates[$0], names) })
    for (index, row) in algebraic.enumerated() { order[free[owners[index]]] = row }
    rates = order.map { rates[$0] }
    mass = order.map { matrix[$0] }
  }

  // MARK: Jets

  /// The leaf that stands for a jet.
  func symbol(_ jet: Jet) -> Symbol {
    let base = components[jet.component].symbol
    let more = zip(space, jet.orders).flatMap { [String](repeating: $0.name, count: $1) }
    return Symbol(base.name, base.derivatives + more)
  }

  /// The jet that a leaf is; nil if it is no unknown's, or a highest time derivative.
  func jet(_ symbol: Symbol) -> Jet? {
    let time = problem.marching.map { symbol.order(in: $0) } ?? 0
    guard
      let component = components.firstIndex(where: {
        $0.symbol.name == symbol.name && $0.timeOrder == time
      })
    else { return nil }
    return Jet(component: component, orders: space.map { symbol.order(in: $0.name) })
  }

  mutating func noteJets(of expression: Expression) {
    let found = expression.symbols.compactMap(jet)
    // A set has no order of its own: programs must not differ from run to run.
    for jet in found.sorted(by: PointwiseReduction.precedes) { note(jet) }
  }

  private static func precedes(_ a: Jet, _ b: Jet) -> Bool {
    a.component != b.component
      ? a.component < b.component : a.orders.lexicographicallyPrecedes(b.orders)
  }

  private mutating func note(_ jet: Jet) {
    guard places[jet] == nil else { return }
    places[jet] = jets.count
    jets.append(jet)
  }

  /// ∂/∂t of an expression, with the forcings' own derivatives; nonlocal symbols are held.
  func slope(_ expression: Expression) throws -> Expression {
    guard let t = problem.marching else { return .zero }
    let leaves = expression.symbols
    var sum = leaves.contains(Symbol(t)) ? try expression.derivative(by: Symbol(t)) : .zero
    for forcing in problem.forcings.map({ Symbol($0.name) }) where leaves.contains(forcing) {
      sum = sum + (try expression.derivative(by: forcing)) * .symbol(forcing.differentiated(by: t))
    }
    return sum
  }
}

/// Assigns equations to unknowns.
enum RowMatching {
  /// The column of each row, so that the sum of the scores is largest.
  ///
  /// - Parameter scores: `[rows][columns]`, square.
  static func match(_ scores: [[Int]]) -> [Int] {
    let n = scores.count
    guard n > 1 else { return Array(0..<n) }
    // Beyond eight equations a good assignment, not the best, will do.
    var best = greedy(scores)
    guard n <= 8 else { return best }
    var most = zip(scores, best).reduce(0) { $0 + $1.0[$1.1] }
    var present: [Int] = []
    func extend(_ sum: Int) {
      if present.count == n {
        if sum > most {
          most = sum
          best = present
        }
        return
      }
      for column in 0..<n where !present.contains(column) {
        let more = scores[present.count][column]
        present.append(column)
        extend(sum + more)
        present.removeLast()
      }
    }
    extend(0)
    return best
  }

  private static func greedy(_ scores: [[Int]]) -> [Int] {
    var result = [Int](repeating: -1, count: scores.count)
    var free = Set(scores.indices)
    var open = Set(scores.indices)
    while !open.isEmpty {
      let pairs = open.sorted().flatMap { row in free.sorted().map { (row, $0) } }
      guard let pair = pairs.max(by: { scores[$0.0][$0.1] < scores[$1.0][$1.1] }) else { break }
      result[pair.0] = pair.1
      open.remove(pair.0)
      free.remove(pair.1)
    }
    return result
  }
}

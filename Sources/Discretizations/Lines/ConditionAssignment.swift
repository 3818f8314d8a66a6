import Expressions
import Problems

/// Decides which row of the discrete system each condition takes.
///
/// A condition at a face is imposed at the face's nodes. There, each component has as many slots
/// (rows of its own, the outermost layer first) as half its highest derivative across the face, and
/// as many as that order over both faces. Conditions are matched to slots of components that they
/// mention; what finds none takes a slot of another component that has one to spare: in the
/// streamfunction-vorticity form ψ = 0 takes ψ's row, and ψ_n = g that of the vorticity.
struct ConditionAssignment {
  /// A condition and the row that it takes.
  struct Row {
    var source: PlacedText
    var place: PointwiseCondition.Place
    /// left − right, or the rate where ``isDynamic``.
    var residual: Expression
    var component: Int
    /// Layers of nodes between the face and the row that is taken.
    var layer: Int
    /// The row stays a differential equation: the condition names a highest time derivative.
    var isDynamic = false
    /// The highest space derivative in the condition.
    var order: Int
    /// The equation that a condition has displaced, for nodes where faces meet.
    var isDisplaced = false
  }

  /// A condition at one face.
  private struct Draft {
    var source: PlacedText
    var axis: Int
    var isUpper: Bool
    var residual: Expression
    /// The highest derivative across the face, and of any kind.
    var normal: Int
    var order: Int
    /// Components' unknowns that the condition mentions, the most differentiated first.
    var unknowns: [Int]
    var taken: (unknown: Int, layer: Int)?
  }

  private let problem: Problem
  private let names: [String]
  private var drafts: [Draft] = []
  private var rows: [Row] = []

  /// The rows of all conditions in space; their jets are noted in `reduced`.
  static func rows(of reduced: inout PointwiseReduction) throws -> [Row] {
    var assignment = ConditionAssignment(reduced)
    try assignment.read(reduced)
    try assignment.match(reduced)
    try assignment.makeRows(reduced)
    for row in assignment.rows { reduced.noteJets(of: row.residual) }
    return assignment.rows
  }

  private init(_ reduced: PointwiseReduction) {
    problem = reduced.problem
    names = reduced.problem.allUnknowns
  }

  // MARK: Reading

  private mutating func read(_ reduced: PointwiseReduction) throws {
    for row in problem.conditions {
      guard let left = row.condition.left else { continue }
      guard let right = row.condition.right else {
        if case .face(let variable, _, _) = row.location, variable == problem.marching { continue }
        throw problem.fault(
          row.source, "'data' stands for an initial value, not for one in space",
          "write the value as an expression")
      }
      let residual = reduced.local(left - right)
      for (axis, isUpper) in faces(row.location, reduced) {
        drafts.append(try draft(row.source, axis, isUpper, residual, left - right, reduced))
      }
      if case .point(let values) = row.location { try readPoint(row, values, residual, reduced) }
    }
  }

  private func faces(
    _ location: Problems.ConditionRow.Location, _ reduced: PointwiseReduction
  ) -> [(Int, Bool)] {
    switch location {
    case .face(let variable, _, let isUpper):
      return reduced.space.firstIndex { $0.name == variable }.map { [($0, isUpper)] } ?? []
    case .boundary:
      let periodic = problem.periodicVariables
      return reduced.space.indices.filter { !periodic.contains(reduced.space[$0].name) }
        .flatMap { [($0, false), ($0, true)] }
    case .point, .periodic: return []
    }
  }

  private mutating func readPoint(
    _ row: Problems.ConditionRow, _ values: [Double], _ residual: Expression,
    _ reduced: PointwiseReduction
  ) throws {
    guard problem.marching == nil else {
      throw problem.fault(
        row.source, "a condition at one point of space and time",
        "impose it at a face, or at the start")
    }
    let unknowns = mentioned(residual)
    guard let first = unknowns.first else { throw nothingMentioned(row.source) }
    let order = leaves(residual).map(\.order).max() ?? 0
    rows.append(
      Row(
        source: row.source, place: .point(values), residual: residual, component: first, layer: 0,
        order: order))
  }

  private func leaves(_ residual: Expression) -> [Symbol] {
    residual.symbols.filter { names.contains($0.name) }
      .sorted { ($0.order, $0.description) < ($1.order, $1.description) }
  }

  /// The unknowns in a condition, the most differentiated first.
  private func mentioned(_ residual: Expression) -> [Int] {
    var orders: [Int: Int] = [:]
    for leaf in leaves(residual) {
      guard let unknown = names.firstIndex(of: leaf.name) else { continue }
      orders[unknown] = max(orders[unknown] ?? 0, leaf.order)
    }
    return orders.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
  }

  private func nothingMentioned(_ source: PlacedText) -> ProblemFaults {
    problem.fault(source, "the condition names no unknown", "name the unknown that it is about")
  }

  private func draft(
    _ source: PlacedText, _ axis: Int, _ isUpper: Bool, _ residual: Expression,
    _ whole: Expression, _ reduced: PointwiseReduction
  ) throws -> Draft {
    let leaves = leaves(residual)
    // A condition may speak of an unknown in an integral alone.
    let unknowns = leaves.isEmpty ? integrated(whole) : mentioned(residual)
    guard !unknowns.isEmpty else { throw nothingMentioned(source) }
    let space = Set(reduced.space.map(\.name))
    let name = reduced.space[axis].name
    return Draft(
      source: source, axis: axis, isUpper: isUpper, residual: residual,
      normal: leaves.map { $0.order(in: name) }.max() ?? 0,
      order: leaves.map { $0.derivatives.count { space.contains($0) } }.max() ?? 0,
      unknowns: unknowns)
  }

  /// The unknowns in the integrals of a condition.
  private func integrated(_ whole: Expression) -> [Int] {
    let leaves = whole.symbols.union(whole.placedSymbols)
    return names.indices.filter { index in leaves.contains { $0.name == names[index] } }
  }

  // MARK: Matching

  /// The highest derivative of each unknown across an axis, in any equation.
  private func orders(_ axis: Int, _ reduced: PointwiseReduction) -> [Int] {
    var result = [Int](repeating: 0, count: names.count)
    for rate in reduced.rates {
      for jet in rate.symbols.compactMap(reduced.jet) {
        let unknown = reduced.components[jet.component].unknown
        result[unknown] = max(result[unknown], jet.orders[axis])
      }
    }
    return result
  }

  private mutating func match(_ reduced: PointwiseReduction) throws {
    for axis in reduced.space.indices {
      let orders = orders(axis, reduced)
      // Conditions without derivatives choose first, so that they lie outermost.
      let here = drafts.indices.filter { drafts[$0].axis == axis }.sorted {
        (drafts[$0].normal, drafts[$0].order, $0) < (drafts[$1].normal, drafts[$1].order, $1)
      }
      var counts: [Bool: [Int: Int]] = [false: [:], true: [:]]
      var waiting: [Int] = []
      for index in here {
        var seen: Set<Int> = []
        if !place(index, here, orders, &counts, &seen) { waiting.append(index) }
      }
      for index in waiting { try placeOverflow(index, orders, &counts) }
      layer(here)
    }
  }

  /// Finds a slot among the mentioned unknowns' own, moving others where that makes room.
  private mutating func place(
    _ index: Int, _ here: [Int], _ orders: [Int], _ counts: inout [Bool: [Int: Int]],
    _ seen: inout Set<Int>
  ) -> Bool {
    let side = drafts[index].isUpper
    for unknown in drafts[index].unknowns where seen.insert(unknown).inserted {
      let own = counts[side]?[unknown] ?? 0
      let total = own + (counts[!side]?[unknown] ?? 0)
      if own < (orders[unknown] + 1) / 2, total < orders[unknown] {
        drafts[index].taken = (unknown, 0)
        counts[side, default: [:]][unknown] = own + 1
        return true
      }
      let tenants = here.filter {
        drafts[$0].isUpper == side && drafts[$0].taken?.unknown == unknown && $0 != index
      }
      for tenant in tenants where place(tenant, here, orders, &counts, &seen) {
        drafts[index].taken = (unknown, 0)
        return true
      }
    }
    return false
  }

  private mutating func placeOverflow(
    _ index: Int, _ orders: [Int], _ counts: inout [Bool: [Int: Int]]
  ) throws {
    let draft = drafts[index]
    let side = draft.isUpper
    func own(_ unknown: Int) -> Int { counts[side]?[unknown] ?? 0 }
    func total(_ unknown: Int) -> Int { own(unknown) + (counts[!side]?[unknown] ?? 0) }
    let choices =
      draft.unknowns.filter { total($0) < orders[$0] }
      + names.indices.filter { own($0) < (orders[$0] + 1) / 2 && total($0) < orders[$0] }
      + draft.unknowns.filter { own($0) == 0 }
    guard let unknown = choices.first else {
      throw problem.fault(
        draft.source, "there are more conditions at this face than the equations leave room for",
        "remove one of them")
    }
    drafts[index].taken = (unknown, 0)
    let more = own(unknown) + 1
    counts[side, default: [:]][unknown] = more
  }

  /// Several conditions on one unknown at one face lie in layers, outermost the least differentiated.
  private mutating func layer(_ here: [Int]) {
    var depth: [Bool: [Int: Int]] = [false: [:], true: [:]]
    for index in here {
      guard let unknown = drafts[index].taken?.unknown else { continue }
      let side = drafts[index].isUpper
      let next = depth[side]?[unknown] ?? 0
      drafts[index].taken = (unknown, next)
      depth[side]?[unknown] = next + 1
    }
  }

  // MARK: Rows

  private mutating func makeRows(_ reduced: PointwiseReduction) throws {
    for draft in drafts {
      guard let taken = draft.taken else { continue }
      let row = Row(
        source: draft.source, place: .face(axis: draft.axis, isUpper: draft.isUpper),
        residual: draft.residual, component: 0, layer: taken.layer, order: draft.order)
      try add(row, taken.unknown, reduced)
    }
  }

  /// A condition on a field holds for its time derivatives below the highest as well.
  private mutating func add(_ row: Row, _ unknown: Int, _ reduced: PointwiseReduction) throws {
    var row = row
    let own = reduced.components.indices.filter { reduced.components[$0].unknown == unknown }
    guard let t = problem.marching else {
      row.component = own.first ?? 0
      rows.append(row)
      return addDisplaced(row, unknown, reduced)
    }
    let tops = leaves(row.residual).filter { leaf in
      let order = leaf.order(in: t)
      return order > 0 && order == problem.order(of: leaf.name, in: t)
    }
    if !tops.isEmpty { return try addDynamic(row, tops, reduced) }
    let named = leaves(row.residual).filter { $0.name == names[unknown] }
    let first = named.map { $0.order(in: t) }.max() ?? 0
    for component in own where reduced.components[component].timeOrder >= first {
      row.component = component
      rows.append(row)
      let dependent = Set(names + problem.forcings.map(\.name))
      row.residual = try row.residual.totalDerivative(
        by: t, variables: problem.variables.map(\.name)
      ) { dependent.contains($0) }
    }
  }

  /// Where faces meet, a condition leaves the row of an unknown that it does not mention to the
  /// equation that lost its own row to another condition.
  private mutating func addDisplaced(_ row: Row, _ unknown: Int, _ reduced: PointwiseReduction) {
    let named = mentioned(row.residual)
    guard !named.contains(unknown), let loser = named.first else { return }
    var row = row
    row.residual = reduced.rates[loser]
    row.isDisplaced = true
    rows.append(row)
  }

  /// `u_t = … at x = 1`: the face has a differential equation of its own.
  private mutating func addDynamic(
    _ row: Row, _ tops: [Symbol], _ reduced: PointwiseReduction
  ) throws {
    guard let t = problem.marching, let top = tops.first, tops.count == 1,
      top.order == top.order(in: t),
      let component = reduced.components.firstIndex(where: {
        $0.symbol.name == top.name && $0.timeOrder == top.order - 1
      })
    else {
      throw problem.fault(
        row.source,
        "a condition may hold one highest derivative in '\(problem.marching ?? "")', "
          + "not differentiated in space",
        "write it as u_t = … with a right side free of other such derivatives")
    }
    let slope = try row.residual.derivative(by: top)
    guard !slope.contains(top), row.layer == 0 else {
      throw problem.fault(
        row.source, "the condition is not linear in \(top)", "solve it for \(top)")
    }
    var row = row
    row.residual = -(row.residual.substituting([top: .zero])) / slope
    row.component = component
    row.isDynamic = true
    rows.append(row)
  }
}

import Expressions
import Integrators
import Numerics
import Problems

extension LinesProblem {
  /// The initial state: declared values at the nodes, made consistent with conditions in space and
  /// with algebraic equations.
  ///
  /// - Throws: `ProblemFaults` where a condition at the start does not give a component;
  ///   ``InitialStateError`` where a value is not finite, or algebraic equations do not determine
  ///   the algebraic unknowns.
  public func initialState() throws -> [Double] {
    let n = grid.count
    let full = Storage(field.discrete.dimension)
    let y = Storage(field.dimension)
    defer { full.keep(y) }
    try fillInitialFields(full.vector)
    for (index, component) in system.components.enumerated() {
      guard full.vector.slice(index * n, n).isFinite else {
        throw InitialStateError.notFinite(unknown: component.symbol.description)
      }
    }
    field.discrete.fields.assign(full.vector)
    field.gather(full.vector, into: y.vector)
    if system.hasMass {
      try LinesConsistency.solve(field, start, y.vector)
    } else {
      try field.requireRegularConditions(start, y.vector)
      field.gather(field.discrete.fields, into: y.vector)
    }
    return y.vector.array
  }

  /// Conditions at the start, in an order in which each uses only components already known.
  private func fillInitialFields(_ full: Vector) throws {
    var open: [(component: Int, value: Expression, row: ConditionRow)] = []
    for row in problem.conditions {
      guard case .face(let variable, _, _) = row.location, variable == system.marching else {
        continue
      }
      open.append(try initialRow(row))
    }
    var known = Set<Int>()
    for index in system.components.indices
    where !open.contains(where: { $0.component == index }) {
      // Algebraic unknowns start from the guess; hidden ones from zero.
      try fill(
        index, problem.solve.guess[system.components[index].symbol.description] ?? .zero, full)
      if !isAlgebraic(index) && problem.unknowns.contains(system.components[index].symbol.name) {
        throw problem.fault(
          path: "conditions",
          "no condition gives \(system.components[index].symbol) at the start",
          "add '\(system.components[index].symbol) = … at \(system.marching ?? "t") = \(start)'")
      }
      known.insert(index)
    }
    while !open.isEmpty {
      guard let next = open.firstIndex(where: { ready($0.value, known) }) else {
        throw problem.fault(
          open[0].row.source, "the conditions at the start define one another in a circle",
          "write one of them as a function of the space variables")
      }
      let (component, value, _) = open.remove(at: next)
      try fill(component, value, full)
      known.insert(component)
    }
  }

  private func isAlgebraic(_ component: Int) -> Bool {
    system.mass?[component].allSatisfy { $0 == 0 } ?? false
  }

  private func ready(_ value: Expression, _ known: Set<Int>) -> Bool {
    value.symbols.compactMap(system.jet).allSatisfy { known.contains($0.component) }
  }

  private func initialRow(
    _ row: ConditionRow
  ) throws -> (component: Int, value: Expression, row: ConditionRow) {
    guard !row.isData, let left = row.condition.left, let right = row.condition.right else {
      throw problem.fault(
        row.source, "'data' gives no initial field", "write the value as an expression")
    }
    for (leaf, value) in [(left.leaf, right), (right.leaf, left)] {
      guard let jet = leaf.flatMap(system.jet), jet.isValue else { continue }
      return (jet.component, value, row)
    }
    throw problem.fault(
      row.source, "the condition at the start does not give an unknown",
      "write it as u = value at \(system.marching ?? "t") = \(start)")
  }

  private func fill(_ component: Int, _ value: Expression, _ full: Vector) throws {
    let n = grid.count
    let program = try JetProgram(
      [value], system, coordinates: grid.axes.indices.map { grid.coordinates($0) },
      parameters: parameters)
    for (index, jet) in program.jets.enumerated() {
      GridDerivative(grid, jet.orders)
        .apply(full.slice(jet.component * n, n), into: program.fields[index])
    }
    program.evaluate(start)
    full.slice(component * n, n).assign(program.results[0])
  }
}

extension LinesField {
  /// Refuses conditions that leave the values at their nodes undetermined.
  func requireRegularConditions(_ t: Double, _ y: Vector) throws {
    reconstruct(t, y)
    guard let boundary else { return }
    guard boundary.isRegular(t) else {
      let set = boundary.sets.first.map { discrete.sets[$0].condition }
      let message = "the conditions do not determine the values at the faces"
      let remedy = "check that each face has a condition for each unknown that needs one"
      let problem = discrete.system.problem
      guard let source = set?.source else {
        throw problem.fault(path: "conditions", message, remedy)
      }
      throw problem.fault(source, message, remedy)
    }
    for row in boundary.unknowns where !discrete.fields[row].isFinite {
      let component = discrete.system.components[row / discrete.grid.count]
      throw InitialStateError.notFinite(unknown: "\(component.symbol) at a face")
    }
  }
}

/// Consistent initial values of a differential-algebraic system by lines.
enum LinesConsistency {
  /// Newton's iteration on algebraic rows and conditions, the differential part M·y held.
  ///
  /// - Throws: ``InitialStateError``.
  static func solve(_ field: LinesField, _ t: Double, _ y: Vector) throws {
    guard let mass = field.mass else { return }
    let system = ConsistencySystem(field, mass)
    let rate = Storage(field.dimension)
    defer { rate.keep() }
    var residual = Double.infinity
    for iteration in 0..<50 {
      field(t, y, into: rate.vector)
      residual = system.keepAlgebraic(rate.vector)
      guard residual.isFinite else {
        throw InitialStateError.notConsistent(t: t, residual: residual)
      }
      guard system.factor(t, y) else {
        if iteration == 0 { throw InitialStateError.higherIndex(t: t) }
        break
      }
      system.solve(rate.vector)
      var change = 0.0
      for k in 0..<y.count {
        y[k] -= rate.vector[k]
        change = max(change, rate.vector[k].magnitude / (1 + y[k].magnitude))
      }
      if change < 1e-13 { return }
    }
    guard residual < 1e-7 else { throw InitialStateError.notConsistent(t: t, residual: residual) }
  }
}

/// The matrix of the consistency iteration: mass rows of differential equations, Jacobian rows of
/// the others.
private final class ConsistencySystem {
  private let field: LinesField
  private let lu: OrderedLU
  private let values: Storage
  private let isDifferential: [Bool]
  private let massEntries: [(entry: Int32, value: Double)]

  init(_ field: LinesField, _ mass: MassMatrix) {
    self.field = field
    let pattern = field.matrix.pattern
    lu = OrderedLU(
      pattern, field.discrete.grid, components: field.discrete.system.components.count)
    values = Storage(pattern.count)
    var isDifferential = [Bool](repeating: false, count: field.dimension)
    for row in mass.pattern.rows { isDifferential[row] = true }
    self.isDifferential = isDifferential
    massEntries = zip(mass.pattern.rows, mass.pattern.columns).enumerated().compactMap { k, place in
      pattern.index(place.0, place.1).map { (Int32($0), mass.entries[k]) }
    }
  }

  /// Clears the differential rows of a residual; the largest of the others.
  func keepAlgebraic(_ residual: Vector) -> Double {
    var largest = 0.0
    for row in 0..<residual.count {
      if isDifferential[row] {
        residual[row] = 0
      } else if !(residual[row].magnitude <= largest) {
        largest = residual[row].magnitude
      }
    }
    return largest
  }

  func factor(_ t: Double, _ y: Vector) -> Bool {
    field.linearize(t, y)
    let pattern = field.matrix.pattern
    for row in 0..<pattern.dimension {
      for k in pattern.rowStarts[row]..<pattern.rowStarts[row + 1] {
        values.vector[k] = isDifferential[row] ? 0 : field.matrix.entries[k]
      }
    }
    for (entry, value) in massEntries { values.vector[Int(entry)] += value }
    lu.load(values.vector, scale: 1)
    return lu.factor() && (lu.rcond ?? 1) > 1e-18
  }

  func solve(_ b: Vector) { lu.solve(b) }
}

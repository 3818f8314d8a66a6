import Expressions
import Numerics
import Problems

/// A ``PointwiseSystem`` on a grid: one row for each component at each node.
///
/// The full vector Y has the components one after the other, `[components × nodes]`. A row is that of
/// the differential equation, or of a condition that takes its place. Everything is derived from the
/// pointwise programs: fields of jets by ``GridDerivative``, then one tape over all nodes.
///
/// Not `Sendable`: it owns its fields. Evaluations allocate nothing.
public final class DiscreteSystem {
  public let system: PointwiseSystem
  public let grid: Grid
  public let parameters: [Double]
  /// Y, which callers fill before they evaluate.
  public let fields: Vector
  /// The rates (or residuals) of the differential equations at all nodes, the taken rows among them.
  public let rates: Vector
  /// The condition that takes each row, by place in ``sets``; −1 for the differential equation.
  let owners: [Int32]
  let sets: [ConditionSet]
  /// ∂rate/∂jet at all nodes, one field for each of the system's partials.
  private(set) lazy var coefficients = Storage(max(system.partials.count, 1) * grid.count)
  let terms: (any NonlocalTerms)?
  let nonlocalFields: [Vector]

  private let points: PointSet
  private let storage: Storage
  private let jetStorage: Storage
  private let nonlocalStorage: Storage
  private let operators: [GridDerivative?]
  private var jetFields: [Vector]
  /// The full vector that the programs read.
  private var bound: Vector
  private let rateTape: PointTape
  private lazy var partialTape = PointTape(system.partialProgram)
  private let slopeTape: PointTape?
  private lazy var scratch = Storage(2 * grid.count)
  /// First derivatives along axes of the scheme `limited`.
  private let transport: QuasilinearTransport?

  /// Number of unknowns, `components × nodes`.
  public var dimension: Int { system.components.count * grid.count }

  /// Assigns the rows and readies the operators.
  ///
  /// - Throws: `ProblemFaults` where a grid is too coarse for the conditions.
  public init(_ system: PointwiseSystem, _ grid: Grid, parameters: [Double]) throws {
    self.system = system
    self.grid = grid
    self.parameters = parameters
    let n = grid.count
    let count = system.components.count * n
    storage = Storage(2 * count)
    fields = storage.vector.slice(0, count)
    bound = fields
    rates = storage.vector.slice(count, count)
    points = try PointSet(
      system, count: n, coordinates: grid.axes.indices.map { grid.coordinates($0) },
      parameters: parameters)
    let derived = system.jets.count { !$0.isValue }
    jetStorage = Storage(derived * n)
    var next = 0
    var jetFields: [Vector] = []
    for jet in system.jets {
      if jet.isValue {
        jetFields.append(fields.slice(jet.component * n, n))
      } else {
        jetFields.append(jetStorage.vector.slice(next * n, n))
        next += 1
      }
    }
    self.jetFields = jetFields
    let used = DiscreteSystem.usedJets(system)
    operators = system.jets.enumerated().map { index, jet in
      jet.isValue || !used.contains(index) ? nil : GridDerivative(grid, jet.orders)
    }
    let symbols = system.nonlocal?.symbols.count ?? 0
    nonlocalStorage = Storage(symbols * n)
    nonlocalFields = (0..<symbols).map { [nonlocalStorage] in
      nonlocalStorage.vector.slice($0 * n, n)
    }
    let known = Dictionary(
      uniqueKeysWithValues: zip(system.parameterNames.map { Symbol($0) }, parameters))
    terms = try system.nonlocal?.makeTerms(
      grid, components: system.components.map(\.symbol), parameters: known)
    for (index, field) in (jetFields + nonlocalFields).enumerated() { points.setJet(index, field) }
    rateTape = PointTape(system.rateProgram)
    slopeTape = system.slopeProgram.map(PointTape.init)
    (owners, sets) = try RowAssignment.assign(system, grid, parameters)
    transport = try QuasilinearTransport(system, grid, parameters: parameters)
  }

  /// Jets that a rate reads; the others only conditions do.
  private static func usedJets(_ system: PointwiseSystem) -> Set<Int> {
    let leaves = system.rates.reduce(into: Set<Symbol>()) { $0.formUnion($1.symbols) }
    return Set(system.jets.indices.filter { leaves.contains(system.inputs.state[$0]) })
  }

  /// Changes the parameters; integrals keep those that they were made with.
  func setParameters(_ values: [Double]) {
    points.setParameters(values)
    transport?.setParameters(values)
    for set in sets { set.setParameters(values) }
  }

  // MARK: Rates

  /// Fills ``rates`` from ``fields``.
  public func evaluateRates(_ t: Double) { evaluateRates(t, fields, into: rates) }

  /// Writes the rates of the differential equations at all nodes from any full vector; both
  /// `[dimension]`, and not the same memory.
  public func evaluateRates(_ t: Double, _ source: Vector, into target: Vector) {
    bind(source)
    readJets(t, without: transport?.jets ?? [])
    rateTape(points, into: target)
    transport?.add(t, source, to: target)
  }

  /// Lets the programs read the components from a full vector.
  private func bind(_ source: Vector) {
    guard source.base != bound.base else { return }
    bound = source
    let n = grid.count
    for (index, jet) in system.jets.enumerated() where jet.isValue {
      jetFields[index] = source.slice(jet.component * n, n)
      points.setJet(index, jetFields[index])
    }
  }

  /// Fills the fields of the jets, those of `transported` with zeros.
  private func readJets(_ t: Double, without transported: Set<Int> = []) {
    points.move(to: t)
    for (index, jet) in system.jets.enumerated() {
      if transported.contains(index) {
        jetFields[index].fill(0)
        continue
      }
      operators[index]?.apply(
        bound.slice(jet.component * grid.count, grid.count), into: jetFields[index])
    }
    terms?.evaluate(t, bound, into: nonlocalFields)
  }

  /// Fills the conditions' values from ``fields``.
  func evaluateConditions(_ t: Double) {
    for set in sets {
      readJets(of: set, t)
      set.evaluate()
    }
  }

  func readJets(of set: ConditionSet, _ t: Double) {
    if set.condition.isNonlocal { terms?.evaluate(t, fields, into: nonlocalFields) }
    set.readJets(
      t, fields, jetCount: system.jets.count, nonlocal: nonlocalFields, nodes: grid.count)
  }

  /// Writes all rows: rates of the differential equations, residuals (or rates) of conditions.
  public func evaluate(_ t: Double, into rows: Vector) {
    evaluateRates(t)
    rows.assign(rates)
    evaluateConditions(t)
    for set in sets {
      for (k, row) in set.rows.enumerated() { rows[row] = set.values[k] }
    }
  }

  // MARK: Derivatives

  /// Fills ``coefficients`` and the conditions' partials at ``fields``.
  public func linearize(_ t: Double) {
    bind(fields)
    readJets(t)
    partialTape(points, into: coefficients.vector)
    for set in sets {
      readJets(of: set, t)
      set.linearize()
    }
  }

  /// Writes ∂/∂t of all rows with Y held; conditions' slopes stand in their rows.
  ///
  /// Nonlocal symbols enter through their own slopes, with the present ``coefficients``.
  public func timeSlopes(_ t: Double, into rows: Vector) {
    if let slopeTape {
      bind(fields)
      readJets(t)
      slopeTape(points, into: rows)
    } else {
      rows.fill(0)
    }
    for set in sets {
      readJets(of: set, t)
      set.differentiateTime()
      for (k, row) in set.rows.enumerated() { rows[row] = set.slopes[k] }
    }
    addNonlocalSlopes(t, to: rows)
  }

  private func addNonlocalSlopes(_ t: Double, to rows: Vector) {
    guard let terms else { return }
    terms.timeDerivative(t, fields, into: nonlocalFields)
    let n = grid.count
    for (index, partial) in system.partials.enumerated() where partial.jet >= system.jets.count {
      let coefficient = coefficients.vector.slice(index * n, n)
      let slope = nonlocalFields[partial.jet - system.jets.count]
      let target = rows.slice(partial.component * n, n)
      for node in 0..<n where owners[partial.component * n + node] < 0 {
        target[node] += coefficient[node] * slope[node]
      }
    }
    for set in sets where set.condition.isNonlocal {
      let count = set.rows.count
      for (place, jet) in set.condition.jets.enumerated() where jet >= system.jets.count {
        let slope = nonlocalFields[jet - system.jets.count]
        for (k, row) in set.rows.enumerated() {
          rows[row] += set.partials[place * count + k] * slope[row % n]
        }
      }
    }
  }

  /// Writes J·v by the operators themselves, with the last ``linearize(_:)``; nonlocal parts are
  /// left out.
  ///
  /// - Shape: `v`, `result`: `[dimension]`, not the same memory.
  public func applyJacobian(_ v: Vector, into result: Vector) {
    let n = grid.count
    result.fill(0)
    let image = scratch.vector.slice(0, n)
    for (index, jet) in system.jets.enumerated() {
      let users = system.partials.indices.filter { system.partials[$0].jet == index }
      if users.isEmpty { continue }
      let source = v.slice(jet.component * n, n)
      operators[index]?.apply(source, into: image)
      let derivative = operators[index] == nil ? source : image
      for user in users {
        let coefficient = coefficients.vector.slice(user * n, n)
        let target = result.slice(system.partials[user].component * n, n)
        for node in 0..<n { target[node] += coefficient[node] * derivative[node] }
      }
    }
    for set in sets {
      let values = scratch.vector.slice(n, set.rows.count)
      set.apply(v, jetCount: system.jets.count, scratch: image, into: values)
      for (k, row) in set.rows.enumerated() { result[row] = values[k] }
    }
  }
}

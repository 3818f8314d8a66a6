import Integrators
import Numerics
import Problems

/// A partial differential equation by lines: M·y' = f(t, y) for the values at the nodes.
///
/// Values whose rows are conditions are eliminated: at each evaluation they are solved from
/// g(t, y_b, y) = 0. Where linear conditions move with t they stay in y instead, and are integrated:
/// g_b·y_b' = −(g_t + g_y·y'). Values of g itself at the stages would cost stiff methods an order or
/// more (a stage is not a value of the solution); the solution as it is given out has them exactly.
/// In a differential-algebraic system they stay in y, with rows g = 0 of a singular M.
public final class LinesField: VectorField {
  public let discrete: DiscreteSystem
  /// Indices in the full vector of the entries of y.
  public let kept: [Int]
  /// Made when first needed: explicit steps never do.
  private(set) lazy var matrix = given ?? JetMatrix(discrete)
  private let given: JetMatrix?
  let boundary: BoundaryValues?
  /// Conditions whose rows are in y: dynamic ones, and all of a system with a mass matrix.
  private let keptSets: [ConditionSet]
  private let keptRows: [[Int32]]
  private let runs: [Run]
  private let reduced: ReducedJacobian?
  /// Whether the conditions' unknowns are in y, and integrated.
  let isIntegrated: Bool
  /// Whether y is the full vector and no row is a condition's.
  private let isWhole: Bool
  private let work: Storage
  private let linearizedFields: Vector
  private var linearizedTime = Double.nan

  /// Neighbours in y that are neighbours in the full vector.
  private struct Run {
    var place: Int
    var index: Int
    var count: Int
  }

  /// Readies a discrete system for steppers.
  ///
  /// - Parameter exposesJacobian: whether ``pattern`` and `jacobian` are there for methods with
  ///   linear algebra of their own; takes the time of some hundred evaluations.
  /// - Throws: `ProblemFaults` where the conditions do not determine the values at their nodes.
  public init(_ discrete: DiscreteSystem, exposesJacobian: Bool = true) throws {
    self.discrete = discrete
    let system = discrete.system
    let eliminated =
      system.hasMass
      ? [] : discrete.sets.indices.filter { !discrete.sets[$0].condition.isDynamic }
    let boundary =
      eliminated.isEmpty
      ? nil : BoundaryValues(discrete, JetMatrix(discrete), sets: eliminated)
    self.boundary = boundary
    let isIntegrated =
      !exposesJacobian && boundary?.isLinear == true && boundary?.dependsOnTime == true
    self.isIntegrated = isIntegrated
    let gone = Set(isIntegrated ? [] : boundary?.unknowns ?? [])
    let kept = (0..<discrete.dimension).filter { !gone.contains($0) }
    guard !kept.isEmpty else {
      throw system.problem.fault(
        path: "solve.grid", "the conditions take every node of the grid", "use more points")
    }
    self.kept = kept
    keptSets = discrete.sets.indices.filter { !eliminated.contains($0) }.map { discrete.sets[$0] }
    var stateOf = [Int32](repeating: -1, count: discrete.dimension)
    for (place, index) in kept.enumerated() { stateOf[index] = Int32(place) }
    keptRows = keptSets.map { $0.rows.map { stateOf[$0] } }
    runs = LinesField.runs(kept)
    isWhole = discrete.sets.isEmpty
    work = Storage(3 * discrete.dimension)
    linearizedFields = work.vector.slice(0, discrete.dimension)
    given = boundary?.matrix ?? (exposesJacobian ? JetMatrix(discrete) : nil)
    var reduced: ReducedJacobian?
    if exposesJacobian, let given, ReducedJacobian.isAffordable(given) {
      reduced = ReducedJacobian(given, boundary, kept: kept, stateOf: stateOf)
    }
    self.reduced = reduced
    let dependsOnTime =
      system.slopeProgram != nil || discrete.sets.contains { $0.condition.slope != nil }
      || (discrete.terms != nil)
    super.init(
      dimension: kept.count, pattern: reduced?.pattern ?? .band(kept.count, lower: 0, upper: 0),
      mass: LinesField.mass(discrete, stateOf), isAutonomous: !dependsOnTime)
  }

  private static func runs(_ kept: [Int]) -> [Run] {
    var runs: [Run] = []
    for (place, index) in kept.enumerated() {
      if let last = runs.last, last.index + last.count == index {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(Run(place: place, index: index, count: 1))
      }
    }
    return runs
  }

  private static func mass(_ discrete: DiscreteSystem, _ stateOf: [Int32]) -> MassMatrix? {
    guard let mass = discrete.system.mass else { return nil }
    let n = discrete.grid.count
    var rows: [Int] = []
    var columns: [Int] = []
    var entries: [Double] = []
    for row in 0..<discrete.dimension {
      let owner = discrete.owners[row]
      if owner >= 0 {
        guard discrete.sets[Int(owner)].condition.isDynamic else { continue }
        rows.append(Int(stateOf[row]))
        columns.append(Int(stateOf[row]))
        entries.append(1)
        continue
      }
      for (component, value) in mass[row / n].enumerated() where value != 0 {
        rows.append(Int(stateOf[row]))
        columns.append(Int(stateOf[component * n + row % n]))
        entries.append(value)
      }
    }
    let pattern = SparsityPattern(dimension: discrete.dimension, rows: rows, columns: columns)
    return MassMatrix(pattern: pattern, entries: entries)
  }

  // MARK: Between y and the full vector

  /// Fills the discrete system's fields: y, and the values that the conditions give.
  public func reconstruct(_ t: Double, _ y: Vector) {
    spread(y, into: discrete.fields)
    guard let boundary else { return }
    boundary.solve(t)
  }

  /// Copies y to its places of a full vector.
  func spread(_ y: Vector, into full: Vector) {
    for run in runs {
      (full.base + run.index).update(from: y.base + run.place, count: run.count)
    }
  }

  /// Copies the entries of y from a full vector.
  func gather(_ full: Vector, into y: Vector) {
    for run in runs {
      (y.base + run.place).update(from: full.base + run.index, count: run.count)
    }
  }

  // MARK: What steppers ask for

  public override func evaluate(_ t: Double, _ y: Vector, into dydt: Vector) {
    if isWhole { return discrete.evaluateRates(t, y, into: dydt) }
    load(t, y)
    discrete.evaluateRates(t)
    gather(discrete.rates, into: dydt)
    for (set, rows) in zip(keptSets, keptRows) {
      discrete.readJets(of: set, t)
      set.evaluate()
      for (k, row) in rows.enumerated() { dydt[Int(row)] = set.values[k] }
    }
    if isIntegrated { boundary?.fillRates(t, dydt) }
  }

  /// Fills the discrete system's fields as the right-hand side sees them.
  private func load(_ t: Double, _ y: Vector) {
    if isIntegrated { discrete.fields.assign(y) } else { reconstruct(t, y) }
  }

  /// Takes all derivatives at (t, y), unless they are those of the last call.
  func linearize(_ t: Double, _ y: Vector) {
    load(t, y)
    let same = linearizedTime == t && isSame(discrete.fields, linearizedFields)
    if same || (discrete.system.isLinear && isConstant && !linearizedTime.isNaN) { return }
    discrete.linearize(t)
    matrix.assemble(t)
    linearizedTime = t
    linearizedFields.assign(discrete.fields)
  }

  /// Whether no condition's derivatives change.
  private var isConstant: Bool {
    discrete.terms == nil && discrete.sets.allSatisfy { $0.condition.isLinear }
  }

  /// Whether ``linearize(_:_:)`` gives the same matrix everywhere.
  var hasConstantJacobian: Bool { discrete.system.isLinear && isConstant }

  private func isSame(_ a: Vector, _ b: Vector) -> Bool {
    for k in 0..<a.count where a.base[k] != b.base[k] { return false }
    return true
  }

  public override func jacobian(_ t: Double, _ y: Vector, into entries: Vector) {
    guard let reduced else {
      return differencesUnavailable(entries)
    }
    linearize(t, y)
    reduced.fill(entries)
  }

  /// Methods with dense linear algebra of their own cannot take a system of this size.
  private func differencesUnavailable(_ entries: Vector) { entries.fill(.nan) }

  /// ∂f/∂t along the conditions: F_t + F_b·z with g_b·z = −g_t.
  public override func timeDerivative(_ t: Double, _ y: Vector, into result: Vector) {
    if isAutonomous { return result.fill(0) }
    if isIntegrated { return integratedSlopes(t, y, into: result) }
    let slopes = work.vector.slice(discrete.dimension, discrete.dimension)
    let image = work.vector.slice(2 * discrete.dimension, discrete.dimension)
    if boundary?.dependsOnTime == true || discrete.terms != nil {
      linearize(t, y)
      boundary?.refresh(t)
      discrete.timeSlopes(t, into: slopes)
    } else {
      reconstruct(t, y)
      discrete.timeSlopes(t, into: slopes)
    }
    gather(slopes, into: result)
    guard let boundary, boundary.dependsOnTime else { return }
    let response = boundary.timeResponse(slopes)
    if discrete.terms == nil {
      discrete.applyJacobian(response, into: image)
    } else {
      matrix.apply(response, into: image)
    }
    for run in runs {
      for k in 0..<run.count { result[run.place + k] += image[run.index + k] }
    }
  }

  /// ∂f/∂t with the conditions' unknowns in y: g_b·z = −(g_tt + g_y·F_t) in their rows.
  private func integratedSlopes(_ t: Double, _ y: Vector, into result: Vector) {
    if discrete.terms != nil { linearize(t, y) } else { load(t, y) }
    discrete.timeSlopes(t, into: result)
    boundary?.fillRates(t, result, isSecond: true)
  }

  public override func makeShiftedSystem() -> ShiftedSystem { LinesSystem(self) }
}

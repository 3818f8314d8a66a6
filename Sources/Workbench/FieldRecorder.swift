import Discretizations
import Expressions
import Integrators
import Numerics
import Problems

/// Reads the fields of a level where the plan wants them, as an integration passes by.
final class FieldRecorder {
  /// What was read so far.
  struct State: Codable, Sendable {
    var rows: FieldRows
    var comparison: FieldRows
    var probes: [[Double]]
    var tail: SpectralTail.Seen?
  }

  private let plan: SamplingPlan
  private let problem: Problem
  private let grid: Grid
  private let columns: FieldSampler
  private let compared: FieldSampler
  private let start: StartValues
  private let tail: SpectralTail?
  private let components: [Int]
  private let probeRows: [AxisRow]
  private var recorded: State

  /// - Parameter makeSampler: reads columns at the tensor product of places.
  init(
    _ system: PointwiseSystem, _ grid: Grid, _ plan: SamplingPlan, start: StartValues,
    makeSampler: ([[Double]]) throws -> FieldSampler
  ) throws {
    self.plan = plan
    self.start = start
    problem = system.problem
    self.grid = grid
    columns = try makeSampler(plan.space)
    compared = plan.comparesRows ? columns : try makeSampler(plan.comparisonSpace)
    components = problem.unknowns.map { name in
      system.components.firstIndex { $0.symbol == Symbol(name) } ?? 0
    }
    tail = SpectralTail(grid, fields: components.count)
    let zero = grid.axes.map { _ in 0 }
    probeRows = plan.probes.map { grid.row(zero, at: $0.place) }
    recorded = State(
      rows: FieldRows(columns: columns.names),
      comparison: FieldRows(columns: problem.unknowns),
      probes: components.map { _ in plan.probes.map { _ in .nan } })
  }

  /// What was read so far.
  var state: State {
    var state = recorded
    state.tail = tail?.seen
    return state
  }

  /// Goes on with what an interrupted level had read.
  func restore(_ state: State) {
    recorded = state
    if let seen = state.tail { tail?.seen = seen }
  }

  var tails: [Double] { tail?.tails ?? [] }

  /// Reads a row of the trajectory from the full vector.
  func row(_ t: Double, _ fields: Vector) {
    columns.sample(t, fields)
    start.replace(t, columns.columns, plan.space)
    recorded.rows.append(t, columns.columns)
  }

  /// Reads the places of comparison.
  func compare(_ t: Double, _ fields: Vector) {
    compared.sample(t, fields)
    recorded.comparison.append(t, Array(compared.columns.prefix(components.count)))
    for (index, component) in components.enumerated() {
      tail?.look(fields.slice(component * grid.count, grid.count), index: index)
    }
  }

  /// Reads the probes of a time; all of them where nothing marches.
  func probe(_ t: Double, _ fields: Vector) {
    for (index, probe) in plan.probes.enumerated() where probe.time == t || probe.time.isNaN {
      let row = probeRows[index]
      for (unknown, component) in components.enumerated() {
        var sum = 0.0
        for (column, weight) in zip(row.columns, row.weights) {
          sum += weight * fields[component * grid.count + column]
        }
        recorded.probes[unknown][index] = sum
      }
    }
  }

  /// The trajectory's rows so far, in the order of the file.
  func rows(isBackward: Bool) -> SampledSolution {
    recorded.rows.solution(
      problem.variables.map(\.name), marching: marchingPlace, space: plan.space,
      isBackward: isBackward)
  }

  /// The rows of comparison so far.
  var comparison: SampledSolution {
    recorded.comparison.solution(
      problem.variables.map(\.name), marching: marchingPlace, space: plan.comparisonSpace,
      isBackward: false)
  }

  private var marchingPlace: Int? {
    problem.variables.firstIndex { $0.name == problem.marching }
  }
}

/// Initial values in closed form, for rows at the start: the grid's interpolant would smooth kinks.
final class StartValues {
  private let t: Double
  private let values: [Expression?]
  private let names: [Symbol]
  private let known: [Symbol: Double]

  init(_ problem: Problem, start: Double, parameters: [Symbol: Double]) {
    t = start
    names = problem.variables.filter { $0.name != problem.marching }.map { Symbol($0.name) }
    var known = parameters
    if let marching = problem.marching { known[Symbol(marching)] = start }
    self.known = known
    values = problem.unknowns.map { unknown in
      problem.conditions.first { row in
        guard case .face(let variable, _, _) = row.location else { return false }
        return variable == problem.marching && row.subject == Symbol(unknown)
      }?.value
    }
  }

  /// Writes the initial values of the unknowns at the places, where t is the start.
  func replace(_ t: Double, _ columns: [Vector], _ places: [[Double]]) {
    guard t == self.t else { return }
    for (value, column) in zip(values, columns) {
      guard let value else { continue }
      var known = known
      for row in 0..<column.count {
        var rest = row
        for axis in places.indices.reversed() {
          known[names[axis]] = places[axis][rest % places[axis].count]
          rest /= places[axis].count
        }
        if let number = try? value.evaluate(known) { column[row] = number }
      }
    }
  }
}

import Discretizations
import Expressions
import Integrators
import Numerics
import Problems

/// One thread's share of a trajectory fit: fields, integrations and room of its own.
final class TrajectoryWorker {
  let field: TrainableField
  private let fixed: SensitivityField
  private let free: SensitivityField
  private let starts: StartProgram
  private let runs: [Int: SegmentRun]
  private var adjoints: [Int: any SegmentAdjoint] = [:]
  /// Of adjoint passes; `[P]` of all unknowns.
  let gradient: Storage
  /// Whether no segment has diverged in the present pass.
  var isWhole = true
  private var evaluations = 0
  /// Attempts of a segment's last run that ended, by segment: a trial may take so many times more.
  private var usual: [Int: Int] = [:]

  /// Attempts that a trial may take beyond those of the last run, as a factor and a number.
  static let patience = (factor: 20, least: 2000)

  init(
    _ system: TrainableSystem, _ data: TrajectoryData, _ layout: ParameterLayout,
    _ shooting: ShootingLayout, _ plan: TrajectoryPlan, worker: Int, of count: Int
  ) throws {
    field = try TrainableField(system, layout)
    fixed = SensitivityField(field, isFree: false)
    free = SensitivityField(field, isFree: true)
    starts = try StartProgram(system, data)
    gradient = Storage(layout.count + shooting.unknownCount)
    var runs: [Int: SegmentRun] = [:]
    let settings = plan.segmentSettings(system)
    for index in stride(from: worker, to: shooting.segments.count, by: count) {
      let segment = shooting.segments[index]
      let isFree = segment.unknowns.contains { $0 >= 0 }
      runs[index] = SegmentRun(
        segment, times: data.series[segment.series].times, field, isFree ? free : fixed, settings)
    }
    self.runs = runs
  }

  /// Evaluations since they were taken last.
  func takeEvaluations() -> Int {
    defer { evaluations = 0 }
    return evaluations
  }

  /// The initial state of a segment; nil where it has none.
  private func initialState(
    _ parameters: Vector, _ segment: ShootingLayout.Segment, _ all: TrajectoryResiduals
  ) -> [Double]? {
    var y = starts.values(segment, field)
    for (place, unknown) in segment.unknowns.enumerated() where unknown >= 0 {
      y[place] =
        parameters[all.layout.count + unknown] * all.shooting.scales[unknown]
    }
    guard field.mass != nil else { return y }
    return try? Consistency.solve(field, segment.start, y)
  }

  // MARK: Values

  /// Writes a segment's residuals; false where it diverges.
  func residual(
    _ parameters: Vector, _ index: Int, _ all: TrajectoryResiduals, into residual: Vector
  ) -> Bool {
    guard let run = runs[index] else { return true }
    field.set(parameters)
    let segment = run.segment
    guard let y0 = initialState(parameters, segment, all) else { return false }
    let rows = all.dataRows[index]
    var next = 0
    let report = try? run.run(y0, isCancelled: watch(index, all)) { row, y in
      while next < rows.count, rows[next].row == row {
        let entry = rows[next]
        residual[entry.residual] = (y[entry.place] - entry.value) * all.scale(column: entry.column)
        next += 1
      }
    } end: { y in
      guard segment.isContinued else { return }
      for i in 0..<all.dimension {
        residual[all.gapRows[index] + i] =
          (y[i] - nextState(parameters, index, i, all)) * all.gapScale(i)
      }
    }
    return close(report, index, reached: next == rows.count)
  }

  /// A component of the state that the next segment starts from.
  private func nextState(
    _ parameters: Vector, _ index: Int, _ place: Int, _ all: TrajectoryResiduals
  ) -> Double {
    let unknown = all.shooting.segments[index + 1].unknowns[place]
    return parameters[all.layout.count + unknown] * all.shooting.scales[unknown]
  }

  private var attempts = 0

  private func watch(_ index: Int, _ all: TrajectoryResiduals) -> () -> Bool {
    attempts = 0
    let limit = max(
      TrajectoryWorker.patience.least, TrajectoryWorker.patience.factor * (usual[index] ?? .max / 64))
    return { [unowned self, unowned all] in
      attempts += 1
      return attempts > limit || all.isCancelled()
    }
  }

  private func close(_ report: SolveReport?, _ index: Int, reached: Bool) -> Bool {
    guard let report else { return false }
    evaluations += report.counts.evaluations
    guard report.outcome == .reached, reached else { return false }
    usual[index] = report.steps + report.rejected
    return true
  }

  // MARK: Sensitivities

  /// Writes a segment's residuals and its rows of J; false where it diverges.
  func linearize(
    _ parameters: Vector, _ index: Int, _ all: TrajectoryResiduals, residual: Vector, rows: Vector
  ) -> Bool {
    guard let run = runs[index] else { return true }
    field.set(parameters)
    let (segment, n, size) = (run.segment, all.dimension, all.parameterCount)
    let count = all.layout.count
    let q = count + (run.isFree ? n : 0)
    guard let y0 = extendedState(parameters, segment, q, all) else { return false }
    func write(_ state: Vector, _ place: Int, _ scale: Double, into row: Int) {
      let target = rows.slice(row * size, size)
      let own = state.slice(n + place * q, q)
      for c in 0..<count { target[c] = own[c] * scale }
      guard run.isFree else { return }
      for (i, unknown) in segment.unknowns.enumerated() where unknown >= 0 {
        target[count + unknown] = own[count + i] * scale
      }
    }
    let data = all.dataRows[index]
    var next = 0
    let report = try? run.linearize(y0, isCancelled: watch(index, all)) { row, y in
      while next < data.count, data[next].row == row {
        let entry = data[next]
        let scale = all.scale(column: entry.column)
        residual[entry.residual] = (y[entry.place] - entry.value) * scale
        write(y, entry.place, scale, into: entry.residual)
        next += 1
      }
    } end: { y in
      guard segment.isContinued else { return }
      for i in 0..<n {
        let (row, scale) = (all.gapRows[index] + i, all.gapScale(i))
        residual[row] = (y[i] - nextState(parameters, index, i, all)) * scale
        write(y, i, scale, into: row)
        let unknown = all.shooting.segments[index + 1].unknowns[i]
        rows[row * size + count + unknown] -= all.shooting.scales[unknown] * scale
      }
    }
    return close(report, index, reached: next == data.count)
  }

  /// The initial state with its derivatives, `[n(1 + q)]`.
  private func extendedState(
    _ parameters: Vector, _ segment: ShootingLayout.Segment, _ q: Int, _ all: TrajectoryResiduals
  ) -> [Double]? {
    guard let y0 = initialState(parameters, segment, all) else { return nil }
    let (n, count) = (all.dimension, all.layout.count)
    var state = y0 + [Double](repeating: 0, count: n * q)
    starts.addSlopes(segment, field, to: &state, offset: all.layout.networkCount, stride: q)
    for (place, unknown) in segment.unknowns.enumerated() where unknown >= 0 {
      for c in 0..<count { state[n + place * q + c] = 0 }
      state[n + place * q + count + place] = all.shooting.scales[unknown]
    }
    guard let mass = field.mass else { return state }
    return ConsistentSlopes.project(state, field, mass, segment.start, columns: q)
  }

  // MARK: Adjoints

  /// Adds a segment's part of Jᵀw to ``gradient``, w being `weights` or its own residuals, which are
  /// written; false where it diverges.
  func differentiate(
    _ parameters: Vector, _ index: Int, _ all: TrajectoryResiduals, residual: Vector
  ) -> Bool {
    guard let run = runs[index] else { return true }
    return all.plan.gradient.givesJacobian || run.segment.rows.isEmpty
  }
}

/// Initial values that conditions give, and their derivatives by the estimates.
final class StartProgram {
  private let tape: Tape
  private let point: Storage
  private let state: Storage
  private let out: Storage
  private let slopeEntries: [TrainableSystem.Entry]
  private let data: TrajectoryData
  private let dimension: Int

  init(_ system: TrainableSystem, _ data: TrajectoryData) throws {
    self.data = data
    dimension = system.dimension
    let values = data.series.first?.starts.map { start in
      if case .value(let expression) = start { expression } else { Expression.zero }
    }
    let given = values ?? []
    var slopes: [Expression] = []
    var entries: [TrainableSystem.Entry] = []
    for (row, value) in given.enumerated() {
      for (column, estimate) in system.problem.estimates.enumerated() {
        let symbol = Symbol(estimate.name)
        guard value.contains(symbol) else { continue }
        entries.append(TrainableSystem.Entry(row: row, column: column))
        slopes.append(try value.derivative(by: symbol))
      }
    }
    slopeEntries = entries
    tape = Tape(try Program(given + slopes, inputs: system.inputs))
    point = Storage(system.inputs.point.count)
    state = Storage(system.inputs.state.count)
    out = Storage(given.count + slopes.count)
  }

  private func evaluate(_ segment: ShootingLayout.Segment, _ field: TrainableField) {
    point.vector[0] = segment.start
    let parameters = Storage(field.parameterValues)
    defer { parameters.keep() }
    tape.evaluate(point.vector, state.vector, parameters.vector, into: out.vector)
  }

  /// The values of a segment's first state; zero where it is sought.
  func values(_ segment: ShootingLayout.Segment, _ field: TrainableField) -> [Double] {
    evaluate(segment, field)
    return data.series[segment.series].starts.enumerated().map { place, start in
      switch start {
      case .value: out.vector[place]
      case .measured(let number): number
      case .free: 0
      }
    }
  }

  /// Writes ∂y₀/∂(free numbers) behind a state.
  func addSlopes(
    _ segment: ShootingLayout.Segment, _ field: TrainableField, to state: inout [Double],
    offset: Int, stride: Int
  ) {
    guard segment.isFirst else { return }
    let scales = field.estimateSlopes
    for (k, entry) in slopeEntries.enumerated() {
      guard case .value = data.series[segment.series].starts[entry.row] else { continue }
      state[dimension + entry.row * stride + offset + entry.column] =
        out.vector[dimension + k] * scales[entry.column]
    }
  }
}

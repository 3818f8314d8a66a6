import Discretizations
import Expressions
import Integrators
import Numerics
import Problems

/// One thread's share of a trajectory fit: fields, integrations and room of its own.
final class TrajectoryWorker {
  let field: TrainableField
  let starts: StartProgram
  let runs: [Int: SegmentRun]
  /// Where no row of J is formed.
  let adjoint: (any SegmentAdjoint)?
  let tangent: TangentField?
  /// Weights on the states at the rows of a segment, then on its end and its start.
  let seeds: Storage
  /// Of adjoint passes; `[P]` of all unknowns.
  let gradient: Storage
  /// Whether no segment has diverged in the present pass.
  var isWhole = true
  private var evaluations = 0
  /// Why a segment diverged last; nil where none has.
  private(set) var failure: SolveFailure?
  private var penalties: [Int: PenaltySums] = [:]
  /// Attempts of a segment's last run that ended, by segment: a trial may take so many times more.
  private var usual: [Int: Int] = [:]

  /// Attempts that a trial may take beyond those of the last run, as a factor and a number.
  static let patience = (factor: 20, least: 2000)

  init(
    _ system: TrainableSystem, _ data: TrajectoryData, _ layout: ParameterLayout,
    _ shooting: ShootingLayout, _ plan: TrajectoryPlan, worker: Int, of count: Int
  ) throws {
    field = try TrainableField(system, layout)
    starts = try StartProgram(system, data)
    gradient = Storage(layout.count + shooting.unknownCount)
    let settings = plan.segmentSettings(system)
    adjoint =
      switch plan.gradient {
      case .forward: nil
      case .discreteAdjoint:
        try DiscreteAdjoint(field, plan.method, memory: plan.adjointMemory)
      case .interpolatingAdjoint: try InterpolatingAdjoint(field, settings, sizes: plan.sizes)
      }
    let tangent = plan.gradient.givesJacobian ? nil : TangentField(field)
    self.tangent = tangent
    let isWhole = plan.gradient.givesJacobian
    let fixed = isWhole ? SensitivityField(field, isFree: false) : nil
    let free = isWhole ? SensitivityField(field, isFree: true) : nil
    var runs: [Int: SegmentRun] = [:]
    var most = 0
    for index in stride(from: worker, to: shooting.segments.count, by: count) {
      let segment = shooting.segments[index]
      let isFree = segment.unknowns.contains { $0 >= 0 }
      runs[index] = SegmentRun(
        segment, times: data.series[segment.series].times, field,
        tangent ?? (isFree ? free : fixed), settings)
      most = max(most, segment.rows.count)
    }
    self.runs = runs
    seeds = Storage(isWhole ? 0 : (most + 2) * system.dimension)
  }

  /// Sums of penalties, of values alone and with columns of S; empty where there are none.
  private func sums(_ all: TrajectoryResiduals, columns: Int) -> PenaltySums? {
    if all.plan.penalties.isEmpty { return nil }
    if let made = penalties[columns] { return made }
    let made = PenaltySums(all.plan.penalties.map(\.kind), field, all.plan, columns: columns)
    penalties[columns] = made
    return made
  }

  /// Evaluations since they were taken last.
  func takeEvaluations() -> Int {
    defer { evaluations = 0 }
    return evaluations
  }

  /// The initial state of a segment; nil where it has none.
  func initialState(
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
    let sums = sums(all, columns: 0)
    sums?.start()
    let step = run.watch(sums)
    let report = try? run.run(y0, step: step, isCancelled: watch(index, all)) { row, y in
      while next < rows.count, rows[next].row == row {
        let entry = rows[next]
        residual[entry.residual] = (entry.value(y) - entry.value) * all.scale(column: entry.column)
        next += 1
      }
    } end: { y in
      guard segment.isContinued else { return }
      for i in 0..<all.dimension {
        residual[all.gapRows[index] + i] =
          (y[i] - nextState(parameters, index, i, all)) * all.gapScale(i)
      }
    }
    sums?.finish { row, value, _ in
      let place = all.penalty(index, row)
      residual[place.row] = value * place.scale
    }
    return close(report, index, reached: next == rows.count)
  }

  /// A component of the state that the next segment starts from.
  func nextState(
    _ parameters: Vector, _ index: Int, _ place: Int, _ all: TrajectoryResiduals
  ) -> Double {
    let unknown = all.shooting.segments[index + 1].unknowns[place]
    return parameters[all.layout.count + unknown] * all.shooting.scales[unknown]
  }

  private var attempts = 0

  func watch(_ index: Int, _ all: TrajectoryResiduals) -> () -> Bool {
    attempts = 0
    let limit = max(
      TrajectoryWorker.patience.least,
      TrajectoryWorker.patience.factor * (usual[index] ?? .max / 64))
    return { [unowned self, unowned all] in
      attempts += 1
      return attempts > limit || all.isCancelled()
    }
  }

  func close(_ report: SolveReport?, _ index: Int, reached: Bool) -> Bool {
    guard let report else { return false }
    evaluations += report.counts.evaluations
    if case .failed(let reason) = report.outcome { failure = reason }
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
    guard let y0 = extendedState(parameters, run, q, all) else { return false }
    func add(_ state: Vector, _ place: Int, _ scale: Double, to row: Int) {
      let target = rows.slice(row * size, size)
      let own = state.slice(n + place * q, q)
      for c in 0..<count { target[c] += own[c] * scale }
      guard run.isFree else { return }
      for (i, unknown) in segment.unknowns.enumerated() where unknown >= 0 {
        target[count + unknown] += own[count + i] * scale
      }
    }
    let data = all.dataRows[index]
    var next = 0
    let sums = sums(all, columns: q)
    sums?.start()
    let step = run.watch(sums)
    let report = try? run.linearize(y0, step: step, isCancelled: watch(index, all)) { row, y in
      while next < data.count, data[next].row == row {
        let entry = data[next]
        let scale = all.scale(column: entry.column)
        residual[entry.residual] = (entry.value(y) - entry.value) * scale
        for term in entry.terms { add(y, term.place, scale * term.weight, to: entry.residual) }
        next += 1
      }
    } end: { y in
      guard segment.isContinued else { return }
      for i in 0..<n {
        let (row, scale) = (all.gapRows[index] + i, all.gapScale(i))
        residual[row] = (y[i] - nextState(parameters, index, i, all)) * scale
        add(y, i, scale, to: row)
        let unknown = all.shooting.segments[index + 1].unknowns[i]
        rows[row * size + count + unknown] -= all.shooting.scales[unknown] * scale
      }
    }
    sums?.finish { row, value, slopes in
      let place = all.penalty(index, row)
      residual[place.row] = value * place.scale
      guard let slopes else { return }
      let target = rows.slice(place.row * size, size)
      for c in 0..<count { target[c] = slopes[c] * place.scale }
      guard run.isFree else { return }
      for (i, unknown) in segment.unknowns.enumerated() where unknown >= 0 {
        target[count + unknown] = slopes[count + i] * place.scale
      }
    }
    return close(report, index, reached: next == data.count)
  }

  /// The initial state with its derivatives, `[n(1 + q)]`.
  private func extendedState(
    _ parameters: Vector, _ run: SegmentRun, _ q: Int, _ all: TrajectoryResiduals
  ) -> [Double]? {
    let segment = run.segment
    guard let y0 = initialState(parameters, segment, all) else { return nil }
    let (n, count) = (all.dimension, all.layout.count)
    var state = y0 + [Double](repeating: 0, count: n * q)
    let offset = all.layout.networkCount
    starts.slopes(segment, field) { row, column, slope in
      state[n + row * q + offset + column] = slope
    }
    for (place, unknown) in segment.unknowns.enumerated() where unknown >= 0 {
      for c in 0..<count { state[n + place * q + c] = 0 }
      state[n + place * q + count + place] = all.shooting.scales[unknown]
    }
    guard let mass = field.mass else { return state }
    return run.sensitivity.flatMap { ConsistentSlopes.project(state, $0, mass, segment.start) }
  }
}

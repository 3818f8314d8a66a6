import Discretizations
import Dispatch
import Expressions
import Integrators
import Networks
import Numerics
import Problems

/// The misfit of trajectories to measurements, and the gaps between their pieces:
/// L = ½·Σ((y − d)/σ)²/N + ½·μ·Σ(gap/σ)²/N + regularisers.
///
/// Unknowns: weights of networks, free numbers of estimates, sought states, in units of their sizes.
/// Each segment is integrated by itself with steps of its own; segments are shared out to the
/// threads. A trial whose trajectory diverges has residuals that are not finite.
/// Source: H. G. Bock (1983), multiple shooting; E. M. Turan and J. Jäschke, arXiv:2109.06786.
public final class TrajectoryResiduals: EstimatingResiduals {
  public let system: TrainableSystem
  public let data: TrajectoryData
  public let layout: ParameterLayout
  public let shooting: ShootingLayout
  public let plan: TrajectoryPlan
  public private(set) var blocks: [ResidualBlock] = []
  /// μ: what the squares of gaps are multiplied by, in units of the noise.
  public internal(set) var continuity = 1.0
  /// The noise of each measured column.
  public internal(set) var noise: [MeasuredNoise]
  /// Evaluations of the right-hand side in the last pass of residuals.
  public private(set) var solveEvaluations = 0
  public let threads: Int

  let regularizers: RegularizerStack
  /// The noise that was believed first, which estimates do not exceed.
  let firstNoise: [Double]
  let dimension: Int
  /// N₀: rows of data.
  let dataCount: Int
  /// Rows of data by segment: `(row of the series, column, residual)`.
  let dataRows: [[DataRow]]
  /// The first row of gaps of each segment that is continued, else -1.
  let gapRows: [Int]
  /// Behind the rows of data and gaps.
  let gapEnd: Int
  /// The first row of each penalty on the dynamics.
  let penaltyRows: [Int]
  let rowCount: Int
  let workers: [TrajectoryWorker]
  /// J at ``linearizedAt``, row-major; nothing where gradients alone are taken.
  let jacobian: Storage
  private let linearizedAt: Storage
  private var isLinearized = false
  private let weightScratch: Storage
  /// Residuals that an adjoint pass writes by the way, and weights of one row.
  let unseen: Storage
  var isCancelled: () -> Bool = { false }

  struct DataRow {
    /// Of several rows at one time, the first.
    var row: Int
    var column: Int
    /// What the measured value is in the state.
    var terms: [Term]
    var value: Double
    var residual: Int

    struct Term {
      var place: Int
      var weight: Double
    }

    @inline(__always)
    func value(_ state: Vector) -> Double {
      var sum = 0.0
      for term in terms { sum += term.weight * state[term.place] }
      return sum
    }
  }

  /// Prepares the residuals of a layout of segments.
  ///
  /// - Parameter noise: standard deviations to begin with, by column of the data.
  /// - Throws: what a system cannot be integrated for.
  public init(
    _ system: TrainableSystem, _ data: TrajectoryData, _ layout: ParameterLayout,
    _ shooting: ShootingLayout, _ plan: TrajectoryPlan, noise: [MeasuredNoise], threads: Int
  ) throws {
    self.system = system
    self.data = data
    self.layout = layout
    self.shooting = shooting
    self.plan = plan
    self.noise = noise
    firstNoise = noise.map(\.deviation)
    self.threads = threads
    dimension = system.dimension
    let (rows, count) = TrajectoryResiduals.place(data, shooting)
    dataRows = rows
    dataCount = count
    var end = count
    let n = system.dimension
    gapRows = shooting.segments.map { segment in
      defer { end += segment.isContinued ? n : 0 }
      return segment.isContinued ? end : -1
    }
    gapEnd = end
    penaltyRows = plan.penalties.map { penalty in
      defer { end += penalty.kind.rowCount(n) * shooting.segments.count }
      return end
    }
    rowCount = end
    regularizers = RegularizerStack(behind: end)
    let size = layout.count + shooting.unknownCount
    if plan.ridge > 0, layout.networkCount > 0 {
      regularizers.add(
        Ridge(offset: 0, count: layout.networkCount, parameterCount: size), name: "ridge",
        weight: plan.ridge / Double(max(count, 1)))
    }
    workers = try (0..<min(threads, max(shooting.segments.count, 1))).map { index in
      try TrajectoryWorker(
        system, data, layout, shooting, plan, worker: index,
        of: min(threads, max(shooting.segments.count, 1)))
    }
    let isWhole = plan.gradient.givesJacobian
    jacobian = Storage(isWhole ? rowCount * size : 0)
    linearizedAt = Storage(isWhole ? size : 0)
    unseen = Storage(isWhole ? 0 : 2 * rowCount)
    weightScratch = Storage(max(regularizers.entries.map(\.rows.count).max() ?? 0, 1))
    makeBlocks()
  }

  /// P: all unknowns.
  public var parameterCount: Int { layout.count + shooting.unknownCount }
  /// N.
  public var residualCount: Int { regularizers.end }

  /// Numbers the measurements column by column.
  private static func place(_ data: TrajectoryData, _ shooting: ShootingLayout) -> (
    [[DataRow]], Int
  ) {
    var rows = shooting.segments.map { _ in [DataRow]() }
    var count = 0
    for (column, entry) in data.columns.enumerated() {
      for (index, segment) in shooting.segments.enumerated() {
        let series = data.series[segment.series]
        var first = segment.rows.lowerBound
        for row in segment.rows {
          if series.times[row] != series.times[first] { first = row }
          let value = series.values[column][row]
          guard series.roles[row] == .training, value.isFinite else { continue }
          let terms =
            series.terms.isEmpty
            ? [DataRow.Term(place: entry.place, weight: 1)]
            : series.terms[row].map {
              DataRow.Term(place: entry.place + $0.node, weight: $0.weight)
            }
          rows[index].append(
            DataRow(row: first, column: column, terms: terms, value: value, residual: count))
          count += 1
        }
      }
    }
    return (rows.map { $0.sorted { $0.row < $1.row } }, count)
  }

  private func makeBlocks() {
    blocks = []
    var first = 0
    for (column, entry) in data.columns.enumerated() {
      let count = dataRows.reduce(0) { $0 + $1.count { $0.column == column } }
      blocks.append(
        ResidualBlock(
          name: "data of \(entry.name)", rows: first..<(first + count),
          weight: Double(count) / Double(max(dataCount, 1))))
      first += count
    }
    if gapEnd > dataCount {
      blocks.append(
        ResidualBlock(name: "continuity", rows: dataCount..<gapEnd, weight: continuity))
    }
    for (index, penalty) in plan.penalties.enumerated() {
      let end = index + 1 < penaltyRows.count ? penaltyRows[index + 1] : rowCount
      blocks.append(
        ResidualBlock(
          name: penalty.kind.rawValue, rows: penaltyRows[index]..<end, weight: penalty.weight))
    }
    blocks += regularizers.blocks
  }

  /// Where a search begins: networks as they are initialised, estimates and states at their starts.
  public func initialParameters(seed: UInt64) -> [Double] {
    layout.initialParameters(seed: seed) + shooting.initialNumbers
  }

  /// Why a trajectory could not be integrated last; nil where all could.
  public var failure: SolveFailure? {
    var found = workers.compactMap(\.failure).first
    found?.names = system.form.state.map(\.description)
    return found
  }

  // MARK: Passes

  /// What a data residual is multiplied by.
  func scale(column: Int) -> Double {
    1 / (noise[column].deviation * Double(max(dataCount, 1)).squareRoot())
  }

  /// What the gap of a component is multiplied by.
  func gapScale(_ place: Int) -> Double {
    let unit = plan.gapUnits(noise, data)[place]
    return (continuity / Double(max(dataCount, 1))).squareRoot() / unit
  }

  /// Where a row of a segment's penalties stands, and what it is multiplied by.
  func penalty(_ segment: Int, _ row: Int) -> (row: Int, scale: Double) {
    var first = 0
    for (index, penalty) in plan.penalties.enumerated() {
      let count = penalty.kind.rowCount(dimension)
      if row < first + count {
        let all = Double(count * shooting.segments.count)
        return (
          penaltyRows[index] + segment * count + row - first, (penalty.weight / all).squareRoot()
        )
      }
      first += count
    }
    preconditionFailure("row \(row) of \(first) penalties")
  }

  /// Runs all segments; false where one of them diverged.
  func run(_ work: (TrajectoryWorker, Int) -> Bool) -> Bool {
    let before = BLAS.threads
    BLAS.setThreads(1)
    defer { BLAS.setThreads(before) }
    let count = shooting.segments.count
    // Each worker is used by one iteration alone, and what they write does not overlap.
    nonisolated(unsafe) let (workers, work) = (workers, work)
    let share = workers.count
    DispatchQueue.concurrentPerform(iterations: share) { index in
      let worker = workers[index]
      worker.isWhole = true
      for segment in stride(from: index, to: count, by: share) where worker.isWhole {
        worker.isWhole = work(worker, segment)
      }
    }
    solveEvaluations = workers.reduce(0) { $0 + $1.takeEvaluations() }
    return workers.allSatisfy(\.isWhole)
  }

  /// Writes r(θ); not finite where a trajectory diverges.
  public func residual(_ parameters: Vector, into residual: Vector) {
    check(parameters, residual)
    let isWhole = run { worker, segment in
      worker.residual(parameters, segment, self, into: residual)
    }
    if !isWhole { residual.slice(0, rowCount).fill(.nan) }
    regularizers.residual(parameters, into: residual)
  }

  /// Writes r, g = Jᵀr and, where `normal` is given, the lower triangle of JᵀJ, by columns.
  ///
  /// - Cost: one integration of every segment with its sensitivities, and N·P² operations.
  public func linearize(
    _ parameters: Vector, residual: Vector, gradient: Vector, normal: Vector?
  ) {
    check(parameters, residual)
    if !plan.gradient.givesJacobian {
      differentiate(parameters, residual: residual, weights: nil, gradient: gradient)
      if let normal { addRows(parameters, to: normal) }
      return
    }
    let size = parameterCount
    jacobian.vector.fill(0)
    let isWhole = run { worker, segment in
      worker.linearize(parameters, segment, self, residual: residual, rows: jacobian.vector)
    }
    if !isWhole {
      residual.slice(0, rowCount).fill(.nan)
      jacobian.vector.fill(.nan)
    }
    linearizedAt.vector.assign(parameters)
    isLinearized = true
    regularizers.residual(parameters, into: residual)
    gradient.fill(0)
    BLAS.addTransposedProduct(
      ofRows: jacobian.vector, count: rowCount, dimension: size, residual.slice(0, rowCount),
      to: gradient)
    addRegularizers(parameters, residual, to: gradient)
    guard let normal else { return }
    BLAS.addSquare(
      ofRows: jacobian.vector, count: rowCount, dimension: size, to: normal, overwriting: true)
    regularizers.addNormal(parameters, to: normal)
  }

  func addRegularizers(_ parameters: Vector, _ weights: Vector, to sum: Vector) {
    regularizers.addTransposedProduct(
      parameters, weights, to: sum, scratch: weightScratch.vector)
  }

  private func requireJacobian(_ parameters: Vector) {
    if isLinearized, linearizedAt.vector.isSame(as: parameters) { return }
    let (residual, gradient) = (Storage(residualCount), Storage(parameterCount))
    defer { residual.keep(gradient) }
    linearize(
      parameters, residual: residual.vector, gradient: gradient.vector, normal: nil)
  }

  /// Writes J(θ)·v; `direction`: `[P]`, `result`: `[N]`.
  ///
  /// - Cost: where gradients alone are taken, one integration with the derivative along v.
  public func product(_ parameters: Vector, _ direction: Vector, into result: Vector) {
    guard plan.gradient.givesJacobian else {
      let isWhole = run { worker, segment in
        worker.product(parameters, direction, segment, self, into: result)
      }
      if !isWhole { result.slice(0, rowCount).fill(.nan) }
      return regularizers.product(parameters, direction, into: result)
    }
    requireJacobian(parameters)
    let size = parameterCount
    for row in 0..<rowCount {
      result[row] = jacobian.vector.slice(row * size, size).dot(direction)
    }
    regularizers.product(parameters, direction, into: result)
  }

  /// Writes J(θ)ᵀ·w; `weights`: `[N]`, `result`: `[P]`.
  public func transposedProduct(_ parameters: Vector, _ weights: Vector, into result: Vector) {
    guard plan.gradient.givesJacobian else {
      return differentiate(
        parameters, residual: unseen.vector.slice(0, rowCount), weights: weights, gradient: result)
    }
    requireJacobian(parameters)
    result.fill(0)
    BLAS.addTransposedProduct(
      ofRows: jacobian.vector, count: rowCount, dimension: parameterCount,
      weights.slice(0, rowCount), to: result)
    addRegularizers(parameters, weights, to: result)
  }

  /// Writes rows of J(θ), row-major.
  ///
  /// - Cost: where gradients alone are taken, one of them a row.
  public func jacobianRows(_ parameters: Vector, _ range: Range<Int>, into rows: Vector) {
    let own = range.clamped(to: 0..<rowCount)
    guard plan.gradient.givesJacobian else {
      writeRows(parameters, own, into: rows)
      return regularizers.rows(parameters, range, into: rows)
    }
    requireJacobian(parameters)
    let size = parameterCount
    rows.slice(0, own.count * size).assign(
      jacobian.vector.slice(own.lowerBound * size, own.count * size))
    regularizers.rows(parameters, range, into: rows)
  }

  /// Forgets J: weights have changed.
  func weightsChanged() {
    isLinearized = false
    makeBlocks()
  }

  private func check(_ parameters: Vector, _ residual: Vector) {
    precondition(
      parameters.count == parameterCount && residual.count == residualCount,
      "\(parameters.count) parameters of \(parameterCount), \(residual.count) residuals of "
        + "\(residualCount)")
  }
}

import Discretizations
import Expressions
import Integrators
import Networks
import Numerics
import Problems

/// A problem whose unknowns are trajectories, ready to be fitted: what all phases of a training share.
///
/// Phases are least-squares problems over the same parameters: ``matching()`` needs no integration,
/// ``residuals(pieces:horizon:noise:)`` are trajectories in one or many pieces.
public final class TrajectoryFit {
  public let problem: Problem
  public let system: TrainableSystem
  /// Of an evolution equation: its fields on the nodes of a grid; else nil.
  public let lines: LinesForm?
  public let data: TrajectoryData
  public let layout: ParameterLayout
  public let plan: TrajectoryPlan
  /// The measurements, smoothed.
  public let smoothed: SmoothedStates
  /// The noise by column: declared, or what the smoothing says.
  public let noise: [MeasuredNoise]
  public let threads: Int

  /// The least noise that exact data are given, a part of their size: they must not grow without
  /// bounds in weight, nor is a trajectory more accurate than its integration.
  static func leastNoise(_ plan: TrajectoryPlan) -> Double { max(1e-9, 10 * plan.rtol) }

  /// Reduces, differentiates and lowers the problem, and smooths its data.
  ///
  /// - Throws: `ProblemFaults`, and the errors of a system that cannot be differentiated.
  public init(_ problem: Problem, _ plan: TrajectoryPlan, threads: Int) throws {
    self.problem = problem
    self.threads = threads
    let lines = problem.kind == .evolution ? try LinesForm(problem) : nil
    self.lines = lines
    system =
      try lines.map { try TrainableSystem(problem, $0.form, plan.shapes, $0.applications) }
      ?? TrainableSystem(problem, plan.shapes)
    layout = ParameterLayout(problem, solution: nil, coefficients: plan.shapes)
    let data =
      try lines.map { try TrajectoryData($0, seed: plan.seed) }
      ?? TrajectoryData(problem, system.form, seed: plan.seed)
    self.data = data
    smoothed = SmoothedStates(data, sources: TrajectoryFit.sources(system.form, data))
    noise = TrajectoryFit.noise(data, smoothed, least: TrajectoryFit.leastNoise(plan))
    var plan = plan
    plan.sizes = TrajectoryFit.sizes(system.form, data, smoothed)
    let known = Dictionary(
      uniqueKeysWithValues: problem.parameters.map { (Symbol($0.name), $0.value) })
    plan.breakpoints = Breakpoints.find(problem, system.form, known)
    self.plan = plan
  }

  /// The column that each component is, or is the derivative of.
  private static func sources(_ form: SystemForm, _ data: TrajectoryData) -> [(
    column: Int, isSlope: Bool
  )?] {
    form.state.map { symbol in
      // One time has many places of a field.
      if data.isField { return nil }
      if let column = data.columns.firstIndex(where: { form.state[$0.place] == symbol }) {
        return (column, false)
      }
      guard symbol.order == 1,
        let column = data.columns.firstIndex(where: { $0.name == symbol.name })
      else { return nil }
      return (column, true)
    }
  }

  private static func noise(
    _ data: TrajectoryData, _ smoothed: SmoothedStates, least: Double
  ) -> [MeasuredNoise] {
    data.columns.enumerated().map { index, column in
      let count = data.series.reduce(0) { sum, series in
        sum
          + series.values[index].indices.count {
            series.values[index][$0].isFinite && series.roles[$0] == .training
          }
      }
      let found =
        data.isField ? data.deviationInSpace(column: index) : smoothed.deviation(column: index)
      let guess = found.isFinite ? max(found, least * column.size) : 0.1 * column.size
      return MeasuredNoise(
        unknown: column.name, count: count, deviation: column.deviation ?? guess,
        isEstimated: column.deviation == nil, size: column.size)
    }
  }

  /// The size of each component: of those measured the root mean square of their values, of others
  /// that of the smoothed derivative, 1 where nothing tells.
  private static func sizes(
    _ form: SystemForm, _ data: TrajectoryData, _ smoothed: SmoothedStates
  ) -> [Double] {
    if data.isField { return data.fieldSizes(form) }
    return form.state.indices.map { place in
      var (sum, count) = (0.0, 0)
      for (index, series) in data.series.enumerated() {
        let step = max(1, series.times.count / 50)
        for row in stride(from: 0, to: series.times.count, by: step) {
          let value = smoothed.state(index, series.times[row])[place]
          if value.isFinite { (sum, count) = (sum + value * value, count + 1) }
        }
      }
      let size = (sum / Double(max(count, 1))).squareRoot()
      return size > 0 ? size : 1
    }
  }

  // MARK: Phases

  /// Whether the whole state is known from the data, so that it can be matched and restarted.
  public var isWhole: Bool { smoothed.isWhole }

  /// Rates at the smoothed measurements.
  public func matching() throws -> DerivativeMatching {
    try DerivativeMatching(system, data, layout, smoothed, noise: noise, ridge: plan.ridge)
  }

  /// Pieces of each trajectory in multiple shooting: as declared, or one every few rows, as many as
  /// keep the sought states fewer than the rows.
  public var pieces: Int {
    if let declared = plan.segments { return declared }
    let rows = data.series.map(\.times.count).max() ?? 1
    let most = 400 / max(1, system.dimension * data.series.count)
    return max(1, min(40, (rows - 1) / 3, most))
  }

  /// Trajectories in pieces.
  ///
  /// - Parameters:
  ///   - pieces: of each trajectory; 1 for single shooting.
  ///   - horizon: the part of the time that is fitted.
  ///   - noise: to measure misfits by; nil for ``noise``.
  ///   - ridge: what the weight of the ridge is multiplied by.
  public func residuals(
    pieces: Int, horizon: Double = 1, noise: [MeasuredNoise]? = nil, ridge: Double = 1
  ) throws -> TrajectoryResiduals {
    var plan = plan
    plan.ridge *= ridge
    let smoothed = smoothed
    let shooting = ShootingLayout(data, pieces: pieces, horizon: horizon, sizes: plan.sizes) {
      smoothed.state($0, $1)
    }
    return try TrajectoryResiduals(
      system, data, layout, shooting, plan, noise: noise ?? self.noise, threads: threads)
  }

  /// Where the sought components of a trajectory's start stand among those of all first pieces, -1
  /// for the others; nil where the trajectory is not trained on.
  public func firstUnknowns(_ series: Int) -> [Int]? {
    var next = 0
    for (index, entry) in data.series.enumerated() where entry.roles.contains(.training) {
      let places = entry.starts.map { start -> Int in
        guard case .free = start else { return -1 }
        defer { next += 1 }
        return next
      }
      if index == series { return places }
    }
    return nil
  }

  /// Where a search begins: networks as they are initialised, estimates at their starts.
  public var initialParameters: [Double] { layout.initialParameters(seed: plan.seed) }
}

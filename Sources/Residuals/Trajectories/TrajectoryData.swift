import Discretizations
import Expressions
import Numerics
import Problems

/// The measurements of a problem as its trajectories meet them: columns as places of the state,
/// experiments with their own times and starts.
public struct TrajectoryData: Sendable {
  /// A measured unknown.
  public struct Column: Sendable {
    public let name: String
    /// Its place in the state; of a field on lines, that of its value at the first node.
    public let place: Int
    /// The declared standard deviation; nil where it is to be estimated.
    public let deviation: Double?
    /// The largest magnitude measured.
    public let size: Double
  }

  /// How a component of the state begins.
  public enum Start: Sendable {
    /// By a condition; it may hold parameters and estimates.
    case value(Expression)
    /// With a number measured.
    case measured(Double)
    /// Sought; the search begins here.
    case free(Double)
  }

  /// One experiment.
  public struct Series: Sendable {
    public let label: String
    /// Increasing in the direction of integration.
    public let times: [Double]
    /// `[column][row]`; NaN: not measured.
    public let values: [[Double]]
    public let roles: [Experiment.Role]
    /// Where integration starts.
    public let start: Double
    /// One for each component of the state.
    public let starts: [Start]
    /// Of a field on lines, by row: the place in space, and what its value is made of.
    public var places: [Double] = []
    public var terms: [[LinesGrid.Term]] = []
  }

  public let columns: [Column]
  public let series: [Series]
  /// Whether integration goes down the marching variable.
  public let isBackward: Bool

  /// Reads the measurements of a problem.
  ///
  /// - Parameter seed: of the rows that are held out by fractions.
  /// - Throws: `ProblemFaults` where the problem has none, or conditions that are equations between
  ///   initial values.
  public init(_ problem: Problem, _ form: SystemForm, seed: UInt64) throws {
    guard let data = problem.data, let interval = problem.interval(form.marching) else {
      throw problem.fault(
        path: "train.unknowns", "trajectories are fitted to data, and there are none",
        "add data: {file: table.csv}, or set train.unknowns: network")
    }
    let conditions = InitialConditions(problem, form)
    if !conditions.residuals.isEmpty, let row = problem.conditions.first {
      throw problem.fault(
        row.source, "training needs the initial values themselves, not equations between them",
        "write the conditions as 'x = value at \(form.marching) = start'")
    }
    let isBackward = problem.conditions.contains {
      if case .face(_, _, let isUpper) = $0.location { isUpper } else { false }
    }
    self.isBackward = isBackward
    let experiments = data.experiments(seed: seed)
    let columns = experiments.first.map { first in
      first.columns.enumerated().compactMap { index, name in
        form.state.firstIndex(of: Symbol(name)).map {
          Column(
            name: name, place: $0, deviation: TrajectoryData.deviation(name, data.noise),
            size: TrajectoryData.size(experiments, index))
        }
      }
    }
    let found = columns ?? []
    self.columns = found
    series = experiments.map { experiment in
      let order = Array(experiment.times.indices)
      let rows = isBackward ? Array(order.reversed()) : order
      let times = rows.map { experiment.times[$0] }
      let values = experiment.values.map { column in rows.map { column[$0] } }
      let isOwn = problem.conditions.contains(where: \.isData)
      let starts = form.state.indices.map { place in
        TrajectoryData.start(problem, form, conditions, place, found, values)
      }
      return Series(
        label: experiment.label, times: times, values: values,
        roles: rows.map { experiment.roles[$0] },
        start: isOwn ? times[0] : isBackward ? interval.upper : interval.lower, starts: starts)
    }
  }

  static func deviation(_ name: String, _ noise: Measurements.Noise) -> Double? {
    switch noise {
    case .unknown: nil
    case .all(let deviation): deviation
    case .each(let deviations): deviations[name]
    }
  }

  static func size(_ experiments: [Experiment], _ column: Int) -> Double {
    let size = experiments.flatMap { $0.values[column] }.reduce(0) {
      $1.isFinite ? max($0, $1.magnitude) : $0
    }
    return size > 0 ? size : 1
  }

  /// Bundles what was read elsewhere.
  init(columns: [Column], series: [Series], isBackward: Bool) {
    self.columns = columns
    self.series = series
    self.isBackward = isBackward
  }

  private static func start(
    _ problem: Problem, _ form: SystemForm, _ conditions: InitialConditions, _ place: Int,
    _ columns: [Column], _ values: [[Double]]
  ) -> Start {
    let first = columns.firstIndex { $0.place == place }.map { values[$0][0] } ?? .nan
    let isMeasured = problem.conditions.contains {
      $0.isData && $0.subject == form.state[place]
    }
    if isMeasured, first.isFinite { return .measured(first) }
    if let value = conditions.values[place] { return .value(value) }
    return .free(first.isFinite ? first : 0)
  }
}

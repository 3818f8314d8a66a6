import Discretizations
import Expressions
import Numerics
import Problems

extension TrajectoryData {
  /// Reads measurements of fields: each row has its place, and is a sum over the nodes around it.
  ///
  /// Rows are put in the order of the marching variable.
  /// - Throws: `ProblemFaults` where the problem has none.
  init(_ lines: LinesForm, seed: UInt64) throws {
    let problem = lines.problem
    let marching = lines.form.marching
    guard let data = problem.data, let interval = problem.interval(marching) else {
      throw problem.fault(
        path: "train.unknowns", "trajectories are fitted to data, and there are none",
        "add data: {file: table.csv}, or set train.unknowns: network")
    }
    let isBackward = problem.conditions.contains {
      if case .face(marching, _, let isUpper) = $0.location { isUpper } else { false }
    }
    let experiments = data.experiments(seed: seed)
    let places = data.values(of: lines.grid.variable)
    let names = experiments.first?.columns ?? []
    let measured = names.indices.filter { problem.unknowns.contains(names[$0]) }
    let columns = measured.compactMap { index in
      lines.fields.state.firstIndex(of: Symbol(names[index])).map {
        Column(
          name: names[index], place: $0 * lines.grid.nodes.count,
          deviation: TrajectoryData.deviation(names[index], data.noise),
          size: TrajectoryData.size(experiments, index))
      }
    }
    let series = zip(experiments, places).map { experiment, places in
      let sign = isBackward ? -1.0 : 1.0
      let rows = experiment.times.indices.sorted {
        (sign * experiment.times[$0], places[$0]) < (sign * experiment.times[$1], places[$1])
      }
      var series = Series(
        label: experiment.label, times: rows.map { experiment.times[$0] },
        values: measured.map { column in rows.map { experiment.values[column][$0] } },
        roles: rows.map { experiment.roles[$0] },
        start: isBackward ? interval.upper : interval.lower,
        starts: lines.starts.map { Start.value($0) })
      series.places = rows.map { places[$0] }
      series.terms = series.places.map { lines.grid.terms(at: $0) }
      return series
    }
    self.init(columns: columns, series: series, isBackward: isBackward)
  }

  /// Whether the columns are fields on lines.
  public var isField: Bool { series.contains { !$0.terms.isEmpty } }

  /// The noise of a field, from how far points lie off their neighbours at the same time; NaN where
  /// they have too few.
  func deviationInSpace(column: Int) -> Double {
    var (sum, count) = (0.0, 0)
    for series in series {
      var rows = series.times.indices.filter {
        series.roles[$0] == .training && series.values[column][$0].isFinite
      }[...]
      while let first = rows.first {
        let own = rows.prefix { series.times[$0] == series.times[first] }
        rows = rows.dropFirst(own.count)
        guard own.count > 5 else { continue }
        let curve = LocalPolynomial(
          own.map { series.places[$0] }, own.map { series.values[column][$0] })
        guard curve.deviation.isFinite else { continue }
        (sum, count) = (sum + curve.deviation * curve.deviation, count + 1)
      }
    }
    return count > 0 ? (sum / Double(count)).squareRoot() : .nan
  }

  /// The size of each component: the root mean square of its field where that is measured, else 1.
  func fieldSizes(_ form: SystemForm) -> [Double] {
    let sizes = columns.indices.map { column in
      let values = series.flatMap { $0.values[column].filter(\.isFinite) }
      let size = (values.reduce(0) { $0 + $1 * $1 } / Double(max(values.count, 1))).squareRoot()
      return (columns[column].name, size > 0 ? size : 1)
    }
    let named = Dictionary(sizes) { first, _ in first }
    return form.state.map { named[String($0.name.prefix { $0 != "[" })] ?? 1 }
  }
}

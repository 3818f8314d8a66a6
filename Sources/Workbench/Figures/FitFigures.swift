import Problems
import Reports

/// Measurements beside what was fitted to them.
enum FitFigures {
  /// Trajectories, and times of a field, that are shown side by side.
  private static let most = 3
  /// More bars than these hide each other.
  private static let mostBars = 250
  private static let roles: [(name: String, colour: Int, shape: Layer.Shape)] = [
    ("training", 0, .disc), ("validation", 4, .triangle), ("test", 1, .square),
  ]

  static func make(_ run: RunContents) throws -> Figure? {
    guard let problem = run.problem,
      let data = run.table("fit.csv", words: ["trajectory", "role"]),
      let trajectories = data.texts["trajectory"], let roles = data.texts["role"]
    else { return nil }
    let names = problem.unknowns.filter { data.column("\($0)_fit") != nil }
    let shown = Array(names.prefix(4))
    if shown.isEmpty { return nil }
    let fit = FitData(table: data, trajectories: trajectories, roles: roles)
    let panels =
      problem.variables.count == 1
      ? try curves(run, fit, shown, problem) : fields(run, fit, shown, problem)
    let columns = min(panels.count / shown.count, most)
    let count = problem.variables.count == 1 ? fit.labels.count : 0
    return Figure(
      name: "fit", title: run.title, panels: panels, columns: columns,
      panelHeight: shown.count == 1 ? 400 : shown.count == 2 ? 300 : 240, isShared: true,
      note: count > columns ? "the first \(columns) of \(count) trajectories" : "")
  }

  // MARK: Trajectories

  private static func curves(
    _ run: RunContents, _ fit: FitData, _ names: [String], _ problem: Problem
  ) throws -> [Panel] {
    guard let curves = run.curves else { return [] }
    let labels = Array(fit.labels.prefix(most))
    let solved = curves.cases
    let truth = try FitTruth(run, curves, problem)
    return names.enumerated().flatMap { row, name in
      labels.enumerated().map { column, label in
        let rows =
          solved.count == 1 ? solved[0].rows : solved.first { $0.name == label }?.rows ?? 0..<0
        var panel = panel(
          run, fit, name, label, problem.variables[0].name,
          line: (Array(curves.t[rows]), Array(curves.values(name)[rows])),
          isFirst: row + column == 0, truth: labels.count == 1 ? truth?.layer(name) : nil)
        panel.x.label = row == names.count - 1 ? run.label(curves.variable) : ""
        panel.y.label = run.label(name)
        panel.title = fit.labels.count > 1 && row == 0 ? "trajectory \(label)" : ""
        return panel
      }
    }
  }

  private static func panel(
    _ run: RunContents, _ fit: FitData, _ name: String, _ label: String, _ variable: String,
    line: (x: [Double], y: [Double]), isFirst: Bool, truth: Layer?
  ) -> Panel {
    let rows = fit.rows(of: label)
    var layers: [Layer] = []
    let t = fit.table.column(variable) ?? []
    let ends = rows.filter { fit.roles[$0] == "training" }.map { t[$0] }
    if let last = ends.max(), let end = line.x.last, end > last + 1e-9 * end.magnitude {
      layers.append(Layer(.strip(from: last, to: end), label: "beyond the training data"))
    }
    if let truth { layers.append(truth) }
    let thin = CurveThinning.line(line.x, line.y)
    let bars = bars(fit, rows, name, variable)
    layers += bars.layers
    layers.append(Layer(.line(x: thin.x, y: thin.y), label: "fit", colour: .ink, width: 1.4))
    var panel = Panel(
      x: CurveScales.axis("", along: line.x + rows.map { t[$0] }),
      y: Axis(
        "", showing: shown(bars.numbers + (truth.map(FitTruth.numbers) ?? []), beside: line.y)),
      layers: layers)
    if !isFirst { for index in panel.layers.indices { panel.layers[index].label = "" } }
    return panel
  }

  /// What an axis shows: all data, and of a curve what does not lie far from them, since a fit may
  /// grow beyond all bounds where there are no data.
  private static func shown(_ data: [Double], beside curve: [Double]) -> [Double] {
    let finite = data.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), low < high else { return data + curve }
    let room = 0.6 * (high - low)
    return finite + curve.filter { $0 > low - room && $0 < high + room }
  }

  /// What an axis shows of a curve: near its data, where the run is a fit to such.
  static func shown(_ run: RunContents, _ name: String, _ curve: [Double]) -> [Double] {
    let data = run.table("fit.csv", words: ["trajectory", "role"])?.column(name)
    return data.map { shown($0, beside: curve) } ?? curve
  }

  /// Measurements with their deviation, by role.
  private static func bars(
    _ fit: FitData, _ rows: [Int], _ name: String, _ variable: String
  ) -> (layers: [Layer], numbers: [Double]) {
    guard let x = fit.table.column(variable), let values = fit.table.column(name),
      let deviations = fit.table.column("\(name)_sigma")
    else { return ([], []) }
    var (layers, numbers): ([Layer], [Double]) = ([], [])
    for role in roles {
      let own = rows.filter { fit.roles[$0] == role.name && values[$0].isFinite }
      if own.isEmpty { continue }
      let some = CurveThinning.spread(own, most: mostBars)
      layers.append(
        Layer(
          .bars(
            x: some.map { x[$0] }, y: some.map { values[$0] },
            deviation: some.map { deviations[$0] }),
          label: role.name == "training" ? "data, ±σ" : "\(role.name) data",
          colour: .series(role.colour),
          shape: role.shape, size: 0.5))
      numbers += own.map { values[$0] }
    }
    return (layers, numbers)
  }

  // MARK: Fields

  /// Measurements along the space variable at some times.
  private static func fields(
    _ run: RunContents, _ fit: FitData, _ names: [String], _ problem: Problem
  ) -> [Panel] {
    guard let time = problem.marching, let t = fit.table.column(time),
      let place = problem.variables.first(where: { $0.name != time })?.name,
      let x = fit.table.column(place), let label = fit.labels.first
    else { return [] }
    let rows = fit.rows(of: label)
    let times = Array(Set(rows.map { t[$0] })).sorted()
    let some = RunField.thinned(times.count, to: 2 * most).map { times[$0] }
    return names.enumerated().flatMap { index, name in
      let all = rows.map { fit.table.column(name)?[$0] ?? .nan }
      let fitted = fit.table.column("\(name)_fit") ?? []
      let y = Axis(run.label(name), showing: shown(all, beside: rows.map { fitted[$0] }))
      return some.enumerated().map { column, moment in
        let own = rows.filter { t[$0] == moment }.sorted { x[$0] < x[$1] }
        let line = Layer(
          .line(x: own.map { x[$0] }, y: own.map { fitted[$0] }), label: "fit", colour: .ink,
          width: 1.4)
        var panel = Panel(
          title: "\(time) = \(NumberText.text(moment, digits: 3))",
          x: Axis(run.label(place), showing: x, room: 0), y: y,
          layers: bars(fit, own, name, place).layers + [line])
        if index + column > 0 {
          for place in panel.layers.indices { panel.layers[place].label = "" }
        }
        return panel
      }
    }
  }
}

/// The rows of `fit.csv`.
struct FitData {
  let table: RecordedTable
  let trajectories: [String]
  let roles: [String]

  /// The trajectories, in the order of the data.
  var labels: [String] { trajectories.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }

  func rows(of label: String) -> [Int] { trajectories.indices.filter { trajectories[$0] == label } }
}

/// The truth beside a fit of one trajectory.
struct FitTruth {
  private let columns: [String: (t: [Double], values: [Double])]

  /// - Returns: nil where the run was compared with none.
  init?(_ run: RunContents, _ curves: RunCurves, _ problem: Problem) throws {
    guard let table = problem.reference?.table, let t = table.column(curves.variable) else {
      return nil
    }
    var columns: [String: (t: [Double], values: [Double])] = [:]
    for name in run.comparable where problem.exact[name] == nil {
      if let values = table.column(name) { columns[name] = (t, values) }
    }
    if columns.isEmpty { return nil }
    self.columns = columns
  }

  /// The values of a layer that ``layer(_:)`` made.
  static func numbers(_ layer: Layer) -> [Double] {
    if case .line(_, let values) = layer.content { values } else { [] }
  }

  func layer(_ name: String) -> Layer? {
    columns[name].map { column in
      let thin = CurveThinning.line(column.t, column.values)
      return Layer(
        .line(x: thin.x, y: thin.y), label: "truth", colour: .series(2), width: 3.5)
    }
  }
}

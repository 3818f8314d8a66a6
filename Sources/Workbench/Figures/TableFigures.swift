import Reports

/// Tables of `compare` and `study`.
enum TableFigures {
  // MARK: Comparisons

  static func comparison(_ run: RunContents) -> Figure? {
    guard
      let table = run.table("comparison.csv", words: ["name", "outcome", "error_against"]),
      let names = table.texts["name"], let outcomes = table.texts["outcome"]
    else { return nil }
    // The first row stands on top.
    let rows = Array(names.indices.reversed())
    let labels = rows.map {
      outcomes[$0] == "reached" ? names[$0] : "\(names[$0]) (\(outcomes[$0]))"
    }
    let against = (table.texts["error_against"] ?? []).contains("classical")
    let errors: [(column: String, label: String, colour: Int, shape: Layer.Shape)] = [
      ("error", against ? "error, or difference to the classical answer" : "error", 0, .disc),
      ("error_bound", "bound of the error", 1, .triangle),
      ("estimated_error", "estimate", 2, .ring),
    ]
    var panels = [panel(table, rows, labels, errors, "relative error, of the worst unknown")]
    panels.append(
      panel(table, rows, labels, [("seconds", "", 0, .disc)], "wall-clock time (s)"))
    if (table.column("energy_joules") ?? []).contains(where: { $0 > 0 }) {
      panels.append(panel(table, rows, labels, [("energy_joules", "", 0, .disc)], "energy (J)"))
    }
    let found = panels.filter { !$0.layers.isEmpty }
    if found.isEmpty { return nil }
    return Figure(
      name: "comparison", title: run.title, panels: found,
      panelHeight: 100 + 26 * labels.count)
  }

  private static func panel(
    _ table: RecordedTable, _ rows: [Int], _ labels: [String],
    _ columns: [(column: String, label: String, colour: Int, shape: Layer.Shape)], _ title: String
  ) -> Panel {
    var layers: [Layer] = []
    var all: [Double] = []
    for entry in columns {
      let values = table.column(entry.column) ?? []
      let own = rows.indices.filter { rows[$0] < values.count && values[rows[$0]] > 0 }
      if own.isEmpty { continue }
      let x = own.map { values[rows[$0]] }
      all += x
      layers.append(
        Layer(
          .points(x: x, y: own.map(Double.init)), label: entry.label, colour: .series(entry.colour),
          shape: entry.shape, size: 1))
    }
    let shown = labels.map { short($0) }
    return Panel(
      x: Axis(title, showing: all, .logarithmic, room: 0.06),
      y: Axis("", from: -0.6, to: Double(labels.count) - 0.4, names: shown), layers: layers)
  }

  /// A name of at most 34 characters.
  private static func short(_ name: String) -> String {
    name.count <= 34 ? name : name.prefix(33) + "…"
  }

  // MARK: Studies

  static func study(_ run: RunContents) -> Figure? {
    guard let table = run.table("figure.csv", words: ["optimiser", "curve"]) else { return nil }
    if let optimisers = table.texts["optimiser"] { return independence(run, table, optimisers) }
    if let curves = table.texts["curve"] { return descent(run, table, curves) }
    return nil
  }

  private static func independence(
    _ run: RunContents, _ table: RecordedTable, _ optimisers: [String]
  ) -> Figure? {
    let names = Array(
      optimisers.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.reversed())
    let columns = [("without_ridge", "without the ridge", 1), ("with_ridge", "with the ridge", 0)]
    var all: [Double] = []
    let layers = columns.map { column, label, colour in
      let values = table.column(column) ?? []
      all += values
      let places = optimisers.map { Double(names.firstIndex(of: $0) ?? 0) }
      // One a little above the other, so that both are seen.
      let shift = colour == 0 ? -0.14 : 0.14
      return Layer(
        .points(x: values, y: places.map { $0 + shift }), label: label, colour: .series(colour),
        shape: colour == 0 ? .disc : .triangle, size: 0.9)
    }
    return Figure(
      name: "study", title: "Test error by optimiser and start",
      panels: [
        Panel(
          x: Axis("test error", showing: all, .logarithmic),
          y: Axis("", from: -0.6, to: Double(names.count) - 0.4, names: names), layers: layers)
      ], panelHeight: 110 + 34 * names.count)
  }

  private static func descent(
    _ run: RunContents, _ table: RecordedTable, _ curves: [String]
  ) -> Figure? {
    let names = curves.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let estimators = table.columns.filter { $0 != "curve" && $0 != "place" }
    let places = table.column("place") ?? []
    let panels = names.enumerated().map { index, name in
      let rows = curves.indices.filter { curves[$0] == name }
      var all: [Double] = []
      let layers = estimators.enumerated().flatMap { series, estimator -> [Layer] in
        let values = rows.map { (table.column(estimator) ?? [])[$0] }
        all += values
        let x = rows.map { places[$0] }
        return [
          Layer(.line(x: x, y: values), label: estimator, colour: .series(series)),
          Layer(.points(x: x, y: values), colour: .series(series), size: 0.5),
        ]
      }
      return Panel(
        title: "by \(name)", x: Axis(name, showing: rows.map { places[$0] }, .logarithmic),
        y: Axis(index == 0 ? "risk" : "", showing: all, .logarithmic), layers: layers)
    }
    return Figure(
      name: "study", title: "Risk of regression by samples and by features", panels: panels,
      columns: max(panels.count, 1), panelHeight: 430, isShared: true)
  }
}

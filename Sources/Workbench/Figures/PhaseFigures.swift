import Problems
import Reports

/// Unknowns over each other, coloured by the variable.
enum PhaseFigures {
  /// Pieces of a curve that have a colour of their own.
  private static let pieces = 48

  static func make(_ run: RunContents) -> Figure? {
    guard let curves = run.curves, curves.isSingle, curves.t.count > 2, let problem = run.problem,
      problem.kind == .initialValue, CurveScales.places(curves.t) == .linear
    else { return nil }
    if let panel = bodies(run, curves) { return figure(run, [panel], height: 620) }
    switch curves.unknowns.count {
    case 1: return single(run, curves, problem)
    case 2: return figure(run, [plane(run, curves, curves.unknowns, isMarked: true)], height: 600)
    case 3: return figure(run, [space(run, curves)], height: 640)
    case 4...6:
      let names = curves.unknowns
      let panels = stride(from: 0, to: names.count - 1, by: 2).map {
        plane(run, curves, [names[$0], names[$0 + 1]], isMarked: false)
      }
      return figure(run, panels, columns: 2, height: 420)
    default: return nil
    }
  }

  private static func figure(
    _ run: RunContents, _ panels: [Panel], columns: Int = 1, height: Int
  ) -> Figure {
    Figure(
      name: "phase", title: run.title, panels: panels, columns: columns, panelHeight: height,
      isShared: panels.count > 1)
  }

  /// One unknown of second order, over its derivative.
  private static func single(
    _ run: RunContents, _ curves: RunCurves, _ problem: Problem
  ) -> Figure? {
    let name = curves.unknowns[0]
    guard problem.order(of: name, in: curves.variable) == 2 else { return nil }
    let known = problem.observables.first { $0.text == "\(name)'" }?.name
    let slopes = known.map(curves.values) ?? differences(curves.t, curves.values(name))
    let label = known.map(run.label) ?? "\(name)', by differences of the rows"
    return figure(
      run, [plane(run, curves.t, (name, curves.values(name)), (label, slopes), curves.variable)],
      height: 600)
  }

  /// Slopes at the rows, by parabolas through three of them.
  static func differences(_ t: [Double], _ values: [Double]) -> [Double] {
    values.indices.map { row in
      let (a, b) = (max(row - 1, 0), min(row + 1, values.count - 1))
      guard a < row, row < b else {
        return (values[b] - values[a]) / (t[b] - t[a])
      }
      let (back, forth) = (t[row] - t[a], t[b] - t[row])
      let (first, second) = (
        (values[row] - values[a]) / back, (values[b] - values[row]) / forth
      )
      return (first * forth + second * back) / (back + forth)
    }
  }

  // MARK: Panels

  private static func plane(
    _ run: RunContents, _ curves: RunCurves, _ names: [String], isMarked: Bool
  ) -> Panel {
    var panel = plane(
      run, curves.t, (names[0], curves.values(names[0])),
      (run.label(names[1]), curves.values(names[1])), curves.variable)
    let units = names.map { run.problem?.units[$0] }
    panel.isProportional = units[0] == units[1] && isAlike(panel)
    if isMarked, let marks = EventMarks(run, most: 400) {
      panel.layers += marks.layers(isNamed: true, [(names[0], names[1])])
    }
    return panel
  }

  private static func plane(
    _ run: RunContents, _ t: [Double], _ x: (name: String, values: [Double]),
    _ y: (label: String, values: [Double]), _ variable: String
  ) -> Panel {
    let scale = timeScale(run, variable, t)
    let rows = CurveThinning.path([x.values, y.values])
    let layers = chunks(rows).map { rows in
      Layer(
        .line(x: rows.map { x.values[$0] }, y: rows.map { y.values[$0] }),
        colour: colour(scale, t, rows), width: 1.3)
    }
    let start = Layer(
      .points(x: [x.values[0]], y: [y.values[0]]), label: "start", shape: .square, size: 0.8)
    return Panel(
      x: Axis(run.label(x.name), showing: x.values), y: Axis(y.label, showing: y.values),
      layers: layers + [start], colours: scale)
  }

  private static func space(_ run: RunContents, _ curves: RunCurves) -> Panel {
    let columns = curves.unknowns.map(curves.values)
    let scale = timeScale(run, curves.variable, curves.t)
    let rows = CurveThinning.path(columns)
    let layers = chunks(rows).map { rows in
      Layer(
        .path(
          x: rows.map { columns[0][$0] }, y: rows.map { columns[1][$0] },
          z: rows.map { columns[2][$0] }),
        colour: colour(scale, curves.t, rows), width: 1)
    }
    let axes = zip(curves.unknowns, columns).map { Axis(run.label($0), showing: $1) }
    return Panel(x: axes[0], y: axes[1], z: axes[2], layers: layers, colours: scale)
  }

  /// Bodies in a plane, `x1, y1, x2, y2, …`, each by its colour; nil for other names.
  private static func bodies(_ run: RunContents, _ curves: RunCurves) -> Panel? {
    let ends = curves.unknowns.filter { $0.hasPrefix("x") && $0.count > 1 }.map { $0.dropFirst() }
    guard ends.count > 1, ends.count * 2 == curves.unknowns.count,
      ends.allSatisfy({ curves.unknowns.contains("y\($0)") })
    else { return nil }
    var layers: [Layer] = []
    var (xs, ys): ([Double], [Double]) = ([], [])
    for (index, end) in ends.enumerated() {
      let (x, y) = (curves.values("x\(end)"), curves.values("y\(end)"))
      let rows = CurveThinning.path([x, y])
      layers.append(
        Layer(
          .line(x: rows.map { x[$0] }, y: rows.map { y[$0] }), label: "body \(end)",
          colour: .series(index), dash: index < 6 ? .solid : .dashed))
      layers.append(
        Layer(.points(x: [x[0]], y: [y[0]]), colour: .series(index), shape: .square, size: 0.8))
      xs += x
      ys += y
    }
    var panel = Panel(x: Axis("x", showing: xs), y: Axis("y", showing: ys), layers: layers)
    panel.isProportional = isAlike(panel)
    return panel
  }

  /// Whether both axes are about as long.
  private static func isAlike(_ panel: Panel) -> Bool {
    let ratio = (panel.x.last - panel.x.first) / (panel.y.last - panel.y.first)
    return ratio < 4 && ratio > 0.25
  }

  // MARK: Colours

  private static func timeScale(_ run: RunContents, _ variable: String, _ t: [Double])
    -> ColourScale?
  {
    guard let low = t.min(), let high = t.max(), low < high else { return nil }
    return ColourScale(run.label(variable), .lines, from: low, to: high)
  }

  private static func colour(_ scale: ColourScale?, _ t: [Double], _ rows: [Int]) -> FigureColour {
    .scale(scale?.part(t[rows[rows.count / 2]]) ?? 0)
  }

  /// Pieces of a curve, each with the first row of the next.
  private static func chunks(_ rows: [Int]) -> [[Int]] {
    let length = max((rows.count + pieces - 1) / pieces, 1)
    return stride(from: 0, to: max(rows.count - 1, 1), by: length).map {
      Array(rows[$0..<min($0 + length + 1, rows.count)])
    }
  }
}

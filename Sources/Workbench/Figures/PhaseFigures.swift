import Expressions
import Problems
import Reports

/// Unknowns over each other, coloured by the variable.
enum PhaseFigures {
  /// Pieces of a curve that have a colour of their own.
  private static let mostPieces = 48

  static func make(_ run: RunContents) -> Figure? {
    guard let curves = run.curves, curves.isSingle, curves.t.count > 2, let problem = run.problem
    else { return nil }
    if !run.phases.isEmpty { return figure(run, run.phases.map { panel(run, curves, $0) }) }
    guard problem.kind == .initialValue, CurveScales.places(curves.t) == .linear else { return nil }
    if let panel = bodies(run, curves) { return figure(run, [panel]) }
    let names = curves.unknowns
    switch names.count {
    case 1: return single(run, curves, problem)
    case 2, 3: return figure(run, [panel(run, curves, names)])
    case 4...6:
      let pairs = stride(from: 0, to: names.count - 1, by: 2).map { [names[$0], names[$0 + 1]] }
      return figure(run, pairs.map { panel(run, curves, $0) })
    default: return nil
    }
  }

  /// - Throws: ``UsageFault`` where the run has no such phase portraits.
  static func check(_ run: RunContents, _ phases: [[String]]) throws {
    if phases.isEmpty { return }
    guard let curves = run.curves, curves.isSingle else {
      throw UsageFault(
        description: "--phase: \(run.run.path) holds no single solution over one variable; "
          + "leave it out")
    }
    let known = curves.table.columns
    for names in phases {
      guard (2...3).contains(names.count) else {
        throw UsageFault(
          description: "--phase \(names.joined(separator: ",")): a phase portrait has two names or "
            + "three")
      }
      for name in names where !known.contains(name) {
        let near = NearestName.find(name, among: known).map { "did you mean '\($0)'? " } ?? ""
        throw UsageFault(
          description: "--phase: the solution has no '\(name)'; \(near)it has "
            + known.joined(separator: ", "))
      }
    }
  }

  private static func figure(_ run: RunContents, _ panels: [Panel]) -> Figure {
    Figure(
      name: "phase", title: run.title, panels: panels, columns: panels.count > 1 ? 2 : 1,
      panelHeight: panels.count > 1 ? 420 : 640, isShared: panels.count > 1)
  }

  private static func panel(_ run: RunContents, _ curves: RunCurves, _ names: [String]) -> Panel {
    names.count == 2 ? plane(run, curves, names) : space(run, curves, names)
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
    let x = column(run, curves, name)
    return figure(
      run, [plane(run, curves, x, (slopes, Axis(label, showing: slopes)))])
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

  /// Numbers, and the axis that shows them; of a fit, what lies near the data.
  private typealias Column = (values: [Double], axis: Axis)

  private static func column(_ run: RunContents, _ curves: RunCurves, _ name: String) -> Column {
    let values = curves.values(name)
    return (values, Axis(run.label(name), showing: FitFigures.shown(run, name, values)))
  }

  private static func plane(_ run: RunContents, _ curves: RunCurves, _ names: [String]) -> Panel {
    let columns = names.map { column(run, curves, $0) }
    var panel = plane(run, curves, columns[0], columns[1])
    let units = names.map { run.problem?.units[$0] }
    panel.isProportional = units[0] == units[1] && isAlike(panel)
    if let marks = EventMarks(run, most: 400) {
      panel.layers += marks.layers(isNamed: true, [(names[0], names[1])])
    }
    return panel
  }

  private static func plane(_ run: RunContents, _ curves: RunCurves, _ x: Column, _ y: Column)
    -> Panel
  {
    let (scale, pieces) = pieces(run, curves, [x, y])
    let layers = pieces.map { rows, colour in
      Layer(
        .line(x: rows.map { x.values[$0] }, y: rows.map { y.values[$0] }), colour: colour,
        width: 1.3)
    }
    let start = Layer(
      .points(x: [x.values[0]], y: [y.values[0]]), label: "start", shape: .square, size: 0.8)
    return Panel(x: x.axis, y: y.axis, layers: layers + [start], colours: scale)
  }

  private static func space(_ run: RunContents, _ curves: RunCurves, _ names: [String]) -> Panel {
    let columns = names.map { column(run, curves, $0) }
    let (scale, pieces) = pieces(run, curves, columns)
    let layers = pieces.map { rows, colour in
      Layer(
        .path(
          x: rows.map { columns[0].values[$0] }, y: rows.map { columns[1].values[$0] },
          z: rows.map { columns[2].values[$0] }), colour: colour, width: 1)
    }
    return Panel(
      x: columns[0].axis, y: columns[1].axis, z: columns[2].axis, layers: layers, colours: scale)
  }

  /// Bodies in a plane, `x1, y1, x2, y2, …`, each by its colour; nil for other names.
  private static func bodies(_ run: RunContents, _ curves: RunCurves) -> Panel? {
    let ends = curves.unknowns.filter { $0.hasPrefix("x") && $0.count > 1 }.map { $0.dropFirst() }
    guard ends.count > 1, ends.count * 2 == curves.unknowns.count,
      ends.allSatisfy({ curves.unknowns.contains("y\($0)") })
    else { return nil }
    func axis(_ letter: String) -> Axis {
      Axis(letter, showing: ends.flatMap { curves.values("\(letter)\($0)") })
    }
    let (across, up) = (axis("x"), axis("y"))
    let layers = ends.enumerated().flatMap { index, end in
      let (x, y) = (curves.values("x\(end)"), curves.values("y\(end)"))
      let rows = CurveThinning.path([(x, across), (y, up)])
      return [
        Layer(
          .line(x: rows.map { x[$0] }, y: rows.map { y[$0] }), label: "body \(end)",
          colour: .series(index), dash: index < 6 ? .solid : .dashed),
        Layer(.points(x: [x[0]], y: [y[0]]), colour: .series(index), shape: .square, size: 0.8),
      ]
    }
    var panel = Panel(x: across, y: up, layers: layers)
    panel.isProportional = isAlike(panel)
    return panel
  }

  /// Whether both axes are about as long.
  private static func isAlike(_ panel: Panel) -> Bool {
    let ratio = (panel.x.last - panel.x.first) / (panel.y.last - panel.y.first)
    return ratio < 4 && ratio > 0.25
  }

  // MARK: Colours

  /// The rows of the pieces of a curve, each with the first row of the next, and their colours by the
  /// variable.
  private static func pieces(_ run: RunContents, _ curves: RunCurves, _ columns: [Column]) -> (
    ColourScale?, [(rows: [Int], colour: FigureColour)]
  ) {
    let t = curves.t
    var scale: ColourScale?
    if let low = t.min(), let high = t.max(), low < high {
      scale = ColourScale(run.label(curves.variable), .lines, from: low, to: high)
    }
    let rows = CurveThinning.path(columns)
    let length = max((rows.count + mostPieces - 1) / mostPieces, 1)
    return (
      scale,
      stride(from: 0, to: max(rows.count - 1, 1), by: length).map { start in
        let own = Array(rows[start..<min(start + length + 1, rows.count)])
        return (own, .scale(scale?.part(t[own[own.count / 2]]) ?? 0))
      }
    )
  }
}

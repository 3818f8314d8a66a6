import Problems
import Reports

/// Solutions of ordinary equations over their variable.
enum CurveFigures {
  /// More panels than these are left out, and the figure says so.
  private static let mostPanels = 24
  /// More events than these are not told apart by eye.
  private static let mostEvents = 400

  static func components(_ run: RunContents) -> Figure? {
    guard let curves = run.curves, curves.isSingle, curves.t.count > 1 else { return nil }
    return figure(run, curves, groups(run, curves), events: true)
  }

  static func observables(_ run: RunContents) -> Figure? {
    guard let curves = run.curves, curves.isSingle, curves.t.count > 1,
      !curves.observables.isEmpty
    else { return nil }
    return figure(run, curves, curves.observables.map { [$0] }, events: false)
  }

  static func sensitivities(_ run: RunContents) -> Figure? {
    guard let curves = run.curves, curves.isSingle, curves.t.count > 1,
      !curves.sensitivities.isEmpty
    else { return nil }
    return figure(run, curves, curves.sensitivities.map { [$0] }, events: false)
  }

  /// The unknowns that share a panel: all, where they have one unit and about one size.
  private static func groups(_ run: RunContents, _ curves: RunCurves) -> [[String]] {
    let names = curves.unknowns
    let sizes = names.map { name in
      curves.values(name).reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 }
    }
    let units = Set(names.map { run.problem?.units[$0] ?? "" })
    let scales = Set(names.map { CurveScales.values(curves.values($0)) })
    let isOne =
      names.count <= 6 && units.count == 1 && scales == [.linear]
      && (sizes.max() ?? 0) <= 12 * (sizes.min() ?? 0)
    return isOne ? [names] : names.map { [$0] }
  }

  // MARK: Panels

  private static func figure(
    _ run: RunContents, _ curves: RunCurves, _ all: [[String]], events: Bool
  ) -> Figure {
    let groups = Array(all.prefix(mostPanels))
    let (columns, height) = arrangement(groups.count)
    let marks = events ? EventMarks(run, most: mostEvents) : nil
    let panels = groups.enumerated().map { index, names in
      let isBottom = index + columns >= groups.count
      return panel(
        run, curves, names, marks, isBottom: isBottom, isSmall: columns > 1, isFirst: index == 0)
    }
    let note =
      all.count > groups.count ? "the first \(groups.count) of \(all.count)" : ""
    return Figure(
      name: "components", title: run.title, panels: panels, columns: columns,
      panelHeight: height, isShared: groups.count > 1, note: note)
  }

  /// How many panels stand side by side, and how high they are.
  static func arrangement(_ count: Int) -> (columns: Int, height: Int) {
    switch count {
    case 1: (1, 430)
    case 2: (1, 290)
    case 3: (1, 220)
    case 4...8: (2, 220)
    case 9...12: (3, 190)
    default: (4, 170)
    }
  }

  private static func panel(
    _ run: RunContents, _ curves: RunCurves, _ names: [String], _ marks: EventMarks?,
    isBottom: Bool, isSmall: Bool, isFirst: Bool
  ) -> Panel {
    let t = curves.t
    let x = CurveScales.axis(isBottom ? run.label(curves.variable) : "", along: t)
    var layers: [Layer] = []
    var shown: [Double] = []
    var label = names.count == 1 ? run.label(names[0]) : names.joined(separator: ", ")
    if names.count > 1, let unit = run.problem?.units[names[0]] { label += " (\(unit))" }
    for (index, name) in names.enumerated() {
      let values = curves.values(name)
      shown += FitFigures.shown(run, name, values)
      let thin = CurveThinning.line(t, values)
      layers.append(
        Layer(
          .line(x: thin.x, y: thin.y), label: names.count > 1 ? name : "", colour: .series(index)))
    }
    layers += marks?.layers(names, isNamed: isFirst) ?? []
    let ratio = x.scale == .logarithmic ? 1e3 : 1e5
    return Panel(
      x: x, y: CurveScales.axis(label, of: shown, ratio: ratio), layers: layers,
      isLabelledAbove: isSmall)
  }
}

/// The events of a run, as points of curves.
struct EventMarks {
  private static let shapes: [Layer.Shape] = [.ring, .triangle, .square, .diamond, .cross, .plus]

  private let table: RecordedTable
  private let variable: String
  private let words: [String]
  private let most: Int

  /// - Returns: nil where no event was recorded.
  init?(_ run: RunContents, most: Int) {
    guard let variable = run.curveVariable,
      let table = run.table("events.csv", words: ["event"]), let words = table.texts["event"]
    else { return nil }
    (self.table, self.variable, self.words, self.most) = (table, variable, words, most)
  }

  /// The names of the events, in the order in which they first happened.
  private var names: [String] {
    words.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Points on the curves of unknowns over the variable.
  func layers(_ unknowns: [String], isNamed: Bool) -> [Layer] {
    layers(isNamed: isNamed, unknowns.map { (variable, $0) })
  }

  /// Points at pairs of columns, each event by its own shape.
  func layers(isNamed: Bool, _ pairs: [(x: String, y: String)]) -> [Layer] {
    names.enumerated().map { index, name in
      let rows = CurveThinning.spread(words.indices.filter { words[$0] == name }, most: most)
      var (x, y): ([Double], [Double]) = ([], [])
      for pair in pairs {
        guard let first = table.column(pair.x), let second = table.column(pair.y) else { continue }
        x += rows.map { first[$0] }
        y += rows.map { second[$0] }
      }
      return Layer(
        .points(x: x, y: y), label: isNamed ? "event \(name)" : "", colour: .ink,
        shape: EventMarks.shapes[index % EventMarks.shapes.count], size: 0.7)
    }
  }
}

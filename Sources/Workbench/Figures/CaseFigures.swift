import Reports

/// All cases of a sweep, or all trajectories, in one figure.
enum CaseFigures {
  private static let mostCases = 80
  private static let mostUnknowns = 4

  static func make(_ run: RunContents) -> Figure? {
    guard let curves = run.curves, !curves.isSingle, run.path("fit.csv") == nil else { return nil }
    let all = curves.cases
    guard !all.isEmpty else { return nil }
    let cases = RunField.thinned(all.count, to: mostCases).map { all[$0] }
    let (scale, parts) = colours(run, curves, cases)
    let names = Array(curves.unknowns.prefix(mostUnknowns))
    let panels = names.enumerated().map { index, name in
      panel(
        run, curves, name, cases, parts, scale,
        isBottom: index == names.count - 1)
    }
    var notes: [String] = []
    if cases.count < all.count { notes.append("\(cases.count) of \(all.count) cases") }
    if names.count < curves.unknowns.count {
      notes.append("the first \(names.count) of \(curves.unknowns.count) unknowns")
    }
    return Figure(
      name: "cases", title: run.title, panels: panels,
      panelHeight: CurveFigures.arrangement(min(names.count, 3)).height, isShared: true,
      note: notes.joined(separator: "; "))
  }

  /// What colours mean, and the part of the scale of each case.
  private static func colours(
    _ run: RunContents, _ curves: RunCurves, _ cases: [(name: String, rows: Range<Int>)]
  ) -> (ColourScale?, [Double]) {
    let swept = curves.leading.first { name in
      name != "trajectory"
        && Set(cases.compactMap { curves.values(name)[$0.rows.lowerBound] }).count > 1
    }
    let numbers =
      swept.map { name in cases.map { curves.values(name)[$0.rows.lowerBound] } }
      ?? cases.indices.map { Double($0 + 1) }
    guard let low = numbers.min(), let high = numbers.max(), low < high else {
      return (nil, cases.map { _ in 0 })
    }
    let isWide = low > 0 && high / low >= 100
    let scale = ColourScale(
      swept.map(run.label) ?? curves.leading[0], .lines, from: low, to: high,
      isWide ? .logarithmic : .linear)
    return (scale, numbers.map(scale.part))
  }

  private static func panel(
    _ run: RunContents, _ curves: RunCurves, _ name: String,
    _ cases: [(name: String, rows: Range<Int>)], _ parts: [Double], _ scale: ColourScale?,
    isBottom: Bool
  ) -> Panel {
    let (t, values) = (curves.t, curves.values(name))
    let layers = zip(cases, parts).flatMap { entry, part -> [Layer] in
      let (x, y) = (Array(t[entry.rows]), Array(values[entry.rows]))
      let thin = CurveThinning.line(x, y, most: 300)
      let line = Layer(.line(x: thin.x, y: thin.y), colour: .scale(part), width: 1.1)
      let points = Layer(.points(x: thin.x, y: thin.y), colour: .scale(part), size: 0.4)
      return x.count <= 12 ? [line, points] : [line]
    }
    return Panel(
      x: CurveScales.axis(isBottom ? run.label(curves.variable) : "", along: t),
      y: CurveScales.axis(run.label(name), of: cases.flatMap { values[$0.rows] }),
      layers: layers, colours: scale)
  }
}

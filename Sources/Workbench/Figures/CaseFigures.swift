import Reports

/// All cases of a sweep, or all trajectories, in one figure.
enum CaseFigures {
  private static let mostCases = 80
  private static let mostUnknowns = 4
  /// More cases than these have no place in a legend.
  private static let mostNamed = 6

  private typealias Case = (name: String, rows: Range<Int>)

  static func make(_ run: RunContents) -> Figure? {
    guard let curves = run.curves, !curves.isSingle, run.path("fit.csv") == nil else { return nil }
    let cases = curves.cases
    guard !cases.isEmpty else { return nil }
    let (swept, others) = swept(curves, cases)
    let whole = [(title: "", cases: Array(cases.indices))]
    let found = groups(curves, others, cases)
    // Where hardly two cases differ in one name alone, as of a file of cases, panels say nothing.
    let isGrid = 2 * found.count <= cases.count
    let all = isGrid ? found : whole
    let isNamed = !isGrid && cases.count <= mostNamed
    let (scale, parts) = isNamed ? (nil, []) : colours(run, curves, swept, cases)
    let names = Array(curves.unknowns.prefix(mostUnknowns))
    let groups = RunField.thinned(all.count, to: names.count > 1 ? 4 : 12).map { all[$0] }
    let columns = groups.count <= 4 ? groups.count : groups.count <= 6 ? 3 : 4
    var panels: [Panel] = []
    for (row, name) in names.enumerated() {
      let values = curves.values(name)
      let y = CurveScales.axis(run.label(name), of: cases.flatMap { values[$0.rows] })
      for (column, group) in groups.enumerated() {
        let some = RunField.thinned(group.cases.count, to: mostCases).map { group.cases[$0] }
        var panel = Panel(
          title: row == 0 || names.count == 1 ? group.title : "",
          x: CurveScales.axis(run.label(curves.variable), along: curves.t), y: y,
          layers: some.flatMap {
            layers(
              curves, values, cases[$0], isNamed ? .series($0) : .scale(parts[$0]),
              isNamed ? cases[$0].name : "")
          }, colours: scale)
        if (row * groups.count + column) + columns < names.count * groups.count {
          panel.x.label = ""
        }
        if column % columns > 0 { panel.y.label = "" }
        panels.append(panel)
      }
    }
    var notes: [String] = []
    if let most = groups.map(\.cases.count).max(), most > mostCases {
      notes.append("\(mostCases) of \(most) cases")
    }
    if !isGrid, !isNamed {
      notes.append("\(others.joined(separator: ", ")) differ, too, and no colour says so")
    }
    if groups.count < all.count {
      notes.append(
        "\(groups.count) of \(all.count) values of \(others.joined(separator: ", "))")
    }
    if names.count < curves.unknowns.count {
      notes.append("the first \(names.count) of \(curves.unknowns.count) unknowns")
    }
    return Figure(
      name: "cases", title: run.title, panels: panels, columns: columns,
      panelHeight: CurveFigures.arrangement(min(panels.count / columns, 3)).height, isShared: true,
      note: notes.joined(separator: "; "))
  }

  // MARK: Swept names

  /// The name that has most values, which colours tell, and the other names that have several.
  private static func swept(_ curves: RunCurves, _ cases: [Case]) -> (String?, [String]) {
    let counts = curves.leading.filter { $0 != "trajectory" }
      .map { name in (name, Set(cases.map { curves.values(name)[$0.rows.lowerBound] }).count) }
      .filter { $0.1 > 1 }
    let most = counts.map(\.1).max()
    let first = counts.first { $0.1 == most }?.0
    return (first, counts.map(\.0).filter { $0 != first })
  }

  /// The cases, by index, that share the values of the other names: a panel each.
  private static func groups(_ curves: RunCurves, _ others: [String], _ cases: [Case]) -> [(
    title: String, cases: [Int]
  )] {
    var found: [(title: String, cases: [Int])] = []
    for (index, entry) in cases.enumerated() {
      let title = others.map { name in
        "\(name) = \(NumberText.text(curves.values(name)[entry.rows.lowerBound], digits: 4))"
      }.joined(separator: ", ")
      if let place = found.firstIndex(where: { $0.title == title }) {
        found[place].cases.append(index)
      } else {
        found.append((title, [index]))
      }
    }
    return found
  }

  /// What colours mean, and the part of the scale of each case.
  private static func colours(
    _ run: RunContents, _ curves: RunCurves, _ swept: String?, _ cases: [Case]
  ) -> (ColourScale?, [Double]) {
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

  private static func layers(
    _ curves: RunCurves, _ values: [Double], _ entry: Case, _ colour: FigureColour, _ label: String
  ) -> [Layer] {
    let (x, y) = (Array(curves.t[entry.rows]), Array(values[entry.rows]))
    let thin = CurveThinning.line(x, y, most: 300)
    let line = Layer(.line(x: thin.x, y: thin.y), label: label, colour: colour, width: 1.1)
    let points = Layer(.points(x: thin.x, y: thin.y), colour: colour, size: 0.4)
    return x.count <= 12 ? [line, points] : [line]
  }
}

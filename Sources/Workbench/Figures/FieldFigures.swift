import Discretizations
import Problems
import Reports

/// Solutions of partial differential equations.
enum FieldFigures {
  private static let mostUnknowns = 4
  private static let mostTimes = 6

  // MARK: Maps

  static func map(_ run: RunContents) -> Figure? {
    guard let field = run.field, let problem = run.problem else { return nil }
    let names = Array(field.unknowns.prefix(mostUnknowns))
    let columns = names.map { column(field, $0) }
    let layout = FieldLayout(field.solution, problem)
    var notes = names.count < field.unknowns.count ? ["the first \(names.count) unknowns"] : []
    if field.isOfSweep { notes.append("the first case of the sweep") }
    let measured = problem.variables.count == 2 ? places(problem, layout.planes[0].cut) : nil
    if measured != nil { notes.append("dots: places of measurements") }
    var figure = layout.figure(run, "field", names, columns, notes.joined(separator: "; ")) {
      name, all, plane in
      let scale = ColourScale.showing(all, run.label(name))
      return (scale, PlaneField.even(plane.x, plane.y, plane.values, levels: scale.ticks))
    }
    if let measured {
      for index in figure?.panels.indices ?? 0..<0 { figure?.panels[index].layers.append(measured) }
    }
    return figure
  }

  /// Where a field was measured; nil where it was not.
  private static func places(_ problem: Problem, _ cut: PlaneCut) -> Layer? {
    guard let table = problem.data?.table,
      let x = table.column(problem.variables[cut.across].name),
      let y = table.column(problem.variables[cut.up].name)
    else { return nil }
    let rows = CurveThinning.spread(Array(x.indices), most: 1000)
    return Layer(
      .points(x: rows.map { x[$0] }, y: rows.map { y[$0] }), colour: .ink, size: 0.15)
  }

  static func column(_ field: RunField, _ name: String) -> [Double] {
    field.solution.columns.firstIndex(of: name).map { field.solution.values[$0] } ?? []
  }

  // MARK: Slices

  static func slices(_ run: RunContents) -> Figure? {
    guard let field = run.field, let problem = run.problem else { return nil }
    let layout = FieldLayout(field.solution, problem)
    let names = Array(field.unknowns.prefix(2))
    let lines = layout.lines
    let panels = names.flatMap { name in lines.map { panel(run, field, name, $0) } }
    guard !panels.isEmpty else { return nil }
    let isTruth = names.contains { field.truth[$0] != nil }
    return Figure(
      name: "slices", title: run.title, panels: panels, columns: lines.count > 1 ? 2 : 1,
      panelHeight: panels.count > 1 ? 340 : 430,
      note: isTruth ? "rings: the truth at some of the places" : "")
  }

  private static func panel(
    _ run: RunContents, _ field: RunField, _ name: String, _ line: FieldLayout.Line
  ) -> Panel {
    let solution = field.solution
    let values = column(field, name)
    var layers: [Layer] = []
    var rings: [Layer] = []
    var shown: [Double] = []
    for (index, place) in line.places.enumerated() {
      var others = line.others
      others[line.by] = place
      let part = Double(index) / Double(max(line.places.count - 1, 1))
      let cut = PlaneCut.line(solution, values, along: line.along, others: others)
      let thin = CurveThinning.line(cut.x, cut.y, most: 800)
      let number = NumberText.text(solution.places[line.by][place], digits: 3)
      layers.append(
        Layer(
          .line(x: thin.x, y: thin.y), label: "\(solution.variables[line.by]) = \(number)",
          colour: .scale(part), width: 1.8))
      shown += cut.y
      guard let truth = field.truth[name] else { continue }
      let known = PlaneCut.line(solution, truth, along: line.along, others: others)
      let finite = known.y.indices.filter { known.y[$0].isFinite }
      let rows = CurveThinning.spread(finite, most: 33)
      rings.append(
        Layer(
          .points(x: rows.map { known.x[$0] }, y: rows.map { known.y[$0] }), colour: .scale(part),
          shape: .ring, size: 0.6))
    }
    let scale = ColourScale("", .lines, from: 0, to: 1)
    return Panel(
      title: line.title,
      x: CurveScales.axis(
        run.label(solution.variables[line.along]), along: solution.places[line.along]),
      y: Axis(run.label(name), showing: shown), layers: layers + rings, colours: scale)
  }
}

/// How a field is laid out on paper: which planes of it, and which lines.
struct FieldLayout {
  /// Lines through a field, one for each of some places of another variable.
  struct Line {
    var along: Int
    var by: Int
    var places: [Int]
    var others: [Int: Int]
    var title: String
  }

  private let solution: SampledSolution
  private let problem: Problem
  /// The marching variable's index; nil where none marches.
  private let time: Int?

  init(_ solution: SampledSolution, _ problem: Problem) {
    self.solution = solution
    self.problem = problem
    time = solution.variables.firstIndex { $0 == problem.marching }
  }

  private var space: [Int] { solution.variables.indices.filter { $0 != time } }

  private func middle(_ axis: Int) -> Int { solution.places[axis].count / 2 }

  /// Some indices of an axis, both ends among them.
  private func some(_ axis: Int, _ count: Int) -> [Int] {
    RunField.thinned(solution.places[axis].count, to: count)
  }

  /// Words for the places of variables that are held.
  private func words(_ held: [Int: Int]) -> String {
    held.sorted { $0.key < $1.key }.map { axis, place in
      "\(solution.variables[axis]) = \(NumberText.text(solution.places[axis][place], digits: 3))"
    }.joined(separator: ", ")
  }

  /// The planes that are shown.
  var planes: [(cut: PlaneCut, title: String)] {
    if let time, space.count == 1 {
      return [(PlaneCut(across: time, up: space[0], others: [:]), "")]
    }
    let rest = Dictionary(uniqueKeysWithValues: space.dropFirst(2).map { ($0, middle($0)) })
    guard let time else {
      return [(PlaneCut(across: space[0], up: space[1], others: rest), words(rest))]
    }
    return some(time, 6).map { index in
      let held = rest.merging([time: index]) { $1 }
      return (PlaneCut(across: space[0], up: space[1], others: held), words(held))
    }
  }

  /// The lines that are shown.
  var lines: [Line] {
    if let time {
      let held = Dictionary(uniqueKeysWithValues: space.dropFirst().map { ($0, middle($0)) })
      return [
        Line(along: space[0], by: time, places: some(time, 5), others: held, title: words(held))
      ]
    }
    let pairs = [(space[0], space[1]), (space[1], space[0])]
    return pairs.map { along, by in
      let rest = space.filter { $0 != along && $0 != by }
      let held = Dictionary(uniqueKeysWithValues: rest.map { ($0, middle($0)) })
      // Without the faces, where conditions say what stands there.
      let places = some(by, 5).dropFirst().dropLast()
      return Line(
        along: along, by: by, places: places.isEmpty ? some(by, 2) : Array(places), others: held,
        title: words(held))
    }
  }

  /// Panels of all planes of some columns.
  ///
  /// - Parameter make: the colour scale and the field of a plane, from the column's name, its values
  ///   in all planes and those in the plane.
  func figure(
    _ run: RunContents, _ kind: String, _ names: [String], _ columns: [[Double]], _ note: String,
    _ make: (String, [Double], (x: [Double], y: [Double], values: [Double])) -> (
      ColourScale, PlaneField?
    )?
  ) -> Figure? {
    let planes = planes
    var panels: [Panel] = []
    for (name, column) in zip(names, columns) {
      let cuts = planes.map { $0.cut.values(solution, column) }
      let all = cuts.flatMap(\.values)
      for (plane, cut) in zip(planes, cuts) {
        guard let (scale, field) = make(name, all, cut), let field else { continue }
        let title = [names.count > 1 ? name : "", plane.title].filter { !$0.isEmpty }
        panels.append(
          panel(run, plane.cut, field, scale, title.joined(separator: ", "), planes.count > 1))
      }
    }
    if panels.isEmpty { return nil }
    let isOne = planes.count > 1 && names.count == 1
    let across = planes.count > 1 ? 3 : min(names.count, 2)
    let height = planes.count > 1 ? 270 : names.count > 1 ? 380 : time == nil ? 560 : 430
    return Figure(
      name: kind, title: run.title, panels: panels, columns: min(across, panels.count),
      panelHeight: height, isShared: isOne, note: note)
  }

  private func panel(
    _ run: RunContents, _ cut: PlaneCut, _ field: PlaneField, _ scale: ColourScale,
    _ title: String, _ isSmall: Bool
  ) -> Panel {
    let (x, y) = (solution.variables[cut.across], solution.variables[cut.up])
    var panel = Panel(
      title: title,
      x: Axis(run.label(x), from: field.x[0], to: field.x[field.x.count - 1]),
      y: Axis(run.label(y), from: field.y[0], to: field.y[field.y.count - 1]),
      layers: [Layer(.map(field))], colours: scale)
    let ratio = (panel.x.last - panel.x.first) / (panel.y.last - panel.y.first)
    panel.isProportional =
      cut.across != time && problem.units[x] == problem.units[y] && ratio < 3 && ratio > 1.0 / 3
    return panel
  }
}

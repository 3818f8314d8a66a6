import Problems
import Reports

/// How a training went, step by step.
enum TrainingFigures {
  /// Columns of `training.csv` that are no part of the loss.
  private static let others: Set<String> = [
    "step", "accepted", "tau", "h", "error", "loss", "gradient_norm", "evaluations", "seconds",
    "solve_evaluations",
  ]
  private static let mostBlocks = 7

  static func loss(_ run: RunContents) -> Figure? {
    guard let table = run.table("training.csv"), let steps = table.column("step"),
      let accepted = table.column("accepted"), let loss = table.column("loss")
    else { return nil }
    let rows = steps.indices.filter { accepted[$0] == 1 && loss[$0] > 0 }
    guard rows.count > 1 else { return nil }
    func layer(_ values: [Double], _ label: String, _ colour: FigureColour, _ width: Double)
      -> Layer
    {
      let positive = rows.map { values[$0] > 0 ? values[$0] : .nan }
      let thin = CurveThinning.line(rows.map { steps[$0] }, positive)
      return Layer(.line(x: thin.x, y: thin.y), label: label, colour: colour, width: width)
    }
    let blocks = table.columns.filter { !others.contains($0) }
    let shown = blocks.count > 1 ? Array(blocks.prefix(mostBlocks)) : []
    var layers = shown.enumerated().map { index, name in
      layer(table.column(name) ?? [], words(run, name), .series(index), 1.3)
    }
    layers.append(layer(loss, shown.isEmpty ? "" : "loss, all parts", .ink, 2))
    for index in layers.indices where index >= 6 && index + 1 < layers.count {
      layers[index].dash = .dashed
    }
    let numbers =
      rows.map { loss[$0] }
      + shown.flatMap { name in
        rows.map { (table.column(name) ?? [])[$0] }.filter { $0 > 0 }
      }
    let floor = (rows.map { loss[$0] }.min() ?? 0) * 1e-8
    layers =
      seams(table, rows).map {
        Layer(.place($0), colour: .muted, width: 1, dash: .dotted)
      } + layers
    var panels = [
      Panel(
        x: CurveScales.axis("step", along: rows.map { steps[$0] }),
        y: Axis("loss", showing: numbers.filter { $0 >= floor }, .logarithmic), layers: layers)
    ]
    if let below = errors(run, panels[0].x) {
      panels[0].x.label = ""
      panels.append(below)
    }
    return Figure(
      name: "loss", title: run.title, panels: panels, panelHeight: panels.count > 1 ? 320 : 460,
      note: shown.count < blocks.count && !shown.isEmpty
        ? "the first \(shown.count) of \(blocks.count) parts" : "")
  }

  /// The error against the truth at the steps at which it was measured; nil where it was not.
  private static func errors(_ run: RunContents, _ x: Axis) -> Panel? {
    guard let table = run.table("errors.csv"), let steps = table.column("step") else { return nil }
    let names = table.columns.filter { !others.contains($0) }
    let layers = names.prefix(mostBlocks).enumerated().flatMap { index, name in
      let values = table.column(name) ?? []
      let rows = steps.indices.filter { values[$0] > 0 && x.part(steps[$0]).isFinite }
      let thin = CurveThinning.line(rows.map { steps[$0] }, rows.map { values[$0] })
      let line = Layer(
        .line(x: thin.x, y: thin.y), label: names.count > 1 ? name : "", colour: .series(index))
      let points = Layer(.points(x: thin.x, y: thin.y), colour: .series(index), size: 0.5)
      return rows.count < 60 ? [line, points] : [line]
    }
    let shown = layers.flatMap(\.values)
    if shown.isEmpty { return nil }
    return Panel(
      x: x,
      y: Axis(
        names.count > 1 ? "relative error" : "relative error of \(names[0])", showing: shown,
        .logarithmic), layers: layers)
  }

  /// The equation or condition that a block is.
  private static func words(_ run: RunContents, _ block: String) -> String {
    let parts = block.split(separator: " ")
    guard parts.count == 2, parts[0] == "equation", let number = Int(parts[1]),
      let equations = run.problem?.equations, equations.indices.contains(number - 1)
    else { return block }
    return equations[number - 1].text
  }

  /// The steps at which the flow's time starts anew: windows, and phases of a fit.
  private static func seams(_ table: RecordedTable, _ rows: [Int]) -> [Double] {
    guard let tau = table.column("tau"), let steps = table.column("step") else { return [] }
    let found = zip(rows, rows.dropFirst()).filter { tau[$1] < tau[$0] }.map { steps[$1] }
    return found.count <= 60 ? found : []
  }

  // MARK: Steps

  static func steps(_ run: RunContents) -> Figure? {
    guard let table = run.table("training.csv"), let accepted = table.column("accepted"),
      let h = table.column("h"), let error = table.column("error"), h.count > 1
    else { return nil }
    let attempts = h.indices.map { Double($0 + 1) }
    func panel(_ values: [Double], _ label: String, isBottom: Bool) -> Panel {
      let positive = values.map { $0 > 0 ? $0 : Double.nan }
      func points(_ isAccepted: Bool) -> (x: [Double], y: [Double]) {
        let rows = h.indices.filter { (accepted[$0] == 1) == isAccepted && positive[$0].isFinite }
        return CurveThinning.line(
          rows.map { attempts[$0] }, rows.map { positive[$0] }, most: 900)
      }
      let (good, bad) = (points(true), points(false))
      return Panel(
        x: CurveScales.axis(isBottom ? "attempted step" : "", along: attempts),
        y: Axis(label, showing: positive, .logarithmic),
        layers: [
          Layer(.line(x: good.x, y: good.y), label: "accepted", colour: .series(0), width: 1.2),
          Layer(
            .points(x: bad.x, y: bad.y), label: "rejected", colour: .series(1), shape: .cross,
            size: 0.6),
        ])
    }
    var bottom = panel(error, "error estimate", isBottom: true)
    if bottom.y.first < 1, bottom.y.last > 1 {
      bottom.layers.insert(Layer(.level(1), colour: .muted, width: 1, dash: .dashed), at: 0)
    }
    let hasErrors = error.contains { $0 > 0 }
    var top = panel(h, "step size h", isBottom: !hasErrors)
    if !top.layers.contains(where: { $0.count > 0 }) { return nil }
    // A legend says nothing of what is not there.
    top.layers.removeAll { $0.count == 0 }
    return Figure(
      name: "steps", title: run.title, panels: hasErrors ? [top, bottom] : [top],
      panelHeight: 270, isShared: true,
      note: hasErrors ? "a step is accepted where its error estimate is at most 1" : "")
  }
}

extension Layer {
  /// The heights of its points.
  fileprivate var values: [Double] {
    switch content {
    case .line(_, let y), .points(_, let y): y
    default: []
    }
  }

  /// How many points it has.
  fileprivate var count: Int {
    switch content {
    case .line(let x, _), .points(let x, _), .bars(let x, _, _), .path(let x, _, _): x.count
    default: 1
    }
  }
}

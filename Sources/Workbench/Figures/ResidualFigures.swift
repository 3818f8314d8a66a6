import Discretizations
import Problems
import Reports
import Residuals

/// What is left of the equations at a learned solution, and the points at which they were asked for.
enum ResidualFigures {
  private static let mostEquations = 4
  private static let mostPoints = 2000

  /// Reads the model and asks it on a grid of its own.
  static func make(_ run: RunContents) throws -> Figure? {
    guard let problem = run.problem, problem.training != .trajectory,
      run.path(ModelFile.fileName) == "\(run.run.path)/\(ModelFile.fileName)"
    else { return nil }
    let model = try LearnedModel(run: run.run.path)
    return problem.variables.count == 1 ? curve(run, model, problem) : map(run, model, problem)
  }

  private static func equations(_ problem: Problem) -> [String] {
    problem.equations.prefix(mostEquations).map(\.text)
  }

  // MARK: One variable

  private static func curve(_ run: RunContents, _ model: LearnedModel, _ problem: Problem)
    -> Figure?
  {
    let variable = problem.variables[0]
    let places = inside(variable, 1000)
    let defects = model.equationDefects(at: places)
    let names = equations(problem)
    var layers: [Layer] = []
    var all: [Double] = []
    for (index, name) in names.enumerated() {
      let sizes = defects[index].map { $0.magnitude > 0 ? $0.magnitude : .nan }
      all += sizes.filter(\.isFinite)
      layers.append(
        Layer(.line(x: places, y: sizes), label: name, colour: .series(index), width: 1.2))
    }
    guard !all.isEmpty else { return nil }
    let y = Axis("|residual|", showing: all, .logarithmic)
    let points = thinned(trained(run, problem), 1)
    if !points.isEmpty {
      layers.append(
        Layer(
          .points(x: points, y: points.map { _ in y.first * 1.02 }), label: "points", colour: .ink,
          shape: .plus, size: 0.5))
    }
    return Figure(
      name: "residual", title: run.title,
      panels: [
        Panel(
          x: Axis(run.label(variable.name), from: variable.lower, to: variable.upper), y: y,
          layers: layers)
      ], panelHeight: 460)
  }

  // MARK: Several variables

  private static func map(_ run: RunContents, _ model: LearnedModel, _ problem: Problem) -> Figure?
  {
    let solution = SampledSolution(
      variables: problem.variables.map(\.name), places: places(problem), columns: [], values: [])
    let defects = model.equationDefects(at: points(solution))
    let names = equations(problem)
    let columns = names.indices.map { defects[$0].map(\.magnitude) }
    let layout = FieldLayout(solution, problem)
    var figure = layout.figure(run, "residual", names, columns, "") { _, all, plane in
      guard let scale = ColourScale.sizes(all, "|residual|") else { return nil }
      let values = plane.values.map { $0.isFinite ? max($0, scale.low) : .nan }
      return (scale, PlaneField.even(plane.x, plane.y, values))
    }
    if names.count == 1 { figure?.panels[0].title = names[0] }
    let all = trained(run, problem)
    guard problem.variables.count == 2, !all.isEmpty else { return figure }
    let placed = thinned(all, 2)
    let cut = layout.planes[0].cut
    let rows = stride(from: 0, to: placed.count, by: 2)
    let layer = Layer(
      .points(x: rows.map { placed[$0 + cut.across] }, y: rows.map { placed[$0 + cut.up] }),
      colour: .paper, size: 0.18)
    for index in figure?.panels.indices ?? 0..<0 { figure?.panels[index].layers.append(layer) }
    let count = all.count / 2
    let some = placed.count / 2 < count ? "\(placed.count / 2) of \(count)" : "\(count)"
    figure?.note = "dots: \(some) points of the training's last steps"
    return figure
  }

  /// Places of each variable: fine in the first two that are drawn, few in the others.
  private static func places(_ problem: Problem) -> [[Double]] {
    let isPlane = problem.variables.count == 2
    let space = problem.variables.filter { $0.name != problem.marching }.prefix(2).map(\.name)
    return problem.variables.map { variable in
      if isPlane { return inside(variable, 121) }
      if space.contains(variable.name) { return inside(variable, 61) }
      return inside(variable, variable.name == problem.marching ? 6 : 3)
    }
  }

  /// Even places from one end to the other.
  private static func inside(_ variable: Interval, _ count: Int) -> [Double] {
    OutputGrid.count(count).points(on: variable) ?? []
  }

  /// All points, row by row.
  private static func points(_ solution: SampledSolution) -> [Double] {
    let count = solution.rowCount
    return (0..<count).flatMap { row in
      var step = count
      return solution.places.map { list in
        step /= list.count
        return list[row / step % list.count]
      }
    }
  }

  /// The points at which the equations were asked for, flat.
  private static func trained(_ run: RunContents, _ problem: Problem) -> [Double] {
    run.path(CollocationTable.fileName).map { CollocationTable.read($0, problem) } ?? []
  }

  private static func thinned(_ points: [Double], _ dimension: Int) -> [Double] {
    let rows = CurveThinning.spread(Array(0..<(points.count / dimension)), most: mostPoints)
    return rows.flatMap { points[($0 * dimension)..<(($0 + 1) * dimension)] }
  }
}

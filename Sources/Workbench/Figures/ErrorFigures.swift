import Discretizations
import Problems
import Reports

/// The distance of a solution from the truth.
enum ErrorFigures {
  static func make(_ run: RunContents) throws -> Figure? {
    // Of a table to which noise was added, the distance is that of the noise.
    if run.run.summary?["noise"] != nil { return nil }
    if let field = run.field, let problem = run.problem { return map(run, field, problem) }
    return try curves(run)
  }

  private static func map(_ run: RunContents, _ field: RunField, _ problem: Problem) -> Figure? {
    let names = Array(field.unknowns.filter { field.truth[$0] != nil }.prefix(4))
    guard let first = names.first, let known = field.truth[first] else { return nil }
    let (solution, rows) = subgrid(field.solution, known)
    let columns = names.map { name in
      let (values, truth) = (FieldFigures.column(field, name), field.truth[name] ?? [])
      return rows.map { (values[$0] - truth[$0]).magnitude }
    }
    let layout = FieldLayout(solution, problem)
    return layout.figure(run, "error", names, columns, "") { name, all, plane in
      guard let scale = ColourScale.sizes(all, "|error of \(run.label(name))|") else { return nil }
      // Zero has no logarithm: it is drawn as the least.
      let values = plane.values.map { $0.isFinite ? max($0, scale.low) : .nan }
      return (scale, PlaneField.even(plane.x, plane.y, values))
    }
  }

  /// The part of the grid at which the truth is known, and its rows in the whole.
  private static func subgrid(_ solution: SampledSolution, _ truth: [Double]) -> (
    SampledSolution, [Int]
  ) {
    var known: [Set<Int>] = solution.places.map { _ in [] }
    for row in truth.indices where truth[row].isFinite {
      var rest = row
      for axis in solution.places.indices.reversed() {
        known[axis].insert(rest % solution.places[axis].count)
        rest /= solution.places[axis].count
      }
    }
    let kept = known.map { $0.sorted() }
    var rows = [0]
    for (axis, indices) in kept.enumerated() {
      let count = solution.places[axis].count
      rows = rows.flatMap { row in indices.map { row * count + $0 } }
    }
    let places = zip(solution.places, kept).map { places, indices in indices.map { places[$0] } }
    return (
      SampledSolution(
        variables: solution.variables, places: places, columns: [], values: []), rows
    )
  }

  // MARK: Curves

  private static func curves(_ run: RunContents) throws -> Figure? {
    guard let curves = run.curves, let problem = run.problem, curves.isSingle, curves.t.count > 1
    else { return nil }
    let rows = SampledSolution(
      variables: [curves.variable], places: [curves.t], columns: [], values: [])
    let truth = try FieldTruth(problem, rows).values(run.comparable)
    let names = curves.unknowns.filter { truth[$0] != nil }
    let shown = Array(names.prefix(6))
    var layers: [Layer] = []
    var all: [Double] = []
    for (index, name) in shown.enumerated() {
      let errors = zip(curves.values(name), truth[name] ?? []).map { value, truth in
        let error = (value - truth).magnitude
        return error > 0 ? error : .nan
      }
      let known = errors.indices.filter { errors[$0].isFinite }
      all += known.map { errors[$0] }
      let thin = CurveThinning.line(known.map { curves.t[$0] }, known.map { errors[$0] })
      layers.append(
        Layer(
          .line(x: thin.x, y: thin.y), label: shown.count > 1 ? name : "", colour: .series(index),
          width: 1.2))
      if known.count < 60 {
        layers.append(Layer(.points(x: thin.x, y: thin.y), colour: .series(index), size: 0.5))
      }
    }
    guard !all.isEmpty else { return nil }
    // What is exact but for rounding of zero leaves no room for the rest.
    let floor = 1e-14 * (all.max() ?? 0)
    let label = shown.count > 1 ? "|error|" : "|error of \(run.label(shown[0]))|"
    return Figure(
      name: "error", title: run.title,
      panels: [
        Panel(
          x: CurveScales.axis(run.label(curves.variable), along: curves.t),
          y: Axis(label, showing: all.filter { $0 >= floor }, .logarithmic), layers: layers)
      ],
      note: shown.count < names.count ? "the first \(shown.count) of \(names.count) unknowns" : "")
  }
}

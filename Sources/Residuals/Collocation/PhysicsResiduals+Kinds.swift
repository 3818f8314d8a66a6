import Expressions
import Problems

/// The equations' group for kinds of residuals that bundle points.
extension PhysicsResiduals {
  /// What the points of the equations are bundled in, for people; nil where each stands for itself.
  public var arrangement: String? { groups[0].arrangement }

  /// Integrals of the equations against test functions on cells.
  func weakGroup(_ names: [String]) throws -> ResidualGroup {
    guard field.dimension <= 3 else {
      throw problem.fault(
        path: "train.residual",
        "weak residuals need cells in \(field.dimension) variables, and 3 are most",
        "write train.residual: collocation")
    }
    let forms = problem.equations.map { WeakForm(calculus.constant($0.residual), calculus) }
    let terms = forms.flatMap(\.terms)
    let orders = calculus.names.indices.map { axis in terms.map { $0.orders[axis] }.max() ?? 0 }
    let tests = TestFunctions(
      points: plan.interiorPoints, orders: orders,
      extents: problem.variables.map { $0.upper - $0.lower })
    let sources = zip(problem.equations, forms).flatMap { equation, form in
      form.terms.map { _ in equation.source }
    }
    var group = ResidualGroup(
      names: names, program: try Self.program(terms.map(\.value), sources, model), place: .fixed,
      points: spread(try tests.rule.points().points),
      mixing: try tests.mixing(forms))
    let cells = tests.rule.cells.map(String.init).joined(separator: " × ")
    group.arrangement =
      "\(cells) cells of \(tests.nodes) nodes, \(tests.total) test functions on each"
    return group
  }

  /// Defects of steps of Gauss and Legendre.
  func stepGroup(_ names: [String]) throws -> ResidualGroup {
    guard plan.stages <= 100 else {
      throw problem.fault(
        path: "train.stages", "\(plan.stages) stages are too many", "write 100 at most")
    }
    let form = try RateForm(calculus)
    let bundles = try StepBundles(
      stages: plan.stages, points: plan.interiorPoints, interval: problem.variables[form.marching],
      dimension: field.dimension)
    let places = plan.sampler.points(
      count: bundles.count, dimension: field.dimension, seed: plan.seed)
    var expressions: [Expression] = []
    var sources: [PlacedText] = []
    for (row, equation) in zip(form.rows, problem.equations) {
      // Rates may be singular at the ends of a step, where none is asked for.
      let rate: Expression =
        row.state == nil
        ? row.rate : .select(.symbol(PointProgram.measurement), row.rate, .zero)
      for expression in [row.state, rate].compactMap(\.self) {
        expressions.append(expression)
        sources.append(equation.source)
      }
    }
    var group = ResidualGroup(
      names: names, program: try Self.program(expressions, sources, model), place: .fixed,
      points: bundles.points(places, form.marching, problem), measurements: bundles.isStage,
      mixing: bundles.mixing(form.rows))
    let steps = bundles.steps == 1 ? "1 step" : "\(bundles.steps) steps"
    group.arrangement =
      field.dimension == 1
      ? "\(steps) of \(plan.stages) stages"
      : "\(steps) of \(plan.stages) stages, at \(bundles.count) places in all"
    return group
  }
}

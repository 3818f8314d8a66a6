import Discretizations
import Expressions
import Integrators
import Problems

/// The equations' group of an initial-value problem whose residuals are defects of a flow map.
extension PhysicsResiduals {
  /// Defects of a classical method's flow from one point of time to the next, by component of the
  /// state; the method is `solve.method`, `rk8pd` where the file names none.
  func flowMapGroup() throws -> ResidualGroup {
    try refuseFlowMap()
    let method = problem.solve.method == "auto" ? "rk8pd" : problem.solve.method
    let system = try InitialValueProblem(problem)
    let form = system.form
    if form.hasMass {
      throw problem.fault(
        path: "train.residual",
        "the equations are algebraic in part, and a flow map is of "
          + "differential ones", "write train.stages: 8, for steps of Gauss and Legendre")
    }
    let values = try system.parameters()
    let sizes = form.state.map { symbol in
      problem.allUnknowns.firstIndex(of: symbol.name).map { plan.scales[$0] } ?? 1
    }
    let make = {
      try FlowMap(system, parameters: values, method: method, sizes: sizes)
    }
    let map: FlowMap
    do {
      map = try make()
    } catch let error as SteppingError {
      throw problem.fault(
        path: "solve.method", "\(error)",
        "write rk8pd, or train.stages: 8 for steps of Gauss and Legendre")
    }
    let (points, length) = stepEnds(max(plan.interiorPoints / 2, 1))
    let source = problem.equations[0].source
    var group = ResidualGroup(
      names: form.state.map { "step of \($0)" },
      program: try Self.program(
        form.state.map { .symbol($0) }, form.state.map { _ in source }, model),
      place: .fixed, points: points,
      mixing: FlowMapMixing(
        components: form.state.count, length: length, marching: field.marching, map: map,
        make: make))
    group.arrangement = "\(points.count / 2) steps of the flow of \(method)"
    return group
  }

  /// The ends of equal steps, step after step, and how long they are.
  private func stepEnds(_ count: Int) -> (points: [Double], length: Double) {
    let interval = problem.variables[field.marching]
    let length = (interval.upper - interval.lower) / Double(count)
    var points: [Double] = []
    for step in 0..<count {
      let end = interval.lower + Double(step + 1) * length
      points += [
        interval.lower + Double(step) * length, step + 1 == count ? interval.upper : end,
      ]
    }
    return (points, length)
  }

  private func refuseFlowMap() throws {
    if let estimate = problem.estimates.first {
      throw problem.fault(
        path: "estimate.\(estimate.name)",
        "flow maps do not see parameters that are to be found",
        "write train.stages: 8, for steps of Gauss and Legendre")
    }
    if !problem.networks.isEmpty {
      throw problem.fault(
        path: "networks", "flow maps do not see networks inside the equations",
        "write train.stages: 8, for steps of Gauss and Legendre")
    }
    let method = problem.solve.method
    let rows = StepperCatalog.all.filter {
      !$0.needsFixedStep && !$0.isForTraining
        && !["auto", "bdf", "msadams", "msbdf"].contains($0.name)
    }
    guard method != "auto", !rows.contains(where: { $0.name == method }) else { return }
    throw problem.fault(
      path: "solve.method", "'\(method)' is no one-step method, which flow maps take",
      "choose one of " + rows.map(\.name).joined(separator: ", "))
  }
}

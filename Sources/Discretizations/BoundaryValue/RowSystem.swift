import Expressions
import Numerics
import Problems

/// The columns of a solution beyond the unknowns, and the truth, where values may be integrals.
struct RowSystem: Sendable {
  let names: [String]
  let unknowns: [Symbol]
  /// What the programs read of the solution at a point.
  let state: [Symbol]
  let variable: String
  let observables: Program
  let terms: [IntegralTerm]
  let exactNames: [String]
  let exact: Program
  let forcings: [String]
  let inputs: Inputs

  /// - Throws: `ProblemFaults`, `ProgramError`.
  init(
    _ problem: Problem, variable: String, state: [Symbol], observables: [Expression]
  ) throws {
    names = problem.unknowns + problem.observables.map(\.name)
    unknowns = problem.unknowns.map { Symbol($0) }
    self.state = state
    self.variable = variable
    forcings = problem.forcings.map(\.name)
    let split = NonlocalExpression.split(
      observables, variables: [variable], dependents: problem.allUnknowns + forcings)
    let (terms, places) = NonlocalExpression.joined(split)
    if !places.isEmpty, let index = split.firstIndex(where: { !$0.places.isEmpty }) {
      throw problem.fault(
        path: "observables.\(problem.observables[index].name)",
        "the unknown stands at another place outside of an integral",
        "write the derivative of the integral out")
    }
    self.terms = terms
    let parameters = problem.parameterNames
    inputs = Inputs(
      point: IntegralEvaluator.point(variable, forcings) + terms.map(\.symbol), state: state,
      parameters: parameters.map { Symbol($0) })
    self.observables = try Program(split.map(\.local), inputs: inputs)
    exactNames = problem.unknowns.filter { problem.exact[$0] != nil }
    exact = try Program(exactNames.compactMap { problem.exact[$0] }, inputs: inputs)
  }

  /// Unknowns, and the derivatives of them that observables read.
  static func leaves(_ problem: Problem) -> [Symbol] {
    var leaves = problem.allUnknowns.map { Symbol($0) }
    for observable in problem.observables {
      let more = observable.expression.symbols.filter {
        problem.allUnknowns.contains($0.name) && !leaves.contains($0)
      }
      leaves += more.sorted { $0.description < $1.description }
    }
    return leaves
  }
}

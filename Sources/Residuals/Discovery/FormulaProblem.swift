import Expressions
import Problems

/// A problem in which formulas stand for networks, their coefficients to be found in the equations
/// themselves.
///
/// Fitted to values of a network, coefficients carry its errors; fitted again as estimates of the
/// problem they have the standard errors of the measurements. Those hold for the terms as chosen: the
/// choice is not in them.
public struct FormulaProblem: Sendable {
  /// Every coefficient `U1_1, U1_2, …` is an estimate that starts at its value, without bounds.
  public let problem: Problem
  /// As given.
  public let formulas: [Formula]
  /// Name of the estimate of each part of each formula; nil where the equations do not depend on it,
  /// as on a constant added to a Hamiltonian.
  public let names: [[String?]]

  /// Puts formulas into a problem.
  ///
  /// - Throws: `ProblemFaults`, placed at `discover`, where equations differentiate an output and a
  ///   term has no derivative in closed form.
  /// - Precondition: each formula is of another output of the problem's networks.
  public init(_ problem: Problem, _ formulas: [Formula]) throws(ProblemFaults) {
    precondition(
      Set(formulas.map(\.output)).count == formulas.count, "two formulas of one output")
    self.formulas = formulas
    var taken = problem.scope.names
    let names = formulas.map { formula in
      formula.parts.indices.map { Self.name(formula.output, $0 + 1, &taken) }
    }
    do throws(DifferentiationError) {
      let full = try Self.replace(problem, formulas, names)
      let used = Set(full.equations.flatMap { $0.residual.symbols }.map(\.name))
        .union(full.conditions.flatMap { $0.condition.left?.symbols ?? [] }.map(\.name))
        .union(full.conditions.flatMap { $0.condition.right?.symbols ?? [] }.map(\.name))
      let left = names.map { $0.map { used.contains($0) ? $0 : nil } }
      self.names = left
      self.problem = left == names ? full : try Self.replace(problem, formulas, left)
    } catch {
      throw problem.fault(path: "discover.terms", error.message, error.remedy)
    }
  }

  /// The formulas with coefficients found for ``problem``, by name of the estimate.
  public func formulas(with values: [String: Double]) -> [Formula] {
    zip(formulas, names).map { formula, names in
      var formula = formula
      for index in formula.parts.indices {
        if let value = names[index].flatMap({ values[$0] }) {
          formula.parts[index].coefficient = value
        }
      }
      return formula
    }
  }

  private static func replace(_ problem: Problem, _ formulas: [Formula], _ names: [[String?]])
    throws(DifferentiationError) -> Problem
  {
    var outputs: [String: Expression] = [:]
    var estimates: [(name: String, start: Double)] = []
    for (formula, names) in zip(formulas, names) {
      var sum = Expression.zero
      for (part, name) in zip(formula.parts, names) {
        if let name { estimates.append((name, part.coefficient)) }
        sum =
          sum + (name.map { Expression.symbol($0) } ?? .number(part.coefficient))
          * part.term.expression
      }
      outputs[formula.output] = sum
    }
    return try problem.replacing(outputs: outputs, adding: estimates)
  }

  /// A name that nothing has.
  private static func name(_ output: String, _ number: Int, _ taken: inout Set<String>) -> String {
    var name = "\(output)_\(number)"
    while taken.contains(name) { name += "_" }
    taken.insert(name)
    return name
  }
}

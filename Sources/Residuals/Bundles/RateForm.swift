import Expressions
import Problems

/// Equations as dU/dt = F in the marching variable, as steps through it need them.
struct RateForm: Sendable {
  /// One equation; algebraic where there is no U, and F = 0 is what it says.
  struct Row: Sendable {
    var state: Expression?
    var rate: Expression
  }

  let marching: Int
  /// One for each equation.
  let rows: [Row]

  /// Solves every equation for what is differentiated by the marching variable.
  ///
  /// - Throws: `ProblemFaults`, placed, where nothing marches, or at each equation that is not of
  ///   first order and linear in those derivatives.
  init(_ calculus: FieldCalculus) throws(ProblemFaults) {
    let problem = calculus.problem
    guard let name = problem.marching, let marching = calculus.names.firstIndex(of: name) else {
      throw problem.fault(
        path: "train.residual",
        "integrator residuals are defects of steps in the variable that marches, and here none does",
        "write train.residual: collocation")
    }
    self.marching = marching
    var rows: [Row] = []
    var faults: [Diagnostic] = []
    for equation in problem.equations {
      do throws(Refusal) {
        rows.append(try Self.row(calculus.constant(equation.residual), name, calculus))
      } catch {
        faults +=
          problem.fault(equation.source, error.message, error.remedy).diagnostics
      }
    }
    if !faults.isEmpty { throw ProblemFaults(diagnostics: faults) }
    self.rows = rows
  }

  private struct Refusal: Error {
    var message: String
    var remedy: String
  }

  private static func row(_ whole: Expression, _ name: String, _ calculus: FieldCalculus)
    throws(Refusal) -> Row
  {
    let mask = IntegralMask(whole)
    let residual = mask.local
    let leaves = residual.symbols.filter { calculus.fields.contains($0.name) }
    let rates = leaves.filter { $0.order(in: name) > 0 }.sorted { $0.description < $1.description }
    if let high = rates.first(where: { $0.order(in: name) > 1 }) {
      throw Refusal(
        message: "\(high) is of order \(high.order(in: name)) in \(name), and integrator residuals "
          + "are for first order",
        remedy: "declare an unknown for the lower derivative, or use train.residual: collocation")
    }
    var factors: [Expression] = []
    for rate in rates {
      guard let factor = try? residual.derivative(by: rate), !rates.contains(where: factor.contains)
      else {
        throw Refusal(
          message: "the equation is not linear in \(rate), which integrator residuals solve for",
          remedy: "write it solved for \(rate), or use train.residual: collocation")
      }
      factors.append(factor)
    }
    let rest = residual.substituting(Dictionary(uniqueKeysWithValues: rates.map { ($0, .zero) }))
    if rates.isEmpty { return Row(state: nil, rate: whole) }
    let states = rates.map { Expression.symbol(lowered($0, name)) }
    if factors.allSatisfy({ !moves($0, name, calculus) && !mask.isHeld(by: $0) }) {
      var state = Expression.zero
      for (factor, leaf) in zip(factors, states) { state = state + factor * leaf }
      return Row(state: state, rate: mask.restored(-rest))
    }
    guard rates.count == 1 else {
      let listed = rates.map(\.description).joined(separator: " and ")
      throw Refusal(
        message: "\(listed) stand in one equation with factors that change on the way, and "
          + "integrator residuals solve for one of them",
        remedy: "write one equation for each, or use train.residual: collocation")
    }
    return Row(state: states[0], rate: mask.restored(-rest / factors[0]))
  }

  private static func lowered(_ leaf: Symbol, _ name: String) -> Symbol {
    var derivatives = leaf.derivatives
    if let place = derivatives.firstIndex(of: name) { derivatives.remove(at: place) }
    return Symbol(leaf.name, derivatives)
  }

  /// Whether an expression changes with the marching variable.
  private static func moves(_ factor: Expression, _ name: String, _ calculus: FieldCalculus) -> Bool
  {
    factor.symbols.contains {
      $0.name == name || calculus.fields.contains($0.name) || calculus.forcings.contains($0.name)
    }
  }
}

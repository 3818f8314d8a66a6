import Expressions
import Problems

/// The equations of a problem, differentiated by every derivative of the unknowns that they contain.
///
/// Around a state, and with the coefficients frozen at a point, F = 0 becomes
/// Σ ∂F/∂(jet)·(jet of the disturbance) = 0: what waves see of the equations.
struct Linearization {
  /// One coefficient: ∂(equation)/∂(jet).
  struct Entry {
    let equation: Int
    let unknown: Int
    let jet: Symbol
    /// Order in the marching variable.
    let time: Int
    /// Order in each space variable.
    let space: [Int]
    let coefficient: Expression
    /// The value, where parameters alone decide it.
    let constant: Double?

    var spaceOrder: Int { space.reduce(0, +) }
  }

  let problem: Problem
  let marching: String?
  let space: [Interval]
  let unknowns: [String]
  let entries: [Entry]

  var isConstant: Bool { entries.allSatisfy { $0.constant != nil } }

  /// Differentiates; nil where a coefficient has no closed form.
  ///
  /// Integrals smooth: what stands below one counts as known.
  init?(_ problem: Problem) {
    self.problem = problem
    let unknowns = problem.allUnknowns
    marching = problem.marching
    space = problem.variables.filter { $0.name != problem.marching }
    self.unknowns = unknowns
    let known = problem.parameterValues
    var entries: [Entry] = []
    guard let source = try? Optional(GridIntegralSource(problem)) else { return nil }
    for (j, equation) in problem.equations.enumerated() {
      let residual = source?.local(equation.residual) ?? equation.residual
      for jet in residual.symbols.sorted(by: { $0.description < $1.description }) {
        guard let i = unknowns.firstIndex(of: jet.name) else { continue }
        guard let slope = try? residual.derivative(by: jet) else { return nil }
        if slope.isZero { continue }
        let isConstant = slope.symbols.allSatisfy { known[$0] != nil }
        entries.append(
          Entry(
            equation: j, unknown: i, jet: jet, time: marching.map { jet.order(in: $0) } ?? 0,
            space: space.map { jet.order(in: $0.name) }, coefficient: slope,
            constant: isConstant ? try? slope.evaluate(known) : nil))
      }
    }
    self.entries = entries
  }

  /// Values of the coefficients, nil where one has no finite value there.
  func values(_ known: [Symbol: Double]) -> [Double]? {
    var values: [Double] = []
    values.reserveCapacity(entries.count)
    for entry in entries {
      guard let value = entry.constant ?? (try? entry.coefficient.evaluate(known)),
        value.isFinite
      else { return nil }
      values.append(value)
    }
    return values
  }

  /// The constant coefficients, those that vary set to zero.
  var constants: [Double] { entries.map { $0.constant ?? 0 } }

  /// What the varying coefficients depend on.
  var leaves: Set<Symbol> {
    entries.reduce(into: Set<Symbol>()) { found, entry in
      if entry.constant == nil { found.formUnion(entry.coefficient.symbols) }
    }
  }
}

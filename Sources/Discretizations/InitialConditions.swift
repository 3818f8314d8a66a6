import Expressions
import Numerics
import Problems

/// Why a system has no initial state.
public enum InitialStateError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Newton's iteration on the conditions did not converge.
  case conditionsNotSolved(residual: Double)
  /// The algebraic equations do not determine the algebraic unknowns: index above 1.
  case higherIndex(t: Double)
  /// Newton's iteration on the algebraic equations did not converge.
  case notConsistent(t: Double, residual: Double)
  /// A value is not finite.
  case notFinite(unknown: String)

  public var description: String {
    switch self {
    case .conditionsNotSolved(let residual):
      "the conditions could not be solved for the initial values (residual \(residual)); write them "
        + "as 'x = value at t = start', or give a start in solve.guess"
    case .higherIndex(let t):
      "the algebraic equations do not determine the algebraic unknowns at t = \(t): the system's "
        + "index is above 1; differentiate a constraint, or replace it by its derivative"
    case .notConsistent(let t, let residual):
      "no consistent initial values were found at t = \(t) (residual \(residual)); give conditions "
        + "on the algebraic unknowns, near the wanted solution"
    case .notFinite(let unknown):
      "the initial value of \(unknown) is not finite; check the condition and its parameters"
    }
  }
}

/// What the conditions at the starting point say of each component of the state.
public struct InitialConditions: Sendable {
  /// Components in the order of the state; nil where no condition gives them directly.
  public var values: [Expression?]
  /// Conditions that are equations between components, as left − right.
  public var residuals: [Expression]
  /// Newton's start for components that are not given.
  public var guesses: [Expression]
  let state: [Symbol]

  /// Sorts the conditions of a problem.
  public init(_ problem: Problem, _ form: SystemForm) {
    state = form.state
    values = [Expression?](repeating: nil, count: form.state.count)
    residuals = []
    for row in problem.conditions {
      if let subject = row.subject, let value = row.value,
        let place = form.state.firstIndex(of: subject), values[place] == nil
      {
        values[place] = value
      } else if let left = row.condition.left, let right = row.condition.right {
        residuals.append(left - right)
      }
    }
    for (place, symbol) in state.enumerated() where symbol.name.first == "a" {
      let isAugmented = !problem.unknowns.contains(symbol.name)
      if isAugmented { values[place] = .zero }
    }
    guesses = form.state.map { problem.solve.guess[$0.description] ?? .zero }
  }

  /// The components that are wanted from the residuals.
  private var open: [Int] { values.indices.filter { values[$0] == nil } }

  /// The initial state for given parameters, before algebraic equations are made consistent.
  ///
  /// - Parameter known: values of t and of all parameters.
  /// - Throws: ``InitialStateError`` or `EvaluationError`.
  public func solve(_ known: [Symbol: Double]) throws -> [Double] {
    var y = [Double](repeating: 0, count: values.count)
    for (place, value) in values.enumerated() {
      y[place] = try (value ?? guesses[place]).evaluate(known)
      guard y[place].isFinite else {
        throw InitialStateError.notFinite(unknown: state[place].description)
      }
    }
    if !residuals.isEmpty { try newton(known, &y) }
    return y
  }

  /// Newton's iteration on the residuals with exact derivatives, for as many components; the
  /// others, which are algebraic, wait for consistency.
  private func newton(_ known: [Symbol: Double], _ y: inout [Double]) throws {
    let wanted = open.filter { place in residuals.contains { $0.contains(state[place]) } }
    let n = residuals.count
    guard wanted.count == n else { throw InitialStateError.conditionsNotSolved(residual: .nan) }
    let slopes = try residuals.map { residual in
      try wanted.map { try residual.derivative(by: state[$0]) }
    }
    let lu = DenseLU(dimension: n)
    let step = Storage(n)
    defer { step.keep() }
    var size = Double.infinity
    for _ in 0..<50 {
      var all = known
      for (place, symbol) in state.enumerated() { all[symbol] = y[place] }
      for j in 0..<n {
        step.vector[j] = try residuals[j].evaluate(all)
        for i in 0..<n { lu.entries[j + i * n] = try slopes[j][i].evaluate(all) }
      }
      guard lu.factor() else { break }
      lu.solve(step.vector)
      size = 0
      for i in 0..<n {
        y[wanted[i]] -= step.vector[i]
        size = max(size, step.vector[i].magnitude / (1 + y[wanted[i]].magnitude))
      }
      if size < 1e-14 { return }
    }
    guard size < 1e-10 else { throw InitialStateError.conditionsNotSolved(residual: size) }
  }
}

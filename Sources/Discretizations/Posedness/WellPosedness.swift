import Expressions
import Problems

/// Whether a declared problem can work at all: looked at before any work is done.
///
/// What the reader of the problem file cannot see without differentiating the equations: growth of
/// short waves, waves that leave where a condition stands, values that nothing sets.
public enum WellPosedness {
  /// Checks a problem in several variables.
  ///
  /// Coefficients are frozen, waves exp(λt + i·k·x) inserted: exact for constant coefficients, hence
  /// faults; for coefficients that vary only the initial data can be looked at, hence warnings.
  /// What cannot be decided is passed over in silence.
  /// - Returns: the warnings, placed in the file.
  /// - Throws: every fault, and the warnings with them.
  /// - Cost: some thousand eigenvalues of matrices as small as the system: milliseconds.
  public static func check(_ problem: Problem) throws(ProblemFaults) -> [Diagnostic] {
    guard problem.variables.count > 1, !problem.isUnderdetermined else { return [] }
    var found = missingInitialValues(problem) + refusedIntegrals(problem)
    if problem.kind == .evolution, !problem.hasNetworks,
      let system = Linearization(problem)
    {
      let state = InitialState(problem)
      // The count of conditions means something only where the evolution does.
      if let growth = GrowthCheck(problem, system, state).diagnostic() {
        found.append(growth)
      } else if found.isEmpty {
        found = BoundaryCheck(problem, system, state).diagnostics()
      }
    }
    if found.contains(where: { $0.severity == .error }) {
      throw ProblemFaults(diagnostics: found)
    }
    return found
  }

  /// Integrals that cannot be computed from the values of one time.
  private static func refusedIntegrals(_ problem: Problem) -> [Diagnostic] {
    do {
      _ = try GridIntegralSource(problem)
      _ = try GridIntegralSource(observablesOf: problem)
      return []
    } catch {
      return (error as? ProblemFaults)?.diagnostics ?? []
    }
  }

  /// An evolution needs the value of every component of its state.
  private static func missingInitialValues(_ problem: Problem) -> [Diagnostic] {
    guard problem.kind == .evolution, let marching = problem.marching,
      let interval = problem.interval(marching)
    else { return [] }
    var given: Set<Symbol> = []
    var start = interval.lower
    for row in problem.conditions {
      guard case .face(marching, let value, _) = row.location else { continue }
      start = value
      // An initial condition that is an equation may settle anything that it speaks of.
      for side in [row.condition.left, row.condition.right] {
        given.formUnion(side?.symbols ?? [])
      }
    }
    let wanted = problem.unknowns.flatMap { unknown in
      (0..<problem.order(of: unknown, in: marching)).map {
        Symbol(unknown, Array(repeating: marching, count: $0))
      }
    }
    let missing = wanted.filter { !given.contains($0) }.map(\.description)
    guard let first = missing.first else { return [] }
    let place = "at \(marching) = \(ShortNumber.text(start))"
    return [
      problem.diagnostic(
        .error, path: "conditions",
        "no condition gives \(missing.prefix(20).joined(separator: ", ")) \(place)",
        missing.count == 1 ? "add '\(first) = … \(place)'" : "add one for each")
    ]
  }
}

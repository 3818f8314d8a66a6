import Problems

/// What is said of a Newton iteration that failed.
extension CollocationSolver {
  /// What happened, with its numbers.
  func reason(_ attempt: Attempt) -> String {
    if let outside = attempt.outside {
      return "\(outside.text) reads the unknown at \(problem.variable) = "
        + "\(NumberWords.short(outside.place)), outside of its interval"
    }
    let place = "on \(attempt.solution.intervals) intervals"
    let residual = "the largest residual is \(NumberWords.short(attempt.residual))"
    if attempt.isSingular {
      return "the linear system of Newton's iteration is singular \(place)"
    }
    switch attempt.outcome {
    case .converged, .stopped, .singular: return "Newton's iteration ended \(place)"
    case .notFinite: return "the equations are not finite at the start of Newton's iteration"
    case .stalled(let damping):
      return
        "Newton's iteration found no way down \(place): after \(attempt.iterations) steps, with "
        + "damping \(NumberWords.short(damping)), \(residual)"
    case .tooMany(let count, let damping):
      return "Newton's iteration did not converge in \(count) steps \(place): the last damping is "
        + "\(NumberWords.short(damping)), \(residual)"
    }
  }

  /// What to do about it.
  func advice(_ attempt: Attempt) -> String {
    if attempt.outside != nil { return "keep the places of the unknown inside" }
    if attempt.isSingular {
      return "the conditions may not determine the solution, or it may not exist: check them, or "
        + "give a start in solve.guess"
    }
    if attempt.outcome == .notFinite {
      return "give a start in solve.guess at which logarithms, roots and quotients have values"
    }
    let nearer = "give a start nearer to the solution in solve.guess"
    guard let parameter = problem.problem.parameters.first?.name else { return nearer }
    return nearer + ", or a way to it: solve.continue: {parameter: \(parameter), from: an easier "
      + "value}"
  }
}

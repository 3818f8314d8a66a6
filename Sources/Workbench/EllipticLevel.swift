import Discretizations
import Expressions
import Problems
import Reports

/// Solves one level of an elliptic problem: Newton's method on a grid.
struct EllipticLevel {
  let problem: Problem
  let plan: SamplingPlan
  let nonlocal: (any NonlocalSource)?
  let progress: Progress
  let isCancelled: () -> Bool

  func solve(_ level: RefinementLevel) throws -> EvolutionLevel.Solved {
    preconditionFailure("\(level)")
  }
}

import Glibc
import Problems

/// A way to the wanted problem: a parameter moves from an easier value, each solution starts the next.
///
/// The step grows where Newton's iteration is quick and shrinks where it fails; from the second
/// solution on, the start is extrapolated. The mesh follows the solutions.
struct Continuation {
  private let solver: CollocationSolver
  private let parameter: String
  private let from: Double
  private let to: Double
  private let replaced: [String: Double]

  init(
    _ solver: CollocationSolver, _ declared: SolveSettings.Continuation,
    replacing new: [String: Double]
  ) {
    self.solver = solver
    parameter = declared.parameter
    from = declared.from
    replaced = new
    let place = solver.problem.parameterNames.firstIndex(of: declared.parameter)
    to = place.map { solver.parameters[$0] } ?? declared.from
  }

  /// The parameter at a share of the way: by equal ratios where both ends have a sign and differ by
  /// more than a factor of ten, else by equal differences.
  private func value(_ share: Double) -> Double {
    if share >= 1 { return to }
    let ratio = to / from
    if ratio > 0, ratio.isFinite, ratio > 10 || ratio < 0.1 { return from * pow(ratio, share) }
    return from + share * (to - from)
  }

  private func parameters(_ share: Double) throws -> [Double] {
    if share >= 1 { return solver.parameters }
    var values = replaced
    values[parameter] = value(share)
    return try solver.problem.parameters(replacing: values)
  }

  /// Walks the way; the last attempt tells whether it arrived.
  func run(_ intervals: Int) throws -> CollocationSolver.Attempt {
    let easy = try parameters(0)
    let mesh = MeshMonitor.uniform(solver.fixed, 2 * intervals)
    let guess = solver.problem.guess.sample(solver.layout, solver.basis, mesh, parameters: easy)
    var reached = solver.newton(guess, easy)
    guard reached.outcome == .converged else {
      if reached.outcome != .stopped {
        solver.failure =
          solver.reason(reached) + " at \(parameter) = \(NumberWords.short(from)), where "
          + "solve.continue starts; start it from an easier value, or give solve.guess"
      }
      return reached
    }
    reached = try settled(reached, 0) ?? reached
    var (share, step) = (0.0, 0.25)
    var earlier: (share: Double, solution: PiecewisePolynomial)?
    while share < 1 {
      let next = min(1, share + step)
      let start = predicted(reached.solution, share, earlier, next)
      var attempt = solver.newton(start, try parameters(next), limit: 15)
      solver.countContinuation()
      solver.tell(start.intervals, continuation: (parameter, value(next)))
      if attempt.outcome == .stopped { return attempt }
      if attempt.outcome == .converged, let settled = try settled(attempt, next) {
        earlier = (share, reached.solution)
        share = next
        step = attempt.iterations <= 4 ? 2 * step : attempt.iterations <= 8 ? step : step / 2
        reached = settled
        continue
      }
      step /= 4
      if step < 1e-4 {
        // A coarse solution that no finer mesh confirms is none.
        if attempt.outcome == .converged { attempt.outcome = .stalled(damping: attempt.damping) }
        solver.failure =
          solver.reason(attempt) + "; the continuation came from \(parameter) = "
          + "\(NumberWords.short(from)) to \(NumberWords.short(value(share))) and no further: the "
          + "solution may turn back or end there; try another parameter or solve.guess"
        return attempt
      }
    }
    return reached
  }

  /// Extrapolates from two solutions.
  private func predicted(
    _ last: PiecewisePolynomial, _ share: Double,
    _ earlier: (share: Double, solution: PiecewisePolynomial)?, _ next: Double
  ) -> PiecewisePolynomial {
    guard let earlier, share > earlier.share else { return last }
    let before = earlier.solution.moved(to: last.mesh)
    let factor = (next - share) / (share - earlier.share)
    var start = last
    for i in start.values.indices {
      start.values[i] += factor * (last.values[i] - before.values[i])
    }
    return start
  }

  /// Moves the mesh until it carries the solution to two digits, which the halved mesh confirms; nil
  /// where Newton fails on the way: then the coarse mesh gave no neighbour of a solution.
  private func settled(
    _ attempt: CollocationSolver.Attempt, _ share: Double
  ) throws -> CollocationSolver.Attempt? {
    let values = try parameters(share)
    var settled = attempt
    for _ in 0..<8 {
      let monitor = MeshMonitor(settled.solution, target: 1e-3, fixed: solver.fixed)
      let count = settled.solution.intervals
      let isFine = monitor.worst <= 1.5
      let needed = Int(min(monitor.needed * 1.2, 1e6)) + 2
      let mesh =
        isFine
        ? MeshMonitor.halved(settled.solution.mesh)
        : monitor.mesh(of: min(max(needed, count / 2, 10), 3 * count))
      guard solver.fits(mesh.count - 1) else { return nil }
      let moved = solver.newton(settled.solution.moved(to: mesh), values, limit: 15)
      guard moved.outcome == .converged else { return nil }
      if isFine {
        let differences = settled.solution.differences(fromHalved: moved.solution)
        if (differences.max() ?? 0) < 1e-2 { return settled }
      }
      settled = moved
    }
    return settled
  }
}

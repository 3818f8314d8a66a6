import Glibc

/// Meshes that follow the solution, each judged by its halved one.
///
/// The error of the solution on the halved mesh is taken to be the difference of the two times the
/// factor by which halving reduces errors: that of the method's order, or the observed one where that
/// is worse (a solution that is not smooth). Until it has been observed, only a difference that meets
/// the target as it stands counts.
struct MeshRefinement {
  private enum Obstacle {
    case memory
    case notFalling
    case newton(CollocationSolver.Attempt)
    case rounds
  }

  /// A solution with the relative differences from the mesh before, and its estimated errors.
  private struct Judged {
    var solution: PiecewisePolynomial
    var differences: [Double]
    var errors: [Double]
    /// What part of each difference is error, where it has been seen: now or on earlier meshes.
    var observed: [Double?]

    var worst: Double { errors.max() ?? 0 }
    var isObserved: Bool { observed.contains { $0 != nil } }
  }

  private let solver: CollocationSolver
  private let layout: CollocationLayout
  private let target: Double

  init(_ solver: CollocationSolver) {
    self.solver = solver
    layout = solver.layout
    target = solver.problem.settings.accuracy
  }

  // MARK: As fine as needed

  /// Refines until the estimate meets the target, or says why not.
  func refine(_ first: PiecewisePolynomial) -> PiecewisePolynomial {
    var solution = first
    var best: Judged?
    var last: Judged?
    var stagnant = 0
    for _ in 0..<24 {
      if solver.isCancelled() { return stop(best, solution) }
      solution = adapt(solution, to: 0.7 * target)
      guard solver.fits(2 * solution.intervals) else { return giveUp(best, solution, .memory) }
      let attempt = halve(solution)
      if attempt.outcome == .stopped { return stop(best, solution) }
      guard attempt.outcome == .converged else {
        // The coarse solution may be no neighbour of the fine one: a mesh between may help.
        guard let finer = finer(solution) else { return giveUp(best, solution, .newton(attempt)) }
        solution = finer
        continue
      }
      let judged = judge(solution, attempt.solution, last)
      stagnant = judged.worst > (best?.worst ?? .infinity) / 2 ? stagnant + 1 : 0
      // An estimate by theory alone gives way to the first that rests on an observed order.
      let isFirst = judged.isObserved && best?.isObserved != true
      if isFirst || judged.worst <= best?.worst ?? .infinity { best = judged }
      last = judged
      solution = attempt.solution
      solver.estimate = best?.worst
      solver.tell(solution.intervals)
      if meets(judged) { return finish(judged) }
      if stagnant >= 3 { return giveUp(best, solution, .notFalling) }
    }
    return giveUp(best, solution, .rounds)
  }

  private func meets(_ judged: Judged) -> Bool {
    if let most = judged.differences.max(), most <= target, judged.worst <= target { return true }
    return judged.isObserved && judged.worst <= target
  }

  private func halve(_ solution: PiecewisePolynomial) -> CollocationSolver.Attempt {
    solver.newton(solution.moved(to: MeshMonitor.halved(solution.mesh)), solver.parameters)
  }

  /// A mesh that follows the solution, as fine as the target needs or memory allows, and the solution
  /// on it.
  private func adapt(_ start: PiecewisePolynomial, to target: Double) -> PiecewisePolynomial {
    var solution = start
    for _ in 0..<12 where !solver.isCancelled() {
      let monitor = MeshMonitor(solution, target: target, fixed: solver.fixed)
      guard monitor.worst > 1.5 else { return solution }
      let needed = Int(min(monitor.needed * 1.1, 1e9)) + 2
      var count = min(max(needed, solution.intervals / 4), 4 * solution.intervals)
      if !solver.problem.settings.adapts { count = 2 * solution.intervals }
      // The halved mesh must fit as well; where there is no room to grow, it is the judge.
      let wanted = count
      while !solver.fits(2 * count), count > 1 { count = 3 * count / 4 }
      if count < wanted, 4 * count < 5 * solution.intervals { return solution }
      let mesh =
        solver.problem.settings.adapts
        ? monitor.mesh(of: count) : MeshMonitor.uniform(solver.fixed, count)
      let attempt = solver.newton(solution.moved(to: mesh), solver.parameters)
      // Where Newton fails on the new mesh, the old one stands: let its halved one judge.
      guard attempt.outcome == .converged else { return solution }
      solution = attempt.solution
    }
    return solution
  }

  /// The solution on a mesh of more intervals that follows it; nil where Newton fails there too.
  private func finer(_ solution: PiecewisePolynomial) -> PiecewisePolynomial? {
    let monitor = MeshMonitor(solution, target: target, fixed: solver.fixed)
    for factor in [1.5, 3] {
      let count = Int(Double(solution.intervals) * factor) + 1
      guard solver.fits(count) else { continue }
      let mesh = monitor.mesh(of: count)
      let attempt = solver.newton(solution.moved(to: mesh), solver.parameters)
      if attempt.outcome == .converged { return attempt.solution }
    }
    return nil
  }

  // MARK: A given number of intervals

  /// Lets the mesh of so many intervals follow the solution; the halved mesh serves the estimate only.
  func hold(_ first: PiecewisePolynomial, _ intervals: Int) -> PiecewisePolynomial {
    // Finer meshes show where the few intervals belong; coarse ones may miss a layer altogether.
    let adapts = solver.problem.settings.adapts
    var solution = adapts && !solver.problem.system.isNonlocal ? adapt(first, to: target) : first
    for _ in 0..<3 where adapts {
      let monitor = MeshMonitor(solution, target: target, fixed: solver.fixed)
      let mesh = monitor.mesh(of: intervals)
      let attempt = solver.newton(solution.moved(to: mesh), solver.parameters)
      guard attempt.outcome == .converged else { break }
      solution = attempt.solution
    }
    let solved = "solved on the given \(solution.intervals) intervals"
    guard solver.fits(2 * solution.intervals) else {
      solver.end(.reached, solution, solved + "; no error estimate: the halved mesh is too large")
      return solution
    }
    let attempt = halve(solution)
    guard attempt.outcome == .converged else {
      solver.end(.reached, solution, solved + "; no error estimate: \(solver.reason(attempt))")
      return solution
    }
    let differences = solution.differences(fromHalved: attempt.solution)
    take(differences.enumerated().map { $1 / (1 - halving($0)) })
    solver.end(.reached, solution, solved + "; estimated error \(shown(solver.estimate))")
    return solution
  }

  // MARK: Estimates

  /// The factor by which halving the mesh reduces an unknown's error.
  private func halving(_ unknown: Int) -> Double {
    let order = min(layout.stages + layout.orders[unknown], 2 * layout.stages)
    return (0..<order).reduce(1.0) { factor, _ in factor / 2 }
  }

  private func judge(
    _ coarse: PiecewisePolynomial, _ fine: PiecewisePolynomial, _ last: Judged?
  ) -> Judged {
    let differences = coarse.differences(fromHalved: fine)
    let growth = last.map { Double(fine.intervals) / Double($0.solution.intervals) } ?? 1
    var observed = last?.observed ?? differences.map { _ in nil }
    var errors: [Double] = []
    for (unknown, difference) in differences.enumerated() {
      if let last, growth >= 1.5 {
        let before = last.differences[unknown]
        // Differences of the size of rounding say nothing of the order.
        let ratio = difference > 1e-13 ? pow(difference / before, log(2) / log(growth)) : 0
        observed[unknown] = min(ratio, 0.9) / (1 - min(ratio, 0.9))
      }
      // Twice the theory: constants change from mesh to mesh.
      let share = max(2 * halving(unknown), observed[unknown] ?? 0)
      errors.append(difference == 0 ? 0 : max(share * difference, 4e-15))
    }
    return Judged(solution: fine, differences: differences, errors: errors, observed: observed)
  }

  // MARK: Endings

  private func shown(_ error: Double?) -> String { NumberWords.short(error ?? .nan) }

  private func take(_ errors: [Double]) {
    solver.estimate = errors.max()
    for (unknown, error) in errors.enumerated() {
      solver.report.estimatedErrors[layout.unknowns[unknown]] = error
    }
    solver.report.accuracyMet = (errors.max() ?? 0) <= target
  }

  private func finish(_ judged: Judged) -> PiecewisePolynomial {
    take(judged.errors)
    let count = judged.solution.intervals
    solver.end(
      .reached, judged.solution,
      "solved on \(count) intervals; estimated error \(shown(judged.worst))")
    return judged.solution
  }

  private func stop(_ best: Judged?, _ last: PiecewisePolynomial) -> PiecewisePolynomial {
    let solution = best?.solution ?? last
    if let best { take(best.errors) }
    solver.end(.stopped, solution, "stopped on \(solution.intervals) intervals")
    return solution
  }

  private func giveUp(
    _ best: Judged?, _ last: PiecewisePolynomial, _ obstacle: Obstacle
  ) -> PiecewisePolynomial {
    let solution = best?.solution ?? last
    // Where no order has been seen, the differences themselves are what is known.
    let errors = best.map { best in
      zip(best.errors, zip(best.differences, best.observed)).map { error, known in
        known.1 == nil ? known.0 : error
      }
    }
    if let errors { take(errors) }
    let reached = errors?.max().map { "estimated error \(shown($0))" } ?? "no error estimate"
    let why: String
    switch obstacle {
    case .memory:
      why =
        solver.problem.system.isNonlocal
        ? "the next mesh is too large for the dense system that integrals make"
        : "the next mesh is too large"
    case .notFalling:
      why = "finer meshes hardly reduce it: rounding, or a solution that is not smooth"
    case .newton(let attempt):
      // A solution that no finer mesh confirms is none.
      guard best != nil else {
        solver.end(.failed, solution, solver.reason(attempt) + "; " + solver.advice(attempt))
        return solution
      }
      why = solver.reason(attempt)
    case .rounds: why = "24 refinements are used up"
    }
    solver.end(
      .inaccurate, solution,
      "\(reached) on \(solution.intervals) intervals, not the \(shown(target)) of solve.accuracy: "
        + "\(why); loosen solve.accuracy")
    return solution
  }
}

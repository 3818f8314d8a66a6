import Expressions
import Numerics
import Problems

/// One solve: Newton on a first mesh, then meshes that follow the solution until the estimate, from
/// the halved mesh, meets the target.
final class CollocationSolver {
  let problem: BoundaryValueProblem
  let parameters: [Double]
  private(set) var report = BoundaryValueReport()
  private let replaced: [String: Double]
  private let progress: ((BoundaryValueProgress) -> Void)?
  let isCancelled: () -> Bool
  let layout: CollocationLayout
  let basis: CollocationBasis
  /// Ends and breakpoints.
  let fixed: [Double]
  private var estimate: Double?

  init(
    _ problem: BoundaryValueProblem, replacing new: [String: Double],
    progress: ((BoundaryValueProgress) -> Void)?, isCancelled: @escaping () -> Bool
  ) throws {
    self.problem = problem
    replaced = new
    parameters = try problem.parameters(replacing: new)
    self.progress = progress
    self.isCancelled = isCancelled
    let system = problem.system
    layout = CollocationLayout(
      unknowns: system.unknowns, orders: system.orders, stages: problem.settings.stages)
    basis = try CollocationBasis(
      stages: problem.settings.stages, order: system.orders.max() ?? 0)
    let ends = (system.interval.lower, system.interval.upper)
    let known = Dictionary(
      uniqueKeysWithValues: zip(problem.parameterNames.map { Symbol($0) }, parameters))
    let jumps = Breakpoints.find(
      problem.problem, along: system.variable, system.switches,
      forcings: Set(problem.problem.forcings.map(\.name)), known)
    fixed = [ends.0] + jumps.filter { $0 > ends.0 && $0 < ends.1 } + [ends.1]
    report.stages = problem.settings.stages
  }

  // MARK: One mesh

  /// What Newton's iteration gave on a mesh.
  struct Attempt {
    var solution: PiecewisePolynomial
    var outcome: NewtonOutcome
    var residual: Double
    var damping: Double
    var iterations: Int
    /// Where an integral read the unknown outside of the interval.
    var outside: (text: String, place: Double)?
  }

  /// Solves on the mesh of `start`, from there.
  func newton(_ start: PiecewisePolynomial, _ parameters: [Double], limit: Int = 60) -> Attempt {
    let equations = CollocationEquations(problem.system, start, parameters: parameters)
    let newton = DampedNewton(equations, start.values)
    newton.tolerance = min(max(problem.settings.accuracy * 1e-4, 1e-13), 1e-8)
    newton.iterationLimit = limit
    newton.isCancelled = isCancelled
    let outcome = newton.run()
    var counts = equations.newtonCounts
    counts.iterations = newton.iterations
    report.count(counts)
    report.meshes += 1
    var solution = start
    solution.values = newton.values
    tell(start.intervals)
    return Attempt(
      solution: solution, outcome: outcome, residual: newton.residualSize,
      damping: newton.lastDamping, iterations: newton.iterations, outside: equations.outside)
  }

  func tell(_ intervals: Int, continuation: (String, Double)? = nil) {
    progress?(
      BoundaryValueProgress(
        intervals: intervals, newtonIterations: report.newtonIterations, estimatedError: estimate,
        continuation: continuation.map { (parameter: $0.0, value: $0.1) }))
  }

  func countContinuation() { report.continuationSteps += 1 }

  /// Whether a mesh can be afforded: its matrix takes at most 2 GB.
  func fits(_ intervals: Int) -> Bool {
    let system = problem.system
    let rows = CollocationEquations.rows(system, layout, intervals)
    let size = CollocationMatrix.size(rows, CollocationEquations.shape(system))
    return intervals <= problem.settings.mostIntervals && size <= 250_000_000
  }

  // MARK: All meshes

  func run() throws -> PiecewisePolynomial {
    guard let first = try start() else {
      report.outcome = .failed
      report.message =
        "a mesh of \(problem.settings.intervals ?? 0) intervals is too large; "
        + "lower solve.grid"
      let guess = problem.guess.sample(layout, basis, fixed, parameters: parameters)
      report.intervals = guess.intervals
      return guess
    }
    guard first.outcome == .converged else { return fail(first) }
    if let intervals = problem.settings.intervals { return fixedMesh(first, intervals) }
    return refine(first.solution)
  }

  /// A first solution: from the guess on finer and finer meshes, then by continuation.
  private func start() throws -> Attempt? {
    let settings = problem.settings
    let count = settings.intervals ?? settings.firstIntervals
    var last: Attempt?
    for factor in settings.intervals == nil ? [1, 2, 4, 8] : [1] where fits(factor * count) {
      let mesh = MeshMonitor.uniform(fixed, factor * count)
      let guess = problem.guess.sample(layout, basis, mesh, parameters: parameters)
      let attempt = newton(guess, parameters)
      if attempt.outcome == .converged || attempt.outcome == .stopped { return attempt }
      last = attempt
      // A guess that the equations cannot take is no better on a finer mesh.
      if attempt.outcome == .notFinite { break }
      if problem.problem.solve.continuation != nil, factor > 1 { break }
    }
    if last != nil, let continuation = problem.problem.solve.continuation {
      return try Continuation(self, continuation, replacing: replaced).run(count)
    }
    return last
  }

  /// The declared number of intervals; the halved mesh serves the estimate only.
  private func fixedMesh(_ first: Attempt, _ intervals: Int) -> PiecewisePolynomial {
    var solution = first.solution
    if problem.settings.adapts {
      for _ in 0..<3 {
        let monitor = MeshMonitor(solution, target: problem.settings.accuracy, fixed: fixed)
        let attempt = newton(solution.moved(to: monitor.mesh(of: intervals)), parameters)
        guard attempt.outcome == .converged else { break }
        solution = attempt.solution
      }
    }
    report.intervals = solution.intervals
    let attempt = newton(solution.moved(to: MeshMonitor.halved(solution.mesh)), parameters)
    guard attempt.outcome == .converged else {
      report.message =
        "solved on \(solution.intervals) intervals; no error estimate: \(reason(attempt))"
      return solution
    }
    take(
      differences(solution, attempt.solution).enumerated().map { unknown, difference in
        let power = 1 / halving(unknown)
        return difference * power / (power - 1)
      })
    report.outcome = .reached
    report.message =
      "solved on the given \(solution.intervals) intervals; estimated error "
      + NumberWords.short(estimate ?? .nan)
    return solution
  }

  /// Meshes that follow the solution, each judged by its halved one.
  private func refine(_ first: PiecewisePolynomial) -> PiecewisePolynomial {
    var solution = first
    var best: (solution: PiecewisePolynomial, errors: [Double])?
    var stagnant = 0
    for _ in 0..<24 {
      if isCancelled() { return stop(best?.solution ?? solution) }
      guard let adapted = adapt(solution) else { return giveUp(best, solution, "memory") }
      solution = adapted
      guard fits(2 * solution.intervals) else { return giveUp(best, solution, "memory") }
      let attempt = newton(solution.moved(to: MeshMonitor.halved(solution.mesh)), parameters)
      if attempt.outcome == .stopped { return stop(best?.solution ?? solution) }
      guard attempt.outcome == .converged else {
        return giveUp(best, solution, reason(attempt))
      }
      let errors = differences(solution, attempt.solution).enumerated().map { $1 * halving($0) }
      let worst = errors.max() ?? 0
      let before = best.map { $0.errors.max() ?? 0 } ?? .infinity
      stagnant = worst > before / 2 ? stagnant + 1 : 0
      if worst <= before { best = (attempt.solution, errors) }
      estimate = min(worst, before)
      tell(attempt.solution.intervals)
      solution = attempt.solution
      if worst <= problem.settings.accuracy { break }
      if stagnant >= 3 { return giveUp(best, solution, "rounding") }
    }
    return finish(best, solution)
  }

  /// A mesh that follows the solution, and the solution on it; nil where it does not fit.
  private func adapt(_ start: PiecewisePolynomial) -> PiecewisePolynomial? {
    var solution = start
    for _ in 0..<12 {
      // What the halved mesh is to reach, on this one; half of it for safety.
      let target =
        problem.settings.accuracy * 0.5 / (layout.orders.indices.map(halving).max() ?? 1)
      let monitor = MeshMonitor(solution, target: target, fixed: fixed)
      let needed = Int(min(monitor.needed * 1.1, 1e9)) + 2
      guard monitor.worst > 1.5 else { return solution }
      let count = min(max(needed, solution.intervals / 3), 4 * solution.intervals)
      let mesh =
        problem.settings.adapts
        ? monitor.mesh(of: count) : MeshMonitor.uniform(fixed, 2 * solution.intervals)
      guard fits(mesh.count - 1) else { return nil }
      let attempt = newton(solution.moved(to: mesh), parameters)
      if attempt.outcome != .converged {
        // The old mesh is solved; let its halved one judge.
        return solution
      }
      solution = attempt.solution
      if isCancelled() { return solution }
    }
    return solution
  }

  /// The factor by which halving the mesh reduces an unknown's error, with a factor 2 for safety.
  private func halving(_ unknown: Int) -> Double {
    let order = min(layout.stages + layout.orders[unknown], 2 * layout.stages)
    return (0..<order).reduce(2.0) { factor, _ in factor / 2 }
  }

  /// The largest difference of two solutions, relative, by unknown.
  private func differences(_ coarse: PiecewisePolynomial, _ fine: PiecewisePolynomial) -> [Double] {
    let places = [0, 0.07, 0.21, 0.36, 0.5, 0.64, 0.79, 0.93, 1]
    return layout.orders.indices.map { unknown in
      let size = MeshMonitor.size(fine, unknown)
      var largest = 0.0
      for i in 0..<coarse.intervals {
        for theta in places {
          let half = theta < 0.5 ? 0 : 1
          let a = coarse.value(unknown, order: 0, interval: i, theta: theta)
          let b = fine.value(
            unknown, order: 0, interval: 2 * i + half, theta: 2 * theta - Double(half))
          largest = max(largest, (a - b).magnitude)
        }
      }
      return size > 0 ? largest / size : largest
    }
  }

  // MARK: Endings

  private func take(_ errors: [Double]) {
    estimate = errors.max()
    for (unknown, error) in errors.enumerated() {
      report.estimatedErrors[layout.unknowns[unknown]] = error
    }
    report.accuracyMet = (estimate ?? .infinity) <= problem.settings.accuracy
  }

  private func finish(
    _ best: (solution: PiecewisePolynomial, errors: [Double])?, _ last: PiecewisePolynomial
  ) -> PiecewisePolynomial {
    guard let best else { return last }
    take(best.errors)
    report.intervals = best.solution.intervals
    guard report.accuracyMet else {
      return giveUp(best, last, "the number of refinements is used up")
    }
    report.message =
      "solved on \(best.solution.intervals) intervals; estimated error "
      + NumberWords.short(estimate ?? .nan)
    return best.solution
  }

  private func giveUp(
    _ best: (solution: PiecewisePolynomial, errors: [Double])?, _ last: PiecewisePolynomial,
    _ reason: String
  ) -> PiecewisePolynomial {
    report.outcome = .inaccurate
    let solution = best?.solution ?? last
    report.intervals = solution.intervals
    if let best { take(best.errors) }
    let reached = best.map { "estimated error \(NumberWords.short($0.errors.max() ?? .nan))" }
    let wanted = NumberWords.short(problem.settings.accuracy)
    let why: String
    switch reason {
    case "memory":
      why =
        problem.system.isNonlocal
        ? "the next mesh is too large for the dense system that integrals make"
        : "the next mesh is too large"
    case "rounding":
      why = "finer meshes no longer reduce it: rounding, or a solution that is not smooth"
    default: why = reason
    }
    report.message =
      "\(reached ?? "no error estimate") on \(solution.intervals) intervals, not the "
      + "\(wanted) of solve.accuracy: \(why); loosen solve.accuracy"
    return solution
  }

  private func stop(_ solution: PiecewisePolynomial) -> PiecewisePolynomial {
    report.outcome = .stopped
    report.intervals = solution.intervals
    report.message = "stopped on \(solution.intervals) intervals"
    return solution
  }

  private func fail(_ attempt: Attempt) -> PiecewisePolynomial {
    if attempt.outcome == .stopped { return stop(attempt.solution) }
    report.outcome = .failed
    report.intervals = attempt.solution.intervals
    report.message = failure ?? reason(attempt) + "; " + advice(attempt)
    return attempt.solution
  }

  /// The sentence of a continuation that failed.
  var failure: String?

  func reason(_ attempt: Attempt) -> String {
    if let outside = attempt.outside {
      return "\(outside.text) reads the unknown at \(problem.variable) = "
        + "\(NumberWords.short(outside.place)), outside of its interval"
    }
    let place = "on \(attempt.solution.intervals) intervals"
    let residual = "the largest residual is \(NumberWords.short(attempt.residual))"
    switch attempt.outcome {
    case .converged: return "Newton's iteration converged \(place)"
    case .stopped: return "stopped \(place)"
    case .singular:
      return
        "the linear system of Newton's iteration \(attempt.iterations + 1) is singular \(place)"
    case .notFinite:
      return "the equations are not finite at the start of Newton's iteration"
    case .stalled(let damping):
      return
        "Newton's iteration found no way down \(place): after \(attempt.iterations) steps, with "
        + "damping \(NumberWords.short(damping)), \(residual)"
    case .tooMany(let count, let damping):
      return "Newton's iteration did not converge in \(count) steps \(place): the last damping is "
        + "\(NumberWords.short(damping)), \(residual)"
    }
  }

  private func advice(_ attempt: Attempt) -> String {
    if attempt.outside != nil { return "keep the places of the unknown inside" }
    switch attempt.outcome {
    case .singular:
      return "the conditions may not determine the solution, or it may not exist: check them, or "
        + "give a start in solve.guess"
    case .notFinite:
      return "give a start in solve.guess at which logarithms, roots and quotients have values"
    default:
      let parameter = problem.problem.parameters.first?.name ?? "name"
      return "give a start nearer to the solution in solve.guess, or a way to it: "
        + "solve.continue: {parameter: \(parameter), from: an easier value}"
    }
  }
}

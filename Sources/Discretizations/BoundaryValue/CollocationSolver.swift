import Expressions
import Numerics
import Problems

/// One solve: Newton on a first mesh, then meshes that follow the solution until the estimate, from
/// the halved mesh, meets the target.
final class CollocationSolver {
  let problem: BoundaryValueProblem
  let parameters: [Double]
  var report = BoundaryValueReport()
  private let replaced: [String: Double]
  private let progress: ((BoundaryValueProgress) -> Void)?
  let isCancelled: () -> Bool
  let layout: CollocationLayout
  let basis: CollocationBasis
  /// Ends and breakpoints.
  let fixed: [Double]
  /// The largest estimate of the last solution.
  var estimate: Double?

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
      problem.problem, problem.problem.equations.map(\.residual), known, along: system.variable)
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
    /// How large the unknowns are that equations off by 1 give: beyond rounding where it is singular.
    var amplification: Double
    /// Where an integral read the unknown outside of the interval.
    var outside: (text: String, place: Double)?

    /// Whether there are many solutions, of which this is one.
    var isSolvedButSingular: Bool { outcome == .converged && isSingular }

    /// Whether the conditions leave the solution open, to rounding.
    var isSingular: Bool {
      switch outcome {
      case .singular: true
      case .notFinite, .stopped: false
      default: !(amplification < 1e13)
      }
    }
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
      damping: newton.lastDamping, iterations: newton.iterations,
      amplification: equations.amplification(), outside: equations.outside)
  }

  func tell(_ intervals: Int, continuation: (String, Double)? = nil) {
    progress?(
      BoundaryValueProgress(
        intervals: intervals, newtonIterations: report.newtonIterations, estimatedError: estimate,
        continuation: continuation.map { (parameter: $0.0, value: $0.1) }))
  }

  /// The sentence of a continuation that failed.
  var failure: String?

  func countContinuation() { report.continuationSteps += 1 }

  /// Whether a mesh can be afforded: a band of at most 800 MB; where integrals make a dense matrix, one
  /// of at most 3000 rows.
  func fits(_ intervals: Int) -> Bool {
    let system = problem.system
    let rows = CollocationEquations.rows(system, layout, intervals)
    let size = CollocationMatrix.size(rows, CollocationEquations.shape(system))
    return intervals <= problem.settings.mostIntervals
      && size <= (system.isNonlocal ? 9_000_000 : 100_000_000)
  }

  // MARK: All meshes

  /// Newton from the guess on finer and finer first meshes, then by continuation, until one leads to
  /// a solution that its halved mesh confirms.
  func run() throws -> PiecewisePolynomial {
    let settings = problem.settings
    let count = settings.intervals ?? settings.firstIntervals
    let continuation = problem.problem.solve.continuation
    var last: PiecewisePolynomial?
    for factor in settings.intervals == nil ? [1, 2, 4, 8] : [1] where fits(factor * count) {
      // A first mesh much finer than needed costs more than the continuation that was declared.
      if continuation != nil, factor > 2 { break }
      let mesh = MeshMonitor.uniform(fixed, factor * count)
      let guess = problem.guess.sample(layout, basis, mesh, parameters: parameters)
      let attempt = newton(guess, parameters)
      let result = refined(attempt)
      if report.outcome != .failed || attempt.isSolvedButSingular { return result }
      last = result
      // A guess that the equations cannot take is no better on a finer mesh.
      if attempt.outcome == .notFinite { break }
    }
    guard let last else {
      let guess = problem.guess.sample(layout, basis, fixed, parameters: parameters)
      end(.failed, guess, "a mesh of \(count) intervals is too large; lower solve.grid")
      return guess
    }
    guard let continuation else { return last }
    return refined(try Continuation(self, continuation, replacing: replaced).run(count))
  }

  /// What refinement makes of an attempt that converged; else its failure.
  private func refined(_ attempt: Attempt) -> PiecewisePolynomial {
    guard attempt.outcome == .converged, !attempt.isSingular else { return fail(attempt) }
    let refinement = MeshRefinement(self)
    guard let intervals = problem.settings.intervals else {
      return refinement.refine(attempt.solution)
    }
    return refinement.hold(attempt.solution, intervals)
  }

  // MARK: Endings

  /// Records how it ended.
  func end(
    _ outcome: BoundaryValueReport.Outcome, _ solution: PiecewisePolynomial, _ message: String
  ) {
    report.outcome = outcome
    report.intervals = solution.intervals
    report.message = message
  }

  private func fail(_ attempt: Attempt) -> PiecewisePolynomial {
    if attempt.outcome == .stopped {
      end(.stopped, attempt.solution, "stopped on \(attempt.solution.intervals) intervals")
    } else {
      end(.failed, attempt.solution, failure ?? reason(attempt) + "; " + advice(attempt))
    }
    return attempt.solution
  }
}

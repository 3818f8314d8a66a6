import Discretizations
import Expressions
import Problems
import Reports

/// Solves partial differential equations: evolution by lines, elliptic problems by Newton, on grids
/// that are refined until the accuracy is met.
final class FieldSolver: DomainSolver {
  let problem: Problem
  private let plan: SamplingPlan
  private let choice: SchemeChoice
  private let nonlocal: (any NonlocalSource)?
  private var saved: SavedRefinement
  private var pending: SavedLevel?
  private var levels: [DomainSolution.Level] = []

  /// - Parameter resumed: where an interrupted run of the same problem stood.
  init(_ problem: Problem, usesReference: Bool, resumed: SavedRefinement? = nil) throws {
    self.problem = problem
    let isBackward = problem.conditions.contains {
      if case .face(problem.marching, _, let isUpper) = $0.location { isUpper } else { false }
    }
    plan = SamplingPlan(problem, isBackward: isBackward, usesReference: usesReference)
    choice = SchemeChoice(problem)
    nonlocal = try GridIntegralSource(problem)
    saved = resumed ?? SavedRefinement(problem: problem.resolvedYAML())
    pending = saved.current
    saved.current = nil
  }

  var probes: [SamplingPlan.Probe] { plan.probes }

  func requireStart() throws {
    let families = try choice.families()
    let grid = try choice.fixedGrid()?.grid ?? families[0].grid(1)
    if problem.kind == .evolution {
      let lines = try LinesProblem(problem, axes: smallest(grid, families), nonlocal: nonlocal)
      _ = try lines.makeIntegration(try lines.initialState(), rows: [])
      _ = try lines.makeSampler(plan.space)
    } else {
      let elliptic = try EllipticProblem(
        problem, axes: smallest(grid, families), nonlocal: nonlocal)
      _ = try elliptic.makeSampler(plan.space)
      _ = try elliptic.guess()
    }
  }

  /// A fixed grid may be large: the equations are looked at on the coarsest.
  private func smallest(_ grid: [AxisSpec], _ families: [GridFamily]) -> [AxisSpec] {
    let product = grid.reduce(1.0) { $0 * Double($1.points) }
    return product <= 10_000 ? grid : families[families.count - 1].grid(1)
  }

  func solve(_ progress: Progress, isCancelled: @escaping () -> Bool) throws -> DomainSolution {
    let evolution = EvolutionLevel(
      problem: problem, plan: plan, nonlocal: nonlocal, progress: progress,
      isCancelled: isCancelled)
    let elliptic = EllipticLevel(
      problem, plan, nonlocal: nonlocal, progress: progress, isCancelled: isCancelled)
    let isEvolution = problem.kind == .evolution
    let fixed = try choice.fixedGrid()
    let refinement = Refinement<LevelSolution>(
      families: try choice.families(), goal: goal(isFixed: fixed != nil),
      refuse: try GridRefusal(problem, nonlocal: nonlocal).reason,
      solve: { [self] level in
        try answer(level) { saved in
          isEvolution ? try evolution.solve(level, saved) : try elliptic.solve(level)
        }
      })
    let result =
      try fixed.map { try refinement.runFixed($0.grid, coarser: $0.coarser) } ?? refinement.run()
    return solution(result, isFixed: fixed != nil)
  }

  private func goal(isFixed: Bool) -> Refinement<LevelSolution>.Goal {
    let settings = problem.solve
    // Without error control there is no tolerance that an error in time would follow.
    let hasTime = problem.kind == .evolution && settings.step == nil
    let isLoose = settings.rtol > settings.accuracy / 10
    return .init(
      accuracy: settings.accuracy, rtol: isFixed || !isLoose ? settings.rtol : nil,
      hasTime: hasTime)
  }

  /// Takes a finished solve from the interrupted run, or solves.
  private func answer(
    _ level: RefinementLevel, _ solve: (SavedLevel?) throws -> EvolutionLevel.Solved
  ) throws -> LevelAnswer<LevelSolution> {
    if level.number <= saved.finished.count {
      let known = saved.finished[level.number - 1]
      if known.grid == level.gridText, known.rtol == level.rtol {
        levels.append(.init(level: level, counts: known.solution.counts))
        return known.answer
      }
      saved.finished.removeLast(saved.finished.count - level.number + 1)
    }
    let (answer, stopped) = try solve(pending)
    pending = nil
    levels.append(.init(level: level, counts: answer.solution.counts))
    if answer.ending == .stopped {
      saved.current = stopped
    } else if problem.kind == .evolution {
      // An elliptic solve starts from the one before: a resumed run makes them all again.
      saved.finished.append(.init(level, answer))
    }
    return answer
  }

  private func solution(_ result: RefinementResult<LevelSolution>, isFixed: Bool)
    -> DomainSolution
  {
    var solution = DomainSolution.empty(problem)
    if let best = result.solution {
      solution.rows = best.rows
      solution.isComplete = result.isComplete
      solution.probes = best.probes
      solution.method = best.method
    }
    solution.levels = levels
    solution.best = result.level
    for level in levels { solution.counts += level.counts }
    solution.estimates = result.estimates.map { estimates in
      zip(problem.unknowns, estimates).map { (unknown: $0, relative: $1) }
    }
    let words = FieldWords(problem: problem, result: result, levels: levels)
    switch result.ending {
    case .met: solution.message = words.reached
    case .notMet(let why):
      solution.outcome = .failed
      solution.message = words.partial(why)
    case .stopped:
      solution.outcome = .stopped
      solution.message = words.stopped
      solution.saved = saved
    }
    solution.warnings = warnings(result, isFixed: isFixed)
    return solution
  }

  private func warnings(_ result: RefinementResult<LevelSolution>, isFixed: Bool) -> [String] {
    var warnings: [String] = []
    let accuracy = problem.solve.accuracy
    if isFixed, result.ending == .met {
      if let worst = result.estimates?.max(), worst > accuracy {
        warnings.append(
          "the estimated error \(short(worst)) is above solve.accuracy \(short(accuracy)): "
            + "solve.grid fixes the grid; remove it, or write more points")
      } else if result.estimates == nil {
        warnings.append("there is no error estimate: no coarser grid could be solved on")
      }
    }
    if problem.kind == .evolution, problem.solve.step != nil {
      warnings.append("the error in time of the fixed solve.step is not part of estimated_error")
    }
    return warnings
  }
}

/// What is said of a refinement, for people.
struct FieldWords {
  let problem: Problem
  let result: RefinementResult<LevelSolution>
  let levels: [DomainSolution.Level]

  var reached: String {
    let grid = result.level?.gridText ?? ""
    return "\(place(result.solution?.t)) on \(grid)\(estimate)"
  }

  func partial(_ why: String) -> String {
    guard let level = result.level else { return why }
    if result.isComplete {
      return "\(why); partial: the rows are those of \(level.gridText)\(estimate)"
    }
    guard let solution = result.solution, solution.rows.rowCount > 0 else { return why }
    return "\(why); partial: rows up to there were written, of \(level.gridText)"
  }

  var stopped: String {
    guard let last = levels.last else { return "stopped before the first grid" }
    var words = "stopped at level \(last.level.number), on \(last.level.gridText)"
    if result.isComplete, let level = result.level {
      words += "; partial: the rows are those of \(level.gridText)\(estimate)"
    } else if let solution = result.solution, let name = problem.marching {
      words +=
        " at \(name) = \(NumberText.text(solution.t)); partial: rows up to there were written"
    }
    return words
  }

  private func place(_ t: Double?) -> String {
    guard let t, let name = problem.marching else { return "solved" }
    return "reached \(name) = \(NumberText.text(t))"
  }

  private var estimate: String {
    guard let worst = result.estimates?.max() else { return "" }
    return ", estimated error \(short(worst))"
  }
}

/// Two digits, for people.
func short(_ number: Double) -> String { NumberText.text(number, digits: 2) }

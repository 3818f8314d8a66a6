/// Solves on finer and finer grids until the estimated error is what was asked for.
///
/// The error in space is estimated by the distance of neighbouring grids and the law by which it is
/// seen to fall; the error in time by the distance of two tolerances on one grid. Both are relative
/// to the largest value of an unknown, the largest over the places of comparison, and add up.
///
/// Which solve comes next depends on earlier answers alone, never on the clock: the same problem
/// takes the same solves everywhere, and a run that is resumed asks for the same ones again.
///
/// - Source: Richardson, Phil. Trans. A 210 (1911) 307, for the estimate from neighbouring grids.
public final class Refinement<Solution> {
  /// What is wanted.
  public struct Goal: Sendable, Equatable {
    /// The relative error to be met.
    public var accuracy: Double
    /// Tolerance of the integration at most; a fiftieth of the accuracy if nil.
    public var rtol: Double?
    /// Whether solutions have an error in time that a tolerance controls.
    public var hasTime: Bool

    /// Makes a goal.
    public init(accuracy: Double, rtol: Double? = nil, hasTime: Bool) {
      self.accuracy = accuracy
      self.rtol = rtol
      self.hasTime = hasTime
    }
  }

  /// Solves on a level.
  public typealias Solve = (RefinementLevel) throws -> LevelAnswer<Solution>
  /// Says why a grid cannot be had, such as memory; nil if it can.
  public typealias Refuse = ([AxisSpec]) -> String?

  /// Tolerances below this ask for more digits than a double has.
  static var tightest: Double { 1e-13 }
  /// Tolerance where only the shape of the solution is wanted.
  static var coarsest: Double { 1e-4 }

  let goal: Goal
  let refuse: Refuse
  private let families: [GridFamily]
  private let solve: Solve
  private var solveCount = 0
  /// Tolerance of the finest levels.
  var rtol: Double
  private var best: (level: RefinementLevel, solution: Solution, estimates: [Double]?)?
  /// The last complete solution.
  private var seen: SampledSolution?
  private var partial: (level: RefinementLevel, solution: Solution)?

  /// Prepares the refinement.
  ///
  /// - Parameters:
  ///   - families: grids to try, one family after the other.
  ///   - refuse: asked before each grid.
  ///   - solve: called for each solve; what it throws ends the refinement.
  public init(
    families: [GridFamily], goal: Goal, refuse: @escaping Refuse = { _ in nil },
    solve: @escaping Solve
  ) {
    precondition(!families.isEmpty, "no grids to refine")
    precondition(goal.accuracy > 0, "an accuracy of \(goal.accuracy)")
    self.families = families
    self.goal = goal
    self.refuse = refuse
    self.solve = solve
    rtol = max(Self.tightest, min(goal.rtol ?? .infinity, goal.accuracy / 50))
  }

  /// Refines until the accuracy is met or cannot be.
  public func run() throws -> RefinementResult<Solution> {
    var reason = ""
    for family in families {
      for family in graded(family) + [family] {
        switch try RefinementLadder(self, family).climb() {
        case .met: return result(.met)
        case .stopped: return result(.stopped)
        case .gaveUp(let why, let isFinal):
          reason = why
          if isFinal { return result(.notMet(reason)) }
        }
      }
    }
    return result(.notMet(reason))
  }

  /// The family with nodes clustered where coarse solutions were steep; empty where they were not.
  private func graded(_ family: GridFamily) -> [GridFamily] {
    guard family.axes.count == 1, case .difference = family.axes[0].scheme,
      family.axes[0].grading == nil, let seen,
      let grading = SteepPlaces.grading(seen, along: family.axes[0].name)
    else { return [] }
    var graded = family
    graded.axes[0].grading = grading
    return [graded]
  }

  /// Solves on one given grid, and on a coarser one for the estimate; nothing is refined.
  ///
  /// The coarser grid's tolerance is ten times as loose, so that the distance shows both errors;
  /// as one distance does not show how they fall, order 2 is assumed.
  /// - Parameter coarser: the coarser grid; nil where there is none.
  public func runFixed(_ grid: [AxisSpec], coarser: [AxisSpec]?) throws -> RefinementResult<
    Solution
  > {
    if let why = refuse(grid) { return result(.notMet(why)) }
    rtol = goal.rtol ?? rtol
    var below: LevelAnswer<Solution>?
    if let coarser {
      let answer = try ask(coarser, min(10 * rtol, 1e-2), .scout)
      if answer.ending == .stopped { return result(.stopped) }
      if answer.ending == .complete { below = answer }
    }
    let answer = try ask(grid, rtol, .level)
    switch answer.ending {
    case .stopped: return result(.stopped)
    case .failed(let why): return result(.notMet(why))
    case .complete: break
    }
    keep(answer, below.map { $0.comparison.distances(to: answer.comparison).map { $0 / 3 } })
    return result(.met)
  }

  /// One solve.
  func ask(
    _ grid: [AxisSpec], _ rtol: Double, _ purpose: RefinementLevel.Purpose, method: String? = nil
  ) throws -> LevelAnswer<Solution> {
    solveCount += 1
    let level = RefinementLevel(
      number: solveCount, axes: grid, rtol: rtol, purpose: purpose, method: method)
    let answer = try solve(level)
    lastLevel = level
    switch answer.ending {
    case .complete:
      seen = answer.comparison
      if best == nil { best = (level, answer.solution, nil) }
    case .failed, .stopped: partial = (level, answer.solution)
    }
    return answer
  }

  /// The last solve; asked for only after one.
  private(set) var lastLevel = RefinementLevel(number: 0, axes: [], rtol: 0, purpose: .level)

  /// Replaces the estimates of the answer by those that include the error in time.
  func settle(
    _ level: RefinementLevel, _ answer: LevelAnswer<Solution>, _ estimates: [Double]
  ) {
    best = (level, answer.solution, estimates)
  }

  /// Raises the best estimates to distances that finer grids still show.
  func doubt(_ distances: [Double]) {
    guard let estimates = best?.estimates else { return }
    best?.estimates = zip(estimates, distances).map(max)
  }

  /// Keeps the answer just given as the best so far, unless a better estimate is known.
  func keep(_ answer: LevelAnswer<Solution>, _ estimates: [Double]?) {
    let level = lastLevel
    if let known = best?.estimates?.max(), let new = estimates?.max(), known < new { return }
    if estimates == nil, best?.estimates != nil { return }
    best = (level, answer.solution, estimates)
  }

  private func result(_ ending: RefinementResult<Solution>.Ending) -> RefinementResult<Solution> {
    if let best {
      return RefinementResult(
        ending: ending, level: best.level, solution: best.solution, isComplete: true,
        estimates: best.estimates)
    }
    return RefinementResult(
      ending: ending, level: partial?.level, solution: partial?.solution, isComplete: false,
      estimates: nil)
  }
}

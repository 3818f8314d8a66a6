/// How a boundary-value problem was solved, and how well.
public struct BoundaryValueReport: Sendable {
  /// How it ended.
  public enum Outcome: Sendable, Equatable {
    /// Solved; the estimate meets the target, or the mesh was fixed.
    case reached
    /// Solved, but the estimate does not meet the target.
    case inaccurate
    /// Not solved: the numbers are those of the last iteration.
    case failed
    /// It was told to stop.
    case stopped
  }

  public var outcome = Outcome.reached
  /// A sentence for people; says what to do where it failed.
  public var message = ""
  /// Mesh intervals of the solution.
  public var intervals = 0
  /// Gauss points in each.
  public var stages = 0
  /// Meshes on which the equations were solved.
  public var meshes = 0
  public var newtonIterations = 0
  /// Evaluations of all equations at a point, and of integrands.
  public var evaluations = 0
  public var jacobians = 0
  public var factorizations = 0
  /// Continuation steps, where the way to the solution needed them.
  public var continuationSteps = 0
  /// Unknown to its estimated error, relative to its largest value; empty where nothing was solved.
  public var estimatedErrors: [String: Double] = [:]
  /// Whether every estimate is at most `solve.accuracy`.
  public var accuracyMet = false

  mutating func count(_ counts: NewtonCounts) {
    newtonIterations += counts.iterations
    evaluations += counts.evaluations
    jacobians += counts.jacobians
    factorizations += counts.factorizations
  }
}

/// Where a solve stands.
public struct BoundaryValueProgress: Sendable {
  /// Intervals of the mesh that is being solved on.
  public var intervals: Int
  /// Newton iterations so far, on all meshes.
  public var newtonIterations: Int
  /// The largest estimate of the last solution, where there is one.
  public var estimatedError: Double?
  /// The parameter that moves, and where it is.
  public var continuation: (parameter: String, value: Double)?
}

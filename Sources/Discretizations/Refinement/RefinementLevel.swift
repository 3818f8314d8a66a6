/// One solve that a refinement asks for.
public struct RefinementLevel: Sendable, Equatable {
  /// What the solve is for.
  public enum Purpose: String, Sendable, Equatable {
    /// To see how smooth the solution is.
    case scout
    /// To be compared with coarser and finer ones.
    case level
    /// To see the error of the integration in time.
    case time
  }

  /// Counts the solves of a refinement, from 1.
  public var number: Int
  /// The space variables; empty for a problem without any.
  public var axes: [AxisSpec]
  /// Tolerance of the integration.
  public var rtol: Double
  /// What the solve is for.
  public var purpose: Purpose
  /// The method to integrate with, where tolerances of one method are compared; nil: the best.
  public var method: String?

  /// Makes a level.
  public init(
    number: Int, axes: [AxisSpec], rtol: Double, purpose: Purpose, method: String? = nil
  ) {
    self.number = number
    self.axes = axes
    self.rtol = rtol
    self.purpose = purpose
    self.method = method
  }

  /// The grid for people: `201 points (difference6)`, `64 × 64 points (fourier)`.
  public var gridText: String {
    let points = axes.map { "\($0.points)" }.joined(separator: " × ") + " points"
    let kinds = axes.map { axis in
      let near = axis.grading.map { $0.near.map(NumberWords.short).joined(separator: ", ") }
      return axis.scheme.name + (near.map { ", graded near \($0)" } ?? "")
    }
    if Set(kinds).count == 1 { return "\(points) (\(kinds[0]))" }
    let each = zip(axes, kinds).map { "\($0.name): \($1)" }.joined(separator: ", ")
    return "\(points) (\(each))"
  }
}

/// What a solve answers to a refinement.
public struct LevelAnswer<Solution> {
  /// How a solve ended.
  public enum Ending: Equatable {
    case complete
    /// For a numerical reason, in a sentence.
    case failed(String)
    /// Because it was told to.
    case stopped
  }

  /// How it ended.
  public var ending: Ending
  /// The unknowns where levels are compared, of the whole domain if the solve is complete.
  public var comparison: SampledSolution
  /// Sizes of the last spectral coefficients by unknown, relative to the largest; empty if there
  /// are none.
  public var tails: [Double]
  /// The method of the integration; nil where there is none.
  public var method: String?
  /// What the caller wants of the finest level.
  public var solution: Solution

  /// Makes an answer.
  public init(
    ending: Ending, comparison: SampledSolution, tails: [Double] = [], method: String? = nil,
    solution: Solution
  ) {
    self.ending = ending
    self.comparison = comparison
    self.tails = tails
    self.method = method
    self.solution = solution
  }
}

/// How a refinement ended, and its best solution.
public struct RefinementResult<Solution> {
  /// How it ended.
  public enum Ending: Equatable {
    /// The estimated error is at most the accuracy asked for.
    case met
    /// It is not, or not shown to be; why, and what to do, in a sentence.
    case notMet(String)
    /// It was told to stop.
    case stopped
  }

  /// How it ended.
  public var ending: Ending
  /// Where ``solution`` comes from; nil where no solve gave anything.
  public var level: RefinementLevel?
  /// The solution with the smallest estimated error; else the one that came furthest.
  public var solution: Solution?
  /// Whether ``solution`` covers the whole domain.
  public var isComplete: Bool
  /// Relative error by unknown, in the order of the comparison's columns; nil where nothing finer
  /// or coarser was there to compare with.
  public var estimates: [Double]?
}

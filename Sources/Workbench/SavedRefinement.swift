import Discretizations
import Problems

/// What an interrupted refinement leaves behind: its finished solves, and the one under way.
///
/// A resumed run asks for the same solves in the same order, and takes the finished ones from here.
struct SavedRefinement: Codable {
  /// A finished solve.
  struct Finished: Codable {
    var grid: String
    var rtol: Double
    /// Nil where it is complete.
    var failure: String?
    var comparison: SampledSolution
    var tails: [Double]
    var solution: LevelSolution

    init(_ level: RefinementLevel, _ answer: LevelAnswer<LevelSolution>) {
      grid = level.gridText
      rtol = level.rtol
      if case .failed(let why) = answer.ending { failure = why }
      comparison = answer.comparison
      tails = answer.tails
      solution = answer.solution
    }

    var answer: LevelAnswer<LevelSolution> {
      LevelAnswer(
        ending: failure.map { .failed($0) } ?? .complete, comparison: comparison, tails: tails,
        solution: solution)
    }
  }

  /// The resolved problem: a run goes on only with the same one.
  var problem: String
  var finished: [Finished] = []
  /// The level under way; nil where it has to start anew.
  var current: SavedLevel?
}

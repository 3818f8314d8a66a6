import Discretizations
import Expressions
import Integrators
import Numerics
import Problems

/// What a level of a refinement hands on beside its comparison.
struct LevelSolution: Sendable, Codable {
  /// Rows of `trajectory.csv`.
  var rows: SampledSolution
  /// Values of the unknowns at the plan's probes, `[unknown][probe]`; NaN where none was reached.
  var probes: [[Double]]
  var method: String
  /// Where it ended.
  var t: Double
  var counts: WorkCounts
}

/// What was done.
struct WorkCounts: Sendable, Codable {
  var steps = 0
  var rejected = 0
  var evaluations = 0
  var jacobians = 0
  var factorizations = 0

  init() {}

  init(_ report: SolveReport) {
    steps = report.steps
    rejected = report.rejected
    evaluations = report.counts.evaluations
    jacobians = report.counts.jacobians
    factorizations = report.counts.factorizations
  }

  static func += (sum: inout WorkCounts, other: WorkCounts) {
    sum.steps += other.steps
    sum.rejected += other.rejected
    sum.evaluations += other.evaluations
    sum.jacobians += other.jacobians
    sum.factorizations += other.factorizations
  }
}

/// A level that was interrupted on its way.
struct SavedLevel: Codable {
  var checkpoint: Checkpoint
  var recorder: FieldRecorder.State
}

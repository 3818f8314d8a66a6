import Flows

/// What trainings one after the other add up to: their steps, passes and time.
struct TrainingWork: Codable {
  var steps = 0
  var rejected = 0
  var evaluations = 0
  var jacobians = 0
  var factorizations = 0
  var rounds = 0
  var seconds = 0.0

  init() {}

  /// What one training took.
  init(_ report: TrainingReport) {
    (steps, rejected, evaluations) = (report.steps, report.rejected, report.evaluations)
    (jacobians, factorizations) = (report.jacobians, report.factorizations)
    (rounds, seconds) = (report.rounds, report.seconds)
  }

  static func += (sum: inout TrainingWork, part: TrainingWork) {
    sum.steps += part.steps
    sum.rejected += part.rejected
    sum.evaluations += part.evaluations
    sum.jacobians += part.jacobians
    sum.factorizations += part.factorizations
    sum.rounds += part.rounds
    sum.seconds += part.seconds
  }

  /// A row of the training that comes after this work, counted from the start of all.
  func before(_ row: TrainingRow) -> TrainingRow {
    var row = row
    row.step += steps
    row.evaluations += evaluations
    row.seconds += seconds
    return row
  }

  /// The event of such a row.
  func before(_ event: TrainingEvent) -> TrainingEvent {
    switch event {
    case .start(let row): .start(before(row))
    case .step(let row): .step(before(row))
    case .reject(let row): .reject(before(row))
    case .resample(let round, let row): .resample(round: round, before(row))
    case .checkpoint, .stop: event
    }
  }

  /// The report of all, from that of the training that comes after this work.
  func before(_ last: TrainingReport) -> TrainingReport {
    var sum = self
    sum += TrainingWork(last)
    var report = last
    (report.steps, report.rejected, report.evaluations) = (sum.steps, sum.rejected, sum.evaluations)
    (report.jacobians, report.factorizations) = (sum.jacobians, sum.factorizations)
    (report.rounds, report.seconds) = (sum.rounds, sum.seconds)
    return report
  }
}

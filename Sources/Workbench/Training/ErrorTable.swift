import Flows
import Reports

/// `errors.csv` of a training with a truth: the relative error of each unknown as it is learned.
///
/// It is measured at the start, then at steps a tenth further each time, later where measuring would
/// take more than a fiftieth of the training's time, and at the end. With windows it is the error in
/// the present one. Where the truth is 0 throughout it is the largest difference.
final class ErrorTable: GrowingTable {
  static let fileName = "errors.csv"
  /// The part of the training's time that measuring may take.
  private static let share = 0.02

  private var due = 0
  private var last = -1
  private var spent = 0.0

  /// - Returns: nil where there is no truth.
  init?(_ truth: LearnedTruth, _ folder: RunFolder) throws(ReportError) {
    guard truth.isKnown else { return nil }
    try super.init(
      folder, ErrorTable.fileName, columns: ["step", "tau", "seconds"] + truth.unknowns)
  }

  /// Measures the error after a step, where it is time to.
  ///
  /// - Parameters:
  ///   - isForced: whether it is measured whatever it costs.
  ///   - measure: gives the relative error of each unknown of the table.
  func row(_ row: TrainingRow, isForced: Bool = false, _ measure: () -> [Double]) {
    guard row.step > last, isForced || row.step >= due && spent <= ErrorTable.share * row.seconds
    else { return }
    let started = Clock.now
    append(Double(row.step))
    append(row.tau)
    append(row.seconds)
    for error in measure() { append(error) }
    endRow()
    spent += Clock.now - started
    last = row.step
    due = max(row.step + 1, Int((1.1 * Double(row.step)).rounded(.up)))
  }
}

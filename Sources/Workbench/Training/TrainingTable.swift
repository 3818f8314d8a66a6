import Flows
import Reports

/// `training.csv` of a run, written as the steps come.
///
/// A hook cannot throw: the first failure is kept, and the run stops at it.
final class TrainingTable {
  static let fileName = "training.csv"

  private let writer: CSVWriter
  private(set) var failure: ReportError?
  /// Seconds between the moments at which someone who watches the file sees new rows.
  private static let shown = 0.5
  private var handedOver = Clock.now
  /// Rows so far, those of a run that is resumed included.
  private(set) var rowCount = 0

  /// - Parameter blocks: names of the residual blocks.
  init(_ folder: RunFolder, blocks: [String]) throws(ReportError) {
    writer = try CSVWriter(
      folder.file(TrainingTable.fileName),
      columns: [
        "step", "accepted", "tau", "h", "error", "loss", "gradient_norm", "evaluations", "seconds",
      ] + TrainingTable.distinct(blocks))
  }

  /// Names that differ: a second `u = 0` becomes `u = 0 (2)`.
  static func distinct(_ names: [String]) -> [String] {
    var seen: [String: Int] = [:]
    return names.map { name in
      let count = seen[name, default: 0] + 1
      seen[name] = count
      return count == 1 ? name : "\(name) (\(count))"
    }
  }

  /// Writes a step, accepted or rejected.
  func row(_ row: TrainingRow) {
    attempt { () throws(ReportError) in
      writer.append(Double(row.step))
      writer.append(row.isAccepted ? 1 : 0)
      append(row.tau)
      append(row.h)
      append(row.error)
      append(row.loss)
      append(row.gradientNorm)
      writer.append(Double(row.evaluations))
      append(row.seconds)
      for loss in row.blocks { append(loss) }
      try writer.endRow()
      rowCount += 1
      if Clock.now - handedOver > TrainingTable.shown {
        try writer.flush()
        handedOver = Clock.now
      }
    }
  }

  /// A rejected step may have no finite loss: an empty field.
  private func append(_ number: Double) {
    if number.isFinite { writer.append(number) } else { writer.appendMissing() }
  }

  /// Hands the rows so far to the system, so that a checkpoint does not run ahead of them.
  func flush() { attempt { () throws(ReportError) in try writer.flush() } }

  /// Takes over the first rows of a run that is resumed.
  func copyRows(of run: String, count: Int) {
    attempt { () throws(ReportError) in
      // A run that was killed left its table under the temporary name.
      let path = "\(run)/\(TrainingTable.fileName)"
      let isWhole = FileBytes.exists(path)
      try writer.appendRows(ofTable: isWhole ? path : path + ".partial", limit: count)
      rowCount = count
    }
  }

  private func attempt(_ write: () throws(ReportError) -> Void) {
    guard failure == nil else { return }
    do { try write() } catch { failure = error }
  }

  /// Puts the file in its place; the rows up to a failure are kept.
  ///
  /// - Throws: the first failure.
  func finish() throws(ReportError) {
    var first = failure
    do { try writer.finish() } catch { first = first ?? error }
    if let first { throw first }
  }
}

import Flows
import Reports

/// `training.csv` of a run: a row a step, accepted or rejected.
final class TrainingTable: GrowingTable {
  static let fileName = "training.csv"

  /// - Parameter blocks: names of the residual blocks.
  init(_ folder: RunFolder, blocks: [String]) throws(ReportError) {
    let columns = [
      "step", "accepted", "tau", "h", "error", "loss", "gradient_norm", "evaluations", "seconds",
    ]
    try super.init(
      folder, TrainingTable.fileName, columns: columns + TrainingTable.distinct(blocks))
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

  /// Writes a step; of a rejected one the loss may not be finite.
  func row(_ row: TrainingRow) {
    append(Double(row.step))
    append(row.isAccepted ? 1 : 0)
    append(row.tau)
    append(row.h)
    append(row.error)
    append(row.loss)
    append(row.gradientNorm)
    append(Double(row.evaluations))
    append(row.seconds)
    for loss in row.blocks { append(loss) }
    endRow()
  }
}

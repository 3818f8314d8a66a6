import Reports

/// A table of a run that is written while a training goes on.
///
/// A hook cannot throw: the first failure is kept, and the run stops at it.
class GrowingTable {
  private let writer: CSVWriter
  private(set) var failure: ReportError?
  /// Seconds between the moments at which someone who watches the file sees new rows.
  private static let shown = 0.5
  private var handedOver = Clock.now
  /// Rows so far, those of a run that is resumed included.
  private(set) var rowCount = 0
  private let name: String

  init(_ folder: RunFolder, _ name: String, columns: [String]) throws(ReportError) {
    self.name = name
    writer = try CSVWriter(folder.file(name), columns: columns)
  }

  /// Writes the next field of a row; a number that is not finite becomes an empty one.
  final func append(_ number: Double) {
    guard failure == nil else { return }
    if number.isFinite { writer.append(number) } else { writer.appendMissing() }
  }

  /// Ends a row.
  final func endRow() {
    attempt { () throws(ReportError) in
      try writer.endRow()
      rowCount += 1
      if Clock.now - handedOver > GrowingTable.shown {
        try writer.flush()
        handedOver = Clock.now
      }
    }
  }

  /// Hands the rows so far to the system, so that a checkpoint does not run ahead of them.
  final func flush() { attempt { () throws(ReportError) in try writer.flush() } }

  /// Takes over the first rows of a run that is resumed.
  final func copyRows(of run: String, count: Int) {
    attempt { () throws(ReportError) in
      // A run that was killed left its table under the temporary name.
      let path = "\(run)/\(name)"
      try writer.appendRows(
        ofTable: FileBytes.exists(path) ? path : path + ".partial", limit: count)
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
  final func finish() throws(ReportError) {
    var first = failure
    do { try writer.finish() } catch { first = first ?? error }
    if let first { throw first }
  }
}

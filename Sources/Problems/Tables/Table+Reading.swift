extension Table {
  /// Reads a CSV file whose columns are all numbers.
  ///
  /// - Throws: ``ProblemUnreadable``, or ``ProblemFaults`` with the row and column of each fault.
  public static func read(path: String) throws -> Table { try read(path: path, label: nil).table }

  /// Reads a CSV file whose columns are all numbers but one.
  ///
  /// - Parameter label: the column that is text, where there is one of that name.
  /// - Returns: the table without that column, and its texts; empty where there is none.
  public static func read(path: String, label: String?) throws -> (table: Table, labels: [String]) {
    let bytes = try SourceText.contents(of: path)
    let log = FaultLog()
    var text = TableText(name: path, bytes: bytes.filter { $0 != 0 })
    let place = label.flatMap { text.header.firstIndex(of: $0) }
    let numeric = text.header.indices.filter { $0 != place }
    let columns = numeric.map { text.header[$0] }
    let (values, labels) = text.read(numeric: numeric, label: place, log)
    if log.errorCount > 0 { throw ProblemFaults(diagnostics: log.sorted) }
    return (Table(columns: columns, values: values), labels)
  }
}

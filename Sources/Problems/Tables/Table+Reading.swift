extension Table {
  /// Reads a CSV file whose columns are all numbers.
  ///
  /// - Throws: ``ProblemUnreadable``, or ``ProblemFaults`` with the row and column of each fault.
  public static func read(path: String) throws -> Table {
    let bytes = try SourceText.contents(of: path)
    let log = FaultLog()
    var text = TableText(name: path, bytes: bytes.filter { $0 != 0 })
    let columns = text.header
    let (values, _) = text.read(numeric: Array(columns.indices), log)
    if log.errorCount > 0 { throw ProblemFaults(diagnostics: log.sorted) }
    return Table(columns: columns, values: values)
  }
}

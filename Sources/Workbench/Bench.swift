import Reports

/// Runs `cauchy bench`.
public struct BenchWorkflow {
  private let options: BenchOptions

  /// Makes the workflow of the options given.
  public init(_ options: BenchOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    do {
      let tables = try chosen()
      try BenchProblem.requireGallery()
      let machine = MachineDescription.current()
      if !options.json { try Console.print(machine.line) }
      var measured: [JSONValue] = []
      for table in tables {
        let text = BenchText(table)
        if !options.json { try Console.print(text.heading) }
        let rows = try table.measure(options) { row in
          if !options.json { try Console.print(text.line(row)) }
        }
        measured.append(json(table, rows))
      }
      if options.json { try Console.print(json(machine, measured).rendered) }
      return .success
    } catch {
      return ErrorReport.tell(error, file: "bench")
    }
  }

  private func chosen() throws -> [BenchTable] {
    if options.tables.isEmpty { return BenchTable.all }
    return try options.tables.map { name in
      if let table = BenchTable.all.first(where: { $0.name == name }) { return table }
      let names = BenchTable.all.map(\.name).joined(separator: ", ")
      throw UsageFault(description: "there is no table '\(name)'; the tables are \(names)")
    }
  }

  private func json(_ table: BenchTable, _ rows: [BenchRow]) -> JSONValue {
    .object([
      ("table", .text(table.name)), ("about", .text(table.about)),
      ("rows", .list(rows.map(\.json))),
    ])
  }

  private func json(_ machine: MachineDescription, _ tables: [JSONValue]) -> JSONValue {
    .object([
      ("version", .text(Release.version)), ("machine", machine.json),
      ("repeats", .integer(options.repeats)), ("tables", .list(tables)),
    ])
  }
}

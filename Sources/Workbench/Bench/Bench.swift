import Reports

/// Runs `cauchy bench`.
public struct BenchWorkflow {
  private let options: BenchOptions

  /// Makes the workflow of the options given.
  public init(_ options: BenchOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    Interrupt.install()
    do {
      let tables = try chosen()
      try BenchProblem.requireGallery()
      let machine = MachineDescription.current()
      if !options.json { try Console.print(machine.line) }
      var measured: [JSONValue] = []
      for table in tables where !Interrupt.isRequested {
        measured.append(json(table, try measure(table)))
      }
      let outcome = Interrupt.isRequested ? Outcome.stopped : .reached
      if options.json { try Console.print(json(machine, measured, outcome).rendered) }
      return outcome.exitStatus
    } catch {
      return ErrorReport.tell(error, file: "bench")
    }
  }

  /// The rows of a table, each printed as soon as it is known; where the user ends it, those so far.
  private func measure(_ table: BenchTable) throws -> [BenchRow] {
    let text = BenchText(table)
    if !options.json { try Console.print(text.heading) }
    var rows: [BenchRow] = []
    do {
      try table.body(options) { row in
        rows.append(row)
        if !options.json { try Console.print(text.line(row)) }
        try BenchInterrupted.check()
      }
    } catch is BenchInterrupted {}
    return rows
  }

  /// The tables named, or with rows that are; all that do not take hours where nothing is named.
  private func chosen() throws -> [BenchTable] {
    if options.tables.isEmpty { return BenchTable.all.filter { $0.group == nil } }
    let tables = BenchTable.all.filter { table in
      options.tables.contains(table.name) || table.group.map(options.tables.contains) == true
    }
    let rows = options.rows
    for row in rows where !tables.contains(where: { $0.rows.contains(row) }) {
      throw UsageFault(description: BenchWorkflow.unknown(row, tables))
    }
    return rows.isEmpty ? tables : tables.filter { !Set($0.rows).isDisjoint(with: rows) }
  }

  private static func unknown(_ name: String, _ tables: [BenchTable]) -> String {
    let rows = tables.flatMap(\.rows)
    if !rows.isEmpty {
      return "there is no row '\(name)'; the rows are \(rows.joined(separator: ", "))"
    }
    let names = BenchTable.names.joined(separator: ", ")
    return "there is no table '\(name)'; the tables are \(names)"
  }

  private func json(_ table: BenchTable, _ rows: [BenchRow]) -> JSONValue {
    .object([
      ("table", .text(table.name)), ("about", .text(table.about)),
      ("rows", .list(rows.map(\.json))),
    ])
  }

  private func json(
    _ machine: MachineDescription, _ tables: [JSONValue], _ outcome: Outcome
  ) -> JSONValue {
    .object([
      ("version", .text(Release.version)), ("machine", machine.json),
      ("repeats", .integer(options.repeats)), ("outcome", .text(outcome.rawValue)),
      ("tables", .list(tables)),
    ])
  }
}

/// The user ended the measurements: what was under way is no row.
struct BenchInterrupted: Error {
  /// - Throws: itself, where the user wants an end.
  static func check() throws {
    if Interrupt.isRequested { throw BenchInterrupted() }
  }
}

extension BenchTable {
  /// What can be measured, by name; a group stands before its tables.
  public static let names = all.reduce(into: [String]()) { names, table in
    if let group = table.group, !names.contains(group) { names.append(group) }
    if !names.contains(table.name) { names.append(table.name) }
  }
}

extension BenchOptions {
  /// The words that name rows, not tables.
  var rows: [String] { tables.filter { !BenchTable.names.contains($0) } }

  /// Whether a row is to be measured.
  func wants(_ row: String) -> Bool { rows.isEmpty || rows.contains(row) }

  /// Seeds of a training: three at most.
  var seeds: Int { min(max(repeats, 1), 3) }

  /// Threads that work.
  var workers: Int { threads ?? MachineDescription.usableCores }

  /// A training's time, cut short where that is asked for.
  func limited(_ time: Double) -> Double { min(time, seconds ?? time) }
}

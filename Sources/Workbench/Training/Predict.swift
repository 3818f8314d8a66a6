import Discretizations
import Numerics
import Problems
import Reports
import Residuals

/// Runs `cauchy predict`: a trained model at the points of a table.
public struct PredictWorkflow {
  private let options: PredictOptions

  /// Makes the workflow of the options given.
  public init(_ options: PredictOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    Interrupt.ignoreWriteSignals()
    do {
      if try ModelFile.problem(of: options.run).training == .trajectory {
        try predictTrajectories()
        return .success
      }
      let model = try LearnedModel(run: options.run)
      let table = try PointTable(path: options.points, model.problem)
      if !options.quiet { for warning in model.warnings { Console.complain(warning) } }
      if let warning = table.warning, !options.quiet { Console.complain(warning) }
      try write(table, model.names, model.values(at: table.points))
      return .success
    } catch {
      return ErrorReport.tell(error, file: options.run)
    }
  }

  /// A fit of trajectories, integrated to the times of the table.
  private func predictTrajectories() throws {
    let model = try FittedModel(run: options.run)
    let table = try PointTable(path: options.points, model.fit.problem, isLabelled: true)
    if let warning = table.warning, !options.quiet { Console.complain(warning) }
    if let lines = model.fit.lines {
      return try write(
        table, model.fit.problem.unknowns, FieldPlaces(model, lines).values(at: table.points))
    }
    let problem = try InitialValueProblem(model.formulas())
    let code = problem.makeCode(.auto)
    var values = problem.columnNames.map { _ in [Double](repeating: .nan, count: table.rowCount) }
    let labels = table.labels.isEmpty ? table.points.map { _ in "" } : table.labels
    for label in Set(labels).sorted() {
      guard let series = label.isEmpty ? 0 : model.trajectories.firstIndex(of: label) else {
        throw UsageFault(
          description: "\(options.points): the run has no trajectory '\(label)'; it has "
            + model.trajectories.prefix(20).joined(separator: ", "))
      }
      let rows = labels.indices.filter { labels[$0] == label }
      let isBackward = problem.end < problem.start
      let times = Set(rows.map { table.points[$0] }).sorted {
        isBackward ? $0 > $1 : $0 < $1
      }
      let states = try model.states(series, at: times, problem, code)
      let places = Dictionary(uniqueKeysWithValues: zip(times, states))
      for row in rows {
        guard let state = places[table.points[row]] else { continue }
        for column in values.indices { values[column][row] = state[column] }
      }
    }
    try write(table, problem.columnNames, values)
  }

  private func write(_ table: PointTable, _ names: [String], _ values: [[Double]]) throws {
    let kept = table.kept(beside: names)
    let labels = table.labels
    let columns = (labels.isEmpty ? [] : ["trajectory"]) + kept.map(\.name) + names
    if let path = options.out {
      let writer = try CSVWriter(path, columns: columns)
      let block = CSVRows(columns: columns.count)
      for row in 0..<table.rowCount {
        append(row, labels, kept, values, to: block)
        try writer.append(block)
        block.removeAll()
      }
      try writer.finish()
    } else {
      let rows = CSVRows(columns: columns.count)
      for column in columns { rows.append(column) }
      rows.endRow()
      for row in 0..<table.rowCount { append(row, labels, kept, values, to: rows) }
      try Console.print(String(rows.text.dropLast()))
    }
  }

  private func append(
    _ row: Int, _ labels: [String], _ kept: [(name: String, values: [Double])],
    _ values: [[Double]], to rows: CSVRows
  ) {
    if !labels.isEmpty { rows.append(labels[row]) }
    for column in kept { rows.append(column.values[row]) }
    for column in values {
      // Outside the domain an observable may have no value.
      if column[row].isFinite { rows.append(column[row]) } else { rows.appendMissing() }
    }
    rows.endRow()
  }
}

/// Points of a table, a column for each variable of a problem.
struct PointTable {
  private let table: Table
  /// Row by row, the variables in declared order.
  let points: [Double]
  /// The trajectory of each row; empty where the table names none.
  let labels: [String]
  /// What is to be said of points outside the domain; nil where there are none.
  let warning: String?

  var rowCount: Int { table.rowCount }

  /// - Throws: `ProblemUnreadable`, or `ProblemFaults` with the row and column of each fault.
  init(path: String, _ problem: Problem, isLabelled: Bool = false) throws {
    let (table, labels) = try Table.read(path: path, label: isLabelled ? "trajectory" : nil)
    self.labels = labels
    let count = table.rowCount
    let names = problem.variables.map(\.name)
    try PointTable.require(names, in: table.columns, path)
    let columns = names.map { table.column($0) ?? [] }
    var points: [Double] = []
    points.reserveCapacity(count * names.count)
    var outside: [Int] = []
    for row in 0..<count {
      for column in columns { points.append(column[row]) }
      if !zip(problem.variables, columns).allSatisfy({ $0.contains($1[row]) }) {
        outside.append(row)
      }
    }
    self.table = table
    self.points = points
    warning = outside.first.map { first in
      let place = zip(names, columns).map { "\($0) = \(NumberText.text($1[first]))" }
      return "\(path): warning: \(outside.count) of \(count) points lie outside the "
        + "domain, the first of them \(place.joined(separator: ", ")); nothing was learned there"
    }
  }

  private static func require(_ names: [String], in columns: [String], _ path: String) throws {
    let faults = names.compactMap { name -> Diagnostic? in
      let count = columns.count { $0 == name }
      if count == 1 { return nil }
      let all = names.joined(separator: ", ")
      return Diagnostic(
        file: path, line: 1, column: 1,
        message: "there \(count > 1 ? "are \(count) columns" : "is no column") '\(name)'",
        remedy: count > 1
          ? "leave all but one of them out" : "give every variable a column: \(all)")
    }
    if !faults.isEmpty { throw ProblemFaults(diagnostics: faults) }
  }

  /// The columns that go into the answer as they are: those that it does not have itself.
  func kept(beside names: [String]) -> [(name: String, values: [Double])] {
    zip(table.columns, table.values).filter { !names.contains($0.0) }
      .map { (name: $0.0, values: $0.1) }
  }
}

import Expressions

/// Tables that the file names: forcings, reference and data.
extension ProblemBuilder {
  /// Opens a table that must have the columns; reports what is missing.
  private func open(_ value: Declaration, columns: [String]) -> (text: TableText, path: String)? {
    guard let name = text(value, of: "file") else { return nil }
    let path = FilePath.resolve(name, in: problem.folder)
    let bytes: [UInt8]
    do {
      bytes = try SourceText.contents(of: path)
    } catch {
      log.error(value.place, "the file '\(name)' cannot be read: \(error.reason)", "check the path")
      return nil
    }
    if let zero = bytes.firstIndex(of: 0) {
      log.error(
        value.place, "the file '\(name)' is no CSV text: byte \(zero) is zero", "save it as text")
      return nil
    }
    let table = TableText(name: path, bytes: bytes)
    guard !table.header.isEmpty else {
      log.error(value.place, "the file '\(name)' is empty", "start it with a line of column names")
      return nil
    }
    var isComplete = true
    for column in columns where !table.header.contains(column) {
      isComplete = false
      table.report(
        header: nil, "the table has no column '\(column)'",
        NearestName.advice(column, among: table.header), log)
    }
    for (index, column) in table.header.enumerated()
    where table.header.firstIndex(of: column) != index {
      isComplete = false
      table.report(header: index, "the column '\(column)' is there twice", "rename one", log)
    }
    return isComplete ? (table, path) : nil
  }

  /// Reports numbers that lie outside a variable's interval; returns false if there are any.
  private func areInside(
    _ numbers: [Double], _ interval: Interval, _ table: TableText, _ column: Int
  ) -> Bool {
    guard let row = numbers.firstIndex(where: { !interval.contains($0) }) else { return true }
    table.report(
      row: row, column: column,
      "\(interval.name) = \(brief(numbers[row])) is outside \(shown(interval))",
      "remove the row, or widen the interval", log)
    return false
  }

  /// Reports the first number that does not follow the one before.
  private func areIncreasing(_ numbers: [Double], _ table: TableText, _ column: Int) -> Bool {
    guard let row = numbers.indices.dropFirst().first(where: { numbers[$0] <= numbers[$0 - 1] })
    else { return true }
    let isSame = numbers[row] == numbers[row - 1]
    let name = table.header[column]
    table.report(
      row: row, column: column,
      isSame
        ? "\(name) = \(brief(numbers[row])) is there twice"
        : "\(name) = \(brief(numbers[row])) follows \(brief(numbers[row - 1]))",
      isSame ? "keep one row for each \(name)" : "sort the rows by \(name)", log)
    return false
  }

  // MARK: Forcings

  func readForcings() {
    for entry in entries(section("forcing"), of: "forcing")
    where names.kind(of: entry.key) == .forcing {
      let known = entries(entry.value, of: entry.key, ["file", "column", "interpolate"])
      guard entry.value.entries != nil else { continue }
      guard let marching = problem.marching, let interval = problem.interval(marching) else {
        if hasAllVariables {
          log.error(
            entry.keyPlace, "a forcing depends on a variable that marches, and none does",
            "write it as a function")
        }
        continue
      }
      func value(_ key: String) -> Declaration? { known.first { $0.key == key }?.value }
      let kinds = Forcing.Interpolation.allCases.map(\.rawValue)
      let kind = value("interpolate").flatMap { word($0, of: "interpolate", among: kinds) }
      let column = value("column").map { text($0, of: "column") } ?? entry.key
      guard let file = value("file") else {
        if entry.value["file"] == nil {
          log.error(entry.keyPlace, "forcing '\(entry.key)' has no 'file'", "add file: table.csv")
        }
        continue
      }
      guard let column, let (path, times, values) = series(file, interval, column) else { continue }
      problem.forcings.append(
        Forcing(
          name: entry.key, file: path, column: column,
          interpolation: kind.flatMap { .init(rawValue: $0) } ?? .linear, times: times,
          values: values))
    }
  }

  private func series(_ file: Declaration, _ interval: Interval, _ column: String)
    -> (path: String, times: [Double], values: [Double])?
  {
    guard let opened = open(file, columns: [interval.name, column]),
      let time = opened.text.header.firstIndex(of: interval.name),
      let slot = opened.text.header.firstIndex(of: column)
    else { return nil }
    var table = opened.text
    let before = log.errorCount
    let values = table.read(numeric: [time, slot], log).values
    guard log.errorCount == before, areIncreasing(values[0], table, time) else { return nil }
    guard let first = values[0].first, let last = values[0].last, values[0].count > 1 else {
      table.report(header: nil, "a forcing needs at least two rows", "add rows", log)
      return nil
    }
    guard first <= interval.lower || interval.isLower(first),
      last >= interval.upper || interval.isUpper(last)
    else {
      table.report(
        row: first > interval.lower ? 0 : values[0].count - 1, column: time,
        "the forcing covers [\(brief(first)), \(brief(last))], not all of \(shown(interval))",
        "add rows, or shorten the interval", log)
      return nil
    }
    return (opened.path, values[0], values[1])
  }

  // MARK: Reference and data

  func readTables() {
    guard hasAllVariables else { return }
    readReference()
    readData()
  }

  private func readReference() {
    guard let section = section("reference") else { return }
    let known = entries(section, of: "reference", ["file", "accuracy"])
    let accuracy = known.first { $0.key == "accuracy" }.flatMap {
      positive($0.value, of: "accuracy")
    }
    guard let file = known.first(where: { $0.key == "file" })?.value else {
      reportNoFile(section, "reference")
      return
    }
    guard let points = points(file, isData: false) else { return }
    problem.reference = Reference(file: points.path, accuracy: accuracy, table: points.table)
  }

  func reportNoFile(_ section: Declaration, _ name: String) {
    guard section.entries != nil, section["file"] == nil else { return }
    log.error(section.place, "'\(name)' has no 'file'", "add file: table.csv")
  }

  /// A table of points and the text that faults in it are shown in.
  struct Points {
    var path: String
    /// All variables, then unknowns.
    var table: Table
    /// The label of each row; empty without such a column.
    var labels: [String]
    var text: TableText

    /// Place of a column in the text.
    func place(_ column: String) -> Int? { text.header.firstIndex(of: column) }
  }

  /// Reads a table of points: every variable a column, and at least one unknown.
  func points(_ file: Declaration, isData: Bool) -> Points? {
    let variables = problem.variables.map(\.name)
    guard let opened = open(file, columns: variables) else { return nil }
    var table = opened.text
    let unknowns = table.header.indices.filter { problem.unknowns.contains(table.header[$0]) }
    guard !unknowns.isEmpty else {
      table.report(
        header: nil, "the table has no column for an unknown",
        "name a column \(problem.unknowns.prefix(20).joined(separator: " or "))", log)
      return nil
    }
    let places = variables.compactMap { table.header.firstIndex(of: $0) }
    let label = isData ? table.header.firstIndex(of: "trajectory") : nil
    let before = log.errorCount
    let numeric = places + unknowns
    let read = table.read(numeric: numeric, blanks: Set(isData ? unknowns : []), label: label, log)
    guard log.errorCount == before else { return nil }
    guard read.values[0].count > 0 else {
      table.report(header: nil, "the table has no rows", "add rows below the header", log)
      return nil
    }
    if let label, let row = read.labels.firstIndex(of: "") {
      table.report(
        row: row, column: label, "column 'trajectory' is blank here", "name the trajectory", log)
      return nil
    }
    for (index, interval) in problem.variables.enumerated()
    where !areInside(read.values[index], interval, table, places[index]) { return nil }
    if variables.count == 1,
      !areSorted(read.values[0], read.labels, table, places[0])
    {
      return nil
    }
    return Points(
      path: opened.path,
      table: Table(columns: numeric.map { table.header[$0] }, values: read.values),
      labels: read.labels, text: table)
  }

  /// Times must increase within each trajectory; its rows need not be neighbours.
  private func areSorted(
    _ times: [Double], _ labels: [String], _ table: TableText, _ column: Int
  ) -> Bool {
    guard !labels.isEmpty else { return areIncreasing(times, table, column) }
    var last: [String: Double] = [:]
    for (row, time) in times.enumerated() {
      if let before = last.updateValue(time, forKey: labels[row]), time <= before {
        table.report(
          row: row, column: column,
          "\(table.header[column]) = \(brief(time)) follows \(brief(before)) in trajectory "
            + "'\(labels[row])'",
          "sort each trajectory's rows by \(table.header[column]), one for each", log)
        return false
      }
    }
    return true
  }
}

import Expressions

/// Measurements: the section `data`.
extension ProblemBuilder {
  func readData() {
    guard let section = section("data") else { return }
    let known = entries(section, of: "data", ["file", "noise", "split"])
    guard let file = known.first(where: { $0.key == "file" })?.value else {
      reportNoFile(section, "data")
      return
    }
    let split = known.first { $0.key == "split" }?.value
    let selections = split.map(readSplit) ?? []
    let found = points(file, isData: true)
    let measured = found?.table.columns.filter(problem.unknowns.contains) ?? problem.unknowns
    let noise = known.first { $0.key == "noise" }.flatMap { self.noise($0.value, measured) }
    guard let found else { return }
    for row in problem.conditions where row.isData {
      guard let name = row.subject?.name, !measured.contains(name) else { continue }
      log.error(
        row.source.place, "'\(name)' is not measured: the data have no such column",
        "give its value, or add the column")
    }
    func selection(_ role: Experiment.Role) -> Split.Selection? {
      selections.first { $0.role == role }?.what
    }
    let data = Measurements(
      file: found.path, noise: noise ?? .unknown,
      split: selections.isEmpty
        ? nil : Split(validation: selection(.validation), test: selection(.test)),
      table: found.table, trajectories: found.labels,
      time: problem.marching ?? problem.variables.first?.name ?? "", unknowns: measured,
      givesStart: problem.conditions.contains(where: \.isData))
    if problem.variables.count == 1, !checkExperiments(data, found) { return }
    if let split, !selections.isEmpty, !checkDivision(data, selections, split) { return }
    problem.data = data
  }

  private func noise(_ value: Declaration, _ columns: [String]) -> Measurements.Noise? {
    guard value.entries != nil else { return positive(value, of: "noise").map { .all($0) } }
    var each: [String: Double] = [:]
    for entry in entries(value, of: "noise", columns) {
      each[entry.key] = positive(entry.value, of: "noise")
    }
    return .each(each)
  }

  // MARK: Experiments

  /// Reports what no trajectory can be fitted to; returns false if there is any.
  private func checkExperiments(_ data: Measurements, _ points: Points) -> Bool {
    let before = log.errorCount
    for column in data.unknowns where points.table.column(column)?.allSatisfy(\.isNaN) == true {
      points.text.report(
        header: points.place(column), "nothing is measured in column '\(column)'",
        "fill it in, or remove it", log)
    }
    let isFitted = problem.training == .trajectory
    for (label, rows) in data.rows {
      let name = data.trajectories.isEmpty ? "" : " in trajectory '\(label)'"
      let first = rows[0]
      if isFitted, rows.count == 1, let place = points.place(data.time) {
        points.text.report(
          row: first, column: place, "there is one row only\(name)",
          "a trajectory is fitted to two rows or more", log)
      }
      for row in problem.conditions where row.isData {
        guard let column = row.subject?.name, let place = points.place(column),
          points.table.column(column)?[first].isNaN == true
        else { continue }
        points.text.report(
          row: first, column: place,
          "'\(column)' is blank in the first row\(name), which gives its initial value",
          "fill it in, or estimate the initial value", log)
      }
      if log.errorCount - before >= TableText.faultLimit { break }
    }
    return log.errorCount == before
  }

  // MARK: Split

  /// What a key of `split` says, and where.
  private typealias Selected = (role: Experiment.Role, what: Split.Selection, place: Place)

  private func readSplit(_ value: Declaration) -> [Selected] {
    entries(value, of: "split", ["validation", "test"]).compactMap { entry in
      guard let role = Experiment.Role(rawValue: entry.key) else { return nil }
      return selection(entry.value, entry.key).map { (role, $0, entry.value.place) }
    }
  }

  private func selection(_ value: Declaration, _ name: String) -> Split.Selection? {
    if value.list != nil { return labels(value, name) }
    guard value.entries != nil else { return fraction(value, name) }
    let known = entries(value, of: name, ["fraction", "time", "trajectory"])
    guard let entry = known.first, value.entries?.count == 1 else {
      if known.count == value.entries?.count {
        log.error(
          value.place, "'\(name)' must say one thing",
          "write {fraction: 0.2}, {time: 5} or {trajectory: [a]}")
      }
      return nil
    }
    switch entry.key {
    case "fraction": return fraction(entry.value, "fraction")
    case "time": return times(entry.value)
    default: return labels(entry.value, "trajectory")
    }
  }

  private func fraction(_ value: Declaration, _ name: String) -> Split.Selection? {
    guard let share = number(value, of: name) else { return nil }
    if share > 0, share < 1 { return .fraction(share) }
    log.error(
      value.place, "'\(name)' is \(brief(share)), and must be a fraction between 0 and 1",
      "write 0.2 for a fifth; times and trajectories are {time: 5}, {trajectory: [a]}")
    return nil
  }

  /// From a time on, or between two.
  private func times(_ value: Declaration) -> Split.Selection? {
    let ends: [Double]
    if value.list == nil {
      guard let from = number(value, of: "time") else { return nil }
      ends = [from]
    } else {
      guard let numbers = numbers(value, of: "time") else { return nil }
      guard numbers.count == 2, numbers[0] < numbers[1] else {
        log.error(
          value.place, "'time' must be a time, or two in increasing order",
          "write {time: 5} for all from there on, or {time: [5, 6]}")
        return nil
      }
      ends = numbers
    }
    let axis = problem.marching ?? problem.variables.first?.name ?? ""
    if let interval = problem.interval(axis),
      let outside = ends.first(where: { !interval.contains($0) })
    {
      log.error(
        value.place, "\(axis) = \(brief(outside)) is outside \(shown(interval))",
        "write a time inside")
      return nil
    }
    return .times(ends[0]...(ends.count == 2 ? ends[1] : .infinity))
  }

  private func labels(_ value: Declaration, _ name: String) -> Split.Selection? {
    if value.text != nil { return text(value, of: name).map { .experiments([$0]) } }
    guard let items = items(value, of: name) else { return nil }
    let labels = items.compactMap { text($0, of: name) }
    if value.list?.isEmpty == true {
      log.error(value.place, "'\(name)' is an empty list", "name trajectories: [a, b]")
    }
    return labels.isEmpty || labels.count < items.count ? nil : .experiments(labels)
  }

  /// Reports a split that takes out what is not there, something twice, or everything.
  private func checkDivision(
    _ data: Measurements, _ selections: [Selected], _ split: Declaration
  ) -> Bool {
    let before = log.errorCount
    let rows = data.rows
    let labels = rows.map(\.label)
    for case (_, .experiments(let named), let place) in selections {
      guard let unknown = named.first(where: { !labels.contains($0) }) else { continue }
      log.error(
        place, "there is no trajectory '\(unknown)' in the data",
        data.trajectories.isEmpty
          ? "add a column 'trajectory', or split by fraction or time"
          : NearestName.advice(unknown, among: Array(labels.prefix(20))))
    }
    guard log.errorCount == before else { return false }
    let times = data.table.column(data.time) ?? []
    // Counts do not depend on the seed.
    let division = Division(data, rows, times, seed: 1)
    if division.doubled != nil {
      log.error(
        split.place, "validation and test hold out the same measurements",
        "let each measurement have one use")
    } else if division.isEmpty {
      log.error(
        split.place, "validation and test leave nothing to train on", "hold out less")
    }
    for (role, _, place) in selections where division.counts[role] == 0 {
      log.error(place, "'\(role.rawValue)' holds out no measurement", "widen it, or remove it")
    }
    return log.errorCount == before
  }
}

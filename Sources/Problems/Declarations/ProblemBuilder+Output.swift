/// The section `output`, and how large the output gets.
extension ProblemBuilder {
  /// Most numbers that a run may write.
  static let outputLimit = 1e8

  func readOutput() {
    let points = [1: 201, 2: 101][problem.variables.count] ?? 41
    for variable in problem.variables { problem.output[variable.name] = .count(points) }
    let section = section("output")
    for entry in entries(section, of: "output", variableNames) {
      guard let interval = problem.interval(entry.key),
        let grid = grid(entry.value, interval)
      else { continue }
      problem.output[entry.key] = grid
    }
    checkSize()
  }

  private func grid(_ value: Declaration, _ interval: Interval) -> OutputGrid? {
    switch value.content {
    case .unreadable: return nil
    case .list: return list(value, interval)
    case .mapping: return logarithmic(value, interval)
    case .text(let text):
      if text == "steps" { return steps(value, interval) }
      return count(value, of: interval.name, in: 2...Int(Self.outputLimit)).map { .count($0) }
    }
  }

  private func steps(_ value: Declaration, _ interval: Interval) -> OutputGrid? {
    if problem.variables.count == 1 || problem.marching == interval.name { return .steps }
    log.error(
      value.place, "'steps' is for the variable that marches, not '\(interval.name)'",
      "write a number of points")
    return nil
  }

  private func list(_ value: Declaration, _ interval: Interval) -> OutputGrid? {
    guard let places = numbers(value, of: interval.name) else { return nil }
    guard !places.isEmpty else {
      log.error(value.place, "'\(interval.name)' lists no points", "write at least one")
      return nil
    }
    for (index, place) in places.enumerated() {
      let item = value.list?[safe: index] ?? value
      if !interval.contains(place) {
        log.error(
          item.place, "the output point \(brief(place)) is outside \(shown(interval))",
          "write points inside the interval")
        return nil
      }
      if index > 0, place <= places[index - 1] {
        log.error(
          item.place,
          "the output point \(brief(place)) does not follow \(brief(places[index - 1]))",
          "write the points in increasing order")
        return nil
      }
    }
    return .list(places)
  }

  private func logarithmic(_ value: Declaration, _ interval: Interval) -> OutputGrid? {
    let known = entries(value, of: interval.name, ["log", "from"])
    guard let log = known.first(where: { $0.key == "log" })?.value,
      let from = known.first(where: { $0.key == "from" })?.value
    else {
      if known.count == value.entries?.count {
        self.log.error(
          value.place, "a logarithmic output needs 'log' and 'from'", "write {log: 100, from: 1e-6}"
        )
      }
      return nil
    }
    guard let count = count(log, of: "log", in: 2...Int(Self.outputLimit)),
      let start = positive(from, of: "from")
    else { return nil }
    guard interval.contains(start), start < interval.upper else {
      self.log.error(
        from.place, "'from' is \(brief(start)), not inside \(shown(interval))",
        "start between 0 and \(brief(interval.upper))")
      return nil
    }
    return .logarithmic(count: count, from: start)
  }

  private func checkSize() {
    var rows = 1.0
    for variable in problem.variables { rows *= Double(problem.output[variable.name]?.count ?? 1) }
    let columns = problem.variables.count + problem.unknowns.count + problem.observables.count
    let size = rows * Double(columns)
    guard size > Self.outputLimit else { return }
    log.error(
      keyPlace("output"),
      "the output has \(brief(size)) values (\(brief(rows)) rows of \(columns)), more than 1e8",
      "ask for fewer points")
  }
}

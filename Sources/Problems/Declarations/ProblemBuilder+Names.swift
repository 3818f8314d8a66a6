import Expressions

/// Declared names, constants and intervals: what everything else is written in.
extension ProblemBuilder {
  /// Declares every name in the order of the text, so that of two the later one is at fault.
  func declareNames() {
    var found: [(name: String, kind: NameTable.Kind, place: Place)] = []
    func keys(_ section: String, _ kind: NameTable.Kind) {
      for entry in self.section(section)?.entries ?? [] {
        found.append((entry.key, kind, entry.keyPlace))
      }
    }
    keys("variables", .variable)
    for item in section("unknowns")?.list ?? [] {
      if let name = item.text { found.append((name, .unknown, item.place)) }
    }
    keys("parameters", .parameter)
    keys("functions", .function)
    keys("forcing", .forcing)
    keys("estimate", .estimate)
    keys("networks", .network)
    for network in section("networks")?.entries ?? [] {
      for output in network.value["outputs"]?.list ?? [] {
        if let name = output.text { found.append((name, .output, output.place)) }
      }
    }
    found.sort {
      ($0.place.source.rank, $0.place.range.lowerBound)
        < ($1.place.source.rank, $1.place.range.lowerBound)
    }
    for (name, kind, place) in found { _ = names.declare(name, kind, at: place, log) }
    readUnknowns()
    names.checkDerivatives(log)
  }

  private func readUnknowns() {
    if let list = section("unknowns") {
      var seen: Set<String> = []
      for item in items(list, of: "unknowns") ?? [] {
        guard let name = item.text else {
          reportKind(item, of: "unknowns", expected: "a list of names")
          continue
        }
        if names.kind(of: name) == .unknown, seen.insert(name).inserted {
          problem.unknowns.append(name)
        }
      }
      if list.list?.isEmpty == true {
        log.error(list.place, "'unknowns' names none", "write at least one: [x]")
      }
    }
    guard let value = section("augment"),
      let count = count(value, of: "augment", in: 0...10_000)
    else { return }
    problem.augment = count
    for index in 1..<count + 1 {
      _ = names.declare("a\(index)", .unknown, at: value.place, log)
    }
  }

  // MARK: Parameters

  func readParameters() {
    let declared = entries(section("parameters"), of: "parameters")
      .filter { names.kind(of: $0.key) == .parameter }
    constantScope.values = declared.map(\.key)
    var definitions: [(entry: Declaration.Entry, definition: Expression)] = []
    for entry in declared {
      guard let text = text(entry.value, of: entry.key, expected: "a number") else { continue }
      let (definition, faults) = constantScope.resolve(text)
      for fault in faults { report(fault, in: entry.value.place, isConstant: true) }
      if let definition, faults.isEmpty { definitions.append((entry, definition)) }
    }
    let uses = Dictionary(
      definitions.map { ($0.entry.key, Set($0.definition.symbols.map(\.name))) },
      uniquingKeysWith: { first, _ in first })
    let all = Set(uses.keys)
    for (entry, definition) in definitions where log.hasRoom {
      let missing = (uses[entry.key] ?? []).filter { constants[Symbol($0)] == nil }.sorted()
      if let first = missing.first(where: all.contains) {
        reportOrder(entry, first, uses)
      } else if let value = evaluate(definition, entry.value.place, entry.key) {
        constants[Symbol(entry.key)] = value
        if !entry.keyPlace.source.isFile {
          log.warning(
            entry.keyPlace, "the override declares a new parameter '\(entry.key)'",
            NearestName.find(entry.key, among: declared.filter(\.keyPlace.source.isFile).map(\.key))
              .map { "did you mean '\($0)'?" } ?? "the file has none of that name")
        }
        problem.parameters.append(
          Parameter(name: entry.key, value: value, definition: definition))
      }
    }
  }

  private func reportOrder(
    _ entry: Declaration.Entry, _ used: String, _ uses: [String: Set<String>]
  ) {
    var reached: Set<String> = [used]
    var pending = [used]
    while let name = pending.popLast() {
      for next in uses[name] ?? [] where reached.insert(next).inserted { pending.append(next) }
    }
    if reached.contains(entry.key) {
      let through = used == entry.key ? "" : ", through '\(used)'"
      log.error(
        entry.value.place, "parameter '\(entry.key)' depends on itself\(through)",
        "give one of them a value that does not use the other".replacingIf(
          used == entry.key, with: "give it a value that does not use it"))
    } else if constants[Symbol(used)] == nil, isLater(used, than: entry) {
      log.error(
        entry.value.place, "parameter '\(entry.key)' uses '\(used)', which is declared after it",
        "move '\(used)' above it")
    }
  }

  private func isLater(_ name: String, than entry: Declaration.Entry) -> Bool {
    let keys = section("parameters")?.entries?.map(\.key) ?? []
    guard let own = keys.firstIndex(of: entry.key), let other = keys.firstIndex(of: name)
    else { return false }
    return other > own
  }

  // MARK: Variables

  func readVariables() {
    guard let section = section("variables") else {
      hasAllVariables = false
      return
    }
    let declared = entries(section, of: "variables")
    if section.entries?.isEmpty == true {
      log.error(section.place, "'variables' names none", "write at least one: {t: [0, 1]}")
    }
    if declared.count != section.entries?.count || declared.isEmpty { hasAllVariables = false }
    for entry in declared {
      guard names.kind(of: entry.key) == .variable, let interval = interval(entry) else {
        hasAllVariables = false
        continue
      }
      problem.variables.append(interval)
    }
  }

  private func interval(_ entry: Declaration.Entry) -> Interval? {
    guard let ends = entry.value.list, ends.count == 2 else {
      log.error(
        entry.value.place, "'\(entry.key)' has no interval",
        "write its two ends in brackets: [0, 1]")
      return nil
    }
    guard let lower = number(ends[0], of: entry.key), let upper = number(ends[1], of: entry.key)
    else { return nil }
    guard lower < upper, (upper - lower).isFinite else {
      let shown = "[\(brief(lower)), \(brief(upper))]"
      if lower == upper {
        log.error(
          entry.value.place, "the interval \(shown) of '\(entry.key)' is empty",
          "write two different ends")
      } else if lower > upper {
        log.error(
          entry.value.place, "the interval \(shown) of '\(entry.key)' is reversed",
          "write [\(brief(upper)), \(brief(lower))]")
      } else {
        log.error(
          entry.value.place, "the interval \(shown) of '\(entry.key)' is longer than any number",
          "scale '\(entry.key)'")
      }
      return nil
    }
    return Interval(name: entry.key, lower: lower, upper: upper)
  }

  // MARK: Estimates

  func readEstimates() {
    for entry in entries(section("estimate"), of: "estimate")
    where names.kind(of: entry.key) == .estimate {
      let known = entries(entry.value, of: entry.key, ["start", "bounds"])
      guard let start = known.first(where: { $0.key == "start" }) else {
        if entry.value.entries != nil {
          log.error(entry.keyPlace, "'\(entry.key)' has no 'start'", "add start: 1")
        }
        continue
      }
      guard let value = number(start.value, of: "start") else { continue }
      var bounds = (-Double.infinity, Double.infinity)
      if let declared = known.first(where: { $0.key == "bounds" })?.value {
        guard let numbers = numbers(declared, of: "bounds") else { continue }
        guard numbers.count == 2, numbers[0] < numbers[1] else {
          log.error(
            declared.place, "'bounds' must be two increasing numbers", "write bounds: [0, 5]")
          continue
        }
        bounds = (numbers[0], numbers[1])
      }
      if !(bounds.0...bounds.1).contains(value) {
        log.error(
          start.value.place,
          "'start' is \(brief(value)), outside the bounds [\(brief(bounds.0)), \(brief(bounds.1))]",
          "start inside the bounds")
      }
      problem.estimates.append(
        Estimate(name: entry.key, start: value, lower: bounds.0, upper: bounds.1))
    }
  }
}

extension String {
  /// The other text where the condition holds.
  func replacingIf(_ condition: Bool, with other: String) -> String { condition ? other : self }
}

import Expressions

/// Truth, observables, events and units.
extension ProblemBuilder {
  func readExpressions() {
    for entry in entries(section("exact"), of: "exact", problem.unknowns) {
      guard let exact = expression(entry.value, of: entry.key) else { continue }
      refuseState(exact, entry.value, "write 'exact' in variables and parameters")
      problem.exact[entry.key] = exact
    }
    readObservables()
    readUnits()
  }

  private func readObservables() {
    var seen: Set<String> = []
    for entry in entries(section("observables"), of: "observables") where log.hasRoom {
      guard NameTable.check(entry.key, at: entry.keyPlace, log) else { continue }
      if let kind = names.kind(of: entry.key), [.variable, .unknown].contains(kind) {
        log.error(
          entry.keyPlace, "'\(entry.key)' is \(kind.phrase), and a column of the output already",
          "give the observable another name")
        continue
      }
      guard seen.insert(entry.key).inserted,
        let expression = expression(entry.value, of: entry.key)
      else { continue }
      problem.observables.append(
        Definition(name: entry.key, expression: expression, text: entry.value.text ?? ""))
    }
  }

  private func readUnits() {
    let known = names.order + problem.observables.map(\.name)
    for entry in entries(section("units"), of: "units", known) {
      guard let unit = entry.value.text else {
        reportKind(entry.value, of: entry.key, expected: "a text")
        continue
      }
      problem.units[entry.key] = unit
    }
  }

  // MARK: Events

  func readEvents() {
    guard let section = section("events") else { return }
    let declared = entries(section, of: "events")
    if problem.marching == nil, hasAllVariables, !declared.isEmpty {
      log.error(
        section.place, "events happen along a variable that marches, and none does",
        "remove 'events'")
      return
    }
    for entry in declared where log.hasRoom {
      guard NameTable.check(entry.key, at: entry.keyPlace, log) else { continue }
      if let event = event(entry) { problem.events.append(event) }
    }
  }

  private func event(_ entry: Declaration.Entry) -> EventDeclaration? {
    let known = entries(
      entry.value, of: entry.key, ["when", "direction", "count", "terminal", "set"])
    func value(_ key: String) -> Declaration? { known.first { $0.key == key }?.value }
    guard let when = value("when") else {
      if entry.value.entries != nil, entry.value["when"] == nil {
        log.error(entry.keyPlace, "event '\(entry.key)' has no 'when'", "add when: expression")
      }
      return nil
    }
    let directions = EventDeclaration.Direction.allCases.map(\.rawValue)
    let direction = value("direction").flatMap { word($0, of: "direction", among: directions) }
    guard let expression = expression(when, of: "when") else { return nil }
    return EventDeclaration(
      name: entry.key, when: expression,
      direction: direction.flatMap { .init(rawValue: $0) } ?? .both,
      count: value("count").flatMap { count($0, of: "count", in: 1...Int.max) },
      isTerminal: value("terminal").flatMap { flag($0, of: "terminal") } ?? false,
      set: value("set").map(jumps) ?? [])
  }

  private func jumps(_ value: Declaration) -> [EventDeclaration.Jump] {
    entries(value, of: "set").compactMap { entry in
      guard let target = target(entry), let value = expression(entry.value, of: entry.key)
      else { return nil }
      return EventDeclaration.Jump(target: target, value: value)
    }
  }

  /// What an event may set: an unknown, or a derivative that belongs to the state.
  private func target(_ entry: Declaration.Entry) -> Symbol? {
    let leaf = problem.scope.resolve(entry.key).expression?.leaf
    guard let leaf, names.kind(of: leaf.name) == .unknown else {
      log.error(
        entry.keyPlace, "'\(entry.key)' is no unknown, and cannot be set",
        NearestName.advice(entry.key, among: problem.allUnknowns))
      return nil
    }
    if let marching = problem.marching, leaf.order > 0, hasAllEquations,
      leaf.order(in: marching) != leaf.order
        || leaf.order >= problem.order(of: leaf.name, in: marching)
    {
      log.error(
        entry.keyPlace, "'\(entry.key)' is not part of the state, and cannot be set",
        "set '\(leaf.name)' or a derivative of lower order")
      return nil
    }
    return leaf
  }
}

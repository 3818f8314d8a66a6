import Expressions

/// Equations and conditions.
extension ProblemBuilder {
  func readEquations() {
    guard let section = section("equations"), let items = items(section, of: "equations") else {
      hasAllEquations = false
      return
    }
    let count = section.list?.count ?? 0
    let unknowns = problem.allUnknowns
    if items.count != count || unknowns.isEmpty { hasAllEquations = false }
    guard !unknowns.isEmpty, !problem.scope.variables.isEmpty else { return }
    for item in items where log.hasRoom { readEquation(item) }
    if count != unknowns.count {
      hasAllEquations = false
      log.error(
        keyPlace("equations"),
        "\(plural(count, "equation")) for \(plural(unknowns.count, "unknown"))",
        "write one for each of \(unknowns.prefix(20).joined(separator: ", "))")
    }
  }

  private func readEquation(_ item: Declaration) {
    guard let text = item.text, !text.isEmpty else {
      log.error(item.place, "an equation is a text, and this is \(item.sort)", "write left = right")
      hasAllEquations = false
      return
    }
    let (sides, faults) = problem.scope.resolveEquation(text)
    for fault in faults { report(fault, in: item.place) }
    guard let sides else {
      hasAllEquations = false
      return
    }
    problem.equations.append(
      Equation(
        left: sides.left, right: sides.right, source: PlacedText(text: text, place: item.place)))
    for symbol in sides.left.symbols.union(sides.right.symbols)
      .union(sides.left.placedSymbols).union(sides.right.placedSymbols)
    {
      for variable in symbol.derivatives {
        let order = symbol.order(in: variable)
        let known = problem.orders[symbol.name]?[variable] ?? 0
        problem.orders[symbol.name, default: [:]][variable] = max(order, known)
      }
    }
  }

  func plural(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  // MARK: Conditions

  func readConditions() {
    guard let section = section("conditions") else {
      if let value = root["conditions"], !value.isEmpty { hasAllConditions = false }
      return
    }
    guard let items = items(section, of: "conditions"), !problem.allUnknowns.isEmpty,
      !problem.scope.variables.isEmpty
    else {
      hasAllConditions = false
      return
    }
    if items.count != section.list?.count { hasAllConditions = false }
    for item in items where log.hasRoom {
      if let row = condition(item) {
        problem.conditions.append(row)
      } else {
        hasAllConditions = false
      }
    }
  }

  private func condition(_ item: Declaration) -> ConditionRow? {
    guard let text = item.text, !text.isEmpty else {
      log.error(
        item.place, "a condition is a text, and this is \(item.sort)", "write x = 0 at t = 0")
      return nil
    }
    let (condition, faults) = problem.scope.resolveCondition(text)
    for fault in faults { report(fault, in: item.place) }
    guard let condition, let location = location(condition, item) else { return nil }
    guard checkSides(condition, item) else { return nil }
    let (subject, value) = subject(of: condition)
    return ConditionRow(
      condition: condition, location: location, subject: subject, value: value,
      source: PlacedText(text: text, place: item.place))
  }

  private func isState(_ symbol: Symbol) -> Bool { names.kind(of: symbol.name) == .unknown }

  private func subject(of condition: Condition) -> (Symbol?, Expression?) {
    guard let leaf = condition.left?.leaf, isState(leaf) else { return (nil, nil) }
    if condition.isData { return (leaf, nil) }
    guard let right = condition.right, right.placedSymbols.isEmpty,
      !right.symbols.contains(where: isState)
    else { return (nil, nil) }
    return (leaf, right)
  }

  private func checkSides(_ condition: Condition, _ item: Declaration) -> Bool {
    guard let left = condition.left else { return true }
    if condition.isData {
      let part = item.place.part(condition.leftOffset, condition.leftLength)
      guard let leaf = left.leaf, isState(leaf), leaf.order == 0 else {
        log.error(part, "'data' gives the first value of an unknown", "write x = data at t = 0")
        return false
      }
      guard section("data") != nil else {
        log.error(part, "'data' stands here, and the file names no data", "add data: {file: …}")
        return false
      }
      return true
    }
    let right = condition.right ?? .zero
    let all = left.symbols.union(right.symbols).union(left.placedSymbols)
      .union(right.placedSymbols)
    guard all.contains(where: isState) else {
      log.error(item.place, "the condition has no unknown", "write one such as x = 0 at t = 0")
      return false
    }
    return true
  }

  // MARK: Places

  private func location(_ condition: Condition, _ item: Declaration) -> ConditionRow.Location? {
    switch condition.kind {
    case .boundary: return .boundary
    case .periodic(let variable):
      guard variable == problem.marching else { return .periodic(variable) }
      log.error(
        item.place, "'\(variable)' marches and cannot be periodic",
        "write conditions at its start")
      return nil
    case .at(let places):
      var values: [String: Double] = [:]
      for place in places {
        let part = item.place.part(place.offset, place.length)
        guard let value = evaluate(place.value, part, place.variable),
          isInside(value, place, part)
        else { return nil }
        values[place.variable] = value
      }
      return location(values, places, item)
    }
  }

  private func isInside(_ value: Double, _ place: Condition.Place, _ part: Place) -> Bool {
    guard let interval = problem.interval(place.variable) else { return false }
    if interval.contains(value) { return true }
    log.error(
      part, "the place \(place.variable) = \(brief(value)) is outside \(shown(interval))",
      "write \(brief(interval.lower)) or \(brief(interval.upper))")
    return false
  }

  private func location(
    _ values: [String: Double], _ places: [Condition.Place], _ item: Declaration
  ) -> ConditionRow.Location? {
    let count = variableNames.count
    if values.count == count, count > 1 {
      return .point(problem.variables.compactMap { values[$0.name] })
    }
    guard places.count == 1, let place = places.first,
      let interval = problem.interval(place.variable), let value = values[place.variable]
    else {
      log.error(
        item.place, "the condition fixes \(values.count) of \(count) variables",
        "fix one (a face), or all of them (a point)")
      return nil
    }
    guard interval.isLower(value) || interval.isUpper(value) else {
      log.error(
        item.place.part(place.offset, place.length),
        "the place \(place.variable) = \(brief(value)) is no end of \(shown(interval))",
        "write \(brief(interval.lower)) or \(brief(interval.upper))")
      return nil
    }
    return .face(variable: place.variable, value: value, isUpper: !interval.isLower(value))
  }
}

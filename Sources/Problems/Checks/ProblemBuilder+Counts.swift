import Expressions

/// Whether there are as many conditions as the equations need.
extension ProblemBuilder {
  /// True if everything that counting depends on could be read.
  var isCountable: Bool {
    hasAllVariables && hasAllEquations && hasAllConditions && !problem.variables.isEmpty
      && !problem.unknowns.isEmpty
  }

  func checkCounts() {
    guard isCountable else { return }
    if problem.variables.count == 1 { countOrdinary() } else { countPartial() }
  }

  private var conditionsPlace: Place { keyPlace("conditions", "equations") }

  /// With data, `train` finds what is missing; without, it is a fault.
  private func reportMissing(_ message: String, _ remedy: String) {
    if section("data") != nil {
      log.warning(
        conditionsPlace, message, "'train' finds the rest from the data; 'solve' needs it declared")
      problem.isUnderdetermined = true
    } else {
      log.error(conditionsPlace, message, remedy)
    }
  }

  // MARK: One variable

  private func countOrdinary() {
    let variable = problem.variables[0].name
    let orders = problem.unknowns.map { (name: $0, order: problem.order(of: $0, in: variable)) }
    let total = orders.reduce(0) { $0 + $1.order }
    let isPeriodic = problem.periodicVariables.contains(variable)
    guard !isPeriodic else { return }
    let differential = Set(orders.filter { $0.order > 0 }.map(\.name))
    var count = 0
    var isPlain = true
    for row in problem.conditions {
      let symbols = states(of: row)
      guard symbols.contains(where: { differential.contains($0.name) }) else { continue }
      guard checkOrder(row, symbols, variable) else { return }
      count += row.location == .boundary ? 2 : 1
      if row.subject == nil { isPlain = false }
    }
    if count > total {
      log.error(
        conditionsPlace, "\(plural(count, "condition")) for equations of total order \(total)",
        "remove \(count - total)")
    } else if count < total {
      let missing = isPlain && problem.kind == .initialValue ? missingValues(orders) : []
      reportMissing(
        "\(plural(count, "condition")) for equations of total order \(total)",
        missing.isEmpty ? "add \(total - count)" : addition(of: missing))
    } else if isPlain, problem.kind == .initialValue {
      let missing = missingValues(orders)
      if !missing.isEmpty, Set(problem.conditions.compactMap(\.subject)).count >= count {
        log.error(
          conditionsPlace, "no condition gives \(missing.prefix(20).joined(separator: ", "))",
          addition(of: missing))
      }
    }
  }

  /// Says which initial values to add, and where.
  private func addition(of missing: [String]) -> String {
    var start = "\(problem.variables[0].name) = \(brief(problem.variables[0].lower))"
    if case .face(let variable, let value, _)? = problem.conditions.first?.location {
      start = "\(variable) = \(brief(value))"
    }
    if missing.count == 1 { return "add '\(missing[0]) = … at \(start)'" }
    return "add values of \(missing.prefix(20).joined(separator: ", ")) at \(start)"
  }

  /// Unknowns and derivatives of them that a condition speaks of.
  private func states(of row: ConditionRow) -> Set<Symbol> {
    [row.condition.left, row.condition.right].reduce(into: Set<Symbol>()) { found, side in
      guard let side else { return }
      found.formUnion(side.symbols.union(side.placedSymbols))
    }.filter { names.kind(of: $0.name) == .unknown }
  }

  /// A condition speaks of derivatives below the order of the equations.
  private func checkOrder(_ row: ConditionRow, _ symbols: Set<Symbol>, _ variable: String) -> Bool {
    let tooHigh = symbols.filter {
      let order = problem.order(of: $0.name, in: variable)
      return $0.order > 0 && $0.order >= max(order, 1)
    }
    guard let symbol = tooHigh.map({ ($0.order, primed($0)) }).min(by: { $0.1 < $1.1 }) else {
      return true
    }
    let name = tooHigh.first?.name ?? ""
    log.error(
      row.source.place,
      "a condition on \(symbol.1), but the equations are of order "
        + "\(problem.order(of: name, in: variable)) in '\(name)'",
      "give values of lower derivatives only")
    return false
  }

  /// Values of the state that no plain condition sets.
  private func missingValues(_ orders: [(name: String, order: Int)]) -> [String] {
    let given = Set(problem.conditions.compactMap(\.subject))
    let variable = problem.variables[0].name
    return orders.flatMap { name, order in
      (0..<order).map { Symbol(name, Array(repeating: variable, count: $0)) }
        .filter { !given.contains($0) }.map(primed)
    }
  }

  /// `x''` where there is one variable, `u_xx` where there are several.
  func primed(_ symbol: Symbol) -> String {
    guard problem.variables.count == 1 else { return symbol.description }
    return symbol.name + String(repeating: "'", count: symbol.order)
  }

  // MARK: Several variables

  private func countPartial() {
    let isSplit = !checkMarchingConditions()
    for variable in problem.variables.map(\.name) {
      if isSplit, variable == problem.marching { continue }
      let orders = problem.unknowns.map { problem.order(of: $0, in: variable) }
      let needed = orders.reduce(0, +)
      let isPeriodic = problem.periodicVariables.contains(variable)
      if isPeriodic { continue }
      let count = problem.conditions.reduce(0) { sum, row in
        switch row.location {
        case .face(variable, _, _): sum + 1
        case .boundary: sum + (variable == problem.marching ? 0 : 2)
        default: sum
        }
      }
      guard count != needed else { continue }
      reportPartial(variable, count, needed)
    }
  }

  private func reportPartial(_ variable: String, _ count: Int, _ needed: Int) {
    let given = plural(count, "condition")
    guard problem.unknowns.count == 1, problem.augment == 0 else {
      log.warning(
        conditionsPlace, "\(given) in '\(variable)' for equations of total order \(needed) in it",
        "'solve' refuses if its discrete system is singular")
      return
    }
    let message =
      "\(given) in '\(variable)', and the equation is of order \(needed) in '\(variable)'"
    if count > needed {
      log.error(conditionsPlace, message, "remove \(count - needed)")
    } else {
      let marches = variable == problem.marching
      reportMissing(
        message, "add \(needed - count)" + (marches ? "" : ", or 'periodic in \(variable)'"))
    }
  }

  /// Conditions of the marching variable stand at one of its ends.
  private func checkMarchingConditions() -> Bool {
    guard let marching = problem.marching else { return true }
    var first: Bool?
    for row in problem.conditions {
      guard case .face(marching, _, let isUpper) = row.location else { continue }
      if let first, first != isUpper {
        log.error(
          row.source.place, "conditions stand at both ends of '\(marching)', which marches",
          "keep them at one end, or give the variable another name than 't'")
        return false
      }
      first = isUpper
    }
    return true
  }
}

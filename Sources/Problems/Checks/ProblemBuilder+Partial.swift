import Expressions

/// Conditions of problems in several variables that contradict the equations, or say nothing.
extension ProblemBuilder {
  func checkPartialConditions() {
    guard isCountable, log.hasRoom else { return }
    if problem.marching == nil { checkConstants() }
    guard problem.variables.count > 1 else { return }
    checkPeriodicity()
    for row in problem.conditions where log.hasRoom {
      switch row.location {
      case .face(let variable, let value, _):
        checkOrders(row, variable, "\(variable) = \(brief(value))")
      case .boundary: checkBoundary(row)
      default: break
      }
    }
  }

  /// Unknowns and derivatives of them that a condition speaks of, in the order of their names.
  private func spoken(_ row: ConditionRow) -> [Symbol] {
    let sides = [row.condition.left, row.condition.right].compactMap { $0 }
    return sides.reduce(into: Set<Symbol>()) { $0.formUnion($1.symbols.union($1.placedSymbols)) }
      .filter { names.kind(of: $0.name) == .unknown }
      .sorted { $0.description < $1.description }
  }

  // MARK: Orders

  /// A condition at a face speaks of derivatives below the equation's order in that variable.
  private func checkOrders(_ row: ConditionRow, _ variable: String, _ place: String) {
    let symbols = spoken(row)
    guard !symbols.isEmpty else { return }
    let isSystem = problem.allUnknowns.count > 1
    if isSystem, variable != problem.marching,
      symbols.allSatisfy({ problem.order(of: $0.name, in: variable) == 0 })
    {
      let name = symbols[0].name
      log.error(
        row.source.place,
        "no equation differentiates \(name) by '\(variable)': at \(place) they give it without a "
          + "condition",
        "remove this one")
      return
    }
    let tooHigh = symbols.first {
      let order = $0.order(in: variable)
      return order > 0 && order >= problem.order(of: $0.name, in: variable)
    }
    guard let symbol = tooHigh else { return }
    let order = problem.order(of: symbol.name, in: variable)
    let message =
      "a condition on \(symbol), but the equation\(isSystem ? "s are" : " is") of order \(order) in "
      + "'\(variable)'\(isSystem ? " for \(symbol.name)" : "")"
    let remedy = "give values of lower derivatives only"
    if isSystem, variable != problem.marching {
      log.warning(row.source.place, message, remedy)
    } else {
      log.error(row.source.place, message, remedy)
    }
  }

  private func checkBoundary(_ row: ConditionRow) {
    let periodic = problem.periodicVariables
    let open = problem.variables.map(\.name).filter {
      $0 != problem.marching && !periodic.contains($0)
    }
    if open.isEmpty {
      log.error(
        row.source.place, "every space variable is periodic: there is no boundary",
        "remove this condition")
    }
    for variable in open where log.hasRoom {
      let errors = log.errorCount
      checkOrders(row, variable, "the ends of \(variable)")
      if log.errorCount > errors { return }
    }
    let along = spoken(row).first { symbol in
      open.count > 1 && symbol.derivatives.contains { open.contains($0) }
    }
    if let along {
      log.warning(
        row.source.place,
        "\(along) runs along some faces of the boundary, and across others",
        "write the derivative across, face by face: u_x at x = …, u_y at y = …")
    }
  }

  // MARK: Periodicity

  private func checkPeriodicity() {
    var lines: [String: Int] = [:]
    for row in problem.conditions {
      guard case .periodic(let variable) = row.location else { continue }
      if let line = lines[variable] {
        log.error(
          row.source.place, "'\(variable)' is periodic already, from line \(line)",
          "remove one of the two")
      }
      lines[variable] = row.line
    }
  }

  // MARK: Constants

  /// Where only derivatives of an unknown occur, any constant may be added to it.
  private func checkConstants() {
    guard section("data") == nil else { return }
    for unknown in problem.allUnknowns where problem.orders[unknown] != nil {
      let plain = Symbol(unknown)
      let sides =
        problem.equations.flatMap { [$0.left, $0.right] }
        + problem.conditions.flatMap { [$0.condition.left, $0.condition.right] }.compactMap { $0 }
      let isPinned = sides.contains { $0.contains(plain) || $0.placedSymbols.contains(plain) }
      guard !isPinned else { continue }
      let first = problem.variables.map { "\($0.name) = \(brief($0.lower))" }
      log.error(
        keyPlace("conditions", "equations"),
        "only derivatives of \(unknown) occur: any constant may be added to it",
        problem.variables.count == 1
          ? "give \(unknown) itself at one end"
          : "pin it at a point: '\(unknown) = 0 at \(first.joined(separator: ", "))'")
    }
  }
}

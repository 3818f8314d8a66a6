import Expressions

/// The section `solve`.
extension ProblemBuilder {
  static let solveKeys = [
    "method", "rtol", "atol", "step", "first_step", "max_step", "max_steps", "nonnegative",
    "accuracy", "grid", "scheme", "guess", "continue", "breakpoints", "march", "code", "control",
    "norm",
  ]
  static let schemes = [
    "difference2", "difference4", "difference6", "chebyshev", "fourier", "limited",
  ]

  func readSolve() {
    for entry in entries(section("solve"), of: "solve", Self.solveKeys) {
      readSolve(entry.key, entry.value)
    }
    refuseGradedSpectral()
  }

  private func readSolve(_ key: String, _ value: Declaration) {
    switch key {
    case "method", "control", "code", "norm", "march": readSolveWord(key, value)
    case "rtol": problem.solve.rtol = positive(value, of: key) ?? problem.solve.rtol
    case "atol": readAtol(value)
    case "step": problem.solve.step = positive(value, of: key)
    case "first_step": problem.solve.firstStep = positive(value, of: key)
    case "max_step": problem.solve.maxStep = positive(value, of: key)
    case "max_steps":
      problem.solve.maxSteps = count(value, of: key, in: 1...Int.max) ?? problem.solve.maxSteps
    case "accuracy": problem.solve.accuracy = positive(value, of: key) ?? problem.solve.accuracy
    case "nonnegative": problem.solve.nonnegative = unknownNames(value, of: key)
    case "grid": readGrid(value)
    case "scheme":
      problem.solve.scheme = perVariable(value, of: key) {
        self.word($0, of: $1, among: Self.schemes)
      }
    case "continue": readContinuation(value)
    default: break
    }
  }

  private func readSolveWord(_ key: String, _ value: Declaration) {
    switch key {
    case "method":
      let known = catalogs.methods.isEmpty ? [] : ["auto"] + catalogs.methods
      problem.solve.method = word(value, of: key, among: known) ?? problem.solve.method
    case "control": problem.solve.control = word(value, of: key, among: catalogs.controls)
    case "code":
      let known = SolveSettings.Code.allCases.map(\.rawValue)
      problem.solve.code =
        word(value, of: key, among: known).flatMap { .init(rawValue: $0) } ?? .auto
    case "norm":
      let known = SolveSettings.Norm.allCases.map(\.rawValue)
      problem.solve.norm =
        word(value, of: key, among: known).flatMap { .init(rawValue: $0) } ?? .rms
    default:
      problem.solve.march = word(value, of: key, among: variableNames)
    }
  }

  private func readAtol(_ value: Declaration) {
    guard value.entries != nil else {
      if let number = positive(value, of: "atol") { problem.solve.atol = .all(number) }
      return
    }
    var each: [String: Double] = [:]
    for entry in entries(value, of: "atol", problem.allUnknowns) {
      each[entry.key] = positive(entry.value, of: "atol")
    }
    problem.solve.atol = .each(each)
  }

  /// A list of unknowns; reports other names.
  func unknownNames(_ value: Declaration, of key: String) -> [String] {
    var found: [String] = []
    for item in items(value, of: key) ?? [] {
      guard let name = word(item, of: key, among: problem.allUnknowns) else { continue }
      if !found.contains(name) { found.append(name) }
    }
    return found
  }

  private func perVariable<Value>(
    _ value: Declaration, of key: String, _ read: (Declaration, String) -> Value?
  ) -> PerVariable<Value>? {
    guard value.entries != nil else { return read(value, key).map { .all($0) } }
    var each: [String: Value] = [:]
    for entry in entries(value, of: key, variableNames) {
      each[entry.key] = read(entry.value, key)
    }
    return .each(each)
  }

  private func readContinuation(_ value: Declaration) {
    let known = entries(value, of: "continue", ["parameter", "from"])
    guard value.entries != nil else { return }
    guard let parameter = known.first(where: { $0.key == "parameter" })?.value,
      let from = known.first(where: { $0.key == "from" })?.value
    else {
      log.error(
        value.place, "'continue' needs 'parameter' and 'from'",
        "write {parameter: name, from: number}")
      return
    }
    guard let name = word(parameter, of: "parameter", among: problem.parameters.map(\.name)),
      let number = number(from, of: "from")
    else { return }
    problem.solve.continuation = .init(parameter: name, from: number)
  }

  /// What can be read only when it is known which variable marches, and what names mean.
  func readSolveExpressions() {
    let solve = section("solve")
    if let value = solve?["breakpoints"], !isUnreadable(value), !value.isEmpty {
      readBreakpoints(value)
    }
    for entry in entries(solve?["guess"], of: "guess", problem.allUnknowns) {
      guard let guess = expression(entry.value, of: entry.key) else { continue }
      refuseState(guess, entry.value, "a guess is made of variables and parameters")
      problem.solve.guess[entry.key] = guess
    }
  }

  private func readBreakpoints(_ value: Declaration) {
    guard let interval = problem.marching.flatMap({ problem.interval($0) }) else {
      if hasAllVariables {
        log.error(value.place, "'breakpoints' stand in a variable that marches", "remove them")
      }
      return
    }
    for item in items(value, of: "breakpoints") ?? [] {
      guard let place = number(item, of: "breakpoints") else { continue }
      if interval.contains(place) {
        problem.solve.breakpoints.append(place)
      } else {
        log.error(
          item.place, "the breakpoint \(brief(place)) is outside \(shown(interval))",
          "write places inside the interval")
      }
    }
    problem.solve.breakpoints.sort()
  }

  /// `t in [0, 20]`, for messages.
  func shown(_ interval: Interval) -> String {
    "\(interval.name) in [\(brief(interval.lower)), \(brief(interval.upper))]"
  }

  /// Reports an expression that uses unknowns or network outputs where none may stand.
  func refuseState(_ expression: Expression, _ value: Declaration, _ remedy: String) {
    let bad = expression.symbols.union(expression.placedSymbols)
      .filter { [.unknown, .output].contains(names.kind(of: $0.name)) }
      .map(\.description).sorted()
    guard let first = bad.first else { return }
    log.error(value.place, "'\(first)' may not stand here", remedy)
  }
}

import Expressions

/// Which variable marches, and what names mean in equations.
extension ProblemBuilder {
  /// Finds the marching variable and the kind of the problem.
  func chooseMarching() {
    let variables = variableNames
    if variables.count > 1 {
      problem.marching = problem.solve.march ?? (variables.contains("t") ? "t" : nil)
      problem.kind = problem.marching == nil ? .elliptic : .evolution
    } else {
      problem.marching = variables.first
      problem.kind = .initialValue
      if conditionsStandAtBothEnds() {
        problem.marching = nil
        problem.kind = .boundaryValue
      }
    }
  }

  /// Reads the places of the conditions of a one-variable problem ahead of everything else: what
  /// `laplace` and a prime mean depends on them.
  private func conditionsStandAtBothEnds() -> Bool {
    guard let interval = problem.variables.first else { return false }
    let known = names.order.filter { ![.variable, .unknown].contains(names.kind(of: $0)) }
    let scope = Scope(
      variables: [interval.name], unknowns: problem.allUnknowns, values: known)
    var ends: (lower: Bool, upper: Bool) = (false, false)
    for item in section("conditions")?.list?.prefix(10_000) ?? [] {
      guard let text = item.text, let condition = scope.resolveCondition(text).condition
      else { continue }
      guard case .at(let places) = condition.kind else { return true }
      guard let place = try? places.first?.value.evaluate(constants) else { continue }
      if interval.isLower(place) { ends.lower = true }
      if interval.isUpper(place) { ends.upper = true }
    }
    return ends.lower && ends.upper
  }

  /// Makes every declared name known, also those whose declaration is faulty: a fault is reported
  /// once, where it is, not at every use.
  func makeScope() {
    func names(_ kinds: NameTable.Kind...) -> [String] {
      self.names.order.filter { self.names.kind(of: $0).map(kinds.contains) == true }
    }
    var outputs: [String: [String]] = [:]
    for entry in section("networks")?.entries ?? [] {
      let inputs = entry.value["inputs"]?.list?.compactMap(\.text).filter(isDeclarable) ?? []
      for output in entry.value["outputs"]?.list ?? [] {
        if let name = output.text, self.names.kind(of: name) == .output { outputs[name] = inputs }
      }
    }
    problem.scope = Scope(
      variables: names(.variable), marching: problem.marching, unknowns: problem.allUnknowns,
      values: names(.parameter, .estimate), forcings: names(.forcing), networkOutputs: outputs)
  }

  func readFunctions() {
    let declared = entries(section("functions"), of: "functions")
      .filter { names.kind(of: $0.key) == .function }
    let later = Set(declared.map(\.key))
    var refused: [String] = []
    for entry in declared {
      guard let text = text(entry.value, of: entry.key, expected: "an expression") else {
        refused.append(entry.key)
        continue
      }
      let (expression, faults) = problem.scope.resolve(text)
      for fault in faults { report(fault, entry, later: later) }
      guard let expression else {
        refused.append(entry.key)
        continue
      }
      problem.scope.functions[entry.key] = expression
      problem.functions.append(Definition(name: entry.key, expression: expression, text: text))
    }
    for name in refused { problem.scope.functions[name] = .number(1) }
  }

  private func report(_ fault: Fault, _ entry: Declaration.Entry, later: Set<String>) {
    let bytes = Array(entry.value.place.text.utf8)
    let end = min(fault.offset + fault.length, bytes.count)
    let word = String(decoding: bytes[min(fault.offset, end)..<end], as: UTF8.self)
    guard later.contains(word), fault.message.hasPrefix("unknown name") else {
      return report(fault, in: entry.value.place)
    }
    let part = entry.value.place.part(fault.offset, fault.length)
    if word == entry.key {
      log.error(part, "function '\(word)' uses itself", "write it without '\(word)'")
    } else {
      log.error(
        part, "function '\(entry.key)' uses '\(word)', which is declared after it",
        "move '\(word)' above it")
    }
  }

  func readNetworks() {
    for entry in entries(section("networks"), of: "networks")
    where names.kind(of: entry.key) == .network {
      let known = entries(
        entry.value, of: entry.key, ["inputs", "outputs", "hidden", "activation"])
      guard entry.value.entries != nil else { continue }
      func value(_ key: String) -> Declaration? { known.first { $0.key == key }?.value }
      for key in ["inputs", "outputs"] where value(key) == nil && entry.value[key] == nil {
        log.error(entry.keyPlace, "network '\(entry.key)' has no '\(key)'", "add \(key): [x]")
      }
      let inputs = value("inputs").flatMap { items($0, of: "inputs") } ?? []
      let definitions = inputs.compactMap { item -> Definition? in
        guard let input = expression(item, of: "inputs"), let text = item.text else { return nil }
        return Definition(name: text, expression: input, text: text)
      }
      let outputs = value("outputs").flatMap { items($0, of: "outputs") } ?? []
      for item in outputs where item.text == nil {
        reportKind(item, of: "outputs", expected: "a list of names")
      }
      problem.networks.append(
        Network(
          name: entry.key, inputs: definitions, outputs: outputs.compactMap(\.text),
          hidden: value("hidden").map { widths($0, of: "hidden") } ?? [],
          activation: value("activation").flatMap { word($0, of: "activation") }))
    }
  }

  func widths(_ value: Declaration, of name: String) -> [Int] {
    (items(value, of: name) ?? []).compactMap { count($0, of: name, in: 1...100_000) }
  }
}

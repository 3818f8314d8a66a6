import Expressions
import Problems
import Reports

/// A problem as declared, its equations typeset.
struct ReportProblem {
  let problem: Problem
  /// Texts of the problem as they were written, by dotted path.
  private let written: [String: String]

  init(_ problem: Problem) {
    self.problem = problem
    // What YAML needs quotes for is no formula that can be typeset.
    let texts = problem.settings.filter { !$0.value.hasPrefix("'") && !$0.value.hasPrefix("\"") }
    written = Dictionary(texts.map { ($0.path, $0.value) }) { first, _ in first }
  }

  var section: String {
    HTML.section(
      "The problem",
      [
        problem.about.map(HTML.paragraph) ?? "",
        HTML.facts(facts),
        heading("Equations") + problem.equations.map(equation).joined(separator: "\n"),
        problem.conditions.isEmpty
          ? "" : heading("Conditions") + problem.conditions.map(condition).joined(separator: "\n"),
        definitions("Where", problem.functions + problem.observables),
        problem.events.isEmpty
          ? "" : heading("Events") + problem.events.map(event).joined(separator: "\n"),
        HTML.details("As resolved: problem.yaml", HTML.code(problem.resolvedYAML())),
      ])
  }

  private func heading(_ text: String) -> String { "<h3>\(HTML.escaped(text))</h3>\n" }

  private func block(_ formula: String?, else text: String) -> String {
    "<div class=\"formula\">\(formula ?? "<code>\(HTML.escaped(text))</code>")</div>"
  }

  private func equation(_ equation: Equation) -> String {
    block(problem.scope.mathML(equation: equation.text), else: equation.text)
  }

  private func condition(_ row: ConditionRow) -> String {
    block(problem.scope.mathML(condition: row.text), else: row.text)
  }

  private func event(_ event: EventDeclaration) -> String {
    let path = "events.\(event.name)"
    let when = "\(written["\(path).when"] ?? event.when.description) = 0"
    let sets = event.set.map { jump in
      let target = jump.target.description
      return "\(target) = \(written["\(path).set.\(target)"] ?? jump.value.description)"
    }
    let formulas = ([when] + sets).map { problem.scope.mathML(equation: $0) ?? HTML.escaped($0) }
    let crossing = event.direction == .both ? "" : ", crossed \(event.direction.rawValue)wards"
    let end = event.isTerminal ? "; the end" : ""
    let count = event.count.map { ", \($0) times" } ?? ""
    let jumps = sets.isEmpty ? "" : "; then " + formulas.dropFirst().joined(separator: ", ")
    return "<div class=\"formula\">\(HTML.escaped(event.name)): \(formulas[0])"
      + "\(crossing)\(count)\(jumps)\(end)</div>"
  }

  private func definitions(_ title: String, _ entries: [Definition]) -> String {
    if entries.isEmpty { return "" }
    let rows = entries.map { entry in
      block(
        problem.scope.mathML(equation: "\(entry.name) = \(entry.text)"),
        else: "\(entry.name) = \(entry.text)")
    }
    return heading(title) + rows.joined(separator: "\n")
  }

  private var facts: [(label: String, value: String)] {
    var facts: [(label: String, value: String)] = [
      ("kind", kind),
      (
        "variables",
        list(
          problem.variables.map {
            "\(name($0.name)) from \(number($0.lower)) to \(number($0.upper))\(unit($0.name))"
          })
      ),
      ("unknowns", list(problem.allUnknowns.map { name($0) + unit($0) })),
    ]
    func add(_ label: String, _ items: [String]) {
      if !items.isEmpty { facts.append((label, list(items))) }
    }
    add(
      "parameters",
      problem.parameters.map { "\(name($0.name)) = \(number($0.value))\(unit($0.name))" })
    add(
      "to be found",
      problem.estimates.map { estimate in
        let isBounded = estimate.lower.isFinite || estimate.upper.isFinite
        let bounds =
          isBounded ? ", between \(number(estimate.lower)) and \(number(estimate.upper))" : ""
        return "\(name(estimate.name)) from \(number(estimate.start))\(bounds)"
      })
    add("networks", problem.networks.map(network))
    if let data = problem.data { add("data", [HTML.escaped(data.file)]) }
    add("from tables", problem.forcings.map { "\(name($0.name)) of \(HTML.escaped($0.file))" })
    add("truth", truth)
    return facts
  }

  private var truth: [String] {
    if !problem.exact.isEmpty {
      return problem.exact.keys.sorted().map { unknown in
        let folded = problem.exact[unknown]?.description ?? ""
        let text = "\(unknown) = \(written["exact.\(unknown)"] ?? folded)"
        return problem.scope.mathML(equation: text) ?? HTML.escaped(text)
      }
    }
    return problem.reference.map { reference in
      let accuracy = reference.accuracy.map { ", relative accuracy \(number($0))" } ?? ""
      return [HTML.escaped(reference.file) + accuracy]
    } ?? []
  }

  private var kind: String {
    switch problem.kind {
    case .initialValue: "ordinary differential equations with initial values"
    case .boundaryValue: "ordinary differential equations with boundary values"
    case .evolution: "partial differential equations that march in \(problem.marching ?? "time")"
    case .elliptic: "partial differential equations with boundary values"
    }
  }

  private func network(_ network: Network) -> String {
    let inputs = network.inputs.map(\.text).joined(separator: ", ")
    let outputs = network.outputs.map(name).joined(separator: ", ")
    return "\(outputs) of \(HTML.escaped(inputs))"
  }

  private func name(_ name: String) -> String { problem.scope.mathML(name: name) }

  private func number(_ number: Double) -> String { HTML.escaped(NumberText.text(number)) }

  private func unit(_ name: String) -> String {
    problem.units[name].map { " (\(HTML.escaped($0)))" } ?? ""
  }

  private func list(_ items: [String]) -> String { items.joined(separator: "; ") }
}

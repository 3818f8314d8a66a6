import Expressions
import Numerics
import Problems
import Reports

/// What networks in the equations learned, beside the formulas that were found and the truth.
enum TermFigures {
  private static let mostOutputs = 6

  static func make(_ run: RunContents) throws -> Figure? {
    guard let problem = run.problem, let terms = run.table("terms.csv", words: ["trajectory"]),
      let labels = terms.texts["trajectory"]
    else { return nil }
    let formulas = TermFormulas(run, problem)
    let truth = try TermTruth(run, problem)
    let networks = problem.networks.flatMap { network in
      network.outputs.map { (network, $0) }
    }
    let panels = networks.prefix(mostOutputs).compactMap { network, output -> Panel? in
      switch network.inputs.count {
      case 1: overInput(terms, network, output, formulas, truth)
      case 2 where labels.contains { $0 != labels[0] }: overPlane(terms, network, output)
      default: overTime(run, terms, labels, output, formulas, truth)
      }
    }
    if panels.isEmpty { return nil }
    return Figure(
      name: "terms", title: run.title, panels: panels, columns: panels.count > 1 ? 2 : 1,
      panelHeight: panels.count > 1 ? 330 : 430,
      note: truth == nil ? "" : "truth: what the equations leave over along the reference")
  }

  /// A network of one input, over that input.
  private static func overInput(
    _ terms: RecordedTable, _ network: Network, _ output: String, _ formulas: TermFormulas,
    _ truth: TermTruth?
  ) -> Panel? {
    let input = network.inputs[0]
    let name = terms.columns.first { $0 == input.name || $0 == input.text }
    guard let name, let x = terms.column(name), let y = terms.column(output) else { return nil }
    let rows = x.indices.filter { x[$0].isFinite && y[$0].isFinite }.sorted { x[$0] < x[$1] }
    let thin = CurveThinning.line(rows.map { x[$0] }, rows.map { y[$0] })
    var layers: [Layer] = []
    if let found = truth?.values(output, over: input.expression) { layers.append(found) }
    layers.append(
      Layer(.line(x: thin.x, y: thin.y), label: "learned", colour: .series(0), width: 2))
    if let found = formulas.layer(output, over: input.expression, thin.x) { layers.append(found) }
    return Panel(x: Axis(name, showing: thin.x), y: Axis(output, showing: thin.y), layers: layers)
  }

  /// A network of two inputs that many trajectories have seen, by colour over its inputs.
  private static func overPlane(_ terms: RecordedTable, _ network: Network, _ output: String)
    -> Panel?
  {
    let names = network.inputs.compactMap { input in
      terms.columns.first { $0 == input.name || $0 == input.text }
    }
    guard names.count == 2, let x = terms.column(names[0]), let y = terms.column(names[1]),
      let values = terms.column(output)
    else { return nil }
    let known = values.indices.filter { values[$0].isFinite }
    let rows = CurveThinning.spread(known, most: 2000)
    guard rows.count > 1 else { return nil }
    let scale = ColourScale.showing(rows.map { values[$0] }, "\(output), learned")
    let count = 24
    let layers = (0..<count).map { step in
      let own = rows.filter { min(Int(scale.part(values[$0]) * Double(count)), count - 1) == step }
      return Layer(
        .points(x: own.map { x[$0] }, y: own.map { y[$0] }),
        colour: .scale((Double(step) + 0.5) / Double(count)), size: 0.5)
    }
    return Panel(
      x: Axis(names[0], showing: x), y: Axis(names[1], showing: y), layers: layers, colours: scale)
  }

  /// Any network, along the first trajectory.
  private static func overTime(
    _ run: RunContents, _ terms: RecordedTable, _ labels: [String], _ output: String,
    _ formulas: TermFormulas, _ truth: TermTruth?
  ) -> Panel? {
    guard let variable = run.curveVariable, let t = terms.column(variable),
      let y = terms.column(output)
    else { return nil }
    let rows = labels.indices.filter { labels[$0] == labels[0] }
    let (x, learned) = (rows.map { t[$0] }, rows.map { y[$0] })
    guard let first = x.min(), let last = x.max(), first < last else { return nil }
    var layers: [Layer] = []
    if let found = truth?.layer(output, from: first, to: last) { layers.append(found) }
    layers.append(Layer(.line(x: x, y: learned), label: "learned", colour: .series(0), width: 2))
    if let found = formulas.layer(output, from: first, to: last) { layers.append(found) }
    return Panel(
      x: Axis(run.label(variable), from: first, to: last), y: Axis(output, showing: learned),
      layers: layers)
  }
}

/// Formulas that a run found for terms.
struct TermFormulas {
  private let run: RunContents
  private let problem: Problem
  private let parts: [(output: String, coefficient: Double, term: Expression)]

  init(_ run: RunContents, _ problem: Problem) {
    (self.run, self.problem) = (run, problem)
    guard let table = run.table("discovered.csv", words: ["output", "term"]),
      let outputs = table.texts["output"], let terms = table.texts["term"],
      let coefficients = table.column("coefficient")
    else {
      parts = []
      return
    }
    parts = outputs.indices.compactMap { row in
      problem.scope.resolve(terms[row]).0.map { (outputs[row], coefficients[row], $0) }
    }
  }

  private func formula(_ output: String) -> Expression? {
    let own = parts.filter { $0.output == output }
    guard let first = own.first else { return nil }
    return own.dropFirst().reduce(.number(first.coefficient) * first.term) {
      $0 + .number($1.coefficient) * $1.term
    }
  }

  /// The formula along the first trajectory of the solution.
  func layer(_ output: String, from first: Double, to last: Double) -> Layer? {
    guard let formula = formula(output), let curves = run.curves,
      let rows = curves.cases.first?.rows
    else { return nil }
    let names = [curves.variable] + curves.unknowns
    let columns = names.map { Array(curves.values($0)[rows]) }
    guard let values = TermValues(problem, [formula], names)?.values(columns).first else {
      return nil
    }
    let shown = columns[0].indices.filter { columns[0][$0] >= first && columns[0][$0] <= last }
    let thin = CurveThinning.line(shown.map { columns[0][$0] }, shown.map { values[$0] })
    return Layer(
      .line(x: thin.x, y: thin.y), label: "formula", colour: .series(1), width: 1.5, dash: .dashed)
  }

  /// The formula of a term of one plain input.
  func layer(_ output: String, over input: Expression, _ x: [Double]) -> Layer? {
    guard let formula = formula(output), case .symbol(let symbol) = input.operation,
      let values = TermValues(problem, [formula], [symbol.description])?.values([x]).first
    else { return nil }
    return Layer(
      .line(x: x, y: values), label: "formula", colour: .series(1), width: 1.5, dash: .dashed)
  }
}

/// Expressions at the rows of a table.
struct TermValues {
  private let tape: Tape
  private let constants: [Double]
  private let count: Int

  /// - Parameter names: what the columns of the table are: symbols of the expressions.
  /// - Returns: nil where the expressions need more than these and the problem's parameters.
  init?(_ problem: Problem, _ expressions: [Expression], _ names: [String]) {
    let parameters = problem.parameterValues.sorted { $0.key.description < $1.key.description }
    let inputs = Inputs(state: names.map { Symbol($0) }, parameters: parameters.map(\.key))
    guard let program = try? Program(expressions, inputs: inputs) else { return nil }
    tape = Tape(program)
    constants = parameters.map(\.value)
    count = expressions.count
  }

  /// `[expression][row]`.
  func values(_ columns: [[Double]]) -> [[Double]] {
    let (state, out, none) = (Storage(columns.count), Storage(count), Storage(0))
    let constants = Storage(self.constants)
    defer { state.keep(out, none, constants) }
    let rows = columns.first?.count ?? 0
    var found = [[Double]](repeating: [Double](repeating: .nan, count: rows), count: count)
    for row in 0..<rows {
      for index in columns.indices { state.vector[index] = columns[index][row] }
      tape.evaluate(none.vector, state.vector, constants.vector, into: out.vector)
      for index in 0..<count { found[index][row] = out.vector[index] }
    }
    return found
  }
}

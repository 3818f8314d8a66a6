import Expressions
import Numerics
import Problems
import Reports

/// What networks in the equations should have learned: what each equation leaves over along the
/// reference, where a network's output stands in it once and linearly.
struct TermTruth {
  private let problem: Problem
  /// The variable, then the unknowns, along the reference.
  private let names: [String]
  private let columns: [[Double]]
  private let outputs: [String: [Double]]

  /// - Returns: nil where there is no reference, or no output that it determines.
  init?(_ run: RunContents, _ problem: Problem) throws {
    guard problem.variables.count == 1, !run.comparable.isEmpty, problem.augment == 0,
      let table = problem.reference?.table
    else { return nil }
    self.problem = problem
    let variable = problem.variables[0].name
    let names = [variable] + problem.unknowns
    let columns = names.compactMap { table.column($0) }
    guard columns.count == names.count, table.rowCount > 6 else { return nil }
    self.names = names
    self.columns = columns
    let derivatives = columns.dropFirst().map { TermTruth.slopes(columns[0], $0) }
    let symbols = problem.unknowns.map { Symbol($0, [variable]) }
    var found: [String: [Double]] = [:]
    let all = Set(problem.networks.flatMap(\.outputs))
    for equation in problem.equations {
      let own = equation.residual.symbols.filter { all.contains($0.name) }
      guard own.count == 1, let output = own.first, output.order == 0 else { continue }
      let values = TermTruth.left(
        over: output, equation.residual, problem, names.map { Symbol($0) } + symbols,
        columns + derivatives)
      if let values, values.contains(where: \.isFinite) { found[output.name] = values }
    }
    if found.isEmpty { return nil }
    outputs = found
  }

  /// The value of `output` at which the residual is zero, row by row; nil where it is not linear.
  private static func left(
    over output: Symbol, _ residual: Expression, _ problem: Problem, _ symbols: [Symbol],
    _ columns: [[Double]]
  ) -> [Double]? {
    let parameters = problem.parameterValues.sorted { $0.key.description < $1.key.description }
    let inputs = Inputs(state: symbols + [output], parameters: parameters.map(\.key))
    guard let program = try? Program([residual], inputs: inputs) else { return nil }
    let tape = Tape(program)
    let (state, out, none) = (Storage(symbols.count + 1), Storage(1), Storage(0))
    let constants = Storage(parameters.map(\.value))
    defer { state.keep(out, none, constants) }
    func value(_ row: Int, _ number: Double) -> Double {
      for index in columns.indices { state.vector[index] = columns[index][row] }
      state.vector[symbols.count] = number
      tape.evaluate(none.vector, state.vector, constants.vector, into: out.vector)
      return out.vector[0]
    }
    let rows = columns[0].count
    return (0..<rows).map { row in
      let (none, one, two) = (value(row, 0), value(row, 1), value(row, 2))
      let slope = one - none
      let isLinear = (two - one - slope).magnitude <= 1e-9 * (slope.magnitude + none.magnitude)
      return isLinear && slope != 0 ? -none / slope : .nan
    }
  }

  /// Slopes of order 4 between evenly spaced rows; NaN elsewhere.
  private static func slopes(_ t: [Double], _ values: [Double]) -> [Double] {
    values.indices.map { row in
      guard row > 1, row + 2 < values.count else { return .nan }
      let step = (t[row + 2] - t[row - 2]) / 4
      let isEven = (-1...1).allSatisfy {
        (t[row + $0] - t[row] - Double($0) * step).magnitude < 1e-6 * step.magnitude
      }
      guard isEven else { return .nan }
      return (8 * (values[row + 1] - values[row - 1]) - values[row + 2] + values[row - 2])
        / (12 * step)
    }
  }

  /// The truth over the variable.
  func layer(_ output: String, from first: Double, to last: Double) -> Layer? {
    guard let values = outputs[output] else { return nil }
    let rows = values.indices.filter {
      values[$0].isFinite && columns[0][$0] >= first && columns[0][$0] <= last
    }
    return TermTruth.layer(rows.map { columns[0][$0] }, rows.map { values[$0] })
  }

  /// The truth over an expression of the unknowns.
  func values(_ output: String, over input: Expression) -> Layer? {
    guard let values = outputs[output],
      let places = TermValues(problem, [input], names)?.values(columns).first
    else { return nil }
    let rows = values.indices.filter { values[$0].isFinite && places[$0].isFinite }
      .sorted { places[$0] < places[$1] }
    return TermTruth.layer(rows.map { places[$0] }, rows.map { values[$0] })
  }

  private static func layer(_ x: [Double], _ y: [Double]) -> Layer? {
    if x.count < 2 { return nil }
    let thin = CurveThinning.line(x, y)
    return Layer(.line(x: thin.x, y: thin.y), label: "truth", colour: .series(2), width: 4)
  }
}

import Expressions
import Integrators
import Numerics
import Problems

/// A first-order system lowered to programs: made once, shared by every worker of an ensemble.
public struct CompiledSystem: Sendable {
  public let form: SystemForm
  public let inputs: Inputs
  /// Forcing symbols stand after t in the point; with their derivatives after them.
  let forcings: [Interpolation]
  let rates: Program
  /// ∂f/∂y, the entries of ``pattern``.
  let jacobian: Program
  /// ∂f/∂t, absent where f does not depend on t.
  let timeDerivative: Program?
  /// M's entries, of the parameters alone.
  let mass: Program?
  let massPattern: SparsityPattern?
  let pattern: SparsityPattern
  let coupled: CoupledPrograms?

  /// What an LU-solved block needs beside the rates.
  struct CoupledPrograms: Sendable {
    var rows: [Int]
    /// C, row-major, then g.
    var system: Program
    /// ∂(g − C·v)/∂y by `pattern` rows of the block, with v after y in the state; row-major, dense.
    var jacobian: Program
    /// ∂(g − C·v)/∂t.
    var timeDerivative: Program
  }

  /// Whether f does not depend on t.
  public var isAutonomous: Bool { timeDerivative == nil && coupled == nil }

  /// All programs, in the order in which native code numbers them.
  var programs: [Program] {
    [rates, jacobian] + (timeDerivative.map { [$0] } ?? [])
      + (coupled.map { [$0.system, $0.jacobian, $0.timeDerivative] } ?? [])
  }

  /// Differentiates and lowers.
  ///
  /// - Throws: `DifferentiationError`, `ProgramError` or `GSLError`, when the system has no exact
  ///   derivatives, holds something that has no value at a point, or a forcing cannot be fitted.
  public init(
    _ form: SystemForm, parameters: [String], forcings: [Problems.Forcing]
  ) throws {
    self.form = form
    let t = form.marching
    let names = forcings.map { Symbol($0.name) }
    let inputs = Inputs(
      point: [Symbol(t)] + names + names.map { $0.differentiated(by: t) }, state: form.state,
      parameters: parameters.map { Symbol($0) })
    self.inputs = inputs
    self.forcings = try forcings.map { try Interpolation($0) }
    let known = form.coupled.map { Set($0.rows) } ?? []
    let explicit = form.rates.enumerated().map { known.contains($0.offset) ? .zero : $0.element }
    rates = try Program(explicit, inputs: inputs)
    let entries = try CompiledSystem.jacobian(explicit, form, dense: known)
    pattern = SparsityPattern(
      dimension: form.state.count, rows: entries.map(\.row), columns: entries.map(\.column))
    jacobian = try Program(entries.map(\.value), inputs: inputs)
    let slopes = try explicit.map { try CompiledSystem.slope($0, t, names) }
    timeDerivative = slopes.allSatisfy(\.isZero) ? nil : try Program(slopes, inputs: inputs)
    mass = form.hasMass ? try Program(form.mass.map(\.value), inputs: inputs) : nil
    massPattern =
      form.hasMass
      ? SparsityPattern(
        dimension: form.state.count, rows: form.mass.map(\.row), columns: form.mass.map(\.column))
      : nil
    coupled = try form.coupled.map {
      try CompiledSystem.programs($0, form, inputs, names)
    }
  }

  private struct Entry {
    var row: Int
    var column: Int
    var value: Expression
  }

  /// The entries that can be non-zero; rows that an LU solve fills are dense, with zeros here.
  private static func jacobian(
    _ rates: [Expression], _ form: SystemForm, dense: Set<Int>
  ) throws -> [Entry] {
    var entries: [Entry] = []
    for (row, rate) in rates.enumerated() {
      let leaves = rate.symbols
      for (column, symbol) in form.state.enumerated() {
        if dense.contains(row) {
          entries.append(Entry(row: row, column: column, value: .zero))
        } else if leaves.contains(symbol) {
          let value = try rate.derivative(by: symbol)
          if !value.isZero { entries.append(Entry(row: row, column: column, value: value)) }
        }
      }
    }
    return entries
  }

  /// ∂/∂t with the forcings' own derivatives.
  private static func slope(
    _ expression: Expression, _ t: String, _ forcings: [Symbol]
  ) throws -> Expression {
    let leaves = expression.symbols
    var sum = leaves.contains(Symbol(t)) ? try expression.derivative(by: Symbol(t)) : .zero
    for forcing in forcings where leaves.contains(forcing) {
      let part = try expression.derivative(by: forcing)
      sum = sum + part * .symbol(forcing.differentiated(by: t))
    }
    return sum
  }

  private static func programs(
    _ block: SystemForm.CoupledBlock, _ form: SystemForm, _ inputs: Inputs, _ forcings: [Symbol]
  ) throws -> CoupledPrograms {
    let n = block.unknowns.count
    let residuals = (0..<n).map { j in
      (0..<n).reduce(block.rightSides[j]) { sum, i in
        sum - block.matrix[j * n + i] * .symbol(block.unknowns[i])
      }
    }
    var extended = inputs
    extended.state += block.unknowns
    let slopes = try residuals.map { try slope($0, form.marching, forcings) }
    let jacobian = try residuals.flatMap { residual in
      try form.state.map { try residual.derivative(by: $0) }
    }
    return CoupledPrograms(
      rows: block.rows,
      system: try Program(block.matrix + block.rightSides, inputs: inputs),
      jacobian: try Program(jacobian, inputs: extended),
      timeDerivative: try Program(slopes, inputs: extended))
  }
}

extension Problems.Forcing.Interpolation {
  var kind: Interpolation.Kind {
    switch self {
    case .linear: .linear
    case .cubic: .cubic
    case .previous: .previous
    }
  }
}

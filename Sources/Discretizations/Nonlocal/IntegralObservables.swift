import Expressions
import Numerics
import Problems

/// Observables with integrals on a solution of an initial-value problem.
///
/// They need the whole solution (`integral(x^2, t, 0, 10)` at every row), so they are filled in after
/// the run, from its continuous extension, by adaptive quadrature.
public final class IntegralObservables {
  private let rows: RowSystem
  private let problem: InitialValueProblem
  private let parameters: [Double]
  /// What the names of highest derivatives stand for.
  private let derivatives: [Symbol: Program]

  /// Whether a problem has such observables.
  public static func areDeclared(in problem: Problem) -> Bool {
    problem.observables.contains { $0.expression.integralDepth > 0 }
  }

  /// Splits and lowers for given parameters.
  ///
  /// - Throws: `ProblemFaults` for an integral of a highest derivative that no formula gives;
  ///   `ProgramError`.
  public init(_ problem: InitialValueProblem, parameters: [Double]) throws {
    self.problem = problem
    self.parameters = parameters
    let declared = problem.problem
    let form = problem.form
    rows = try RowSystem(
      declared, variable: form.marching, state: form.state,
      observables: declared.observables.map { $0.expression.substituting(form.derivatives) })
    let inputs = Inputs(
      point: IntegralEvaluator.point(form.marching, rows.forcings), state: form.state,
      parameters: rows.inputs.parameters)
    var derivatives: [Symbol: Program] = [:]
    for symbol in rows.terms.reduce(into: Set<Symbol>(), { $0.formUnion($1.placedUnknowns) })
    where !form.state.contains(symbol) && !rows.forcings.contains(symbol.name) {
      guard let rate = form.derivatives[symbol] else {
        let text = rows.terms.first { $0.placedUnknowns.contains(symbol) }?.text ?? ""
        let name = declared.observables.first { $0.expression.placesOrHolds(symbol) }?.name ?? ""
        throw declared.fault(
          path: "observables.\(name)", "\(text) holds \(symbol), which no formula gives",
          "integrate lower derivatives")
      }
      derivatives[symbol] = try Program([rate], inputs: inputs)
    }
    self.derivatives = derivatives
  }

  /// Names of all columns: unknowns, then observables.
  public var names: [String] { rows.names }

  /// Places of the observables with integrals among the observables.
  public var places: [Int] {
    let declared = problem.problem.observables
    return declared.indices.filter { declared[$0].expression.integralDepth > 0 }
  }

  /// The observables, those without integrals among them, at some times.
  ///
  /// - Parameters:
  ///   - times: the rows.
  ///   - relative: tolerance of the quadratures: no smaller than what the solution is good for.
  ///   - state: the solution's continuous extension: all components at a time of the interval.
  /// - Returns: `[times][observables]`, and the largest estimated quadrature error of an integral.
  /// - Throws: `ProgramError`, `DifferentiationError`, `GSLError`.
  /// - Cost: some dozens to hundreds of calls of `state` for each integral and row.
  public func values(
    at times: [Double], relative: Double = 1e-9, state: @escaping (Double) -> [Double]
  ) throws -> (rows: [[Double]], error: Double) {
    let form = problem.form
    let forcings = problem.system.forcings
    let tapes = derivatives.mapValues(Tape.init)
    let point = ForcedPoint(forcings, count: rows.inputs.point.count)
    let elsewhere = ForcedPoint(forcings, count: 1 + 2 * forcings.count)
    let known = Storage(parameters)
    let here = Storage(form.state.count)
    let there = Storage(form.state.count)
    let result = Storage(rows.observables.outputCount)
    let value = Storage(1)
    defer { known.keep(here, there, result, value) }
    let names = rows.forcings
    let evaluator = try IntegralEvaluator(
      rows.terms, point: IntegralEvaluator.point(form.marching, names), state: form.state,
      parameters: Dictionary(uniqueKeysWithValues: zip(rows.inputs.parameters, parameters)),
      relative: relative
    ) { symbol, t in
      if let index = names.firstIndex(of: symbol.name) {
        return symbol.order == 0 ? forcings[index].value(t) : forcings[index].derivative(t)
      }
      let all = state(t)
      if let place = form.state.firstIndex(of: symbol) { return all[place] }
      guard let tape = tapes[symbol] else { return .nan }
      elsewhere.move(to: t)
      there.vector.assign(all)
      tape.evaluate(elsewhere.vector, there.vector, known.vector, into: value.vector)
      return value.vector[0]
    }
    let tape = Tape(rows.observables)
    var error = 0.0
    let found = times.map { t in
      point.move(to: t)
      here.vector.assign(state(t))
      let integrals = evaluator.evaluate(point: point.vector, state: here.vector)
      for (index, integral) in integrals.enumerated() {
        point.vector[1 + 2 * forcings.count + index] = integral.value
        error = max(error, integral.error)
      }
      tape.evaluate(point.vector, here.vector, known.vector, into: result.vector)
      return result.vector.array
    }
    return (found, error)
  }
}

extension Expression {
  /// Whether a leaf, free or under an integral, is `symbol`.
  fileprivate func placesOrHolds(_ symbol: Symbol) -> Bool {
    contains(symbol) || placedSymbols.contains(symbol)
      || operands.contains { $0.integralDepth > 0 && $0.placesOrHolds(symbol) }
  }
}

import Expressions
import Integrators
import Numerics
import Problems

/// A problem file's ordinary differential equations, ready to be integrated for any parameters.
///
/// Made once: reduction, differentiation and lowering. `Sendable`: workers of an ensemble share it
/// and make their own fields.
public struct InitialValueProblem: Sendable {
  public let problem: Problem
  public let form: SystemForm
  public let system: CompiledSystem
  public let conditions: InitialConditions
  /// Names differentiated to.
  public let sensitivities: [String]
  /// Names of parameters and estimates, in the order of the programs' inputs.
  public let parameterNames: [String]
  /// Where integration starts and ends; backwards where the conditions stand at the upper end.
  public let start: Double
  public let end: Double
  let rows: RowPrograms
  let events: [EventPrograms]

  /// Components of the state that belong to the problem itself, not to its sensitivities.
  public let ownCount: Int

  /// Reduces, differentiates and lowers.
  ///
  /// - Throws: `ProblemFaults` placed in the file, ``SensitivityError``, or the errors of
  ///   ``CompiledSystem``.
  public init(_ problem: Problem, sensitivities: [String] = []) throws {
    guard let marching = problem.marching, let interval = problem.interval(marching) else {
      preconditionFailure("not an initial-value problem")
    }
    self.problem = problem
    self.sensitivities = sensitivities
    parameterNames = problem.parameterNames
    var form = try SystemForm(problem)
    var conditions = InitialConditions(problem, form)
    ownCount = form.state.count
    if !sensitivities.isEmpty {
      try InitialValueProblem.check(sensitivities, problem, conditions)
      (form, conditions) = try InitialValueProblem.extend(form, conditions, sensitivities, problem)
    }
    self.form = form
    self.conditions = conditions
    let isBackward = problem.conditions.contains {
      if case .face(_, _, let isUpper) = $0.location { isUpper } else { false }
    }
    start = isBackward ? interval.upper : interval.lower
    end = isBackward ? interval.lower : interval.upper
    let system = try CompiledSystem(
      form, parameters: parameterNames, forcings: problem.forcings)
    self.system = system
    rows = try RowPrograms(problem, form, system.inputs, sensitivities)
    events = try problem.events.map { event in
      try EventPrograms(event, problem, form, system.inputs)
    }
  }

  private static func check(
    _ names: [String], _ problem: Problem, _ conditions: InitialConditions
  ) throws {
    let known = problem.parameterNames + problem.unknowns
    for name in names where !known.contains(name) {
      throw SensitivityError.unknownName(name, nearest: NearestName.find(name, among: known))
    }
    if !conditions.residuals.isEmpty { throw SensitivityError.conditionsImplicit }
    if let event = problem.events.first(where: { !$0.set.isEmpty }) {
      throw SensitivityError.jumps(event: event.name)
    }
  }

  /// Parameters that later parameters are defined by are written out first, so that the derivative
  /// by `mu` also sees `nu: mu/2`.
  private static func extend(
    _ form: SystemForm, _ conditions: InitialConditions, _ names: [String], _ problem: Problem
  ) throws -> (SystemForm, InitialConditions) {
    var definitions: [Symbol: Expression] = [:]
    for parameter in problem.parameters where parameter.definition.constant == nil {
      definitions[Symbol(parameter.name)] = parameter.definition.substituting(definitions)
    }
    // A name that is differentiated to stands for itself.
    for name in names { definitions[Symbol(name)] = nil }
    var form = form
    var conditions = conditions
    form.rates = form.rates.map { $0.substituting(definitions) }
    conditions.values = conditions.values.map { $0?.substituting(definitions) }
    return try form.extended(by: names, conditions)
  }

  /// Values of all parameters with some replaced; parameters defined by them follow.
  ///
  /// - Throws: `EvaluationError` where a definition has no value.
  public func parameters(replacing new: [String: Double] = [:]) throws -> [Double] {
    try problem.parameters(replacing: new)
  }

  /// Names of the trajectory's columns after the marching variable.
  public var columnNames: [String] { rows.names }

  /// Programs in the order that ``NativeCode`` expects.
  public func makeCode(_ choice: NativeCode.Choice) -> NativeCode {
    NativeCode(system.programs, choice)
  }

  /// A field for given parameters.
  public func makeField(_ parameters: [Double], _ code: NativeCode) -> ExpressionField {
    ExpressionField(system, parameters: parameters, code: code)
  }

  /// Values of the parameters and of the marching variable at the start.
  private func known(_ parameters: [Double]) -> [Symbol: Double] {
    var known = Dictionary(
      uniqueKeysWithValues: zip(parameterNames.map { Symbol($0) }, parameters))
    known[Symbol(form.marching)] = start
    return known
  }

  /// The initial state for given parameters, made consistent.
  ///
  /// - Parameter new: initial values of unknowns that replace the declared ones.
  /// - Returns: the state, and the algebraic unknowns whose declared value moved by more than
  ///   1e-6 relative.
  /// - Throws: ``InitialStateError`` or `EvaluationError`.
  public func initialState(
    _ field: VectorField, _ parameters: [Double], replacing new: [String: Double] = [:]
  ) throws -> (y: [Double], moved: [String]) {
    var given = try conditions.solve(known(parameters))
    for (name, value) in new {
      if let place = form.state.firstIndex(of: Symbol(name)) { given[place] = value }
    }
    let y = try Consistency.solve(field, start, given)
    var moved: [String] = []
    for place in 0..<ownCount where conditions.values[place] != nil {
      let change = (y[place] - given[place]).magnitude
      if change > 1e-6 * max(given[place].magnitude, y[place].magnitude) {
        moved.append(form.state[place].name)
      }
    }
    return (y, moved)
  }

  /// Where the right-hand side jumps.
  public func breakpoints(_ parameters: [Double]) -> [Double] {
    Breakpoints.find(problem, form, known(parameters))
  }

  /// The tolerances of `solve.rtol` and `solve.atol` around an initial state.
  ///
  /// The sensitivity to p is weighed by |p|, so that it is asked for as many digits as the solution.
  public func tolerances(_ y0: [Double], _ parameters: [Double]) -> Tolerances {
    let settings = problem.solve
    var absolute: [Double] = []
    for (place, symbol) in form.state.prefix(ownCount).enumerated() {
      switch settings.atol {
      case .all(let value): absolute.append(value)
      case .each(let values):
        absolute.append(values[symbol.name] ?? Tolerances.defaultAbsolute(y0[place]))
      case .standard: absolute.append(Tolerances.defaultAbsolute(y0[place]))
      }
    }
    let own = absolute
    for name in sensitivities {
      let index = parameterNames.firstIndex(of: name)
      let place = form.state.firstIndex(of: Symbol(name))
      let size = (index.map { parameters[$0] } ?? place.map { y0[$0] } ?? 1).magnitude
      absolute += own.map { $0 / (size > 0 ? size : 1) }
    }
    return Tolerances(
      relative: settings.rtol, absolute: absolute, norm: settings.norm == .max ? .max : .rms)
  }
}

import Expressions

/// A differential equation problem as declared in a file, read and checked.
///
/// Everything later layers need, typed: numbers are evaluated, names resolved, files read. The
/// sections that only `train` reads are checked in names and kinds and kept as declarations.
public struct Problem: Sendable {
  /// What has to be solved.
  public enum Kind: Sendable {
    /// One variable, conditions at one point.
    case initialValue
    /// One variable, conditions at both ends.
    case boundaryValue
    /// Several variables, one of which marches.
    case evolution
    /// Several variables, none of which marches.
    case elliptic
  }

  /// The problem file as named by the user.
  public internal(set) var file: String
  /// The folder that paths in the file are relative to.
  public internal(set) var folder: String
  /// For people, and on figures.
  public internal(set) var title: String?
  /// Where the problem and its truth come from.
  public internal(set) var about: String?
  /// Independent variables, in order.
  public internal(set) var variables: [Interval] = []
  /// Dependent variables in output order, without the hidden ones of ``augment``.
  public internal(set) var unknowns: [String] = []
  /// Named constants, each using earlier ones only.
  public internal(set) var parameters: [Parameter] = []
  /// Named expressions; equations have them written out already.
  public internal(set) var functions: [Definition] = []
  /// Symbols of the marching variable that are read from tables.
  public internal(set) var forcings: [Forcing] = []
  /// Parameters to be found.
  public internal(set) var estimates: [Estimate] = []
  /// Networks inside the equations.
  public internal(set) var networks: [Network] = []
  /// Number of extra hidden unknowns `a1, a2, …`, zero at the start.
  public internal(set) var augment = 0
  /// As many as ``allUnknowns``.
  public internal(set) var equations: [Equation] = []
  /// In the order of the file.
  public internal(set) var conditions: [ConditionRow] = []
  /// Unknown to its true solution.
  public internal(set) var exact: [String: Expression] = [:]
  /// The truth as a table.
  public internal(set) var reference: Reference?
  /// Measurements to fit.
  public internal(set) var data: Measurements?
  /// Extra columns of the output.
  public internal(set) var observables: [Definition] = []
  /// What happens on the way.
  public internal(set) var events: [EventDeclaration] = []
  /// Name to label text.
  public internal(set) var units: [String: String] = [:]
  /// The section `solve`.
  public internal(set) var solve = SolveSettings()
  /// Every variable has an entry.
  public internal(set) var output: [String: OutputGrid] = [:]
  /// How `train` finds the unknowns.
  public internal(set) var training = TrainingKind.network
  /// The sections `network`, `train` and `discover` as written, checked in names and kinds.
  public internal(set) var declared: [String: Declaration] = [:]
  /// What has to be solved.
  public internal(set) var kind = Kind.initialValue
  /// The variable that marches, nil for boundary-value and elliptic problems.
  public internal(set) var marching: String?
  /// What names mean, for resolving further text (sweeps, sensitivities).
  public internal(set) var scope = Scope()
  /// True where conditions are missing and data are there: only `train` can go on.
  public internal(set) var isUnderdetermined = false
  /// What the user should know, though the problem can be solved.
  public internal(set) var warnings: [Diagnostic] = []
  /// The file as read, after overrides; ``resolvedYAML(setting:renaming:)`` writes it back.
  var document: Declaration

  /// Highest order of differentiation of each unknown by each variable that occurs.
  public internal(set) var orders: [String: [String: Int]] = [:]

  /// Unknowns with the hidden ones of ``augment`` after them: the state, one equation for each.
  public var allUnknowns: [String] {
    unknowns + (0..<augment).map { "a\($0 + 1)" }
  }

  /// Order of an unknown in a variable: 0 where it is not differentiated by it.
  public func order(of unknown: String, in variable: String) -> Int {
    orders[unknown]?[variable] ?? 0
  }

  /// The variable of that name.
  public func interval(_ name: String) -> Interval? { variables.first { $0.name == name } }

  /// The variables in which the problem is periodic.
  public var periodicVariables: Set<String> {
    Set(
      conditions.compactMap { row in
        if case .periodic(let variable) = row.location { variable } else { nil }
      })
  }

  /// True where networks stand in the equations: solving needs a trained model.
  public var hasNetworks: Bool { !networks.isEmpty }

  /// True where there are measurements to fit.
  public var hasData: Bool { data != nil }

  /// Parameters and the start values of estimates, by leaf.
  public var parameterValues: [Symbol: Double] {
    var values: [Symbol: Double] = [:]
    for parameter in parameters { values[Symbol(parameter.name)] = parameter.value }
    for estimate in estimates { values[Symbol(estimate.name)] = estimate.start }
    return values
  }

  /// The problem with other values of its estimates, by name; those left out keep their start.
  public func estimating(_ values: [String: Double]) -> Problem {
    var problem = self
    problem.estimates = estimates.map { estimate in
      Estimate(
        name: estimate.name, start: values[estimate.name] ?? estimate.start,
        lower: estimate.lower, upper: estimate.upper)
    }
    return problem
  }

  /// Places a fault that a later layer found in a part of the file kept in ``declared``.
  public func fault(_ declaration: Declaration, _ message: String, _ remedy: String)
    -> ProblemFaults
  {
    let log = FaultLog()
    log.error(declaration.place, message, remedy)
    return ProblemFaults(diagnostics: log.sorted)
  }

  /// Places a fault that a later layer found in a setting, such as `solve.step`.
  ///
  /// - Parameter path: dotted; where the file does not give it, the nearest key above it is shown.
  public func fault(path: String, _ message: String, _ remedy: String) -> ProblemFaults {
    ProblemFaults(diagnostics: [diagnostic(.error, path: path, message, remedy)])
  }

  /// Places a fault that a later layer found in an equation or a condition.
  public func fault(_ text: PlacedText, _ message: String, _ remedy: String) -> ProblemFaults {
    ProblemFaults(diagnostics: [diagnostic(.error, text, message, remedy)])
  }
}

/// A text of the problem file and where it stands.
public struct PlacedText: Sendable {
  /// As written.
  public let text: String
  let place: Place

  /// Line in the file, from 1.
  public var line: Int { place.line }
  /// Column in the line, from 1, in Unicode scalars.
  public var column: Int { place.column }
}

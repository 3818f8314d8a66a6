/// What a run did and how it ended: the content of `summary.json`.
///
/// Counts are those of the whole run, summed over the cases of an ensemble.
public struct Summary: Sendable {
  /// The distance of one unknown from the truth, over the rows of `trajectory.csv`.
  public struct ErrorNorms: Sendable, Equatable {
    /// (Σ(u − u*)² / Σu*²)^½; nil where u* is 0 throughout.
    public var relativeL2: Double?
    /// max |u − u*|.
    public var max: Double

    /// Makes the norms from their values.
    public init(relativeL2: Double?, max: Double) {
      self.relativeL2 = relativeL2
      self.max = max
    }
  }

  /// A fitted parameter.
  public struct Estimate: Sendable, Equatable {
    /// The value found.
    public var value: Double
    /// Its standard error; nil where there is none.
    public var standardError: Double?

    /// Makes an estimate from its value and standard error.
    public init(value: Double, standardError: Double?) {
      self.value = value
      self.standardError = standardError
    }
  }

  /// One solve of a refinement.
  public struct Level: Sendable, Equatable {
    /// Its grid, for people.
    public var grid: String
    /// The tolerance of its integration.
    public var rtol: Double
    /// Accepted steps.
    public var steps: Int
    /// Evaluations of the right-hand side.
    public var evaluations: Int

    /// Makes the record of a solve.
    public init(grid: String, rtol: Double, steps: Int, evaluations: Int) {
      self.grid = grid
      self.rtol = rtol
      self.steps = steps
      self.evaluations = evaluations
    }
  }

  /// The problem's file.
  public var problem: String
  /// The command's word.
  public var verb: String
  /// How the run ended.
  public var outcome = Outcome.reached
  /// One sentence for people: where it ended and, after a failure, why and what to try.
  public var message = ""
  /// Wall-clock time of the run, s.
  public var seconds = 0.0
  /// The version that ran.
  public var version = Release.version
  /// What it ran on.
  public var machine: MachineDescription
  /// The seed of random numbers; nil where none were drawn.
  public var seed: Int?
  /// How many threads worked.
  public var threads = 1
  /// The method's catalog name.
  public var method = ""
  /// Accepted steps.
  public var steps = 0
  /// Rejected steps.
  public var rejected = 0
  /// Evaluations of the right-hand side.
  public var evaluations = 0
  /// Evaluations of the Jacobian.
  public var jacobians = 0
  /// Factorizations of a matrix.
  public var factorizations = 0
  /// The energy that the run took; nil where nothing was measured.
  public var energy: EnergyMeter.Reading?
  /// The distance from the truth by unknown; nil where there is no truth.
  public var errors: [(unknown: String, norms: ErrorNorms)]?
  /// The relative error by unknown that the run's own refinement shows; nil without refinement.
  public var estimatedErrors: [(unknown: String, relative: Double)]?
  /// The solves of a refinement in their order, empty without one; the counts above are their sums.
  public var levels: [Level] = []
  /// What was fitted; nil where nothing was.
  public var estimates: [(parameter: String, estimate: Estimate)]?
  /// χ² divided by the count of measurements; nil without measurements.
  public var chi2PerPoint: Double?
  /// The loss at the end; nil where nothing was trained.
  public var loss: Double?
  /// How many parameters were trained; nil where nothing was.
  public var parameters: Int?
  /// What only some verbs tell, after all other keys, in the order given.
  public var more: [(key: String, value: JSONValue)] = []
  /// Further lines for people, after the errors.
  public var remarks: [String] = []
  /// What a reader should know before trusting the result.
  public var warnings: [String] = []
  /// How many of the first warnings were said already, and are left out of the text for people.
  public var toldWarnings = 0
  /// The files of the run, by their names in its folder.
  public var files: [String] = []

  /// Makes the summary of a run of which nothing is known yet.
  public init(problem: String, verb: String, machine: MachineDescription) {
    self.problem = problem
    self.verb = verb
    self.machine = machine
  }

  /// The summary in the key order of the contract.
  ///
  /// Keys that do not apply are null, but `errors` and `levels`, which are absent where there is no
  /// truth, or no refinement, and those of ``more``.
  public var json: JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("problem", .text(problem)), ("verb", .text(verb)), ("outcome", .text(outcome.rawValue)),
      ("message", .text(message)), ("seconds", .number(seconds)), ("version", .text(version)),
      ("machine", machine.json), ("seed", .optional(seed)), ("threads", .integer(threads)),
      ("method", .text(method)), ("steps", .integer(steps)), ("rejected", .integer(rejected)),
      ("evaluations", .integer(evaluations)), ("jacobians", .integer(jacobians)),
      ("factorizations", .integer(factorizations)),
      ("energy_joules", .optional(energy?.joules)),
      ("energy_source", .optional(energy?.source.rawValue)),
    ]
    if let errors {
      members.append(("errors", .object(errors.map { ($0.unknown, $0.norms.json) })))
    }
    members += [
      (
        "estimated_error",
        estimatedErrors.map { .object($0.map { ($0.unknown, .number($0.relative)) }) } ?? .null
      ),
      (
        "estimates",
        estimates.map { .object($0.map { ($0.parameter, $0.estimate.json) }) } ?? .null
      ),
      ("chi2_per_point", .optional(chi2PerPoint)), ("loss", .optional(loss)),
      ("parameters", .optional(parameters)),
      ("warnings", .list(warnings.map(JSONValue.text))),
      ("files", .list(files.map(JSONValue.text))),
    ]
    if !levels.isEmpty { members.append(("levels", .list(levels.map(\.json)))) }
    members += more
    return .object(members)
  }

  /// A few lines for people.
  ///
  /// - Parameters:
  ///   - folder: the run's folder, named in the last line; nil for none.
  ///   - terminal: where the lines go.
  public func text(folder: String?, on terminal: Terminal = .none) -> String {
    let ending = terminal.paint(message.isEmpty ? outcome.rawValue : message, outcome.ink)
    var lines = ["\(problem): \(ending)"]
    lines.append("  \(NumberText.text(seconds, digits: 3)) s" + work)
    for (unknown, norms) in errors ?? [] {
      let relative = norms.relativeL2.map { "relative \(NumberText.text($0, digits: 3)), " } ?? ""
      lines.append("  error of \(unknown): \(relative)max \(NumberText.text(norms.max, digits: 3))")
    }
    for (unknown, relative) in estimatedErrors ?? [] {
      lines.append("  estimated error of \(unknown): \(NumberText.text(relative, digits: 2))")
    }
    for (parameter, estimate) in estimates ?? [] {
      let spread = estimate.standardError.map { " ± \(NumberText.text($0, digits: 2))" } ?? ""
      lines.append("  \(parameter) = \(NumberText.text(estimate.value, digits: 8))\(spread)")
    }
    lines += remarks.map { "  \($0)" }
    let warning = terminal.paint("warning:", .doubtful)
    lines += warnings.dropFirst(toldWarnings).map { "  \(warning) \($0)" }
    if let folder { lines.append("  results: \(folder)") }
    return lines.joined(separator: "\n")
  }

  /// The method and its counts; those that are zero are left out.
  private var work: String {
    let counts = [
      (steps, "steps"), (rejected, "rejected"), (evaluations, "evaluations"),
      (jacobians, "Jacobians"), (factorizations, "factorizations"),
    ]
    let parts = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return ([method].filter { !$0.isEmpty } + parts).map { ", " + $0 }.joined()
  }
}

extension Outcome {
  /// The colour of the ending.
  public var ink: Terminal.Ink {
    switch self {
    case .reached: .good
    case .failed: .bad
    case .stopped: .doubtful
    }
  }
}

extension Summary.ErrorNorms {
  fileprivate var json: JSONValue {
    .object([("relative_l2", .optional(relativeL2)), ("max", .number(max))])
  }
}

extension Summary.Estimate {
  /// The value and its standard error, as `summary.json` has them.
  package var json: JSONValue {
    .object([("value", .number(value)), ("standard_error", .optional(standardError))])
  }
}

extension Summary.Level {
  fileprivate var json: JSONValue {
    .object([
      ("grid", .text(grid)), ("rtol", .number(rtol)), ("steps", .integer(steps)),
      ("evaluations", .integer(evaluations)),
    ])
  }
}

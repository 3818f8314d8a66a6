import Discretizations
import Integrators
import Problems
import Reports
import Residuals

/// Runs `cauchy check`: reads each file as `solve` would, and says what is wrong with it.
public struct CheckWorkflow {
  private let options: CheckOptions

  /// Makes the workflow of the options given.
  public init(_ options: CheckOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    var status = ExitStatus.success
    var findings: [JSONValue] = []
    for file in options.files {
      let (found, one) = check(file)
      findings.append(found)
      if status == .success { status = one }
    }
    guard options.json else { return status }
    do {
      try Console.print(JSONValue.list(findings).rendered)
      return status
    } catch {
      return ErrorReport.tell(error, file: options.files.first ?? "")
    }
  }

  private func check(_ file: String) -> (JSONValue, ExitStatus) {
    do {
      let problem = try ProblemFile.read(file, options.overrides, text: options.text)
      let warnings = problem.warnings + (try requireMethod(problem))
      try requirePlan(problem)
      let verdict = CheckWorkflow.verdict(problem)
      if !options.json {
        for warning in warnings { Console.complain(warning) }
        if !options.quiet { try Console.print("\(file): \(verdict)") }
      }
      return (json(file, "right", warnings, kind: verdict), .success)
    } catch let faults as ProblemFaults where options.json {
      return (json(file, "wrong", faults.diagnostics), .wrongProblem)
    } catch {
      let status = ErrorReport.tell(error, file: file)
      return (json(file, "\(error)", []), status)
    }
  }

  /// Reduces the system, so that what `solve` refuses is refused here; further warnings.
  private func requireMethod(_ problem: Problem) throws -> [Diagnostic] {
    guard !problem.hasNetworks, !problem.isUnderdetermined else { return [] }
    let warnings = try WellPosedness.check(problem)
    if DomainSolvers.suits(problem) {
      try DomainSolvers.make(problem, usesReference: false).requireStart()
    } else {
      try InitialValueProblem(problem).requireMethod()
    }
    return warnings
  }

  /// Makes the model where the file has something to say of training, so that what `train` refuses
  /// is refused here.
  private func requirePlan(_ problem: Problem) throws {
    if problem.training == .trajectory, problem.hasNetworks || !problem.estimates.isEmpty {
      _ = try TrajectoryFit(problem, FitChoices(problem).plan, threads: 1)
      return
    }
    guard problem.training == .network,
      problem.declared["network"] != nil || problem.declared["train"] != nil
    else { return }
    _ = try LearnedModel(problem, TrainingChoices(problem).physics.untrained, threads: 1)
  }

  /// What kind of problem it is, in a few words.
  static func verdict(_ problem: Problem) -> String {
    let kind =
      switch problem.kind {
      case .initialValue: "initial-value problem"
      case .boundaryValue: "boundary-value problem"
      case .evolution: "evolution problem"
      case .elliptic: "elliptic problem"
      }
    let equations = problem.equations.count
    return "right; \(kind), \(equations) equation" + (equations == 1 ? "" : "s")
  }

  private func json(
    _ file: String, _ verdict: String, _ found: [Diagnostic], kind: String? = nil
  ) -> JSONValue {
    .object([
      ("problem", .text(file)), ("verdict", .text(verdict)), ("kind", .optional(kind)),
      (
        "diagnostics",
        .list(
          found.map {
            .object([
              ("severity", .text($0.severity == .error ? "error" : "warning")),
              ("line", .integer($0.line)), ("column", .integer($0.column)),
              ("length", .integer($0.length)),
              ("message", .text($0.message)), ("remedy", .text($0.remedy)),
            ])
          })
      ),
    ])
  }
}

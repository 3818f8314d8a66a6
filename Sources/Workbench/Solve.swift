import Discretizations
import Expressions
import Problems
import Reports

/// Runs `cauchy solve`.
public struct SolveWorkflow {
  private let options: SolveOptions

  /// Makes the workflow of the options given.
  public init(_ options: SolveOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    Interrupt.install()
    do {
      let problem = try ProblemFile.read(options.file, options.run.overrides)
      for warning in problem.warnings where !options.run.quiet {
        Console.complain(warning.rendered)
      }
      try SolveWorkflow.requireSolvable(problem)
      let initial = try InitialValueProblem(problem, sensitivities: options.sensitivities)
      let cases = try CaseTable(options, initial)
      if options.resume != nil, !cases.isSingle {
        throw UsageFault(description: "--resume goes on with a single run; leave out the sweep")
      }
      try initial.requireStart()
      let code = initial.makeCode(
        NativeCode.Choice(rawValue: problem.solve.code.rawValue) ?? .auto)
      return cases.isSingle
        ? try SingleRun(options, initial, code).run()
        : try EnsembleRun(options, initial, code, cases).run()
    } catch {
      return ErrorReport.tell(error, file: options.file)
    }
  }

  /// Refuses what this verb cannot solve, before any work.
  static func requireSolvable(_ problem: Problem) throws {
    func refuse(_ message: String, _ remedy: String) throws {
      throw ProblemFaults(diagnostics: [
        Diagnostic(file: problem.file, line: 0, column: 0, message: message, remedy: remedy)
      ])
    }
    if problem.hasNetworks {
      try refuse("networks stand in the equations", "solving needs a trained model")
    }
    if problem.isUnderdetermined {
      try refuse(
        "conditions are missing", "declare an initial value for every differential unknown")
    }
    let notYet = "'integral' is read and checked, but not solved by this version"
    let remedy = "add an unknown whose rate is the integrand"
    if let equation = problem.equations.first(where: { $0.residual.integralDepth > 0 }) {
      throw problem.fault(equation.source, notYet, remedy)
    }
    if let observable = problem.observables.first(where: { $0.expression.integralDepth > 0 }) {
      try refuse("observable '\(observable.name)': \(notYet)", remedy)
    }
    switch problem.kind {
    case .initialValue: break
    case .boundaryValue:
      try refuse(
        "conditions stand at both ends: a boundary-value problem, which this version only checks",
        "give all conditions at one end")
    case .evolution, .elliptic:
      try refuse(
        "a partial differential equation, which this version only checks",
        "solve a problem in one variable")
    }
  }
}

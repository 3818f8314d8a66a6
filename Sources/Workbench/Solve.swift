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
      let problem = try trained(ProblemFile.read(options.file, options.run.overrides))
      for warning in problem.warnings where !options.run.quiet {
        Console.complain(warning)
      }
      try SolveWorkflow.requireSolvable(problem)
      let posed = try WellPosedness.check(problem)
      for warning in posed where !options.run.quiet { Console.complain(warning) }
      return DomainSolvers.suits(problem) ? try solveDomain(problem, posed) : try march(problem)
    } catch {
      return ErrorReport.tell(error, file: options.file)
    }
  }

  /// The problem with the networks and estimates of a trained run, where one is given.
  private func trained(_ problem: Problem) throws -> Problem {
    guard let run = options.model.map(resolvedPath) else { return problem }
    if try ModelFile.problem(of: run).training == .trajectory {
      return try FittedModel(run: run).formulas(in: problem)
    }
    if problem.hasNetworks {
      throw UsageFault(
        description: "--model \(run): networks that were trained beside networks of the unknowns "
          + "are functions of scaled variables; evaluate them with 'cauchy predict'")
    }
    return problem.estimating(try LearnedModel(run: run).found)
  }

  /// Ordinary differential equations with initial values: one case or many.
  private func march(_ problem: Problem) throws -> ExitStatus {
    let initial = try InitialValueProblem(problem, sensitivities: options.sensitivities)
    let cases = try CaseTable(options, initial)
    let noise = try options.noise.map {
      try NoisyRows(
        $0, seed: options.seed ?? 1, initial,
        leading: EnsembleRun.leading(cases, isData: true).count)
    }
    if options.resume != nil, !cases.isSingle { throw UsageFault.resumedSweep }
    try initial.requireStart()
    let code = initial.makeCode(NativeCode.Choice(rawValue: problem.solve.code.rawValue) ?? .auto)
    return cases.isSingle
      ? try SingleRun(options, initial, code, noise).run()
      : try EnsembleRun(options, initial, code, cases, noise).run()
  }

  /// Everything that is solved on its whole domain at once.
  private func solveDomain(_ problem: Problem, _ warnings: [Diagnostic]) throws -> ExitStatus {
    if options.noise != nil {
      throw UsageFault(
        description: "--noise: measurements are made of initial-value problems of ordinary "
          + "differential equations; leave it out")
    }
    if let name = options.sensitivities.first {
      throw UsageFault(
        description: "--sensitivity \(name): sensitivities are those of initial-value problems of "
          + "ordinary differential equations; sweep \(name) over two near values instead")
    }
    if options.sweeps.isEmpty, options.sweepFile == nil {
      return try DomainRun(options, problem, warnings).run()
    }
    if options.resume != nil { throw UsageFault.resumedSweep }
    return try DomainSweep(options, problem, warnings).run()
  }

  /// Refuses what this verb cannot solve, before any work.
  static func requireSolvable(_ problem: Problem) throws {
    func refuse(_ message: String, _ remedy: String) throws {
      throw ProblemFaults(diagnostics: [
        Diagnostic(file: problem.file, line: 0, column: 0, message: message, remedy: remedy)
      ])
    }
    if problem.hasNetworks {
      try refuse(
        "networks stand in the equations",
        "train them with cauchy train, then solve with --model RUN")
    }
    if let row = problem.conditions.first(where: \.isData) {
      throw problem.fault(
        row.source, "an initial value comes from the data",
        "solving needs a number: write it, or give it with --set")
    }
    if problem.isUnderdetermined {
      try refuse(
        "conditions are missing", "declare an initial value for every differential unknown")
    }
  }
}

extension UsageFault {
  static let resumedSweep = UsageFault(
    description: "--resume goes on with a single run; leave out the sweep")
}

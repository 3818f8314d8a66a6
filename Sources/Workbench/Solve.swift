import Discretizations
import Integrators
import Numerics
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
      let code = initial.makeCode(
        NativeCode.Choice(rawValue: problem.solve.code.rawValue) ?? .auto)
      return cases.isSingle
        ? try solveOne(initial, code) : try EnsembleRun(options, initial, code, cases).run()
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

  private func solveOne(_ problem: InitialValueProblem, _ code: NativeCode) throws -> ExitStatus {
    let usesReference = problem.problem.reference != nil && !changesTruth
    var record = try RunRecord(options, problem, code)
    if problem.problem.reference != nil, changesTruth {
      record.warn("--set changes the problem itself: not compared with the reference")
    }
    let table = problem.problem.reference?.table
    let times = usesReference ? table?.column(problem.form.marching) ?? [] : []
    let solver = CaseSolver(
      problem: problem, code: code, plan: RowPlan(problem, reference: times))
    let truth = TruthErrors(problem.problem, usesReference: usesReference)
    let trajectory = try TrajectoryFiles(record.folder, problem, leading: [])
    let progress = Progress(quiet: options.run.quiet || options.run.json)
    var sink = CaseSolver.Sink()
    sink.truth = truth
    sink.row = { t, numbers in trajectory.row(t, numbers) }
    sink.event = { t, name, numbers in trajectory.event(t, name, numbers) }
    sink.isCancelled = { Interrupt.isRequested || trajectory.failure != nil }
    var steps = 0
    sink.step = { record in
      if record.isAccepted { steps += 1 }
      progress.step(
        problem.form.marching, at: record.t, of: problem.start, to: problem.end, step: record.h,
        steps: steps)
    }
    do {
      let result = try solver.solve(CaseSolver.Case(), sink)
      progress.finish()
      for name in result.moved {
        record.warn("the initial value of \(name) was moved onto the algebraic equations")
      }
      record.take(result.report, problem)
    } catch let error as InitialStateError {
      if case .higherIndex = error {
        trajectory.abandon()
        throw error
      }
      record.fail("\(error)")
    }
    record.summary.errors = truth.norms
    return try record.close(trajectory, code)
  }

  /// Whether `--set` touches more than how the problem is solved and written.
  private var changesTruth: Bool {
    options.run.overrides.contains { text in
      let path = text.prefix { $0 != "=" }
      let section = path.prefix { $0 != "." }
      return !["solve", "output", "train", "network", "title", "about", "units"].contains(section)
        && !path.hasPrefix("reference")
    }
  }
}

import Discretizations
import Integrators
import Problems
import Reports

/// Solves one case into a run folder of its own.
struct SingleRun {
  private let options: SolveOptions
  private let problem: InitialValueProblem
  private let code: NativeCode
  private let noise: NoisyRows?

  init(
    _ options: SolveOptions, _ problem: InitialValueProblem, _ code: NativeCode, _ noise: NoisyRows?
  ) {
    self.options = options
    self.problem = problem
    self.code = code
    self.noise = noise
  }

  func run() throws -> ExitStatus {
    // Followed now: `latest` is about to point at the new run.
    let resumed = options.resume.map(resolvedPath)
    let saved = try options.resume.map { try SavedRun.read($0, problem.problem) }
    let declared = problem.problem
    let usesReference = declared.reference != nil && !changesTruth
    var record = try RunRecord(options, declared)
    if declared.reference != nil, changesTruth {
      record.warn("--set changes the problem itself: not compared with the reference")
    }
    let times = usesReference ? declared.reference?.table.column(problem.form.marching) ?? [] : []
    let plan = RowPlan(problem, reference: times)
    let truth = TruthErrors(declared, usesReference: usesReference)
    let trajectory = try TrajectoryFiles(record.folder, problem, leading: [], noise: noise)
    if let saved, let run = resumed {
      truth.sums = saved.truth
      trajectory.copyRows(of: run)
      if !saved.checkpoint.isExact {
        record.warn("\(saved.checkpoint.method) restarted at order 1")
      }
    }
    let more = try integrate(
      CaseSolver(problem: problem, code: code, plan: plan), saved, trajectory, truth, &record)
    record.summary.errors = truth.norms
    return try record.close(trajectory, code, more: more)
  }

  /// Integrates, and writes a checkpoint if it was stopped; the names of further files.
  private func integrate(
    _ solver: CaseSolver, _ saved: SavedRun?, _ trajectory: TrajectoryFiles, _ truth: TruthErrors,
    _ record: inout RunRecord
  ) throws -> [String] {
    let progress = Progress(quiet: options.run.quiet || options.run.json)
    var wanted = CaseSolver.Case()
    wanted.resumed = saved?.checkpoint
    do {
      let result = try solver.solve(wanted, sink(trajectory, truth, progress))
      progress.finish()
      for name in result.moved {
        record.warn("the initial value of \(name) was moved onto the algebraic equations")
      }
      record.take(result.report, problem)
      // A run that ended because its rows could not be written has nothing to go on with.
      guard trajectory.failure == nil, noise == nil, let checkpoint = result.checkpoint else {
        return []
      }
      let next = SavedRun(
        problem: problem.problem.resolvedYAML(), checkpoint: checkpoint, truth: truth.sums)
      do {
        try next.write(record.folder)
      } catch {
        try trajectory.finish()
        throw error
      }
      record.summary.message += "; go on with --resume \(record.folder.path)"
      return [SavedRun.fileName]
    } catch let error as InitialStateError {
      if case .higherIndex = error {
        trajectory.abandon()
        throw error
      }
      record.fail("\(error)")
      return []
    }
  }

  private func sink(
    _ trajectory: TrajectoryFiles, _ truth: TruthErrors, _ progress: Progress
  ) -> CaseSolver.Sink {
    let problem = problem
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
    return sink
  }

  private var changesTruth: Bool { options.run.changesTruth }
}

extension RunOptions {
  /// Whether `--set` touches more than how the problem is solved and written.
  var changesTruth: Bool {
    overrides.contains { text in
      let path = text.prefix { $0 != "=" }
      let section = path.prefix { $0 != "." }
      return !["solve", "output", "train", "network", "title", "about", "units"].contains(section)
        && !path.hasPrefix("reference")
    }
  }
}

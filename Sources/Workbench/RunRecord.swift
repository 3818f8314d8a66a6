import Discretizations
import Integrators
import Numerics
import Problems
import Reports

/// What is known of a run while it goes on, and the files that tell of it at the end.
struct RunRecord {
  /// Files larger than this are named by their digest instead of copied.
  private static let largestCopy = 100_000_000

  let folder: RunFolder
  /// Lives as long as the record: a run that throws takes its mark with it.
  private let mark: RunMarkKeeper
  private let options: RunOptions
  let problem: Problem
  /// What the run is written in beside CSV.
  let formats: [InterchangeFormat]
  /// The first format that could not be written.
  var interchangeFailure: ReportError?
  private let started: Double
  private let energy: EnergyMeter
  private var copies: [String: String]?
  /// Keys of the problem that only the run knows, as `--set` takes them.
  var settings: [String] = []
  var summary: Summary

  /// Makes the run's folder: only after the problem was found good.
  ///
  /// - Parameter warnings: of the problem's posedness, told already as its own.
  init(_ options: SolveOptions, _ problem: Problem, warnings: [Diagnostic] = []) throws {
    var run = options.run
    run.isSweep = !options.sweeps.isEmpty || options.sweepFile != nil
    try self.init(options.command, run, problem, warnings)
    summary.method = problem.solve.method
  }

  /// Makes the folder of the run of a command, as above, with the command and the problem in it.
  init(
    _ command: RunCommand, _ options: RunOptions, _ problem: Problem, _ warnings: [Diagnostic]
  ) throws {
    let (verb, file) = (command.verb, command.problem)
    self.options = options
    self.problem = problem
    formats = try Interchange.formats(
      options.also, of: problem, verb: verb, isSweep: options.isSweep)
    folder = try RunFolder(
      out: options.out, force: options.force, stem: ProblemFile.stem(file), verb: verb)
    mark = try RunMarkKeeper(folder, verb: verb, problem: file)
    let machine = MachineDescription.current { BLAS.coreName }
    energy = EnergyMeter()
    summary = Summary(problem: file, verb: verb, machine: machine)
    summary.warnings = (problem.warnings + warnings).map { "\($0.message); \($0.remedy)" }
    if !options.quiet { summary.toldWarnings = summary.warnings.count }
    started = Clock.now
    try AtomicFile.write(command.json.rendered + "\n", to: folder.file(RunCommand.fileName))
    try writeProblem()
  }

  mutating func warn(_ text: String) { summary.warnings.append(text) }

  mutating func fail(_ message: String) {
    summary.outcome = .failed
    summary.message = message
  }

  /// Adds the counts of a report.
  mutating func count(_ report: SolveReport) {
    summary.steps += report.steps
    summary.rejected += report.rejected
    summary.evaluations += report.counts.evaluations
    summary.jacobians += report.counts.jacobians
    summary.factorizations += report.counts.factorizations
  }

  /// Takes the outcome, the counts and the estimates of a solution on its whole domain.
  mutating func take(_ solution: DomainSolution) {
    summary.outcome = solution.outcome
    summary.message = solution.message
    summary.method = solution.method.isEmpty ? summary.method : solution.method
    summary.steps += solution.counts.steps
    summary.rejected += solution.counts.rejected
    summary.evaluations += solution.counts.evaluations
    summary.jacobians += solution.counts.jacobians
    summary.factorizations += solution.counts.factorizations
    summary.estimatedErrors = solution.estimates
    summary.levels = solution.levels.map(Summary.Level.init)
    for warning in solution.warnings { warn(warning) }
  }

  /// Takes the outcome of a single case.
  mutating func take(_ report: SolveReport, _ problem: InitialValueProblem) {
    count(report)
    summary.method = report.method
    let variable = problem.form.marching
    let place = "\(variable) = \(NumberText.text(report.t))"
    switch report.outcome {
    case .reached: summary.message = "reached \(place)"
    case .terminated(let event): summary.message = "ended by event '\(event)' at \(place)"
    case .stopped:
      summary.outcome = .stopped
      summary.message = "stopped at \(place) of \(NumberText.text(problem.end))"
    case .failed(let failure):
      summary.outcome = .failed
      summary.message = "\(failure); partial: rows up to there were written"
    }
  }

  /// Writes the files of the run and tells how it ended.
  mutating func close(
    _ trajectory: TrajectoryFiles, _ code: NativeCode, more: [String] = []
  ) throws -> ExitStatus {
    if let note = code.note { warn(note) }
    return try close(trajectory.names + more) { summary in
      try trajectory.finish()
      trajectory.tell(&summary)
    }
  }

  /// Finishes the tables `names`, writes the other files of the run and tells how it ended.
  mutating func close(_ names: [String], _ finish: () throws -> Void) throws -> ExitStatus {
    try close(names) { (_: inout Summary) in try finish() }
  }

  /// As above, of tables that add to the summary in the end.
  private mutating func close(_ names: [String], _ finish: (inout Summary) throws -> Void) throws
    -> ExitStatus
  {
    summary.seconds = Clock.now - started
    summary.energy = energy.read()
    try finish(&summary)
    summary.files = names + writeInterchange()
    summary.files += ["problem.yaml", RunCommand.fileName, "summary.json"]
    try writeProblem()
    summary.files += (copies ?? [:]).map(\.value).sorted()
    try AtomicFile.write(summary.json.rendered + "\n", to: folder.file("summary.json"))
    mark.end()
    if options.json {
      try Console.print(summary.json.rendered)
    } else if summary.outcome == .failed {
      Console.complain(summary.text(folder: folder.path, on: Console.errors))
    } else if !options.quiet {
      try Console.print(summary.text(folder: folder.path, on: Console.output))
    }
    RunFigures.afterRun(
      folder.path, summary.outcome, options.figures, isQuiet: options.quiet || options.json)
    if let interchangeFailure { throw interchangeFailure }
    return summary.outcome.exitStatus
  }

  /// Writes the problem as far as it is resolved.
  private mutating func writeProblem() throws {
    try AtomicFile.write(try resolvedText(), to: folder.file("problem.yaml"))
  }

  /// The problem as resolved, its tables beside it: what `problem.yaml` holds.
  mutating func resolvedText() throws -> String {
    let names = try copies ?? copyTables()
    copies = names
    return problem.resolvedYAML(setting: settings, renaming: names)
  }

  /// Copies the tables that the problem names; maps their names there to those of the copies.
  private mutating func copyTables() throws -> [String: String] {
    var copies: [String: String] = [:]
    for table in problem.tableFiles where copies[table.written] == nil {
      let name = unusedName(table.path, copies)
      if try FileDigest.size(of: table.path) > RunRecord.largestCopy {
        let digest = try FileDigest.sha256(of: table.path)
        warn("\(table.written) is too large to copy: SHA-256 \(digest), read from \(table.path)")
      } else {
        try AtomicFile.copy(table.path, to: folder.file(name))
        copies[table.written] = name
      }
    }
    return copies
  }

  /// The table's own name, made different from those taken.
  private func unusedName(_ path: String, _ taken: [String: String]) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let used = Set(taken.values).union(RunFolder.fileNames)
    if !used.contains(name) { return name }
    var number = 2
    while used.contains("\(number)-\(name)") { number += 1 }
    return "\(number)-\(name)"
  }
}

extension Summary.Level {
  /// What the summary says of a solve.
  init(_ level: DomainSolution.Level) {
    self.init(
      grid: level.level.gridText, rtol: level.level.rtol, steps: level.counts.steps,
      evaluations: level.counts.evaluations)
  }
}

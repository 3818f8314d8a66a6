import Discretizations
import Problems
import Reports

/// Solves all cases of a sweep, each on its whole domain, one after the other into one table.
///
/// A swept parameter is set as `--set parameters.NAME=VALUE` would, so that intervals, tolerances and
/// other parameters may depend on it; the columns are those of the first case.
struct DomainSweep {
  private let options: SolveOptions
  private let problem: Problem
  private let warnings: [Diagnostic]
  private let cases: CaseTable

  /// - Throws: ``UsageFault`` for a name that cannot be swept.
  init(_ options: SolveOptions, _ problem: Problem, _ warnings: [Diagnostic]) throws {
    self.options = options
    self.problem = problem
    self.warnings = warnings
    for sweep in options.sweeps where problem.unknowns.contains(sweep.name) {
      throw UsageFault(
        description: "--sweep \(sweep.name): its initial values are a field; sweep a parameter "
          + "that the condition uses")
    }
    cases = try CaseTable(options, problem, names: problem.parameters.map(\.name))
  }

  func run() throws -> ExitStatus {
    try DomainSolvers.make(problem, usesReference: false).requireStart()
    var record = try RunRecord(options, problem, warnings: warnings)
    let progress = Progress(quiet: options.run.quiet || options.run.json)
    let writer = try CSVWriter(
      record.folder.file("trajectory.csv"),
      columns: cases.columns + problem.variables.map(\.name) + problem.unknowns
        + problem.observables.map(\.name))
    var tally = Tally(count: cases.count)
    for index in 0..<cases.count where !Interrupt.isRequested {
      let values = cases.values(index)
      do {
        let solution = try solve(values, progress)
        if solution.outcome == .stopped { break }
        try DomainFiles.append(solution.rows, leading: values, to: writer)
        tally.take(solution, values)
      } catch let fault as ReportError {
        try? writer.finish()
        throw fault
      } catch {
        tally.fail(values, "\(error)")
      }
    }
    progress.finish()
    tally.summarize(&record)
    var names = ["trajectory.csv"]
    if !tally.failures.isEmpty {
      try tally.write(record.folder.file("failures.csv"), cases.columns)
      names.append("failures.csv")
    }
    return try record.close(names) { try writer.finish() }
  }

  private func solve(_ values: [Double], _ progress: Progress) throws -> DomainSolution {
    let overrides = zip(cases.names, values).map { "parameters.\($0)=\(NumberText.text($1))" }
    let problem = try ProblemFile.read(options.file, options.run.overrides + overrides)
    _ = try WellPosedness.check(problem)
    let solver = try DomainSolvers.make(problem, usesReference: false)
    return try solver.solve(progress, isCancelled: { Interrupt.isRequested })
  }

  /// What the cases came to.
  private struct Tally {
    let count: Int
    var done = 0
    var failures: [(values: [Double], reason: String)] = []
    var sum: DomainSolution?

    init(count: Int) { self.count = count }

    mutating func take(_ solution: DomainSolution, _ values: [Double]) {
      done += 1
      if solution.outcome == .failed { failures.append((values, solution.message)) }
      guard var sum else {
        sum = solution
        sum?.levels = []
        return
      }
      sum.counts += solution.counts
      for warning in solution.warnings where !sum.warnings.contains(warning) {
        sum.warnings.append(warning)
      }
      if let old = sum.estimates, let new = solution.estimates {
        sum.estimates = zip(old, new).map { ($0.unknown, max($0.relative, $1.relative)) }
      }
      self.sum = sum
    }

    mutating func fail(_ values: [Double], _ reason: String) {
      done += 1
      failures.append((values, reason))
    }

    /// Counts of all cases, the worst of their estimates.
    func summarize(_ record: inout RunRecord) {
      if var sum {
        (sum.outcome, sum.message) = (.reached, "")
        record.take(sum)
      }
      if done < count {
        record.summary.outcome = .stopped
        record.summary.message = "stopped after \(done) of \(count) cases"
      } else if failures.count == count {
        record.fail("all \(count) cases failed; the first: \(failures.first?.reason ?? "")")
      } else {
        record.summary.message = "solved \(done - failures.count) of \(count) cases"
      }
      if !failures.isEmpty {
        record.warn("\(failures.count) of \(count) cases failed: see failures.csv")
      }
    }

    func write(_ path: String, _ names: [String]) throws {
      let writer = try CSVWriter(path, columns: names + ["t", "message"])
      for failure in failures {
        writer.append(failure.values)
        writer.appendMissing()
        writer.append(failure.reason)
        try writer.endRow()
      }
      try writer.finish()
    }
  }
}

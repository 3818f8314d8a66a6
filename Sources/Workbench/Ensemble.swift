import Discretizations
import Dispatch
import Integrators
import Numerics
import Problems
import Reports
import Synchronization

/// Solves all cases of a sweep on all cores, each with its own steps, into one table.
struct EnsembleRun {
  private let options: SolveOptions
  private let problem: InitialValueProblem
  private let code: NativeCode
  private let cases: CaseTable
  private let noise: NoisyRows?

  init(
    _ options: SolveOptions, _ problem: InitialValueProblem, _ code: NativeCode, _ cases: CaseTable,
    _ noise: NoisyRows?
  ) {
    self.options = options
    self.problem = problem
    self.code = code
    self.cases = cases
    self.noise = noise
  }

  /// Columns before the marching variable: the swept names, and of data the experiment's number
  /// before them.
  static func leading(_ cases: CaseTable, isData: Bool) -> [String] {
    (isData && !cases.isSingle ? ["trajectory"] : []) + cases.columns
  }

  /// Streams the cases in order; memory does not grow with their number.
  func run() throws -> ExitStatus {
    try requireFixedFrame()
    BLAS.setThreads(1)
    var record = try RunRecord(options, problem.problem)
    let threads = min(options.run.threads ?? MachineDescription.usableCores, cases.count)
    record.summary.threads = threads
    let trajectory = try TrajectoryFiles(
      record.folder, problem, leading: EnsembleRun.leading(cases, isData: noise != nil),
      noise: noise)
    let progress = Progress(quiet: options.run.quiet || options.run.json)
    let collector = CaseCollector(
      files: trajectory, failures: record.folder.file("failures.csv"), names: cases.columns,
      count: cases.count, progress: progress)
    let solver = CaseSolver(
      problem: problem, code: code, plan: RowPlan(problem, reference: []))
    let table = cases
    let (hasEvents, isData) = (!problem.problem.events.isEmpty, noise != nil)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      let worker = CaseWorker(solver, table, hasEvents: hasEvents, isData: isData)
      while let index = collector.take() { collector.deliver(index, worker.solve(index)) }
    }
    progress.finish()
    collector.summarize(&record)
    if collector.failedCount > 0 { try collector.finishFailures() }
    return try record.close(
      trajectory, code, more: collector.failedCount > 0 ? ["failures.csv"] : [])
  }

  /// Refuses a sweep over a parameter that also sets intervals, tolerances or rows: all cases share
  /// these.
  private func requireFixedFrame() throws {
    for name in cases.names where problem.problem.parameters.contains(where: { $0.name == name }) {
      let values = [0, cases.count - 1].compactMap { index in
        zip(cases.names, cases.values(index)).first { $0.0 == name }?.1
      }
      for value in values where value.isFinite {
        let override = "parameters.\(name)=\(NumberText.text(value))"
        let other = try ProblemFile.read(options.file, options.run.overrides + [override])
        if other.variables != problem.problem.variables || other.solve != problem.problem.solve
          || other.output != problem.problem.output
        {
          throw UsageFault(
            description:
              "'\(name)' also sets an interval, a tolerance or the output grid, which all "
              + "cases share; write those as numbers, or solve case by case with --set")
        }
      }
    }
  }
}

/// One worker's part: solves cases into rows of its own.
private final class CaseWorker {
  private let solver: CaseSolver
  private let table: CaseTable
  private let hasEvents: Bool
  private let isData: Bool
  private let columnCount: Int

  init(_ solver: CaseSolver, _ table: CaseTable, hasEvents: Bool, isData: Bool) {
    self.solver = solver
    self.table = table
    self.hasEvents = hasEvents
    self.isData = isData
    columnCount =
      EnsembleRun.leading(table, isData: isData).count + 1 + solver.problem.columnNames.count
  }

  func solve(_ index: Int) -> CaseResult {
    let values = table.values(index)
    let leading = (isData ? [Double(index + 1)] : []) + values
    let unknownCount = solver.problem.problem.unknowns.count
    let rows = CSVRows(columns: columnCount)
    var kept: [Double] = []
    let events = hasEvents ? CSVRows(columns: leading.count + 2 + unknownCount) : nil
    var sink = CaseSolver.Sink()
    sink.row = { [isData] t, numbers in
      if isData {
        kept += leading + [t] + numbers.array
        return
      }
      rows.append(leading)
      rows.append(t)
      rows.append(numbers)
      rows.endRow()
    }
    sink.event = { t, name, numbers in
      guard let events else { return }
      events.append(leading)
      events.append(t)
      events.append(name)
      events.append(numbers.slice(0, unknownCount))
      events.endRow()
    }
    sink.isCancelled = { Interrupt.isRequested }
    let result: CaseResult.Ending
    do {
      result = .solved(try solver.solve(table.makeCase(values), sink).report)
    } catch {
      result = .notStarted("\(error)")
    }
    return CaseResult(values: values, rows: rows, numbers: kept, events: events, ending: result)
  }
}

/// What a worker hands over.
///
/// The worker never touches it again: sent once, owned by the collector from then on.
private struct CaseResult: @unchecked Sendable {
  enum Ending: Sendable {
    case solved(SolveReport)
    case notStarted(String)
  }

  let values: [Double]
  let rows: CSVRows
  /// Those of all rows instead, where they get noise.
  let numbers: [Double]
  let events: CSVRows?
  let ending: Ending

  var byteCount: Int { rows.byteCount + 8 * numbers.count + (events?.byteCount ?? 0) }
}

/// Hands out cases and writes their rows in order; workers that are far ahead wait.
///
/// All mutable state is behind the lock: hence `@unchecked Sendable`.
private final class CaseCollector: @unchecked Sendable {
  /// Finished cases wait for slower ones before them up to this many bytes.
  private static let largestBacklog = 16 << 20

  private let lock = DispatchSemaphore(value: 1)
  private let files: TrajectoryFiles
  private let failurePath: String
  private let names: [String]
  private let count: Int
  private let progress: Progress
  private var failures: CSVWriter?
  private var failureFault: ReportError?
  private var next = 0
  private var nextWritten = 0
  private var waiting: [Int: CaseResult] = [:]
  private var backlog = 0
  private var isStopped = false
  private var reports = SolveReport(method: "")
  private(set) var failedCount = 0
  private var firstFailure = ""
  private var doneCount = 0

  init(
    files: TrajectoryFiles, failures: String, names: [String], count: Int, progress: Progress
  ) {
    self.files = files
    failurePath = failures
    self.names = names
    self.count = count
    self.progress = progress
  }

  private func locked<Result>(_ work: () -> Result) -> Result {
    lock.wait()
    defer { lock.signal() }
    return work()
  }

  /// The next case to solve; nil when there is none, or the run was stopped.
  func take() -> Int? {
    while true {
      let (index, mustWait): (Int?, Bool) = locked {
        if isStopped || Interrupt.isRequested || next >= count { return (nil, false) }
        if backlog > CaseCollector.largestBacklog, next > nextWritten { return (nil, true) }
        next += 1
        return (next - 1, false)
      }
      if !mustWait { return index }
      pause()
    }
  }

  /// Takes a finished case; writes it and those that waited for it.
  func deliver(_ index: Int, _ result: CaseResult) {
    locked {
      waiting[index] = result
      backlog += result.byteCount
      while let ready = waiting.removeValue(forKey: nextWritten) {
        backlog -= ready.byteCount
        nextWritten += 1
        write(ready)
      }
      if files.failure != nil || failureFault != nil { isStopped = true }
      progress.cases(done: doneCount, of: count, failed: failedCount)
    }
  }

  private func write(_ result: CaseResult) {
    switch result.ending {
    case .notStarted(let reason): fail(result.values, nil, reason)
    case .solved(let report):
      reports.steps += report.steps
      reports.rejected += report.rejected
      reports.counts.evaluations += report.counts.evaluations
      reports.counts.jacobians += report.counts.jacobians
      reports.counts.factorizations += report.counts.factorizations
      if reports.method.isEmpty { reports.method = report.method }
      if report.outcome == .stopped { return }
      files.append(result.rows, result.numbers, events: result.events)
      if case .failed(let failure) = report.outcome { fail(result.values, failure.t, "\(failure)") }
    }
    doneCount += 1
  }

  private func fail(_ values: [Double], _ t: Double?, _ reason: String) {
    failedCount += 1
    if firstFailure.isEmpty { firstFailure = reason }
    do {
      let writer = try failures ?? CSVWriter(failurePath, columns: names + ["t", "message"])
      failures = writer
      writer.append(values)
      if let t { writer.append(t) } else { writer.appendMissing() }
      writer.append(reason)
      try writer.endRow()
    } catch let fault as ReportError {
      failureFault = failureFault ?? fault
    } catch {
      preconditionFailure("writing a table throws nothing else: \(error)")
    }
  }

  func finishFailures() throws {
    try failures?.finish()
    if let failureFault { throw failureFault }
  }

  /// Writes the counts and the outcome of all cases into the record.
  func summarize(_ record: inout RunRecord) {
    record.count(reports)
    record.summary.method = reports.method
    if doneCount < count, Interrupt.isRequested {
      record.summary.outcome = .stopped
      record.summary.message = "stopped after \(doneCount) of \(count) cases"
    } else if failedCount == count {
      record.fail("all \(count) cases failed; the first: \(firstFailure)")
    } else {
      record.summary.message = "solved \(doneCount - failedCount) of \(count) cases"
    }
    if failedCount > 0 {
      record.warn("\(failedCount) of \(count) cases failed: see failures.csv")
    }
  }
}

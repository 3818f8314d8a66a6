import Discretizations
import Integrators
import Numerics
import Problems
import Reports

/// The classical side of a comparison: one solve, measured.
struct ClassicalContender {
  let problem: Problem
  let options: TrainOptions
  let usesReference: Bool
  let progress: Progress

  /// What a solve came to, and its answer where it covers the whole domain.
  struct Found {
    var row: ComparisonRow
    var answer: ClassicalAnswer?
  }

  /// Solves with the problem's own `solve` settings.
  ///
  /// - Throws: ``ClassicalAnswer/Unanswered`` where there is nothing to solve classically.
  func solve() throws(ClassicalAnswer.Unanswered) -> Found {
    do {
      if problem.conditions.contains(where: \.isData) {
        throw ClassicalAnswer.Unanswered(description: "an initial value comes from the data")
      }
      if let estimate = problem.estimates.first {
        throw ClassicalAnswer.Unanswered(
          description: "'\(estimate.name)' is to be estimated, and 'solve' takes its start value")
      }
      try SolveWorkflow.requireSolvable(problem)
      return DomainSolvers.suits(problem) ? try onDomain() : try marched()
    } catch let unanswered as ClassicalAnswer.Unanswered {
      throw unanswered
    } catch let faults as ProblemFaults {
      throw .init(description: faults.diagnostics.first?.message ?? "\(faults)")
    } catch {
      throw .init(description: "\(error)")
    }
  }

  private func onDomain() throws -> Found {
    let solver = try DomainSolvers.make(problem, usesReference: usesReference)
    try solver.requireStart()
    let (solution, seconds, energy) = try ClassicalContender.measured {
      try solver.solve(progress) { Interrupt.isRequested }
    }
    progress.finish()
    var row = ComparisonRow(kind: "classical", name: "classical", method: solution.method)
    row.estimate = solution.worstEstimate
    (row.seconds, row.energy, row.counts) = (seconds, energy, solution.counts)
    (row.outcome, row.message) = (solution.outcome, solution.message)
    guard solution.isComplete else { return Found(row: row) }
    let truth = TruthErrors(problem, usesReference: usesReference)
    try truth.compare(solution, problem, solver.probes)
    row.take(truth.norms)
    let estimates = (solution.estimates ?? []).map { ($0.unknown, $0.relative) }
    return Found(
      row: row,
      answer: ClassicalAnswer(
        rows: solution.rows, estimates: Dictionary(uniqueKeysWithValues: estimates),
        method: solution.method))
  }

  private func marched() throws -> Found {
    let initial = try InitialValueProblem(problem)
    try initial.requireStart()
    let code = initial.makeCode(NativeCode.Choice(rawValue: problem.solve.code.rawValue) ?? .auto)
    let times = usesReference ? problem.reference?.table.column(initial.form.marching) ?? [] : []
    let solver = CaseSolver(
      problem: initial, code: code, plan: RowPlan(initial, reference: times))
    let truth = TruthErrors(problem, usesReference: usesReference)
    var sink = CaseSolver.Sink()
    sink.truth = truth
    sink.isCancelled = { Interrupt.isRequested }
    let (result, seconds, energy) = try ClassicalContender.measured {
      try solver.solve(.init(), sink)
    }
    var row = ComparisonRow(kind: "classical", name: "classical", method: result.report.method)
    (row.seconds, row.energy) = (seconds, energy)
    row.counts = WorkCounts(result.report)
    switch result.report.outcome {
    case .reached: row.message = "reached the end"
    case .terminated(let event): row.message = "ended by event '\(event)'"
    case .stopped: (row.outcome, row.message) = (.stopped, "stopped")
    case .failed(let failure): (row.outcome, row.message) = (.failed, "\(failure)")
    }
    // An error of a part would stand beside those of the whole.
    guard row.outcome == .reached else { return Found(row: row) }
    row.take(truth.norms)
    // Beside the clock: what its error is, by a tighter tolerance.
    let answer = try? ClassicalAnswer.find(problem, options, progress) { Interrupt.isRequested }
    row.estimate = answer?.estimates.values.max()
    return Found(row: row, answer: answer)
  }

  /// Does work with a clock and an energy meter of its own.
  static func measured<Result>(_ work: () throws -> Result) rethrows -> (
    result: Result, seconds: Double, energy: EnergyMeter.Reading
  ) {
    let meter = EnergyMeter()
    let begin = Clock.now
    let result = try work()
    return (result, Clock.now - begin, meter.read())
  }
}

extension ComparisonRow {
  /// Takes errors against the truth; nil where there is none.
  mutating func take(_ norms: [(unknown: String, norms: Summary.ErrorNorms)]?) {
    errors = norms ?? []
    against = norms == nil ? nil : "truth"
  }
}

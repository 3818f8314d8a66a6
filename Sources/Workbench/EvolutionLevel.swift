import Discretizations
import Expressions
import Integrators
import Numerics
import Problems
import Reports

/// Solves one level of an evolution problem: lines on a grid, integrated with a tolerance.
struct EvolutionLevel {
  let problem: Problem
  let plan: SamplingPlan
  let nonlocal: (any NonlocalSource)?
  let progress: Progress
  let isCancelled: () -> Bool

  /// An answer, and where it stood if it was stopped.
  typealias Solved = (answer: LevelAnswer<LevelSolution>, saved: SavedLevel?)

  /// Steps after which a scout is given up: it only looks at the shape of the solution.
  private static let mostScoutSteps = 20_000

  func solve(_ level: RefinementLevel, _ saved: SavedLevel?) throws -> Solved {
    let lines = try LinesProblem(problem, axes: level.axes, nonlocal: nonlocal)
    var known: [Symbol: Double] = [:]
    for (name, value) in zip(lines.system.parameterNames, lines.parameters) {
      known[Symbol(name)] = value
    }
    let recorder = try FieldRecorder(
      lines.system, lines.grid, plan,
      start: StartValues(problem, start: lines.start, parameters: known),
      makeSampler: lines.makeSampler)
    if let saved { recorder.restore(saved.recorder) }
    let y0 = try lines.initialState()
    let integration = try lines.makeIntegration(
      y0, rtol: level.rtol, method: level.method, rows: times(lines), rowsAtSteps: plan.atSteps,
      handlers: handlers(lines, recorder, level))
    let report =
      saved.map { integration.resume($0.checkpoint) }
      ?? integration.run(from: lines.start, y0, to: lines.end)
    let isBackward = lines.end < lines.start
    let solution = LevelSolution(
      rows: recorder.rows(isBackward: isBackward), probes: recorder.state.probes,
      method: methodName(integration, report), t: report.t, counts: WorkCounts(report))
    let answer = LevelAnswer(
      ending: ending(report, lines), comparison: recorder.comparison, tails: recorder.tails,
      method: integration.row.name, solution: solution)
    let stopped =
      answer.ending == .stopped
      ? SavedLevel(checkpoint: integration.checkpoint, recorder: recorder.state) : nil
    return (answer, stopped)
  }

  /// Where anything is read, in the direction of integration.
  private func times(_ lines: LinesProblem) -> [Double] {
    let isBackward = lines.end < lines.start
    let all = Set(plan.times + plan.comparisonTimes + plan.probes.map(\.time))
    return all.sorted { isBackward ? $0 > $1 : $0 < $1 }
  }

  private func handlers(
    _ lines: LinesProblem, _ recorder: FieldRecorder, _ level: RefinementLevel
  ) -> IntegrationHandlers {
    let field = lines.field
    let (rows, compared) = (Set(plan.times), Set(plan.comparisonTimes))
    let probed = Set(plan.probes.map(\.time))
    var handlers = IntegrationHandlers()
    handlers.row = { t, y in
      field.reconstruct(t, y)
      let fields = field.discrete.fields
      if rows.contains(t) { recorder.row(t, fields) }
      if compared.contains(t) { recorder.compare(t, fields) }
      if probed.contains(t) { recorder.probe(t, fields) }
    }
    handlers.stepRow = { t, y in
      field.reconstruct(t, y)
      recorder.row(t, field.discrete.fields)
    }
    let words = "level \(level.number), \(level.gridText)  \(problem.marching ?? "t")"
    var steps = 0
    handlers.step = { record in
      if record.isAccepted { steps += 1 }
      progress.step(
        words, at: record.t, of: lines.start, to: lines.end, step: record.h, steps: steps)
    }
    let most = level.purpose == .scout ? EvolutionLevel.mostScoutSteps : Int.max
    handlers.isCancelled = { isCancelled() || steps > most }
    return handlers
  }

  private func ending(_ report: SolveReport, _ lines: LinesProblem)
    -> LevelAnswer<LevelSolution>.Ending
  {
    switch report.outcome {
    case .reached, .terminated: return .complete
    case .stopped: return isCancelled() ? .stopped : .failed("a coarse grid took too many steps")
    case .failed(var failure):
      let n = lines.grid.count
      failure.names = lines.field.kept.map { lines.system.components[$0 / n].symbol.description }
      return .failed("\(failure)")
    }
  }

  private func methodName(_ integration: Integration, _ report: SolveReport) -> String {
    if let auto = integration.stepper as? Auto {
      return "auto (\(auto.used.joined(separator: ", ")))"
    }
    return report.method
  }
}

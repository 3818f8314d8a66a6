import Discretizations
import Expressions
import Integrators
import Numerics
import Problems
import Reports

/// The classical solver's answer to a problem, on the rows of `trajectory.csv`, with its own error.
struct ClassicalAnswer {
  var rows: SampledSolution
  /// Relative error by unknown, as the solver itself estimates it; empty where it does not.
  var estimates: [String: Double] = [:]
  /// Which solver it was.
  var method: String

  /// Solves with the problem's own `solve` settings.
  ///
  /// - Returns: nil where it was interrupted.
  /// - Throws: ``Unanswered``, with the reason for which there is nothing to compare with.
  static func find(
    _ problem: Problem, _ options: TrainOptions, _ progress: Progress,
    isCancelled: @escaping () -> Bool
  ) throws(Unanswered) -> ClassicalAnswer? {
    do {
      if problem.conditions.contains(where: \.isData) {
        throw Unanswered(description: "an initial value comes from the data")
      }
      try SolveWorkflow.requireSolvable(problem)
      if DomainSolvers.suits(problem) {
        return try onDomain(problem, progress, isCancelled)
      }
      return try marched(problem, options, isCancelled)
    } catch let unanswered as Unanswered {
      throw unanswered
    } catch let faults as ProblemFaults {
      throw Unanswered(description: faults.diagnostics.first?.message ?? "\(faults)")
    } catch {
      throw Unanswered(description: "\(error)")
    }
  }

  /// Why there is no classical answer.
  struct Unanswered: Error { var description: String }

  private static func onDomain(
    _ problem: Problem, _ progress: Progress, _ isCancelled: @escaping () -> Bool
  ) throws -> ClassicalAnswer? {
    let solver = try DomainSolvers.make(problem, usesReference: false)
    try solver.requireStart()
    let found = try solver.solve(progress, isCancelled: isCancelled)
    if found.outcome == .stopped { return nil }
    guard found.isComplete else { throw Unanswered(description: found.message) }
    let estimates = (found.estimates ?? []).map { ($0.unknown, $0.relative) }
    return ClassicalAnswer(
      rows: found.rows, estimates: Dictionary(uniqueKeysWithValues: estimates),
      method: found.method)
  }

  /// Integrates twice; the tighter tolerance is the answer, the distance of the two its error.
  private static func marched(
    _ problem: Problem, _ options: TrainOptions, _ isCancelled: @escaping () -> Bool
  ) throws -> ClassicalAnswer? {
    guard let loose = try integrated(problem, isCancelled) else { return nil }
    let found = Dictionary(uniqueKeysWithValues: problem.estimates.map { ($0.name, $0.start) })
    let tighter = try ProblemFile.read(options.file, options.overrides + tightened(problem.solve))
      .estimating(found)
    guard let tight = try integrated(tighter, isCancelled) else { return nil }
    guard loose.rows.places == tight.rows.places else {
      throw Unanswered(description: "its rows end early")
    }
    var answer = tight
    let distances = loose.rows.distances(to: tight.rows)
    // Where nothing moved, the tolerances were not what decided, and nothing is known.
    for (name, distance) in zip(tight.rows.columns, distances)
    where problem.unknowns.contains(name) && distance > 0 {
      answer.estimates[name] = distance
    }
    return answer
  }

  /// Settings for a second, more accurate integration.
  private static func tightened(_ solve: SolveSettings) -> [String] {
    var keys = ["solve.rtol=\(NumberText.text(max(solve.rtol / 1000, 1e-13)))"]
    switch solve.atol {
    case .standard: break
    case .all(let atol): keys.append("solve.atol=\(NumberText.text(atol / 1000))")
    case .each(let each):
      keys += each.sorted { $0.key < $1.key }
        .map { "solve.atol.\($0.key)=\(NumberText.text($0.value / 1000))" }
    }
    if let step = solve.step { keys.append("solve.step=\(NumberText.text(step / 2))") }
    return keys
  }

  private static func integrated(
    _ problem: Problem, _ isCancelled: @escaping () -> Bool
  ) throws -> ClassicalAnswer? {
    let initial = try InitialValueProblem(problem)
    try initial.requireStart()
    let code = initial.makeCode(NativeCode.Choice(rawValue: problem.solve.code.rawValue) ?? .auto)
    let solver = CaseSolver(
      problem: initial, code: code, plan: RowPlan(initial, reference: []))
    var places: [Double] = []
    var columns = initial.columnNames.map { _ in [Double]() }
    var sink = CaseSolver.Sink()
    sink.isCancelled = isCancelled
    sink.row = { t, numbers in
      places.append(t)
      for index in columns.indices { columns[index].append(numbers[index]) }
    }
    let result = try solver.solve(.init(), sink)
    switch result.report.outcome {
    case .stopped: return nil
    case .failed(let failure): throw Unanswered(description: "\(failure)")
    case .terminated(let event): throw Unanswered(description: "the event '\(event)' ends it early")
    case .reached: break
    }
    return ClassicalAnswer(
      rows: SampledSolution(
        variables: [initial.form.marching], places: [places], columns: initial.columnNames,
        values: columns),
      method: result.report.method)
  }
}

extension TrainOptions {
  /// All keys set anew: those of `--set`, and the seed.
  var overrides: [String] { run.overrides + (seed.map { ["train.seed=\($0)"] } ?? []) }
}

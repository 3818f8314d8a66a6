import Discretizations
import Integrators
import Numerics
import Problems
import Reports

/// Initial-value problems: tolerances lowered until two agree, then another method.
final class MarchingViews: ReferenceViews {
  private let problem: Problem
  private let file: ReferenceFile
  private let options: ReferenceOptions
  private var rtol: Double
  private var used = ""
  private(set) var failure = "the integration failed"

  init(_ problem: Problem, _ file: ReferenceFile, _ options: ReferenceOptions) {
    self.problem = problem
    self.file = file
    self.options = options
    rtol = options.accuracy / 10
  }

  func first() throws -> ReferenceTruth.View? {
    guard let shape = try solve(rtol: min(1e-6, options.accuracy), nil) else { return nil }
    sizes = zip(problem.unknowns, shape.values).map { name, values in
      (name, values.map(\.magnitude).max() ?? 0)
    }
    var coarse = try solve(rtol: 10 * rtol, nil)
    var best: (rows: SampledSolution, estimates: [Double])?
    for _ in 0..<6 {
      guard let fine = try solve(rtol: rtol, nil) else { break }
      used = method
      if let coarse, coarse.rowCount == fine.rowCount {
        let estimates = coarse.distances(to: fine).map { $0 / 4 }
        if (estimates.max() ?? 0) < (best?.estimates.max() ?? .infinity) {
          best = (fine, estimates)
        }
        if (estimates.max() ?? 0) <= options.accuracy / 2 { break }
      }
      coarse = fine
      if rtol <= 3e-14 { break }
      rtol = max(3e-14, rtol / 10)
    }
    guard let best else { return nil }
    return ReferenceTruth.View(
      rows: best.rows, estimates: best.estimates, name: used,
      shortfall: (best.estimates.max() ?? 0) > options.accuracy
        ? "the error falls no further than \(short(best.estimates.max() ?? 0))" : nil)
  }

  func second(to first: ReferenceTruth.View) throws -> ReferenceTruth.View? {
    // An implicit method where the first needed one; else an explicit one of high order.
    let isStiff = ["rodas5p", "bdf"].contains { used.contains($0) }
    let candidates = isStiff ? ["bdf", "rodas5p"] : ["dop853", "rk8pd"]
    for name in candidates where !used.contains(name) {
      if let rows = try solve(rtol: max(rtol, 3e-14), name), rows.rowCount == first.rows.rowCount {
        return ReferenceTruth.View(rows: rows, estimates: nil, name: name, shortfall: nil)
      }
    }
    return nil
  }

  /// Largest values of the unknowns, once they are known.
  private var sizes: [(name: String, size: Double)] = []
  private var method = ""

  /// The rows with a tolerance; nil where the integration failed.
  private func solve(rtol: Double, _ method: String?) throws -> SampledSolution? {
    var settings = ["solve.rtol=\(NumberText.text(rtol))"]
    if let method { settings.append("solve.method=\(method)") }
    if !sizes.isEmpty {
      let each = sizes.map { "\($0.name): \(NumberText.text(max($0.size, 1e-30) * rtol / 10))" }
      settings.append("solve.atol={\(each.joined(separator: ", "))}")
    }
    let problem = try file.problem(options.overrides + settings)
    let initial = try InitialValueProblem(problem)
    try initial.requireStart()
    let code = initial.makeCode(.auto)
    let solver = CaseSolver(problem: initial, code: code, plan: RowPlan(initial, reference: []))
    var times: [Double] = []
    var values = problem.unknowns.map { _ in [Double]() }
    var sink = CaseSolver.Sink()
    sink.row = { t, row in
      times.append(t)
      for column in values.indices { values[column].append(row[column]) }
    }
    sink.isCancelled = { Interrupt.isRequested }
    let result: CaseSolver.Result
    do {
      result = try solver.solve(CaseSolver.Case(), sink)
    } catch let error as SteppingError where method != nil {
      failure = "\(error)"
      return nil
    }
    self.method = result.report.method
    switch result.report.outcome {
    case .reached, .terminated: break
    case .stopped: return nil
    case .failed(let why):
      failure = "\(why)"
      return nil
    }
    return SampledSolution(
      variables: [initial.form.marching], places: [times], columns: problem.unknowns,
      values: values)
  }
}

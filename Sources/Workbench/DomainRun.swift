import Discretizations
import Integrators
import Problems
import Reports

/// Solves one problem on its whole domain into a run folder of its own.
struct DomainRun {
  private let options: SolveOptions
  private let problem: Problem
  private let warnings: [Diagnostic]

  init(_ options: SolveOptions, _ problem: Problem, _ warnings: [Diagnostic]) {
    self.options = options
    self.problem = problem
    self.warnings = warnings
  }

  func run() throws -> ExitStatus {
    let usesReference = problem.reference != nil && !options.run.changesTruth
    let resumed = try options.resume.map {
      try SavedRun.read(resolvedPath($0), SavedRefinement.self, of: problem, \.problem)
    }
    let solver = try DomainSolvers.make(problem, usesReference: usesReference, resumed: resumed)
    try solver.requireStart()
    var record = try RunRecord(options, problem, warnings: warnings)
    if problem.reference != nil, !usesReference {
      record.warn("--set changes the problem itself: not compared with the reference")
    }
    let progress = Progress(quiet: options.run.quiet || options.run.json)
    let solution: DomainSolution
    do {
      solution = try solver.solve(progress, isCancelled: { Interrupt.isRequested })
      progress.finish()
    } catch let error as InitialStateError {
      progress.finish()
      solution = DomainSolution.failed(problem, "\(error)")
    }
    let truth = TruthErrors(problem, usesReference: usesReference)
    try truth.compare(solution, problem, solver.probes)
    return try finish(solution, truth, &record)
  }

  private func finish(
    _ solution: DomainSolution, _ truth: TruthErrors, _ record: inout RunRecord
  ) throws -> ExitStatus {
    record.take(solution)
    record.summary.errors = truth.norms
    var names = ["trajectory.csv"]
    if let saved = solution.saved {
      try SavedRun.write(saved, record.folder)
      names.append(SavedRun.fileName)
      record.summary.message += "; go on with --resume \(record.folder.path)"
    }
    let path = record.folder.file("trajectory.csv")
    return try record.close(names) { try DomainFiles.write(solution.rows, to: path) }
  }
}

/// Which solver suits a problem.
enum DomainSolvers {
  /// Whether a problem is solved on its whole domain, and not from its start on.
  static func suits(_ problem: Problem) -> Bool {
    problem.variables.count > 1 || BoundaryValueProblem.suits(problem)
  }

  static func make(
    _ problem: Problem, usesReference: Bool, resumed: SavedRefinement? = nil
  ) throws -> any DomainSolver {
    problem.variables.count > 1
      ? try FieldSolver(problem, usesReference: usesReference, resumed: resumed)
      : try IntervalSolver(problem, usesReference: usesReference)
  }
}

/// `trajectory.csv` of a solution on a tensor product of places.
enum DomainFiles {
  /// Writes the whole table.
  ///
  /// - Parameter leavingBlanks: whether a number that is not finite becomes an empty field.
  /// - Throws: `ReportError.cannotWrite`; the rows that got into the file are kept.
  static func write(_ rows: SampledSolution, to path: String, leavingBlanks: Bool = false) throws {
    let writer = try CSVWriter(path, columns: rows.variables + rows.columns)
    do {
      try append(rows, leading: [], to: writer, leavingBlanks: leavingBlanks)
    } catch {
      try? writer.finish()
      throw error
    }
    try writer.finish()
  }

  /// Appends all rows, with values before them that are the same in each.
  static func append(
    _ rows: SampledSolution, leading: [Double], to writer: CSVWriter, leavingBlanks: Bool = false
  ) throws(ReportError) {
    let count = rows.rowCount
    var indices = [Int](repeating: 0, count: rows.places.count)
    for row in 0..<count {
      writer.append(leading)
      for (axis, index) in indices.enumerated() { writer.append(rows.places[axis][index]) }
      for column in rows.values {
        if leavingBlanks, !column[row].isFinite {
          writer.appendMissing()
        } else {
          writer.append(column[row])
        }
      }
      try writer.endRow()
      var axis = indices.count - 1
      while axis >= 0 {
        indices[axis] += 1
        if indices[axis] < rows.places[axis].count { break }
        indices[axis] = 0
        axis -= 1
      }
    }
  }
}

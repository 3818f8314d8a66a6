import Discretizations
import Expressions
import Glibc
import Numerics
import Problems
import Reports

/// Errors of whole solves against the gallery's truths, with their times.
enum BenchLinesTruths {
  static func measure(_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws {
    try poisson(options, give)
    try burgers(options, give)
    try selfConvergence(give)
  }

  /// 512 by 512 interior points, differences of order 4.
  private static func poisson(
    _ options: BenchOptions, _ give: (BenchRow) throws -> Void
  ) throws {
    let problem = try ProblemFile.read("problems/poisson.yaml", [])
    let axes = BenchField.axes(problem, .difference(4), [514, 514])
    var error = 0.0
    var words = ""
    let seconds = try BenchField.wallSeconds(repeats: options.repeats) {
      let elliptic = try EllipticProblem(problem, axes: axes)
      let solution = try elliptic.solve(tolerance: 1e-11)
      let (x, y) = (elliptic.grid.coordinates(0), elliptic.grid.coordinates(1))
      let truth = zip(x, y).map { sin(Double.pi * $0) * sin(Double.pi * $1) }
      error = BenchField.distance(solution.fields, truth)
      words =
        "\(solution.report.method), \(solution.report.linearIterations) iterations, "
        + "\(solution.report.factorizations) LU"
    }
    try give(
      .bound("poisson 514 x 514, difference4", .seconds(seconds), .atMost(.seconds(5)), note: words)
    )
    try give(
      // π⁶h⁴/90 for the sine: 7e-13·π²/2; ten times for the one-sided closures.
      .bound("  its error", .error(error), .atMost(.error(1e-9))))
    let child = try BenchChild.withFolder { folder in
      try BenchChild.run(
        ChildProcess.ownPath,
        [
          "solve", "problems/poisson.yaml", "--set", "solve.grid=514", "--set",
          "solve.scheme=difference4", "--out", folder + "/run", "--quiet",
        ], in: folder)
    }
    try give(
      .bound(
        "  memory of the whole command", .bytes(child.bytes), .atMost(.bytes(1_500_000_000)),
        note: child.status == 0 ? "" : "the command failed"))
  }

  /// The whole solve with its refinement: the coarser grids that show the error are in the time.
  private static func burgers(
    _ options: BenchOptions, _ give: (BenchRow) throws -> Void
  ) throws {
    var run = Solved()
    var accuracy = 1e-7
    while accuracy > 1e-10 {
      run = try solve("burgers", accuracy)
      if run.error <= 1e-8 { break }
      accuracy /= 3
    }
    let seconds = try BenchField.wallSeconds(repeats: options.repeats) {
      run = try solve("burgers", accuracy)
    }
    try give(
      .bound(
        "burgers, error <= 1e-8", .seconds(seconds), .atMost(.seconds(2)),
        note: "accuracy \(short(accuracy)): \(run.words)"))
    try give(.bound("  its error", .error(run.error), .atMost(.error(1e-8))))
  }

  /// Our solver beside references that other methods made.
  private static func selfConvergence(_ give: (BenchRow) throws -> Void) throws {
    // The chaotic one loses four digits to what rounding and the tolerance leave in time.
    for (name, accuracy) in [("kdv", 1e-8), ("kuramoto-sivashinsky", 1e-4)] {
      let run = try solve(name, accuracy)
      try give(
        .bound(
          "\(name), accuracy \(short(accuracy))", .error(run.error), .atMost(.error(10 * accuracy)),
          note: "largest distance from the reference; \(run.words)"))
    }
  }

  struct Solved {
    /// Largest absolute error over the unknowns.
    var error = Double.infinity
    var words = ""
  }

  /// Solves a file of the gallery as `cauchy solve` does and compares it with its reference.
  static func solve(_ name: String, _ accuracy: Double) throws -> Solved {
    let problem = try ProblemFile.read("problems/\(name).yaml", ["solve.accuracy=\(accuracy)"])
    let solver = try FieldSolver(problem, usesReference: true)
    let solution = try solver.solve(Progress(quiet: true), isCancelled: { Interrupt.isRequested })
    try BenchInterrupted.check()
    let errors = TruthErrors(problem, usesReference: true)
    try errors.compare(solution, problem, solver.probes)
    let worst = errors.norms?.map(\.norms.max).max() ?? .infinity
    return Solved(error: worst, words: "\(solution.method), \(solution.message)")
  }
}

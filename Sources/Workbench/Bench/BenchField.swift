import Discretizations
import Expressions
import Glibc
import Integrators
import Numerics
import Problems

/// A problem by lines on one grid, integrated to its end and compared with other final fields.
final class BenchField {
  let lines: LinesProblem
  private let initial: [Double]

  /// What one integration gave.
  struct Run {
    var report: SolveReport
    /// All components on all nodes, component by component.
    var fields: [Double]
  }

  init(_ problem: Problem, _ scheme: Scheme, points: [Int]) throws {
    lines = try LinesProblem(problem, axes: BenchField.axes(problem, scheme, points))
    initial = try lines.initialState()
  }

  /// Nodes of one scheme along every variable but the marching one.
  static func axes(_ problem: Problem, _ scheme: Scheme, _ points: [Int]) -> [AxisSpec] {
    let periodic = problem.periodicVariables
    let space = problem.variables.filter { $0.name != problem.marching }
    return zip(space, points).map { interval, count in
      AxisSpec(
        name: interval.name, lower: interval.lower, upper: interval.upper, scheme: scheme,
        points: count, isPeriodic: periodic.contains(interval.name))
    }
  }

  /// Integrates from the problem's start to its end.
  func run(rtol: Double) throws -> Run {
    let integration = try lines.makeIntegration(initial, rtol: rtol, rows: [])
    let report = integration.run(from: lines.start, initial, to: lines.end)
    let end = Storage(report.y)
    let full = Storage(lines.system.components.count * lines.grid.count)
    defer { end.keep(full) }
    lines.reconstruct(report.t, end.vector, into: full.vector)
    return Run(report: report, fields: full.vector.array)
  }

  /// The loosest rtol = 10^(−k/4) whose final field lies within `error` of `truth`.
  func loosest(within error: Double, of truth: [Double]) throws -> (rtol: Double, run: Run)? {
    for k in 8...44 {
      let rtol = pow(10, -Double(k) / 4)
      let found = try run(rtol: rtol)
      if BenchField.distance(found.fields, truth) <= error { return (rtol, found) }
    }
    return nil
  }

  /// The largest distance of two fields; infinity where one is not finite.
  static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0.0) { largest, pair in
      let gap = abs(pair.0 - pair.1)
      return gap.isFinite ? max(largest, gap) : .infinity
    }
  }

  /// Seconds by the clock on the wall, the median of some runs: work may be spread over cores.
  static func wallSeconds(repeats: Int, _ work: () throws -> Void) rethrows -> Double {
    var seconds: [Double] = []
    for _ in 0..<max(repeats, 1) {
      let begin = clock()
      try work()
      seconds.append(clock() - begin)
    }
    return BenchTiming.median(seconds)
  }

  private static func clock() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }

  /// Reads a problem from its text.
  static func problem(_ text: String, _ overrides: [String] = []) throws -> Problem {
    try ProblemReader.read(
      bytes: Array(text.utf8), file: "bench", overrides: overrides, catalogs: ProblemFile.catalogs)
  }
}

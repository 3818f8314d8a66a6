import Discretizations
import Expressions
import Problems
import Reports

/// A solution of stated accuracy, seen from two sides.
struct ReferenceTruth {
  struct Found {
    /// Unknowns on the output grid; nil where nothing was reached.
    var rows: SampledSolution?
    /// Relative; rounded up to one digit.
    var accuracy = Double.nan
    var estimates: [(unknown: String, relative: Double)] = []
    var outcome = Outcome.reached
    var message = ""
    var method = ""
    var warnings: [String] = []
  }

  /// One solution and how it came about.
  struct View {
    var rows: SampledSolution
    /// By unknown; nil where it has none of its own.
    var estimates: [Double]?
    /// Such as `fourier` or `dop853`.
    var name: String
    /// Why its own target was not met; nil if it was.
    var shortfall: String?
  }

  private let options: ReferenceOptions
  private let file: ReferenceFile
  private let progress: Progress

  init(_ options: ReferenceOptions, _ file: ReferenceFile, _ progress: Progress) {
    self.options = options
    self.file = file
    self.progress = progress
  }

  func find() throws -> Found {
    let problem = try file.problem(options.overrides + ["solve.accuracy=\(accuracyText)"])
    let views: any ReferenceViews =
      DomainSolvers.suits(problem)
      ? DomainViews(problem, file, options, progress) : MarchingViews(problem, file, options)
    var found = Found()
    guard let first = try views.first() else {
      found.outcome = Interrupt.isRequested ? .stopped : .failed
      found.message = Interrupt.isRequested ? "stopped; nothing was written" : views.failure
      return found
    }
    let second = try views.second(to: first)
    if Interrupt.isRequested {
      found.outcome = .stopped
      found.message = "stopped; nothing was written"
      return found
    }
    return judge(problem, first, second, views.failure)
  }

  private var accuracyText: String { NumberText.text(options.accuracy) }

  private func judge(_ problem: Problem, _ first: View, _ second: View?, _ lack: String) -> Found {
    var found = Found()
    let count = problem.unknowns.count
    var rows = first.rows
    rows.columns = Array(rows.columns.prefix(count))
    rows.values = Array(rows.values.prefix(count))
    var errors = first.estimates ?? [Double](repeating: .infinity, count: count)
    let distances = second.map { view -> [Double] in
      var other = view.rows
      other.columns = rows.columns
      other.values = Array(other.values.prefix(count))
      return other.distances(to: rows)
    }
    if let distances { errors = zip(errors, distances).map { $0.isFinite ? max($0, $1) : $1 } }
    let worst = errors.max() ?? .infinity
    found.method = first.name
    guard worst.isFinite else {
      found.outcome = .failed
      found.message = "no error estimate: \(first.shortfall ?? lack)"
      return found
    }
    found.rows = rows
    found.estimates = zip(problem.unknowns, errors).map { ($0, $1) }
    found.accuracy = Self.roundedUp(max(worst, .ulpOfOne))
    found.message = "solved by \(first.name)"
    if let second, let distances {
      found.message += ", verified by \(second.name) (distance \(short(distances.max() ?? 0)))"
      if let why = second.shortfall { found.warnings.append("\(second.name): \(why)") }
    } else {
      found.message += ", without an independent check"
      found.warnings.append("no second way to solve it succeeded: \(lack)")
    }
    if worst > options.accuracy {
      found.outcome = .failed
      found.message =
        "accuracy \(accuracyText) is not met"
        + (first.shortfall.map { " (\($0))" } ?? "") + ": \(found.message)"
    }
    return found
  }

  /// The number rounded up to one digit.
  static func roundedUp(_ number: Double) -> Double {
    var unit = 1.0
    while unit > number { unit /= 10 }
    while unit * 10 <= number { unit *= 10 }
    let digit = (number / unit * (1 - 1e-12)).rounded(.up)
    // Read back from text, so that 2e-10 is that double and no neighbour.
    return Double("\(NumberText.text(digit * unit, digits: 1))") ?? digit * unit
  }
}

/// Two ways to solve one problem.
protocol ReferenceViews: AnyObject {
  /// The reference itself; nil where nothing was reached.
  func first() throws -> ReferenceTruth.View?
  /// A solution that shares as little as possible with the first; nil where there is none.
  func second(to first: ReferenceTruth.View) throws -> ReferenceTruth.View?
  /// Why there is none.
  var failure: String { get }
}

/// Problems solved on their whole domain: another scheme, another way of collocation.
final class DomainViews: ReferenceViews {
  private let problem: Problem
  private let file: ReferenceFile
  private let options: ReferenceOptions
  private let progress: Progress
  private var isSpectral = false
  private var scheme = ""
  private(set) var failure = "there is none for this kind of problem"

  init(
    _ problem: Problem, _ file: ReferenceFile, _ options: ReferenceOptions, _ progress: Progress
  ) {
    self.problem = problem
    self.file = file
    self.options = options
    self.progress = progress
  }

  func first() throws -> ReferenceTruth.View? {
    let solver = try DomainSolvers.make(problem, usesReference: false)
    try solver.requireStart()
    let solution = try solver.solve(progress) { Interrupt.isRequested }
    guard solution.outcome != .stopped, solution.isComplete else {
      failure = solution.message
      return nil
    }
    let axes = solution.best?.axes ?? []
    isSpectral = axes.contains { $0.scheme.isSpectral }
    scheme = axes.first?.scheme.name ?? ""
    return view(solution, scheme.isEmpty ? "collocation" : scheme)
  }

  func second(to first: ReferenceTruth.View) throws -> ReferenceTruth.View? {
    do {
      if problem.variables.count == 1 { return try secondOnInterval() }
      let other = isSpectral || scheme == "difference4" ? "difference6" : "difference4"
      let name = problem.variables.count > 2 && isSpectral ? "difference4" : other
      return try solve(with: ["solve.scheme=\(name)"], name) { problem in
        try FieldSolver(problem, usesReference: false)
      }
    } catch let faults as ProblemFaults {
      failure = faults.diagnostics.map(\.message).joined(separator: "; ")
      return nil
    }
  }

  /// Grid methods where they can, else collocation with other points.
  private func secondOnInterval() throws -> ReferenceTruth.View? {
    let isLocal = problem.equations.allSatisfy { $0.residual.integralDepth == 0 }
    if problem.kind == .boundaryValue, isLocal {
      let found = try? solve(with: [], "chebyshev or difference6") { problem in
        try FieldSolver(problem, usesReference: false)
      }
      if let found { return found }
    }
    return try solve(with: [], "collocation of another order") { problem in
      try IntervalSolver(problem, usesReference: false, otherOrder: true)
    }
  }

  private func solve(
    with settings: [String], _ name: String, _ make: (Problem) throws -> any DomainSolver
  ) throws -> ReferenceTruth.View? {
    let accuracy = "solve.accuracy=\(NumberText.text(options.accuracy))"
    let other = try file.problem(options.overrides + [accuracy] + settings)
    let solution = try make(other).solve(progress) { Interrupt.isRequested }
    guard solution.outcome != .stopped, solution.isComplete else {
      failure = solution.message
      return nil
    }
    return view(solution, solution.best?.axes.first?.scheme.name ?? name)
  }

  private func view(_ solution: DomainSolution, _ name: String) -> ReferenceTruth.View {
    ReferenceTruth.View(
      rows: solution.rows, estimates: solution.estimates?.map(\.relative), name: name,
      shortfall: solution.outcome == .failed ? solution.message : nil)
  }
}

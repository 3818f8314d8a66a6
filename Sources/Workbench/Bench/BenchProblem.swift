import Discretizations
import Expressions
import Glibc
import Integrators
import Numerics
import Problems

/// A problem of the gallery made ready for measuring: read, compiled and started once.
package struct BenchProblem {
  package let name: String
  package let initial: InitialValueProblem
  let parameters: [Double]
  package let start: [Double]
  /// Where the integration ends.
  package var end: Double { initial.end }
  let code: NativeCode

  /// Refuses to go on where the gallery is not at hand.
  static func requireGallery() throws {
    if access("problems/lorenz.yaml", R_OK) != 0 {
      throw UsageFault(
        description: "bench measures the gallery, and there is no folder 'problems' here; "
          + "run it from the repository's folder")
    }
  }

  /// Reads `problems/<name>.yaml`.
  package init(
    _ name: String, code choice: NativeCode.Choice = .native, overrides: [String] = []
  ) throws {
    self.name = name
    initial = try InitialValueProblem(ProblemFile.read("problems/\(name).yaml", overrides))
    parameters = try initial.parameters()
    code = initial.makeCode(choice)
    start = try initial.initialState(initial.makeField(parameters, code), parameters).y
  }

  /// A field of its own counts.
  package func makeField() -> ExpressionField { initial.makeField(parameters, code) }

  /// Integrates once, from the file's start to its end or to `end`.
  package func solve(
    _ method: String, rtol: Double, atol: Double, end: Double? = nil,
    configure: (inout IntegrationSettings, inout IntegrationHandlers) -> Void = { _, _ in }
  ) throws -> SolveReport {
    try solve(makeField(), method, rtol: rtol, atol: atol, end: end, configure: configure)
  }

  /// Integrates a field of this problem; what is timed in the tables.
  package func solve(
    _ field: VectorField, _ method: String, rtol: Double, atol: Double, end: Double? = nil,
    configure: (inout IntegrationSettings, inout IntegrationHandlers) -> Void = { _, _ in }
  ) throws -> SolveReport {
    var settings = IntegrationSettings()
    var handlers = IntegrationHandlers()
    configure(&settings, &handlers)
    let integration = try Integration(
      field, method: method,
      tolerances: Tolerances(
        relative: rtol, absolute: [Double](repeating: atol, count: start.count)),
      settings: settings, handlers: handlers)
    return integration.run(from: initial.start, start, to: end ?? initial.end)
  }

  /// −log₁₀ max |y − y*|/(1e-6 + |y*|) over the unknowns at the reference's last row: the test
  /// sets' mixed error.
  ///
  /// Minus infinity for a run that ended before.
  package func mescd(_ report: SolveReport) -> Double {
    report.outcome == .reached ? mescd(y: report.y) : -.infinity
  }

  func mescd(y: [Double]) -> Double {
    guard let table = initial.problem.reference?.table else { return .nan }
    var largest = 0.0
    for (place, symbol) in initial.form.state.enumerated() {
      guard let truth = table.column(symbol.description)?.last else { continue }
      largest = max(largest, (y[place] - truth).magnitude / (1e-6 + truth.magnitude))
    }
    return -log10(largest)
  }

  /// The largest distance of a final state from the initial one, of all components or of the
  /// unknowns alone: what a closed orbit misses.
  package func closure(_ report: SolveReport, unknownsOnly: Bool) -> Double {
    guard report.outcome == .reached else { return .infinity }
    var largest = 0.0
    for (place, symbol) in initial.form.state.enumerated() {
      if unknownsOnly, !symbol.derivatives.isEmpty { continue }
      largest = max(largest, (report.y[place] - start[place]).magnitude)
    }
    return largest
  }
}

/// The loosest of a ladder of tolerances that reaches an accuracy, and what it cost.
package struct BenchFind {
  package var rtol: Double
  package var mescd: Double
  package var report: SolveReport

  /// Tries 10^(−k/`perDecade`) from 1e-3 on until `mescd` digits are reached; nil down to 1e-12.
  package static func loosest(
    _ problem: BenchProblem, _ method: String, mescd wanted: Double, perDecade: Int = 4,
    atol: (Double) -> Double
  ) throws -> BenchFind? {
    for k in 3 * perDecade...12 * perDecade {
      let rtol = pow(10, -Double(k) / Double(perDecade))
      let report = try problem.solve(method, rtol: rtol, atol: atol(rtol))
      let found = problem.mescd(report)
      if found >= wanted { return BenchFind(rtol: rtol, mescd: found, report: report) }
    }
    return nil
  }
}

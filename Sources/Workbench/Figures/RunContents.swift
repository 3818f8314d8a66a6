import Discretizations
import Expressions
import Numerics
import Problems
import Reports

/// What a run left in its folder, read when a figure asks for it.
///
/// Not `Sendable`: one task draws.
final class RunContents {
  let run: RecordedRun
  /// The problem as it was resolved; nil where there is none, or none that can be read any more.
  let problem: Problem?
  /// The names that the axes of phase portraits were asked for; empty where that is left open.
  var phases: [[String]] = []
  private var tables: [String: RecordedTable?] = [:]

  init(_ run: RecordedRun) {
    self.run = run
    let path = "\(run.path)/problem.yaml"
    let found = FileBytes.exists(path) ? try? ProblemFile.read(path, []) : nil
    let values = run.estimates.map { ($0.parameter, $0.estimate.value) }
    problem = found?.estimating(Dictionary(values) { first, _ in first })
  }

  /// The path of a file of the run, or of what stands for it while the run goes on; nil for none.
  func path(_ name: String) -> String? {
    [name, name + ".partial"].map { "\(run.path)/\($0)" }.first(where: FileBytes.exists)
  }

  /// A table of curves; nil where there is none that can be read, or none with a row.
  func table(_ name: String, words: [String] = []) -> RecordedTable? {
    if let known = tables[name] { return known }
    let found = path(name).flatMap { try? RecordedTable($0, words: words) }
    let table = found.flatMap { $0.rowCount > 0 ? $0 : nil }
    tables[name] = .some(table)
    return table
  }

  /// What a figure is headed with.
  var title: String {
    let name = problem?.title ?? run.stem
    return run.outcome == .reached || run.outcome == nil ? name : "\(name) (partial)"
  }

  /// A name with its unit, for an axis.
  func label(_ name: String) -> String {
    guard let unit = problem?.units[name] else { return name }
    return "\(name) (\(unit))"
  }

  // MARK: Curves

  /// The one variable of a problem whose solutions are curves.
  var curveVariable: String? {
    guard let problem, problem.variables.count == 1 else { return nil }
    return problem.variables[0].name
  }

  /// The solution as curves; nil where it is none.
  private(set) lazy var curves: RunCurves? = {
    guard let problem, let variable = curveVariable,
      let table = table("trajectory.csv", words: ["trajectory"])
    else { return nil }
    return RunCurves(table, variable, problem)
  }()

  /// The solution on a grid; nil where it is none.
  private(set) lazy var field: RunField? = {
    guard let problem, problem.variables.count > 1, let path = path("trajectory.csv") else {
      return nil
    }
    return try? RunField(path, problem, comparable)
  }()

  /// The unknowns that the run itself compared with a truth.
  var comparable: Set<String> { Set(run.errors.map(\.unknown)) }
}

/// The solution of ordinary equations as curves over the variable.
struct RunCurves {
  let table: RecordedTable
  let variable: String
  /// Columns before the variable: swept names, or the trajectory's.
  let leading: [String]
  let unknowns: [String]
  let observables: [String]
  /// Derivatives by parameters and initial values.
  let sensitivities: [String]

  init?(_ table: RecordedTable, _ variable: String, _ problem: Problem) {
    guard let place = table.columns.firstIndex(of: variable) else { return nil }
    self.table = table
    self.variable = variable
    leading = Array(table.columns[..<place])
    let rest = table.columns[(place + 1)...]
    let unknowns = problem.allUnknowns.filter(rest.contains)
    let named = Set(problem.observables.map(\.name)).subtracting(unknowns)
    self.unknowns = unknowns
    observables = rest.filter(named.contains)
    sensitivities = rest.filter { !named.contains($0) && !unknowns.contains($0) }
    if unknowns.isEmpty { return nil }
  }

  /// The variable.
  var t: [Double] { table.column(variable) ?? [] }

  func values(_ name: String) -> [Double] { table.column(name) ?? [] }

  /// The rows of each case of a sweep, or of each trajectory, with its name; one without a name
  /// otherwise.
  var cases: [(name: String, rows: Range<Int>)] {
    if leading.isEmpty { return [("", 0..<table.rowCount)] }
    let columns = leading.compactMap { table.column($0) }
    let words = table.texts["trajectory"]
    var found: [(name: String, rows: Range<Int>)] = []
    var start = 0
    for row in 0..<table.rowCount {
      let isLast =
        row + 1 == table.rowCount
        || columns.contains { $0[row] != $0[row + 1] && !($0[row].isNaN && $0[row + 1].isNaN) }
        || words.map { $0[row] != $0[row + 1] } ?? false
      guard isLast else { continue }
      let parts = zip(leading, columns).map { name, values in
        name != "trajectory" && values[row].isFinite
          ? "\(name) = \(NumberText.text(values[row], digits: 4))" : words?[row] ?? name
      }
      found.append((parts.joined(separator: ", "), start..<(row + 1)))
      start = row + 1
    }
    return found
  }

  /// Whether it is one solution, not several.
  var isSingle: Bool { leading.isEmpty }
}

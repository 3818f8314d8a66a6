import Discretizations
import Expressions
import Problems
import Reports

/// The cases of an ensemble: the rows of a file times the product of the sweeps, the last one
/// varying fastest.
///
/// Values are made when asked for: a million cases take no memory.
struct CaseTable: Sendable {
  /// Swept names, the file's first.
  let names: [String]
  private let rows: [[Double]]
  private let sweeps: [[Double]]
  private let unknowns: Set<String>

  /// The number of cases.
  var count: Int {
    sweeps.reduce(rows.isEmpty ? 1 : rows.count) { $0 * $1.count }
  }

  /// Whether nothing is swept.
  var isSingle: Bool { names.isEmpty }

  /// Evaluates the sweeps in the problem's scope.
  ///
  /// - Throws: ``UsageFault`` for a name or value that cannot be swept; `ProblemFaults` for the file.
  init(_ options: SolveOptions, _ problem: InitialValueProblem) throws {
    try self.init(
      options, problem.problem, names: problem.parameterNames + problem.problem.unknowns)
  }

  /// Evaluates sweeps over `known` names.
  init(_ options: SolveOptions, _ problem: Problem, names known: [String]) throws {
    var fileNames: [String] = []
    var rows: [[Double]] = []
    if let file = options.sweepFile {
      let table = try Table.read(path: file)
      fileNames = table.columns
      rows = (0..<table.rowCount).map { row in table.values.map { $0[row] } }
      if rows.isEmpty { throw UsageFault(description: "\(file): there are no cases in it") }
    }
    names = fileNames + options.sweeps.map(\.name)
    for name in names where !known.contains(name) {
      let nearest = NearestName.find(name, among: known).map { "did you mean '\($0)'?" }
      throw UsageFault(
        description: "no parameter, estimate or unknown is called '\(name)'; "
          + (nearest ?? "sweep one of \(known.joined(separator: ", "))"))
    }
    if Set(names).count < names.count {
      throw UsageFault(description: "a name is swept twice; sweep each name once")
    }
    self.rows = rows
    sweeps = try options.sweeps.map { try $0.numbers(problem) }
    unknowns = Set(problem.unknowns)
    let total = sweeps.reduce(Double(max(rows.count, 1))) { $0 * Double($1.count) }
    if total > 1e12 { throw UsageFault(description: "more than 10^12 cases; sweep fewer values") }
  }

  /// Headings of the swept columns: an unknown's initial value is called `x0`, as in sensitivities.
  var columns: [String] { names.map { unknowns.contains($0) ? $0 + "0" : $0 } }

  /// The values of a case, in the order of ``names``.
  func values(_ index: Int) -> [Double] {
    var rest = index
    var last: [Double] = []
    for sweep in sweeps.reversed() {
      last.append(sweep[rest % sweep.count])
      rest /= sweep.count
    }
    return (rows.isEmpty ? [] : rows[rest]) + last.reversed()
  }

  /// The values of a case, sorted into parameters and initial values.
  func makeCase(_ values: [Double]) -> CaseSolver.Case {
    var wanted = CaseSolver.Case()
    for (name, value) in zip(names, values) {
      if unknowns.contains(name) {
        wanted.initialValues[name] = value
      } else {
        wanted.parameters[name] = value
      }
    }
    return wanted
  }
}

extension Sweep {
  /// The values, evaluated with the problem's parameters.
  func numbers(_ problem: Problem) throws -> [Double] {
    func number(_ text: String) throws -> Double {
      let (expression, faults) = problem.scope.resolve(text)
      if let fault = faults.first {
        throw UsageFault(description: "--sweep \(name): \(fault.message); \(fault.remedy)")
      }
      guard let value = try? expression?.evaluate(problem.parameterValues), value.isFinite else {
        throw UsageFault(
          description: "--sweep \(name): '\(text)' is not a finite constant; "
            + "use numbers, pi and parameters")
      }
      return value
    }
    switch values {
    case .list(let items): return try items.map(number)
    case .linear(let from, let to, let count):
      let (a, b) = (try number(from), try number(to))
      return (0..<count).map { count == 1 ? a : Sweep.between(a, b, $0, count) }
    case .logarithmic(let from, let to, let count):
      let (a, b) = (try number(from), try number(to))
      guard a > 0, b > 0 else {
        throw UsageFault(
          description: "--sweep \(name): a logarithmic range needs positive ends, not \(a) and \(b)"
        )
      }
      return (0..<count).map { index in
        if index == 0 { return a }
        if index == count - 1 { return b }
        return a * power(b / a, Double(index) / Double(count - 1))
      }
    }
  }

  private static func between(_ a: Double, _ b: Double, _ index: Int, _ count: Int) -> Double {
    let last = Double(count - 1)
    return (a * (last - Double(index)) + b * Double(index)) / last
  }
}

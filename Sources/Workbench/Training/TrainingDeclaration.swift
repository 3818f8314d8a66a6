import Expressions
import Problems

/// Reads the settings of `train` that the problem's reader keeps as written, and collects what is
/// wrong with them.
struct TrainingDeclaration {
  let problem: Problem
  private(set) var faults: [Diagnostic] = []

  init(_ problem: Problem) { self.problem = problem }

  private func declaration(_ path: String) -> Declaration? {
    var parts = path.split(separator: ".").map(String.init)
    var here = problem.declared[parts.removeFirst()]
    for part in parts { here = here?[part] }
    return here
  }

  /// A name of a catalog; nil where none is given, or an unknown one, which is a fault.
  ///
  /// - Parameter path: such as `train.flow`.
  mutating func name(_ path: String, among names: [String]) -> String? {
    guard let text = declaration(path)?.text else { return nil }
    if names.contains(text) { return text }
    let key = path.split(separator: ".").last.map(String.init) ?? path
    let near = NearestName.find(text, among: names)
    fault(
      path, "'\(key)' does not know '\(text)'",
      near.map { "did you mean '\($0)'?" } ?? "choose one of \(names.joined(separator: ", "))")
    return nil
  }

  /// A number, written as a constant expression; nil where none is given.
  func number(_ path: String) -> Double? {
    guard let text = declaration(path)?.text else { return nil }
    // The reader refused what has no value.
    return try? problem.scope.resolve(text).0?.evaluate(problem.parameterValues)
  }

  /// A whole number, written as a constant expression; nil where none is given.
  func count(_ path: String) -> Int? { number(path).flatMap { Int(exactly: $0.rounded()) } }

  /// Whole numbers, of a list or one alone; empty where none is given.
  func counts(_ path: String) -> [Int] {
    let declared = declaration(path)
    return (declared?.list ?? [declared].compactMap(\.self)).compactMap { item in
      guard let text = item.text else { return nil }
      let number = try? problem.scope.resolve(text).0?.evaluate(problem.parameterValues)
      return number.flatMap { Int(exactly: $0.rounded()) }
    }
  }

  func isGiven(_ path: String) -> Bool { declaration(path).map { !$0.isEmpty } ?? false }

  mutating func fault(_ path: String, _ message: String, _ remedy: String) {
    faults.append(problem.diagnostic(.error, path: path, message, remedy))
  }

  mutating func add(_ other: ProblemFaults) { faults += other.diagnostics }

  /// - Throws: `ProblemFaults` with everything that was found.
  func requireNone() throws {
    if !faults.isEmpty { throw ProblemFaults(diagnostics: faults) }
  }
}

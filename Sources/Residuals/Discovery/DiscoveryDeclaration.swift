import Expressions
import Problems

/// What `discover` asks for: the outputs of networks to be written as formulas, and the terms that
/// may stand in them.
public struct DiscoveryDeclaration: Sendable, Equatable {
  /// A candidate for a formula.
  public struct Term: Sendable, Equatable {
    /// As a person writes it.
    public let text: String
    /// Of variables, unknowns and their derivatives, parameters, estimates and forcings.
    public let expression: Expression

    /// Bundles the two.
    public init(text: String, expression: Expression) {
      self.text = text
      self.expression = expression
    }
  }

  /// An output of a network and its candidates.
  public struct Output: Sendable, Equatable {
    /// As declared in `networks`.
    public let name: String
    /// In the order of the file, or of the library.
    public let terms: [Term]
  }

  /// In the order of `of`, or of the networks.
  public let outputs: [Output]
  /// True where the file lists the terms, false where they are monomials of the network's inputs.
  public let isListed: Bool

  /// Reads `discover`; nil where the file has no such section.
  ///
  /// Without `of`: all outputs of networks. Without `terms`: ``monomials(of:)`` of each network's
  /// inputs.
  /// - Throws: `ProblemFaults`, placed: terms that cannot stand in a formula, an empty list, an
  ///   output named twice.
  public init?(_ problem: Problem) throws(ProblemFaults) {
    guard let section = problem.declared["discover"] else { return nil }
    var faults: [Diagnostic] = []
    let listed = section["terms"].flatMap { $0.isEmpty ? nil : $0 }
    let terms = listed.map { Self.terms($0, problem, &faults) }
    let names = Self.names(section["of"], problem, &faults)
    if !faults.isEmpty { throw ProblemFaults(diagnostics: faults) }
    isListed = terms != nil
    outputs = names.compactMap { name in
      problem.networks.first { $0.outputs.contains(name) }.map {
        Output(name: name, terms: terms ?? Self.monomials(of: $0.inputs))
      }
    }
  }

  /// All products of inputs up to degree 3, the number 1 first; of lower degree where that would be
  /// more than 100.
  public static func monomials(of inputs: [Definition]) -> [Term] {
    var terms = [Term(text: "1", expression: .one)]
    // Of the last degree: each is extended by its own last input and those after it.
    var last: [[Int]] = [[]]
    for degree in 1...3 {
      last = last.flatMap { powers in
        ((powers.last ?? 0)..<inputs.count).map { powers + [$0] }
      }
      if degree > 1, terms.count + last.count > 100 { break }
      terms += last.map { monomial($0, inputs) }
    }
    return terms
  }

  /// A product of inputs, each as often as it is listed.
  private static func monomial(_ factors: [Int], _ inputs: [Definition]) -> Term {
    var texts: [String] = []
    var product = Expression.one
    for input in inputs.indices {
      let power = factors.count { $0 == input }
      guard power > 0 else { continue }
      let text = inputs[input].text
      let base = isDeclarable(text) ? text : "(\(text))"
      texts.append(power > 1 ? "\(base)^\(power)" : base)
      product = product * .pow(inputs[input].expression, .number(Double(power)))
    }
    return Term(text: texts.joined(separator: "*"), expression: product)
  }

  // MARK: Reading

  private static func names(
    _ declared: Declaration?, _ problem: Problem, _ faults: inout [Diagnostic]
  ) -> [String] {
    guard let declared, !declared.isEmpty else { return problem.networks.flatMap(\.outputs) }
    var names: [String] = []
    for item in declared.list ?? [declared] {
      guard let name = item.text else { continue }
      if names.contains(name) {
        faults += problem.fault(item, "'\(name)' is listed twice", "write it once").diagnostics
      }
      names.append(name)
    }
    return names
  }

  private static func terms(
    _ declared: Declaration, _ problem: Problem, _ faults: inout [Diagnostic]
  ) -> [Term] {
    if declared.list?.isEmpty == true {
      faults +=
        problem.fault(
          declared, "'terms' is an empty list",
          "write terms, or leave 'terms' out: they are then products of the network's inputs"
        ).diagnostics
    }
    var terms: [Term] = []
    for item in declared.list ?? [] {
      // What does not resolve was refused when the file was read.
      guard let text = item.text, let expression = problem.scope.resolve(text).expression
      else { continue }
      if let (message, remedy) = refusal(of: expression, problem) {
        faults += problem.fault(item, message, remedy).diagnostics
      }
      if let twin = terms.first(where: { $0.expression == expression }) {
        faults +=
          problem.fault(
            item, "the term is listed twice, as '\(twin.text)' before", "write it once"
          ).diagnostics
      }
      terms.append(Term(text: text, expression: expression))
    }
    return terms
  }

  /// Why an expression cannot stand in a formula, and what to do; nil where it can.
  private static func refusal(of expression: Expression, _ problem: Problem) -> (String, String)? {
    let outputs = Set(problem.networks.flatMap(\.outputs))
    let unknowns = Set(problem.allUnknowns)
    if expression.isZero { return ("the term is zero", "remove it") }
    if expression.integralDepth > 0 || !expression.placedSymbols.isEmpty {
      return ("a term has a value at each point, and an integral reads others", "remove it")
    }
    for leaf in expression.symbols.sorted(by: { $0.description < $1.description }) {
      if outputs.contains(leaf.name) {
        return (
          "'\(leaf.name)' is an output of a network, and formulas are to replace such",
          "write terms of variables, unknowns and parameters"
        )
      }
      if let marching = problem.marching, unknowns.contains(leaf.name),
        leaf.order(in: marching) > 0,
        leaf.order(in: marching) >= problem.order(of: leaf.name, in: marching)
      {
        return (
          "'\(leaf)' is what the equations give, not what they are given",
          "write derivatives of lower order"
        )
      }
    }
    return nil
  }
}

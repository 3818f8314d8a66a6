import Reports

/// A condition on a run, such as `seconds<1` or `method=bdf`.
public struct RunCondition: Sendable {
  /// How a run's value is held against that of the condition.
  private enum Relation: String, CaseIterable {
    // The longer ones first: `<` is the beginning of `<=`.
    case atMost = "<="
    case atLeast = ">="
    case differs = "!="
    case below = "<"
    case above = ">"
    case equals = "="
  }

  let key: RunKey
  private let relation: Relation
  private let value: RunValue
  /// As written.
  public let text: String

  /// What is wrong with a condition.
  public struct Fault: Error, CustomStringConvertible {
    /// One sentence with the remedy.
    public let description: String
  }

  /// Reads a condition.
  ///
  /// - Throws: ``Fault``.
  public init(parsing text: String) throws {
    let place = text.firstIndex { "<>=!".contains($0) }
    let rest = place.map { text[$0...] } ?? ""
    guard let relation = Relation.allCases.first(where: { rest.hasPrefix($0.rawValue) }) else {
      throw Fault(description: "'\(text)' is no condition; write for example seconds<1")
    }
    let name = text.prefix { !"<>=!".contains($0) }.trimmed
    let written = rest.dropFirst(relation.rawValue.count).trimmed
    guard !name.isEmpty, !written.isEmpty else {
      throw Fault(
        description: "'\(text)' lacks a \(name.isEmpty ? "key" : "value"); write for example "
          + "seconds<1")
    }
    let value = Double(written).map(RunValue.number) ?? .word(written)
    if case .word = value, ![.equals, .differs].contains(relation) {
      throw Fault(
        description: "'\(written)' in '\(text)' is not a number; words can only be = or !=")
    }
    (self.key, self.relation, self.value, self.text) = (.named(name), relation, value, text)
  }

  /// Whether the run meets it; a run that has no such value never does.
  func holds(_ run: RecordedRun) -> Bool {
    switch (key.value(run), value) {
    case (.number(let a), .number(let b)):
      switch relation {
      case .below: a < b
      case .atMost: a <= b
      case .above: a > b
      case .atLeast: a >= b
      case .equals: a == b
      case .differs: a != b
      }
    case (.word(let a), .word(let b)): relation == .equals ? a == b : relation == .differs && a != b
    case (nil, _), (.number, .word), (.word, .number): false
    }
  }
}

extension StringProtocol {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

/// Options of `cauchy runs`.
public struct RunsOptions: Sendable {
  /// The folders below which runs are looked for.
  public var roots = [RecordedRun.root]
  /// Names of problems, of which a run's is one; none for all.
  public var problems: [String] = []
  /// Verbs, likewise.
  public var verbs: [String] = []
  /// Words of ``RecordedRun/State``, likewise.
  public var outcomes: [String] = []
  /// Further conditions, all of which hold.
  public var conditions: [RunCondition] = []
  /// The key to sort by, with `-` before it for the greatest first; nil for the newest first.
  public var sort: String?
  /// How many runs are told of at most.
  public var limit: Int?
  /// Whether the list goes to standard output as JSON.
  public var json = false

  /// Makes the options of `cauchy runs`.
  public init() {}

  /// The runs that are asked for, in the order asked for.
  ///
  /// - Throws: ``UsageFault`` where a key is in no run.
  func choose(from runs: [RecordedRun]) throws -> [RecordedRun] {
    for condition in conditions {
      try condition.key.require(in: runs, option: "--where \(condition.text)")
    }
    let chosen = runs.filter { run in
      (problems.isEmpty || problems.contains(run.stem) || problems.contains(run.problem))
        && (verbs.isEmpty || verbs.contains(run.verb))
        && (outcomes.isEmpty || outcomes.contains(run.state.word))
        && conditions.allSatisfy { $0.holds(run) }
    }
    return Array(try sorted(chosen, of: runs).prefix(limit ?? .max))
  }

  /// Runs without a value of the key come last.
  private func sorted(_ chosen: [RecordedRun], of runs: [RecordedRun]) throws -> [RecordedRun] {
    guard let sort else { return chosen }
    let isDescending = sort.hasPrefix("-")
    let key = RunKey.named(isDescending ? String(sort.dropFirst()) : sort)
    try key.require(in: runs, option: "--sort \(sort)")
    let valued = chosen.map { (run: $0, value: key.value($0)) }.enumerated()
    return valued.sorted { a, b in
      guard let first = a.element.value else {
        return b.element.value == nil && a.offset < b.offset
      }
      guard let second = b.element.value else { return true }
      if first == second { return a.offset < b.offset }
      return RunValue.precedes(first, second) != isDescending
    }.map(\.element.run)
  }
}

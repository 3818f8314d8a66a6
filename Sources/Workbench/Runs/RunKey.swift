import Expressions
import Reports

/// What a run is found and ordered by: a number or a word.
public enum RunValue: Sendable, Equatable {
  case number(Double)
  case word(String)

  /// Whether it comes before another: words after numbers.
  static func precedes(_ a: RunValue, _ b: RunValue) -> Bool {
    switch (a, b) {
    case (.number(let a), .number(let b)): a < b
    case (.word(let a), .word(let b)): a < b
    case (.number, .word): true
    case (.word, .number): false
    }
  }
}

/// A name by which `cauchy runs` filters and sorts.
public struct RunKey: Sendable {
  /// As the command line says it.
  public let name: String
  /// What it is, for the help.
  public let meaning: String
  let value: @Sendable (RecordedRun) -> RunValue?

  /// The names that stand for something of their own; any other is a dotted path in `summary.json`.
  public static let all: [RunKey] = [
    word("run", "the run's folder") { $0.path },
    word("problem", "the problem file's name without folder and extension") { $0.stem },
    word("verb", "the command's word") { $0.verb },
    word("outcome", "reached, failed, stopped, running or lost") { $0.state.word },
    number("error", "the largest relative error of an unknown") { $0.worstError },
    number("loss", "at the end of a training") { $0.loss },
    number("chi2", "divided by the count of measurements") { $0.chi2PerPoint },
    number("energy", "joules") { $0.energyJoules },
    number("when", "seconds since 1970") { $0.modified },
  ]

  private static func word(
    _ name: String, _ meaning: String, _ value: @escaping @Sendable (RecordedRun) -> String
  ) -> RunKey {
    RunKey(name: name, meaning: meaning) { .word(value($0)) }
  }

  private static func number(
    _ name: String, _ meaning: String, _ value: @escaping @Sendable (RecordedRun) -> Double?
  ) -> RunKey {
    RunKey(name: name, meaning: meaning) { value($0).map(RunValue.number) }
  }

  /// The key of a name: of the catalog, or a path in the summary such as `machine.cores`.
  static func named(_ name: String) -> RunKey {
    if let key = all.first(where: { $0.name == name }) { return key }
    let path = name.split(separator: ".").map(String.init)
    return RunKey(name: name, meaning: "a path in summary.json") { run in
      let value = path.reduce(run.summary) { $0?[$1] }
      return value?.double.map(RunValue.number)
        ?? (value?.string ?? value?.boolean.map(String.init)).map(RunValue.word)
    }
  }

  /// Refuses a name by which nothing can be found.
  ///
  /// - Throws: ``UsageFault`` where the name stands for nothing and is in no run's summary.
  func require(in runs: [RecordedRun], option: String) throws {
    if RunKey.all.contains(where: { $0.name == name }) { return }
    let ended = runs.compactMap(\.summary)
    if ended.isEmpty || runs.contains(where: { value($0) != nil }) { return }
    let members = (ended.first?.members ?? []).filter { _, value in
      value.double != nil || value.string != nil
    }
    let own = RunKey.all.map(\.name)
    let known = own + members.map(\.key).filter { !own.contains($0) }
    let near = NearestName.find(name, among: known).map { "did you mean '\($0)'?" }
    throw UsageFault(
      description: "\(option): no run has a number or word '\(name)'; "
        + (near ?? "use one of \(known.joined(separator: ", ")), or a path such as errors.x.max"))
  }
}

extension RecordedRun.State {
  /// The state in one word, which for a run that ended is that of `summary.json`.
  public var word: String {
    switch self {
    case .running: "running"
    case .ended(let outcome): outcome.rawValue
    case .lost: "lost"
    }
  }

  /// The colour of the word.
  public var ink: Terminal.Ink {
    switch self {
    case .running: .strong
    case .ended(let outcome): outcome.ink
    case .lost: .bad
    }
  }

  /// All words.
  public static let words = Outcome.allCases.map(\.rawValue) + ["running", "lost"]
}

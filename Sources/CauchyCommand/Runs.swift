import ArgumentParser
import Workbench

/// `cauchy runs`: what was done.
struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List the runs of a folder with how they ended.",
    discussion: """
      Error: the largest relative error of an unknown against 'exact' or 'reference'. The keys of \
      --where and --sort are \(RunKey.all.map(\.name).joined(separator: ", ")) and all of \
      summary.json, with dots for what lies inside: errors.x.max.

      Examples:
        cauchy runs
        cauchy runs --problem burgers --verb train --sort error --limit 5
        cauchy runs --where 'seconds<1' --where method=rodas5p
        cauchy runs elsewhere --outcome failed,lost --json
      """)

  @Argument(help: "The folders that hold the runs.", completion: .directory)
  var roots = RunsOptions().roots

  @Option(
    help: ArgumentHelp(
      "Runs of these problems: the file, or its name alone.", valueName: "name,…"))
  var problem: [String] = []

  @Option(help: ArgumentHelp("Runs of these verbs.", valueName: "verb,…"))
  var verb: [String] = []

  @Option(
    help: ArgumentHelp(
      "Runs that ended so: \(RecordedRun.State.words.joined(separator: ", ")).",
      valueName: "word,…"))
  var outcome: [String] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Runs whose key is so: <, <=, >, >=, =, != (repeatable; all must hold).",
      valueName: "key<value"),
    transform: RunCondition.init(parsing:))
  var conditions: [RunCondition] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The least of this key first, or with - before it the greatest (default: -when).",
      valueName: "key"))
  var sort: String?

  @Option(help: ArgumentHelp("List this many at most.", valueName: "n"))
  var limit: Int?

  @Flag(help: "Print the list as JSON.")
  var json = false

  func validate() throws {
    if let limit, limit < 1 {
      throw ValidationError("--limit \(limit) leaves nothing; write 1 or more")
    }
    for word in Self.names(outcome) where !RecordedRun.State.words.contains(word) {
      throw ValidationError(
        "--outcome \(word) is no outcome; use "
          + RecordedRun.State.words.joined(separator: ", "))
    }
  }

  func run() throws {
    var options = RunsOptions()
    options.roots = roots
    options.problems = Self.names(problem)
    options.verbs = Self.names(verb)
    options.outcomes = Self.names(outcome)
    options.conditions = conditions
    options.sort = sort
    options.limit = limit
    options.json = json
    try end(with: RunsWorkflow(options).run())
  }

  private static func names(_ lists: [String]) -> [String] {
    lists.flatMap { $0.split(separator: ",").map { String($0.drop { $0 == " " }) } }
  }
}

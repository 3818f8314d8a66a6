import Reports

/// Runs `cauchy runs`: what was done, in a table.
public struct RunsWorkflow {
  private let options: RunsOptions

  /// Makes the workflow of the options given.
  public init(_ options: RunsOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    do {
      for root in options.roots where root != RecordedRun.root {
        guard FileBytes.exists(root) else {
          throw UsageFault(description: "there is no folder \(root); name one that holds runs")
        }
      }
      let runs =
        options.roots.count == 1
        ? RecordedRun.all(under: options.roots[0]) : merged(options.roots)
      let chosen = try options.choose(from: runs)
      if options.json {
        try Console.print(JSONValue.list(chosen.map(RunsWorkflow.json)).rendered)
      } else if chosen.isEmpty {
        try Console.print(nothing(of: runs.count))
      } else {
        let lines = RunTable(chosen, on: Console.output).lines
        try Console.print(lines.joined(separator: "\n"))
      }
      return .success
    } catch {
      return ErrorReport.tell(error, file: options.roots.joined(separator: ", "))
    }
  }

  /// The runs of several folders, each once, the newest first.
  private func merged(_ roots: [String]) -> [RecordedRun] {
    var seen: Set<String> = []
    return roots.flatMap { RecordedRun.all(under: $0) }
      .filter { seen.insert(resolvedPath($0.path)).inserted }
      .sorted { ($1.modified, $0.path) < ($0.modified, $1.path) }
  }

  private func nothing(of count: Int) -> String {
    let places = options.roots.joined(separator: ", ")
    if count == 0 {
      return "no runs in \(places); make one, for example: cauchy solve problems/lorenz.yaml"
    }
    return "none of the \(count) runs in \(places) is like that; 'cauchy runs' lists them all"
  }

  /// What the list says of a run.
  private static func json(_ run: RecordedRun) -> JSONValue {
    .object([
      ("run", .text(run.path)), ("problem", .text(run.problem)), ("verb", .text(run.verb)),
      ("outcome", .text(run.state.word)), ("message", .text(run.message)),
      ("method", .optional(run.method)), ("error", .optional(run.worstError)),
      ("loss", .optional(run.loss)), ("chi2_per_point", .optional(run.chi2PerPoint)),
      ("seconds", .optional(run.seconds)), ("when", .text(LocalTime.universal(run.modified))),
    ])
  }
}

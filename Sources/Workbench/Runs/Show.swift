import Reports

/// Options of `cauchy show`.
public struct ShowOptions: Sendable, Equatable {
  /// A run's folder, a folder whose `latest` points at one, or either of them in `outputs`.
  public var run: String
  /// Whether the summary goes to standard output as JSON.
  public var json = false

  /// Makes the options of `cauchy show RUN`.
  public init(run: String) { self.run = run }
}

/// Runs `cauchy show`: one run in full.
public struct ShowWorkflow {
  private let options: ShowOptions

  /// Makes the workflow of the options given.
  public init(_ options: ShowOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    do {
      let run = try RecordedRun.find(options.run)
      if options.json {
        try Console.print(json(run).rendered)
      } else {
        try Console.print(RunDescription(run).text(on: Console.output))
      }
      return .success
    } catch {
      return ErrorReport.tell(error, file: options.run)
    }
  }

  /// The summary as it stands in its file; of a run without one what takes its place.
  private func json(_ run: RecordedRun) -> JSONValue {
    run.summary
      ?? .object([
        ("problem", .text(run.problem)), ("verb", .text(run.verb)),
        ("outcome", .text(run.state.word)), ("message", .text(run.message)),
      ])
  }
}

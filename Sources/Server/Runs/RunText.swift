import Reports
import Workbench

/// What the page is told of runs.
enum RunText {
  /// A run's path below the folder of runs.
  static func name(_ path: String, outputs: String) -> String {
    path.hasPrefix(outputs + "/") ? String(path.dropFirst(outputs.count + 1)) : path
  }

  /// A row of the list.
  static func line(_ run: RecordedRun, outputs: String) -> JSONValue {
    .object([
      ("run", .text(name(run.path, outputs: outputs))), ("problem", .text(run.problem)),
      ("verb", .text(run.verb)), ("state", .text(state(run))), ("message", .text(run.message)),
      ("error", .optional(run.worstError)), ("seconds", .optional(run.seconds)),
      ("loss", .optional(run.loss)), ("method", .optional(run.method)),
      ("modified", .number(run.modified)),
    ])
  }

  /// Everything of one run: the row, the summary, the files, the command that started it.
  ///
  /// `file` is the problem below the folder of problems, null where it lies elsewhere; `original`
  /// is what it was edited from.
  static func whole(_ run: RecordedRun, _ folders: ServedFolders) -> JSONValue {
    let files = files(run.path)
    let command = RunCommand(of: run.path)
    let file = folders.problemName(run.problem)
    return .object(
      (line(run, outputs: folders.outputs).members ?? []) + [
        ("file", .optional(file)), ("original", .optional(file.flatMap(EditedText.original))),
        ("summary", run.summary ?? .null), ("command", command.map(told) ?? .null),
        ("canResume", .bool(canResume(run, files))),
        ("files", .list(files.map(JSONValue.text))),
        ("said", .text(LaunchedRun.text("\(run.path)/\(LaunchedRun.messages)"))),
        ("process", .optional(process(run))),
      ])
  }

  /// A command as it is typed in a terminal, and what of it is not the problem's.
  private static func told(_ command: RunCommand) -> JSONValue {
    .object([
      ("text", .text(RunCommand.text(command.words(of: command.problem, isResolved: false)))),
      ("set", .list(command.settings.map(JSONValue.text))),
      ("options", .list(command.options.map(JSONValue.text))),
    ])
  }

  /// One word for where a run stands.
  private static func state(_ run: RecordedRun) -> String {
    switch run.state {
    case .running: "running"
    case .ended(let outcome): outcome.rawValue
    case .lost: "lost"
    }
  }

  private static func process(_ run: RecordedRun) -> Int? {
    if case .running(let process) = run.state { process } else { nil }
  }

  private static func canResume(_ run: RecordedRun, _ files: [String]) -> Bool {
    switch run.state {
    case .running: false
    case .ended(let outcome): outcome == .stopped && files.contains("checkpoint.json")
    case .lost: files.contains("checkpoint.json")
    }
  }

  /// The files of a run and of its folder of figures, those under temporary names left out.
  private static func files(_ folder: String) -> [String] {
    let own = names(folder)
    let figures = own.contains("figures") ? names("\(folder)/figures").map { "figures/\($0)" } : []
    return (own + figures).filter { !$0.hasSuffix(".partial") && $0 != "figures" }.sorted()
  }

  private static func names(_ folder: String) -> [String] {
    Folders.entries(in: folder).map(\.name).filter { !$0.hasPrefix(".") }
  }
}

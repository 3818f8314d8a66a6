import Expressions
import Numerics
import Reports

/// Options of `cauchy study`.
public struct StudyOptions: Sendable, Equatable {
  /// The study, by its name in ``StudyCatalog``.
  public var name: String
  /// The folder for the results, exactly; nil for `outputs/study-<name>/study-NNN`.
  public var out: String?
  /// Whether a run that the folder holds is replaced.
  public var force = false
  /// The seed of the data.
  public var seed = 1
  /// Whether progress and the table are left out.
  public var quiet = false
  /// Whether the summary goes to standard output as JSON, and nothing else.
  public var json = false
  /// Whether figures are drawn when the run has ended; nil for on a terminal.
  public var figures: Bool?

  /// Makes the options of `cauchy study NAME`.
  public init(name: String) { self.name = name }
}

/// A row of the catalog of studies.
public struct StudyRow: Sendable {
  public let name: String
  /// What is claimed, in a sentence.
  public let claim: String
  public let source: String
  let run: @Sendable (_ seed: Int, _ progress: Progress) throws -> StudyFindings
}

/// All studies by name; adding one is a file and a row here.
public enum StudyCatalog {
  public static let all: [StudyRow] = [.independence, .doubleDescent]

  static func find(_ name: String) throws -> StudyRow {
    if let row = all.first(where: { $0.name == name }) { return row }
    let names = all.map(\.name)
    let near = NearestName.find(name, among: names).map { "did you mean '\($0)'?" }
    throw UsageFault(
      description: "there is no study '\(name)'; "
        + (near ?? "the studies are \(names.joined(separator: ", "))"))
  }
}

/// What a study found.
struct StudyFindings {
  /// One row for each figure measured.
  var table: StudyTable
  /// The same figures as a plot wants them: a column for each curve.
  var figure: StudyTable
  /// The table for people.
  var lines: [String]
  /// Whether the claim holds.
  var holds: Bool
  /// Why, in a sentence.
  var verdict: String
  /// The numbers behind the verdict.
  var facts: [(key: String, value: JSONValue)]
  /// The methods that were at work.
  var method: String
  var steps = 0
  var rejected = 0
  var evaluations = 0
  var factorizations = 0
  /// Whether the user ended it.
  var isInterrupted = false
}

/// Runs `cauchy study`: an experiment whose outcome is known, made again on this machine.
public struct StudyWorkflow {
  private let options: StudyOptions

  /// Makes the workflow of the options given.
  public init(_ options: StudyOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    Interrupt.install()
    do {
      let row = try StudyCatalog.find(options.name)
      let folder = try RunFolder(
        out: options.out, force: options.force, stem: "study-\(row.name)", verb: "study")
      let mark = try RunMarkKeeper(folder, verb: "study", problem: row.name)
      defer { mark.end() }
      let command = options.command.json.rendered + "\n"
      try AtomicFile.write(command, to: folder.file(RunCommand.fileName))
      // A figure must not depend on how many cores a machine has.
      BLAS.setThreads(1)
      var summary = Summary(
        problem: row.name, verb: "study",
        machine: MachineDescription.current { BLAS.coreName })
      let energy = EnergyMeter()
      let started = Clock.now
      let progress = Progress(quiet: options.quiet || options.json)
      let findings = try row.run(options.seed, progress)
      progress.finish()
      summary.seconds = Clock.now - started
      summary.energy = energy.read()
      return try finish(row, findings, folder, &summary)
    } catch {
      return ErrorReport.tell(error, file: "study \(options.name)")
    }
  }

  private func finish(
    _ row: StudyRow, _ findings: StudyFindings, _ folder: RunFolder, _ summary: inout Summary
  ) throws -> ExitStatus {
    summary.seed = options.seed
    summary.method = findings.method
    summary.steps = findings.steps
    summary.rejected = findings.rejected
    summary.evaluations = findings.evaluations
    summary.factorizations = findings.factorizations
    summary.outcome =
      findings.isInterrupted ? .stopped : findings.holds ? .reached : .failed
    summary.message =
      findings.isInterrupted ? "stopped; partial: what was measured is written" : findings.verdict
    summary.more = [
      ("claim", .text(row.claim)), ("holds", .bool(findings.holds)),
      ("findings", .object(findings.facts)),
    ]
    summary.files = [
      StudyTable.fileName, StudyTable.figureName, RunCommand.fileName, "summary.json",
    ]
    try findings.table.write(to: folder.file(StudyTable.fileName))
    try findings.figure.write(to: folder.file(StudyTable.figureName))
    try AtomicFile.write(summary.json.rendered + "\n", to: folder.file("summary.json"))
    if options.json {
      try Console.print(summary.json.rendered)
    } else {
      if !options.quiet { try Console.print(findings.lines.joined(separator: "\n")) }
      if summary.outcome == .failed {
        Console.complain(summary.text(folder: folder.path, on: Console.errors))
      } else if !options.quiet {
        try Console.print(summary.text(folder: folder.path, on: Console.output))
      }
    }
    RunFigures.afterRun(
      folder.path, summary.outcome, options.figures, isQuiet: options.quiet || options.json)
    return summary.outcome.exitStatus
  }
}

import Discretizations
import Problems
import Reports

/// Options of `cauchy reference`.
public struct ReferenceOptions: Sendable, Equatable {
  /// The problem file.
  public var file: String
  /// The relative accuracy that the reference is to have.
  public var accuracy = 1e-10
  /// Where the table goes; nil for a file beside the problem file, or the one that it names.
  public var out: String?
  /// Whether a reference that the file has is replaced.
  public var force = false
  /// Settings of `solve` and `output` for this solution alone, each `dotted.path=value`.
  public var overrides: [String] = []
  /// Whether progress and the closing lines are left out.
  public var quiet = false
  /// Whether the summary goes to standard output as JSON.
  public var json = false

  /// Makes the options of `cauchy reference FILE`.
  public init(file: String) { self.file = file }
}

/// Runs `cauchy reference`: makes a truth of stated accuracy and records it in the problem file.
///
/// The problem is solved to the accuracy asked for, then a second time in a way that shares as little
/// as possible with the first. What is recorded is the larger of the first one's own estimate and the
/// distance of the two, rounded up to one digit.
public struct ReferenceWorkflow {
  private let options: ReferenceOptions

  /// Makes the workflow of the options given.
  public init(_ options: ReferenceOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    Interrupt.install()
    do {
      return try make()
    } catch {
      return ErrorReport.tell(error, file: options.file)
    }
  }

  private func make() throws -> ExitStatus {
    if let text = options.overrides.first(where: {
      !$0.hasPrefix("solve.") && !$0.hasPrefix("output")
    }) {
      throw UsageFault(
        description: "--set \(text): a reference is one of the file as it stands; set keys of "
          + "'solve' and 'output' only, or change the file")
    }
    let file = try ReferenceFile(options)
    let started = Clock.now
    let energy = EnergyMeter()
    let problem = try file.problem(options.overrides)
    for warning in problem.warnings where !options.quiet { Console.complain(warning) }
    try SolveWorkflow.requireSolvable(problem)
    _ = try WellPosedness.check(problem)
    let progress = Progress(quiet: options.quiet || options.json)
    let truth = try ReferenceTruth(options, file, progress).find()
    progress.finish()
    var summary = Summary(
      problem: options.file, verb: "reference", machine: MachineDescription.current { "" })
    summary.outcome = truth.outcome
    summary.message = truth.message
    summary.method = truth.method
    summary.warnings = truth.warnings
    if let rows = truth.rows {
      try file.write(rows, accuracy: truth.accuracy)
      summary.files = [file.table]
      summary.estimatedErrors = truth.estimates
      summary.message +=
        "; wrote \(file.table) and its accuracy \(short(truth.accuracy)) into \(options.file)"
    }
    summary.seconds = Clock.now - started
    summary.energy = energy.read()
    if options.json {
      try Console.print(summary.json.rendered)
    } else if summary.outcome != .reached {
      Console.complain(summary.text(folder: nil))
    } else if !options.quiet {
      try Console.print(summary.text(folder: nil))
    }
    return summary.outcome.exitStatus
  }
}

/// The problem file and the table that becomes its reference.
struct ReferenceFile {
  private let options: ReferenceOptions
  private let text: String
  private let edit: ReferenceEdit
  /// The table's path.
  let table: String
  /// As the problem file names it.
  private let name: String

  init(_ options: ReferenceOptions) throws {
    self.options = options
    guard let bytes = FileBytes.read(options.file) else {
      // The reader says better what is wrong with the file.
      _ = try ProblemFile.read(options.file, [])
      throw ReportError.cannotRead(path: options.file, code: 2)
    }
    text = String(decoding: bytes, as: UTF8.self)
    edit = ReferenceEdit(text)
    let folder = ReferenceFile.folder(options.file)
    let own = try? ProblemFile.read(options.file, [])
    if edit.hasReference, !options.force {
      throw UsageFault(
        description: "\(options.file) has a reference already; replace it with --force")
    }
    if let out = options.out {
      table = out
      name = ReferenceFile.name(of: out, in: folder)
    } else if let written = own?.tableFiles.first(where: { $0.path == own?.reference?.file }) {
      (table, name) = (written.path, written.written)
    } else {
      name = ProblemFile.stem(options.file) + "-reference.csv"
      table = folder.isEmpty ? name : "\(folder)/\(name)"
    }
    if !options.force, FileBytes.exists(table) {
      throw UsageFault(description: "\(table) is there already; replace it with --force")
    }
  }

  /// The problem without the reference that it may have.
  ///
  /// Steps are no rows that two solutions could share: 101 points stand for them.
  func problem(_ overrides: [String]) throws -> Problem {
    let folder = ReferenceFile.folder(options.file)
    func read(_ overrides: [String]) throws -> Problem {
      try ProblemReader.read(
        bytes: Array(edit.removed.utf8), file: options.file, folder: folder.isEmpty ? "." : folder,
        overrides: overrides, catalogs: ProblemFile.catalogs)
    }
    let problem = try read(overrides)
    let steps = problem.variables.map(\.name).filter { problem.output[$0] == .steps }
    return steps.isEmpty ? problem : try read(overrides + steps.map { "output.\($0)=101" })
  }

  /// Writes the table, then the problem file with its new key, which is read back first.
  func write(_ rows: SampledSolution, accuracy: Double) throws {
    try DomainFiles.write(rows, to: table)
    let edited = edit.setting(file: name, accuracy: accuracy)
    let folder = ReferenceFile.folder(options.file)
    let read = try? ProblemReader.read(
      bytes: Array(edited.utf8), file: options.file, folder: folder.isEmpty ? "." : folder,
      catalogs: ProblemFile.catalogs)
    guard read?.reference?.accuracy == accuracy else {
      throw UsageFault(
        description: "\(table) is written, but \(options.file) is laid out in a way that is not "
          + "edited; write into it: reference: {file: \(name), accuracy: \(NumberText.text(accuracy))}"
      )
    }
    try AtomicFile.write(edited, to: options.file)
  }

  private static func folder(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  /// A path as seen from a folder: relative where it lies inside.
  private static func name(of path: String, in folder: String) -> String {
    let home = resolvedPath(folder.isEmpty ? "." : folder)
    let place = self.folder(path)
    let there = resolvedPath(place.isEmpty ? "." : place)
    let last = path.split(separator: "/").last.map(String.init) ?? path
    if there == home { return last }
    if there.hasPrefix(home + "/") { return there.dropFirst(home.count + 1) + "/" + last }
    return "\(there)/\(last)"
  }
}

import Discretizations
import Expressions
import Flows
import Integrators
import Problems
import Reports
import Residuals

/// Options of `cauchy compare`.
public struct CompareOptions: Sendable, Equatable {
  /// The problem file.
  public var file: String
  /// The options common to all runs.
  public var run = RunOptions()
  /// Classical methods beside the file's own, by name.
  public var methods: [String] = []
  /// Trainings, each `flow/stepper/control/scaling`; none for the file's own.
  public var flows: [String] = []
  /// Seconds of each training; nil for what `train.stop` says.
  public var seconds: Double?

  /// Makes the options of `cauchy compare FILE`.
  public init(file: String) { self.file = file }
}

/// Runs `cauchy compare`: the classical solver and trainings of one problem, side by side.
public struct CompareWorkflow {
  private let options: CompareOptions

  /// Makes the workflow of the options given.
  public init(_ options: CompareOptions) { self.options = options }

  /// Does the work, prints what there is to say, and tells how it ended.
  public func run() -> ExitStatus {
    Interrupt.install()
    do {
      let problem = try read([])
      for warning in problem.warnings where !options.run.quiet {
        Console.complain(warning)
      }
      try TrainWorkflow.requireTrainable(problem)
      let posed = try WellPosedness.check(problem)
      for warning in posed where !options.run.quiet { Console.complain(warning) }
      let usesReference = problem.reference != nil && !options.run.changesTruth
      let learned = try contenders(usesReference)
      let methods = try classical(problem)
      let first = try prepare(learned.first)
      var comparison = Comparison(
        options, try RunRecord(options.command, options.run, problem, posed),
        usesReference: usesReference)
      return try comparison.run(methods, learned, first)
    } catch {
      return ErrorReport.tell(error, file: options.file)
    }
  }

  /// The first model, so that what no training can begin with is refused before anything is written.
  ///
  /// - Returns: nil where its flow alone is refused: that is a row of the table.
  private func prepare(_ contender: LearnedContender?) throws -> BenchTraining? {
    do {
      return try contender?.make()
    } catch is FlowError {
      return nil
    }
  }

  /// The problem with further keys set.
  private func read(_ keys: [String]) throws -> Problem {
    let time = options.seconds.map { ["train.stop={seconds: \(NumberText.text($0))}"] } ?? []
    return try ProblemFile.read(options.file, options.run.overrides + time + keys)
  }

  /// The tolerance that the command line sets: no choice of a flow has one in its name.
  private var tolerance: [String] { options.run.overrides.filter { $0.hasPrefix("train.rtol=") } }

  /// The trainings asked for, or that of the file.
  private func contenders(_ usesReference: Bool) throws -> [LearnedContender] {
    let choices = try options.flows.map { text in
      do {
        return try FlowChoice(text)
      } catch {
        throw UsageFault(description: "--flows \(text): \(error)")
      }
    }
    let all: [(name: String?, keys: [String])] =
      choices.isEmpty
      ? [(nil, [])] : choices.map { ($0.description, $0.overrides + tolerance) }
    return try all.map { name, keys in
      let problem = try read(keys)
      return LearnedContender(
        name: name, problem: problem, choices: try TrainingChoices(problem),
        usesReference: usesReference,
        threads: options.run.threads ?? MachineDescription.usableCores)
    }
  }

  /// The problem as it stands, and with the further methods.
  private func classical(_ problem: Problem) throws -> [Classical] {
    let known = ProblemFile.catalogs.methods + ["auto"]
    return try [Classical(name: "classical", problem: problem, keys: [])]
      + options.methods.map { method in
        guard known.contains(method) else {
          let near = NearestName.find(method, among: known).map { "did you mean '\($0)'? " } ?? ""
          throw UsageFault(
            description: "--with \(method): there is no method '\(method)'; \(near)use one of "
              + known.joined(separator: ", "))
        }
        let keys = ["solve.method=\(method)"]
        return Classical(name: "classical \(method)", problem: try read(keys), keys: keys)
      }
  }
}

/// A classical row to be: the problem, and the keys that were set in it for this row.
private struct Classical {
  var name: String
  var problem: Problem
  var keys: [String]
}

/// A comparison that goes on.
private struct Comparison {
  private let options: CompareOptions
  private var record: RunRecord
  private let usesReference: Bool
  private let progress: Progress
  private var table = ComparisonTable(names: [])
  /// The first classical answer that covers the domain.
  private var answer: ClassicalAnswer?
  private var isHeaded = false

  init(_ options: CompareOptions, _ record: RunRecord, usesReference: Bool) {
    self.options = options
    self.record = record
    self.usesReference = usesReference
    progress = Progress(quiet: options.run.quiet || options.run.json)
  }

  mutating func run(
    _ methods: [Classical], _ learned: [LearnedContender],
    _ prepared: BenchTraining?
  ) throws -> ExitStatus {
    if !usesReference, learned.first?.problem.reference != nil {
      record.warn("--set changes the problem itself: not compared with the reference")
    }
    table = ComparisonTable(names: methods.map(\.name) + learned.map(\.title))
    for way in methods where !Interrupt.isRequested { try solve(way) }
    var prepared = prepared
    for contender in learned where !Interrupt.isRequested {
      try learn(contender, prepared)
      prepared = nil
    }
    return try finish(planned: methods.count + learned.count, learned)
  }

  private mutating func solve(_ way: Classical) throws {
    var side = TrainOptions(file: options.file)
    side.run = options.run
    side.run.overrides += way.keys
    let contender = ClassicalContender(
      problem: way.problem, options: side, usesReference: usesReference, progress: progress)
    do {
      var found = try contender.solve()
      found.row.name = way.name
      if answer == nil { answer = found.answer }
      try add(found.row)
    } catch let unanswered as ClassicalAnswer.Unanswered {
      record.warn("\(way.name): not solved: \(unanswered.description)")
    }
  }

  private mutating func learn(
    _ contender: LearnedContender, _ prepared: BenchTraining?
  ) throws {
    let (progress, title) = (progress, contender.title)
    do {
      let training = try prepared ?? contender.make()
      let row = try contender.train(training, answer) { row, part in
        progress.training(
          part, loss: row.isAccepted ? row.loss : nil, "\(title)  \(TrainingRun.words(row))")
      }
      progress.finish()
      for warning in row.warnings { record.warn("\(title): \(warning)") }
      try add(row)
    } catch let fault as FlowError {
      var row = ComparisonRow(kind: "learned", name: title)
      (row.outcome, row.message) = (.failed, "\(fault)")
      try add(row)
    }
  }

  private mutating func add(_ row: ComparisonRow) throws {
    let line = table.append(row)
    guard !options.run.quiet, !options.run.json else { return }
    if !isHeaded { try Console.print(table.heading) }
    isHeaded = true
    try Console.print(line)
  }

  private mutating func finish(
    planned: Int, _ learned: [LearnedContender]
  ) throws -> ExitStatus {
    let rows = table.rows
    record.summary.threads = learned.first?.threads ?? 1
    record.summary.seed = learned.first.map {
      Int(truncatingIfNeeded: $0.choices.physics.seed)
    }
    record.summary.method = rows.map(\.name).joined(separator: ", ")
    record.summary.more = [("rows", .list(rows.map(\.json)))]
    let failed = rows.count { $0.outcome == .failed }
    if Interrupt.isRequested {
      let finished = rows.count { $0.outcome != .stopped }
      record.summary.outcome = .stopped
      record.summary.message = "stopped after \(finished) of \(planned) rows"
    } else if rows.contains(where: { $0.kind == "learned" && $0.outcome == .reached }) {
      record.summary.message = verdict
      if failed > 0 { record.summary.message += "; \(failed) of \(rows.count) rows failed" }
    } else {
      record.fail("no training came to its end: \(failed) of \(rows.count) rows failed")
    }
    let (table, path) = (table, record.folder.file(ComparisonTable.fileName))
    return try record.close([ComparisonTable.fileName]) { try table.write(to: path) }
  }

  /// What the errors are, and the best of the trainings that came to their end.
  private var verdict: String {
    let against = table.rows.contains { $0.against == "truth" }
    let isRelative = table.rows.contains { $0.against == "classical" }
    let what =
      against
      ? "errors against the truth"
      : isRelative ? "errors are differences to the classical answer" : "no truth, no errors"
    let best = table.rows
      .filter { $0.kind == "learned" && $0.outcome == .reached && $0.error != nil }
      .min { ($0.error ?? .infinity) < ($1.error ?? .infinity) }
    let words = best.map {
      "; best training: \($0.name), \(NumberText.text($0.error ?? .nan, digits: 2))"
    }
    return what + (words ?? "")
  }
}

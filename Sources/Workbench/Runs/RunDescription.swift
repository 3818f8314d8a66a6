import Problems
import Reports

/// What `cauchy show` says of a run, in parts with a word before each.
struct RunDescription {
  private(set) var parts: [(label: String, lines: [String])] = []
  private let run: RecordedRun
  /// The problem as resolved; nil where the run has none that can be read.
  let problem: Problem?
  private let fault: String?

  init(_ run: RecordedRun) {
    self.run = run
    let file = "\(run.path)/problem.yaml"
    do {
      problem = FileBytes.exists(file) ? try ProblemFile.read(file, []) : nil
      fault = nil
    } catch {
      (problem, fault) = (nil, "\(file) is not a problem to this version")
    }
    describeProblem()
    describeProgress()
    describeAnswer()
    describeErrors()
    describeFit()
    describeRows()
    describeWork()
    add("warning", run.warnings)
    describeFiles()
    add("again", again)
    add("to end it", end)
  }

  private mutating func add(_ label: String, _ lines: [String]) {
    if !lines.isEmpty { parts.append((label, lines)) }
  }

  /// The parts as text, the first lines of each beside its label.
  func text(on terminal: Terminal) -> String {
    let width = parts.map(\.label.count).max() ?? 0
    let lines = parts.flatMap { label, lines in
      lines.enumerated().map { index, line in
        let word = index == 0 ? label : ""
        let space = String(repeating: " ", count: width - word.count + 2)
        let ink: Terminal.Ink = word == "warning" ? .doubtful : .strong
        return "  \(terminal.paint(word, ink))\(space)\(line)"
      }
    }
    let head = "\(run.path): \(terminal.paint(run.message, run.state.ink))"
    return ([head] + lines).joined(separator: "\n")
  }

  // MARK: The problem and where the run is

  /// How many equations or conditions are shown before the rest is counted.
  private static let most = 8

  private mutating func describeProblem() {
    let when = LocalTime.text(run.modified)
    let version = run.version.map { ", version \($0)" } ?? ""
    add("run", ["\(run.verb) \(run.problem), \(when)\(version)"])
    add("problem", fault.map { [$0] } ?? [])
    guard let problem else { return }
    let ranges = problem.variables.map {
      "\($0.name) from \(NumberText.text($0.lower)) to \(NumberText.text($0.upper))"
    }
    add("problem", [problem.title ?? "(no title)", ranges.joined(separator: ", ")])
    add("equations", Self.shortened(problem.equations.map(\.text)))
    add("conditions", Self.shortened(problem.conditions.map(\.text)))
  }

  private static func shortened(_ lines: [String]) -> [String] {
    lines.count <= most ? lines : lines.prefix(most - 1) + ["and \(lines.count - most + 1) more"]
  }

  /// Where a run is that goes on, and where one was that died.
  private mutating func describeProgress() {
    guard run.summary == nil else { return }
    let last = if case .running = run.state { "" } else { "last " }
    if let row = LastRow(ofTable: "\(run.path)/\(TrainingTable.fileName)") {
      let names = ["step", "loss", "error", "h", "tau", "seconds"]
      let parts = names.compactMap { name in row[name].map { "\(name) \(Self.short($0))" } }
      add("\(last)step", [parts.joined(separator: ", ")])
    } else if let row = LastRow(ofTable: "\(run.path)/trajectory.csv"), let name = row.columns.first
    {
      add("\(last)row", row[name].map { ["\(name) = \(Self.short($0))"] } ?? [])
    }
  }

  private static func short(_ text: String) -> String {
    Double(text).map { NumberText.text($0, digits: 4) } ?? text
  }

  // MARK: The answer

  /// Where a trajectory ends; of fields and sweeps a row says little.
  private mutating func describeAnswer() {
    guard let problem, problem.variables.count == 1, let variable = problem.variables.first?.name,
      let row = LastRow(ofTable: "\(run.path)/trajectory.csv"), row.columns.first == variable,
      let place = row[variable]
    else { return }
    let values = row.columns.dropFirst().prefix(RunDescription.most).compactMap { name in
      row[name].map { "\(name) = \(Double($0).map { NumberText.text($0, digits: 8) } ?? $0)" }
    }
    add("answer", ["at \(variable) = \(Self.short(place)): \(values.joined(separator: ", "))"])
  }

  private mutating func describeErrors() {
    let errors = run.errors.map { unknown, norms in
      let relative = norms.relativeL2.map { "relative \(digits($0)), " } ?? ""
      return "\(unknown): \(relative)max \(digits(norms.max))"
    }
    if !errors.isEmpty { add("error", errors + [against]) }
    add("estimated", run.estimatedErrors.map { "error of \($0): relative \(digits($1, 2))" })
  }

  /// What errors are errors against.
  var against: String {
    guard let problem else { return "against the truth that the problem declares" }
    if !problem.exact.isEmpty { return "against the closed form in the problem" }
    guard let reference = problem.reference else { return "against the truth of the problem" }
    let accuracy = reference.accuracy.map { " of relative accuracy \(NumberText.text($0))" } ?? ""
    return "against \(reference.file)\(accuracy)"
  }

  private mutating func describeFit() {
    add(
      "estimates",
      run.estimates.map { name, estimate in
        let spread = estimate.standardError.map { " ± \(digits($0, 2))" } ?? ""
        return "\(name) = \(digits(estimate.value, 8))\(spread)"
      })
    add("chi2", run.chi2PerPoint.map { ["\(digits($0)) per measurement"] } ?? [])
    let count = run.parameters.map { " with \($0) parameters" } ?? ""
    add("loss", run.loss.map { [digits($0) + count] } ?? [])
    let posterior = run.summary?["a_posteriori"]
    let residuals = (posterior?["equations"]?.elements ?? []).compactMap { row in
      row["rms"]?.double.map { "\(row["name"]?.string ?? ""): rms \(digits($0, 2))" }
    }
    add("residual", residuals)
  }

  /// The rows of a comparison, and the claim of a study.
  private mutating func describeRows() {
    let rows = (run.summary?["rows"]?.elements ?? []).compactMap { row in
      row["name"]?.string.map { name in
        let error = row["error"]?.double.map { "error \(digits($0, 2))" } ?? "no error"
        let seconds = row["seconds"]?.double.map { ", \(digits($0)) s" } ?? ""
        return "\(name): \(error)\(seconds)"
      }
    }
    add("rows", rows)
    add("claim", run.summary?["claim"]?.string.map { [$0] } ?? [])
  }

  // MARK: The work

  private mutating func describeWork() {
    let keys = ["steps", "rejected", "evaluations", "jacobians", "factorizations"]
    let counts = keys.compactMap { key in
      run.summary?[key]?.int.flatMap { $0 > 0 ? "\($0) \(key)" : nil }
    }
    let method = [run.method ?? ""].filter { !$0.isEmpty } + counts
    add("method", method.isEmpty ? [] : [method.joined(separator: ", ")])
    guard let seconds = run.seconds else { return }
    let threads = run.threads.map { $0 == 1 ? ", 1 thread" : ", \($0) threads" } ?? ""
    let cpu = run.summary?["machine"]?["cpu"]?.string.map { " of \($0)" } ?? ""
    let seed = run.seed.map { ", seed \($0)" } ?? ""
    add("time", ["\(digits(seconds)) s\(threads)\(cpu)\(seed)"])
    let source = run.energySource.map { " (\($0))" } ?? ""
    add("energy", run.energyJoules.map { ["\(digits($0)) J\(source)"] } ?? [])
  }

  private mutating func describeFiles() {
    let listed = Folders.entries(in: run.path).filter { !$0.isFolder }.map(\.name).sorted()
    let names = run.summary == nil ? listed : run.files
    add(
      "files",
      names.map { name in
        guard let size = FileBytes.size(of: "\(run.path)/\(name)") else { return "\(name) (gone)" }
        return "\(name) (\(Self.size(size)))"
      })
  }

  private static func size(_ bytes: Int) -> String {
    let units = ["B", "KB", "MB", "GB"]
    var (size, unit) = (Double(bytes), 0)
    while size >= 1000, unit < units.count - 1 { (size, unit) = (size / 1000, unit + 1) }
    return "\(digits(size)) \(units[unit])"
  }

  /// The commands that make the run anew, or go on with it; none while it goes on.
  var again: [String] {
    guard run.summary != nil || run.state == .lost else { return [] }
    var lines: [String] = []
    var command = RunCommand(of: run.path) ?? RunCommand(verb: run.verb, problem: run.problem)
    command.threads = command.threads ?? (run.verb == "study" ? nil : run.threads)
    func add(_ words: [String]) { lines.append(RunCommand.text(words)) }
    if problem != nil {
      add(command.words(of: "\(run.path)/problem.yaml", isResolved: true))
    } else if run.verb == "study" {
      add(command.words(of: run.problem, isResolved: true))
    }
    if run.outcome != .reached, ["solve", "train"].contains(run.verb),
      FileBytes.exists("\(run.path)/\(SavedRun.fileName)")
    {
      add(command.words(of: run.problem, isResolved: false) + ["--resume=\(run.path)"])
    }
    return lines
  }

  /// How a run that goes on is ended.
  private var end: [String] {
    guard case .running(let process) = run.state else { return [] }
    return ["kill -INT \(process) ends it and keeps what it has"]
  }
}

private func digits(_ number: Double, _ count: Int = 3) -> String {
  NumberText.text(number, digits: count)
}

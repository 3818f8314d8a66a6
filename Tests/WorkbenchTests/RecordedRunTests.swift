import Glibc
import Reports
import Testing
import Workbench

/// A folder for runs that are made up, removed with everything in it.
final class RunsFolder {
  let root: String

  init() {
    var template = Array("/tmp/cauchy-runs-XXXXXX".utf8CString)
    root = mkdtemp(&template).map { String(cString: $0) } ?? ""
    precondition(!root.isEmpty, "no folder for tests")
  }

  deinit { RunsFolder.remove(root) }

  private static func remove(_ path: String) {
    var status = stat()
    if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
          field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { remove("\(path)/\(name)") }
      }
      closedir(folder)
    }
    _ = Glibc.remove(path)
  }

  func make(_ folder: String) {
    var path = root
    for part in folder.split(separator: "/") {
      path += "/\(part)"
      mkdir(path, 0o777)
    }
  }

  func write(_ text: String, to name: String) throws {
    make(name.split(separator: "/").dropLast().joined(separator: "/"))
    try AtomicFile.write(text, to: "\(root)/\(name)")
  }

  /// A run that ended, at a moment of its own.
  func end(
    _ folder: String, seconds: Double = 1, error: Double? = nil, outcome: Outcome = .reached,
    at moment: Int = 0
  ) throws {
    let machine = MachineDescription(cpu: "CPU", cores: 2, memory: 1, system: "Linux", blas: nil)
    let stem = folder.split(separator: "/").dropLast().last.map(String.init) ?? "p"
    var summary = Summary(problem: "problems/\(stem).yaml", verb: "solve", machine: machine)
    summary.outcome = outcome
    summary.message = "reached t = 20"
    summary.seconds = seconds
    summary.method = "tsit5"
    summary.errors = error.map { [("x", .init(relativeL2: $0, max: 2 * $0))] }
    try write(summary.json.rendered, to: "\(folder)/summary.json")
    var times = [timespec(tv_sec: moment, tv_nsec: 0), timespec(tv_sec: moment, tv_nsec: 0)]
    utimensat(AT_FDCWD, "\(root)/\(folder)/summary.json", &times, 0)
  }

  func mark(_ folder: String, _ process: LiveProcess) throws {
    let mark = RunMark(process: process, verb: "train", problem: "problems/heat.yaml")
    try write(mark.json.rendered, to: "\(folder)/running.json")
  }

  /// A process that is no more: this one's number, and another start.
  static func ended() throws -> LiveProcess {
    let own = try #require(LiveProcess.current)
    return LiveProcess(number: own.number, start: own.start + 1)
  }
}

@Suite("Recorded runs") struct RecordedRunTests {
  @Test("are all that lie below a folder, each once, the newest first")
  func all() throws {
    let place = RunsFolder()
    try place.end("lorenz/solve-001", at: 100)
    try place.end("lorenz/solve-002", at: 300)
    try place.end("elsewhere/deep/er", at: 200)
    try place.end("lorenz", at: 50)
    symlink("solve-002", "\(place.root)/lorenz/latest")
    place.make("lorenz/solve-003")
    // Nobody's runs: a problem, tables, hidden folders, a name that only looks like a run's.
    try place.write("", to: "gallery/problem.yaml")
    try place.write("", to: "data/trajectory.csv")
    try place.end(".hidden/solve-001")
    place.make("lorenz/solve-x")
    place.make("lorenz/solve-01")
    let runs = RecordedRun.all(under: place.root)
    let paths = ["lorenz/solve-003", "lorenz/solve-002", "elsewhere/deep/er", "lorenz/solve-001"]
    #expect(runs.map(\.path) == (paths + ["lorenz"]).map { "\(place.root)/\($0)" })
    #expect(runs.map(\.modified).dropFirst() == [300, 200, 100, 50])
    #expect(RecordedRun.all(under: place.root + "/nowhere").isEmpty)
  }

  @Test("have ended as their summaries say")
  func ended() throws {
    let place = RunsFolder()
    for outcome in Outcome.allCases {
      try place.end("lorenz/solve-001", seconds: 0.25, error: 1e-6, outcome: outcome)
      let run = try RecordedRun.read("\(place.root)/lorenz/solve-001/")
      #expect(run.state == .ended(outcome) && run.outcome == outcome)
      #expect(run.message == "reached t = 20" && run.seconds == 0.25 && run.verb == "solve")
      #expect(run.problem == "problems/lorenz.yaml" && run.stem == "lorenz")
      #expect(run.worstError == 1e-6 && run.errors.map(\.norms.max) == [2e-6])
      #expect(run.summary?["machine"]?["cores"]?.int == 2 && run.loss == nil)
    }
  }

  @Test("go on while their process lives, and are lost with it")
  func running() throws {
    let place = RunsFolder()
    let own = try #require(LiveProcess.current)
    try place.mark("heat/train-001", own)
    let run = try RecordedRun.read("\(place.root)/heat/train-001")
    #expect(run.state == .running(process: own.number) && run.verb == "train")
    #expect(run.problem == "problems/heat.yaml" && run.summary == nil)
    try place.mark("heat/train-001", RunsFolder.ended())
    let lost = try RecordedRun.read("\(place.root)/heat/train-001")
    #expect(lost.state == .lost && lost.message == "process \(own.number) died without a summary")
    // A summary counts more than a mark that was not taken away.
    try place.end("heat/train-001")
    #expect(try RecordedRun.read("\(place.root)/heat/train-001").state == .ended(.reached))
  }

  @Test(
    "with a summary that cannot be read are lost, and say why",
    arguments: [
      ("", "is damaged: line 1, column 1: the text ends where a value is needed"),
      ("{\"outcome\": \"reached\"", "is damaged: line 1, column 22: ',' or '}' is needed"),
      ("{}", "does not say how the run ended"), ("[]", "does not say how the run ended"),
      ("{\"outcome\": 3}", "does not say how the run ended"),
      ("{\"outcome\": \"won\"}", "does not say how the run ended"),
    ])
  func broken(_ text: String, _ reason: String) throws {
    let place = RunsFolder()
    try place.write(text, to: "lorenz/solve-001/summary.json")
    let run = try RecordedRun.read("\(place.root)/lorenz/solve-001")
    #expect(run.state == .lost && run.summary == nil)
    #expect(run.message == "\(place.root)/lorenz/solve-001/summary.json \(reason)")
    #expect(run.problem == "lorenz" && run.verb == "solve")
  }

  @Test("with a summary of other values are read as far as it goes")
  func foreign() throws {
    let place = RunsFolder()
    try place.write(
      """
      {"outcome": "failed", "seconds": "long", "errors": {"x": 3, "y": {"max": 1}}, "files": [1],
       "warnings": "none", "estimates": [], "seed": 1.5, "steps": -1}
      """, to: "p/solve-001/summary.json")
    let run = try RecordedRun.read("\(place.root)/p/solve-001")
    #expect(run.state == .ended(.failed) && run.seconds == nil && run.seed == nil)
    #expect(run.errors.map(\.unknown) == ["y"] && run.worstError == 1)
    #expect(run.files.isEmpty && run.warnings.isEmpty && run.estimates.isEmpty)
  }

  @Test("are found by their folder, the folder above, and either inside the root")
  func find() throws {
    let place = RunsFolder()
    try place.end("lorenz/solve-001")
    try place.end("lorenz/solve-002")
    symlink("solve-002", "\(place.root)/lorenz/latest")
    for (name, found) in [
      ("lorenz", "solve-002"), ("lorenz/", "solve-002"), ("lorenz/latest", "solve-002"),
      ("lorenz/solve-001", "solve-001"), ("\(place.root)/lorenz", "solve-002"),
      ("\(place.root)/lorenz/solve-001/", "solve-001"),
    ] {
      let run = try RecordedRun.find(name, under: place.root)
      #expect(run.path == "\(place.root)/lorenz/\(found)", "\(name)")
    }
    for (name, sentence) in [
      ("lorentz", "there is no run lorentz"),
      ("lorenz/solve-009", "there is no run lorenz/solve-009"),
      (place.root, "\(place.root) holds no run"),
    ] {
      let error = #expect(throws: (any Error).self) {
        try RecordedRun.find(name, under: place.root)
      }
      #expect(error.map { "\($0)" } == "\(sentence); 'cauchy runs' lists those that there are")
    }
  }

  @Test("a thousand are a list of a thousand")
  func many() throws {
    let place = RunsFolder()
    for number in 0..<1000 {
      try place.end("p\(number % 40)/solve-\(100 + number / 40)", at: number)
    }
    let runs = RecordedRun.all(under: place.root)
    #expect(runs.map(\.modified) == (0..<1000).reversed().map(Double.init))
  }
}

import FlyingFox
import Glibc
import Reports
import Workbench

/// Runs: listed, looked at, started, stopped.
extension Desk {
  func runs(_ request: HTTPRequest) async throws -> HTTPResponse {
    let runs = RecordedRun.all(under: folders.outputs)
    return Answer.json(.list(runs.map { RunText.line($0, outputs: folders.outputs) }))
  }

  func run(_ request: HTTPRequest) async throws -> HTTPResponse {
    let run = try read(try request.parameter("run"))
    return Answer.json(RunText.whole(run, folders))
  }

  /// The solution of a run as curves.
  func curves(_ request: HTTPRequest) async throws -> HTTPResponse {
    let run = try read(try request.parameter("run"))
    // The table itself may be a link that leads elsewhere.
    for name in ["trajectory.csv", "problem.yaml"] where FileBytes.exists("\(run.path)/\(name)") {
      let own = RunText.name(run.path, outputs: folders.outputs)
      _ = try ServedFolders.inside("\(own)/\(name)", of: folders.outputs)
    }
    guard let sample = await OwnThread.value({ CurveSample(run) }) else {
      throw Refusal(503, "no thread is free; try again")
    }
    return Answer.json(sample.json)
  }

  /// The settings that differ between runs: `[{"path": "solve.rtol", "values": ["1e-6", null]}]`.
  func differences(_ request: HTTPRequest) async throws -> HTTPResponse {
    let names = request.query.filter { $0.name == "run" }.map(\.value)
    guard (2...64).contains(names.count) else {
      throw Refusal(400, "name from 2 to 64 runs to compare")
    }
    let runs = try names.map(read)
    guard let found = await OwnThread.value({ SettingDifference.all(of: runs) }) else {
      throw Refusal(503, "no thread is free; try again")
    }
    return Answer.json(
      .list(
        found.map {
          .object([
            ("path", .text($0.path)), ("values", .list($0.values.map(Reports.JSONValue.optional))),
          ])
        }))
  }

  /// A table of a run, thinned: `{"columns": ["t", "x"], "rows": ["0,1", …]}`.
  func table(_ request: HTTPRequest) async throws -> HTTPResponse {
    let name = try request.parameter("file")
    guard name.hasSuffix(".csv"), !name.contains("/") else {
      throw Refusal(400, "'\(ServedFolders.shown(name))' is no table; its name ends in .csv")
    }
    let run = try request.parameter("run")
    let folder = try folders.run(run)
    // The table itself may be a link that leads elsewhere.
    let written = FileBytes.exists("\(folder)/\(name)") ? name : name + ".partial"
    let path = try ServedFolders.inside("\(run)/\(written)", of: folders.outputs)
    guard let table = TableSample(path) else {
      throw Refusal(404, "there is no whole line in \(name)")
    }
    return Answer.json(
      .object([
        ("columns", .list(table.columns.map(Reports.JSONValue.text))),
        ("rows", .list(table.rows(limit: LiveRun.firstRows).map(JSONValue.text))),
      ]))
  }

  func live(_ request: HTTPRequest) async throws -> HTTPResponse {
    let run = try read(try request.parameter("run"))
    return Answer.events(EventBytes(next: LiveRun(run).next))
  }

  func file(_ request: HTTPRequest) async throws -> HTTPResponse {
    let path = request.target.path(percentEncoded: false).dropFirst("/files/".count)
    let found = try ServedFolders.inside(String(path), of: folders.outputs)
    var status = stat()
    guard stat(found, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Refusal(404, "'\(ServedFolders.shown(String(path)))' is no file")
    }
    return try Answer.file(found)
  }

  func start(_ request: HTTPRequest) async throws -> HTTPResponse {
    let body = try await RequestBody(request)
    let verb = try body.text("verb")
    guard LaunchOrder.verbs.contains(verb) else {
      throw Refusal(400, "the page starts \(LaunchOrder.verbs.joined(separator: ", ")) only")
    }
    let source = try source(try body.optionalText("name"), run: try body.optionalText("run"))
    var command = RunCommand(
      verb: verb, problem: source.path, settings: try body.settings(),
      threads: try body.integer("threads", in: 1...256))
    if verb == "compare" {
      command.options = try ["flows", "with", "seconds"].compactMap { name in
        try body.optionalText(name).map { "--\(name)=\($0)" }
      }
    }
    var order = LaunchOrder(command)
    // A run's own problem lies beside it under a name that all of them have.
    if source.name == nil { order.stem = try body.optionalText("run").map(read)?.stem }
    // A text as edited runs from a file of its own, beside the one that it was.
    guard let name = source.name, let text = try body.optionalText("text"),
      FileBytes.read(source.path) != Array(text.utf8)
    else { return try await begin(order) }
    let edited = try EditedText.keep(text, of: name, in: folders)
    order.command.problem = "\(folders.problems)/\(edited.name)"
    do {
      return try await begin(order)
    } catch {
      if edited.isNew { unlink(order.command.problem) }
      throw error
    }
  }

  /// Goes on with a run from its checkpoint, by the command that started it.
  func resume(_ request: HTTPRequest) async throws -> HTTPResponse {
    let run = try await ended(request)
    guard FileBytes.exists("\(run.path)/checkpoint.json") else {
      throw Refusal(422, "the run has no checkpoint; start the problem anew")
    }
    guard LaunchOrder.resumable.contains(run.verb) else {
      throw Refusal(422, "runs of 'cauchy \(run.verb)' cannot be gone on with")
    }
    var order = try LaunchOrder(of: run)
    guard FileBytes.exists(order.command.problem) else {
      throw Refusal(
        422, "\(order.command.problem) is not there any more; run the run's own copy of it anew")
    }
    order.command.resumed = run.path
    return try await begin(order)
  }

  /// Runs the command of a run once more, from the beginning.
  func again(_ request: HTTPRequest) async throws -> HTTPResponse {
    let run = try await ended(request)
    var order = try LaunchOrder(of: run)
    order.command.resumed = nil
    // Where the file is gone the run's own copy stands in for it.
    if order.command.verb != "study", !FileBytes.exists(order.command.problem) {
      order.command.problem = "\(run.path)/problem.yaml"
      order.isResolved = true
    }
    return try await begin(order)
  }

  /// The run that a request names, which must not go on.
  private func ended(_ request: HTTPRequest) async throws -> RecordedRun {
    let run = try read(try await RequestBody(request).text("run"))
    if case .running = run.state { throw Refusal(409, "the run goes on already") }
    return run
  }

  private func begin(_ order: LaunchOrder) async throws -> HTTPResponse {
    let folder = try await LaunchedRun.start(order, outputs: folders.outputs)
    return Answer.json(
      .object([("run", .text(RunText.name(folder, outputs: folders.outputs)))]))
  }

  /// Asks a run to stop, as Ctrl-C does; the second request ends it at once.
  func stop(_ request: HTTPRequest) async throws -> HTTPResponse {
    let run = try read(try await RequestBody(request).text("run"))
    guard case .running(let process) = run.state else {
      throw Refusal(409, "the run has ended already")
    }
    guard kill(pid_t(process), SIGINT) == 0 else {
      throw Refusal(
        422, "process \(process) cannot be stopped: \(String(cString: strerror(errno)))")
    }
    return Answer.json(.object([("stopping", .integer(process))]))
  }

  func report(_ request: HTTPRequest) async throws -> HTTPResponse {
    let run = try read(try await RequestBody(request).text("run"))
    try await make(["report", run.path])
    return Answer.json(RunText.whole(run, folders))
  }

  func figures(_ request: HTTPRequest) async throws -> HTTPResponse {
    let run = try read(try await RequestBody(request).text("run"))
    try await make(["plot", run.path, "--format", "svg"])
    return Answer.json(RunText.whole(run, folders))
  }

  private func make(_ arguments: [String]) async throws {
    let result = try await ShortCommand.run(arguments, seconds: 100)
    guard result.status == 0 else { throw Refusal(422, arguments[0], result) }
  }

  private func read(_ name: String) throws -> RecordedRun {
    let folder = try folders.run(name)
    do {
      return try RecordedRun.read(folder)
    } catch { throw Refusal(404, "\(error)") }
  }
}

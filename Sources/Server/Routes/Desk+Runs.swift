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
    return Answer.json(RunText.whole(run, outputs: folders.outputs))
  }

  /// A table of a run, thinned: `{"columns": "t,x", "rows": ["0,1", …]}`, each row as it stands.
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
        ("columns", .text(table.header)),
        ("rows", .list(table.rows(limit: LiveRun.firstRows).map(JSONValue.text))),
      ]))
  }

  func live(_ request: HTTPRequest) async throws -> HTTPResponse {
    let run = try read(try request.parameter("run"))
    return Answer.events(EventBytes(next: LiveRun(run.path, verb: run.verb).next))
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
      throw Refusal(400, "the page starts \(LaunchOrder.verbs.joined(separator: " and ")) only")
    }
    let order = LaunchOrder(
      verb: verb, problem: try folders.problem(try body.text("name")),
      settings: try body.settings(), threads: try body.integer("threads", in: 1...256))
    return try await begin(order)
  }

  /// Goes on with a run from its checkpoint, by the order that started it.
  func resume(_ request: HTTPRequest) async throws -> HTTPResponse {
    let body = try await RequestBody(request)
    let run = try read(try body.text("run"))
    if case .running = run.state { throw Refusal(409, "the run goes on already") }
    guard FileBytes.exists("\(run.path)/checkpoint.json") else {
      throw Refusal(422, "the run has no checkpoint; start the problem anew")
    }
    var order =
      LaunchOrder.beside(run.path) ?? LaunchOrder(verb: run.verb, problem: run.problem)
    guard LaunchOrder.verbs.contains(order.verb) else {
      throw Refusal(422, "runs of 'cauchy \(order.verb)' cannot be gone on with")
    }
    let name = order.problem.split(separator: "/").last.map(String.init) ?? ""
    order.problem = try folders.problem(name)
    order.resumed = run.path
    return try await begin(order)
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
    return Answer.json(RunText.whole(run, outputs: folders.outputs))
  }

  func figures(_ request: HTTPRequest) async throws -> HTTPResponse {
    let run = try read(try await RequestBody(request).text("run"))
    try await make(["plot", run.path, "--format", "svg"])
    return Answer.json(RunText.whole(run, outputs: folders.outputs))
  }

  private func make(_ arguments: [String]) async throws {
    let result = try await ShortCommand.run(arguments, seconds: 100)
    guard result.status == 0 else {
      throw Refusal(
        422,
        result.errors.isEmpty
          ? "'cauchy \(arguments[0])' ended with status \(result.status)" : result.errors)
    }
  }

  private func read(_ name: String) throws -> RecordedRun {
    let folder = try folders.run(name)
    do {
      return try RecordedRun.read(folder)
    } catch { throw Refusal(404, "\(error)") }
  }
}

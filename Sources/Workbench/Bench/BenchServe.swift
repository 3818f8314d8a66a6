import Glibc
import Reports

/// The page: a long list of runs, requests that must be refused, and what a page that watches costs.
enum BenchServe {
  static func measure(_ options: BenchOptions, _ give: (BenchRow) throws -> Void) throws {
    try BenchChild.withFolder { folder in
      let served = try BenchServed(folder)
      defer { served.end() }
      try list(served, options, give)
      try refusals(served, give)
      try watching(served, options, give)
    }
  }

  // MARK: The list

  private static let runs = 1000

  private static func list(
    _ served: BenchServed, _ options: BenchOptions, _ give: (BenchRow) throws -> Void
  ) throws {
    for number in 1...runs {
      try served.write(
        #"{"problem": "problems/many.yaml", "verb": "solve", "outcome": "reached", "#
          + #""message": "reached t = 1", "seconds": 0.5, "method": "dop853", "#
          + #""errors": {"x": {"relative_l2": 1e-9, "max": 1e-9}}}"#,
        to: "outputs/many/solve-\(1000 + number)/summary.json")
    }
    var seconds: [Double] = []
    for _ in 0..<max(options.repeats, 5) {
      let begin = Clock.now
      let answer = try served.get("api/runs")
      seconds.append(Clock.now - begin)
      guard answer.status == 200, (try JSONValue(reading: answer.body)).elements?.count == runs
      else { throw BenchChild.Failure(description: "the list of runs is not whole") }
    }
    try give(
      .bound(
        "list of \(runs) runs, as the page asks for it", .seconds(BenchTiming.median(seconds)),
        .atMost(.seconds(1)), note: "slowest \(BenchFigure.seconds(seconds.max() ?? 0).text)"))
  }

  // MARK: Refusals

  private static func refusals(_ served: BenchServed, _ give: (BenchRow) throws -> Void) throws {
    let host = "Host: 127.0.0.1:\(served.port)\r\n"
    let own = "/\(served.token)/"
    let kinds = [
      "GET /\(String(repeating: "0", count: 64))/api/runs HTTP/1.1\r\n\(host)\r\n",
      "GET \(own)files/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n\(host)\r\n",
      "GET \(own)api/run?run=..%2f.. HTTP/1.1\r\n\(host)\r\n",
      "GET \(own)api/runs HTTP/1.1\r\nHost: example.org\r\n\r\n",
      "GET \(own)api/runs HTTP/1.1\r\n\(host)Origin: http://example.org\r\n\r\n",
      "POST \(own)api/start HTTP/1.1\r\n\(host)Content-Type: application/json\r\n"
        + "Content-Length: 2\r\n\r\n{}",
      "POST \(own)api/start HTTP/1.1\r\n\(host)X-Cauchy-Token: \(served.token)\r\n"
        + "Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{}",
      "GET \(own)api/runs%00%zz HTTP/1.1\r\n\(host)\r\n",
      "BREW \(own) HTTP/1.1\r\n\(host)\r\n", "\u{1}\u{2}\r\n\r\n",
    ]
    let count = 1000
    var refused = 0
    let begin = Clock.now
    for number in 0..<count {
      let status = try served.ask(Array(kinds[number % kinds.count].utf8)).status
      if status == 0 || (400..<500).contains(status) { refused += 1 }
    }
    let each = BenchFigure.seconds((Clock.now - begin) / Double(count))
    guard try served.get("api/runs").status == 200 else {
      throw BenchChild.Failure(description: "the server does not answer any more")
    }
    try give(
      .bound(
        "of \(count) malformed requests refused", .count(refused), .atLeast(.count(count)),
        note: "\(each.text) each; the server answers on"))
  }

  // MARK: Watching

  /// Seconds of one half of a pair, and those after a change that do not count.
  private static let window = 6.0
  private static let settling = 1.0
  /// The most that a browser may take to show the run, seconds.
  private static let patience = 60.0
  /// Points drawn anew every few steps keep the training from coming to rest.
  private static let problem = """
    title: Poisson's equation
    variables: {x: [0, 1], y: [0, 1]}
    unknowns: [u]
    equations: ["-laplace(u) = 2*pi^2*sin(pi*x)*sin(pi*y)"]
    conditions: [u = 0 at boundary]
    network: {hidden: [16, 16]}
    train: {points: {interior: 500, refresh: 5}, stop: {seconds: 3600}}
    output: {x: 11, y: 11}
    """

  /// A stretch of the training: when it was, and what it cost run and server together.
  private struct Window {
    var begin: Double
    var end: Double
    var cpuSeconds: Double
  }

  /// One long training, with and without a page in turns: processor time of run and server for
  /// each step of the training.
  private static func watching(
    _ served: BenchServed, _ options: BenchOptions, _ give: (BenchRow) throws -> Void
  ) throws {
    let what = "processor time a step, watched"
    let names = ["chromium", "chromium-browser", "google-chrome"]
    guard let browser = names.lazy.compactMap({ ChildProcess.path(of: $0) }).first else {
      try give(BenchRow(what: what, ours: .seconds(.nan), note: "skipped: no Chromium on PATH"))
      return
    }
    try served.write(problem, to: "problems/poisson.yaml")
    let run = try served.start("poisson.yaml")
    defer { run.kill() }
    var pairs: [(watched: Window, alone: Window)] = []
    var server: [Double] = []
    for number in 0..<max(options.repeats, 1) {
      func watched() throws -> Window {
        let page = try served.open(browser, run.name)
        defer { page.end() }
        // A browser may take a while to start.
        let end = Clock.now + patience
        while !served.isWatched {
          guard Clock.now < end else {
            throw BenchChild.Failure(description: "the browser does not watch the run")
          }
          pause(0.1)
        }
        let before = served.cpuSeconds
        defer { server.append((served.cpuSeconds - before) / window) }
        return try look(served, run)
      }
      if number.isMultiple(of: 2) {
        pairs.append((try watched(), try look(served, run)))
      } else {
        let alone = try look(served, run)
        pairs.append((try watched(), alone))
      }
    }
    let moments = try run.stop()
    func each(_ window: Window) -> Double {
      let steps = moments.count { window.begin <= $0 && $0 < window.end }
      return window.cpuSeconds / Double(steps)
    }
    guard let last = moments.last, pairs.allSatisfy({ max($0.0.begin, $0.1.begin) < last }) else {
      throw BenchChild.Failure(description: "the training ended before all pairs were measured")
    }
    let share = NumberText.text(100 * BenchTiming.median(server), digits: 2)
    try give(
      .compare(
        what, .seconds(BenchTiming.median(pairs.map { each($0.watched) })),
        .seconds(BenchTiming.median(pairs.map { each($0.alone) })), atMost: 1.03,
        ratio: BenchTiming.median(pairs.map { each($0.watched) / each($0.alone) }),
        note: "of it the server's share is \(share) % of a core"))
  }

  private static func look(_ served: BenchServed, _ run: BenchServedRun) throws -> Window {
    // A browser that has just gone takes a while to end.
    pause(settling)
    let before = run.cpuSeconds + served.cpuSeconds
    let begin = BenchServedRun.now
    pause(window)
    try BenchInterrupted.check()
    return Window(
      begin: begin, end: BenchServedRun.now,
      cpuSeconds: run.cpuSeconds + served.cpuSeconds - before)
  }

  private static func pause(_ seconds: Double) {
    let end = Clock.now + seconds
    while Clock.now < end, !Interrupt.isRequested { usleep(50_000) }
  }
}

extension BenchTable {
  static let serve = BenchTable(
    name: "serve",
    about: "the page: a long list, what is refused, and a training that is watched beside one that "
      + "is not",
    body: BenchServe.measure)
}

import Foundation
import Glibc
import Testing

/// What the page draws and sets side by side.
@Suite(.tags(.server)) struct ComparisonTests {
  private struct Sample {
    var over: String
    var columns: [String]
    var parts: [(name: String, rows: [[Double]])]
    var words: String

    init(_ server: ServerProcess, _ run: String) throws {
      let object = try server.get("api/curves?run=\(run)").object
      over = object["over"] as? String ?? ""
      columns = object["columns"] as? [String] ?? []
      words = object["words"] as? String ?? ""
      parts = (object["parts"] as? [[String: Any]] ?? []).map { part in
        let rows = part["rows"] as? [String] ?? []
        return (
          part["name"] as? String ?? "",
          rows.map { $0.split(separator: ",").compactMap { Double($0) } }
        )
      }
    }
  }

  private static let heat = """
    variables: {x: [0, 1], t: [0, 1]}
    unknowns: [u]
    equations: [u_t = u_xx]
    conditions: [u = sin(pi*x) at t = 0, u = 0 at boundary]
    exact: {u: exp(-pi^2*t)*sin(pi*x)}
    solve: {accuracy: 1e-5}
    output: {x: 11, t: 21}
    """

  /// A sweep is as many curves as it has cases, and none of them runs into the next one.
  @Test func aSweepIsDrawnByCase() throws {
    let server = try ServerProcess(problems: [
      "p.yaml": ProblemNameTests.decay("k", more: "parameters: {k: 1}")
    ])
    #expect(try server.cauchy(["solve", "problems/p.yaml", "--sweep", "k=1:30:30"]) == 0)
    let sample = try Sample(server, "p/solve-001")
    #expect(sample.over == "t" && sample.columns == ["t", "x"])
    #expect(sample.parts.count == 8 && sample.words == "8 of 30 cases of k, over t.")
    #expect(sample.parts.first?.name == "k = 1" && sample.parts.last?.name == "k = 30")
    for part in sample.parts {
      #expect(part.rows.map(\.[0]) == [0, 0.25, 0.5, 0.75, 1])
      #expect(part.rows.first?[1] == 1)
    }
    // The rate is told by the name: x(1) = exp(-k), to the solver's 1e-6 and more.
    let rate = Double(sample.parts[1].name.dropFirst(4)) ?? 0
    #expect(abs((sample.parts[1].rows.last?[1] ?? 0) - exp(-rate)) < 1e-5)
  }

  /// A long table keeps both its ends and is as long as a drawing needs.
  @Test func aLongTableIsThinned() throws {
    let text = ProblemNameTests.decay("1").replacing("output: {t: 5}", with: "output: {t: 20001}")
    let server = try ServerProcess(problems: ["p.yaml": text])
    let rows = try Sample(server, try server.solve(["name": "p.yaml"])).parts[0].rows
    #expect(rows.count == 600 && rows.first?[0] == 0 && rows.last?[0] == 1)
    let steps = zip(rows, rows.dropFirst()).map { $1[0] - $0[0] }
    // Evenly: the gaps differ by one row at most.
    #expect((steps.max() ?? 1) - (steps.min() ?? 0) < 1.01 / 20000)
  }

  /// A field of two variables is shown by slices of the time, both ends among them.
  @Test func aFieldIsDrawnBySlices() throws {
    let server = try ServerProcess(problems: ["heat.yaml": Self.heat])
    let sample = try Sample(server, try server.solve(["name": "heat.yaml"]))
    #expect(sample.over == "x" && sample.columns == ["x", "u"])
    #expect(sample.parts.map(\.name) == ["t = 0", "t = 0.25", "t = 0.5", "t = 0.75", "t = 1"])
    #expect(sample.words == "Slices over x, at 5 of 21 places of t.")
    for (part, t) in zip(sample.parts, [0, 0.25, 0.5, 0.75, 1]) {
      #expect(part.rows.count == 11)
      for row in part.rows {
        // The run's own accuracy is 1e-5 of the largest value.
        #expect(abs(row[1] - exp(-.pi * .pi * t) * sin(.pi * row[0])) < 2e-5)
      }
    }
  }

  @Test func whatIsNoCurveIsSaid() throws {
    let server = try ServerProcess(gallery: ["heat-2d.yaml"])
    let run = try server.solve(["name": "heat-2d.yaml", "set": ["solve.accuracy=1e-2"]])
    let sample = try Sample(server, run)
    #expect(
      sample.parts.isEmpty
        && sample.words == "A field of 3 variables is no curve: draw the figures to look at it.")
  }

  /// Settings that differ: those of the solution, not the words about it.
  @Test func differencesLeaveWordsOut() throws {
    let server = try ServerProcess(problems: [
      "p.yaml": ProblemNameTests.decay("1"), "q.yaml": ProblemNameTests.decay("1"),
    ])
    try server.solve(["name": "p.yaml", "set": ["solve.rtol=1e-4", "title=One", "about=a"]])
    try server.solve(["name": "q.yaml", "set": ["solve.rtol=1e-6", "title=Two"]])
    let found = try server.get("api/differences?run=p/solve-001&run=q/solve-001").json
    let list = try #require(found as? [[String: Any]])
    #expect(list.map { $0["path"] as? String } == ["solve.rtol"])
    #expect(list.first?["values"] as? [String] == ["1e-4", "1e-6"])
    #expect(try server.get("api/differences?run=p/solve-001").status == 400)
  }

  /// The page starts a comparison with its options, and shows what the command says of wrong ones.
  @Test func aComparisonIsStarted() throws {
    let server = try ServerProcess(problems: ["heat.yaml": Self.heat])
    func compare(_ options: [String: String]) throws -> RawAnswer {
      let body = ["verb": "compare", "name": "heat.yaml"].merging(options) { $1 }
      return try server.post("api/start", body)
    }
    let wrong = try compare(["flows": "nope"])
    #expect(wrong.status == 422)
    #expect(
      wrong.object["error"] as? String
        == "--flows nope: there is no flow 'nope'; use one of gradient, gauss-newton, momentum, "
        + "adam, lbfgs")
    #expect(try compare(["seconds": "--out=/"]).status == 422)
    let right = try compare(["flows": "gradient/lie2", "with": "rodas5p", "seconds": "0.5"])
    #expect(right.object["run"] as? String == "heat/compare-001", "\(right.text)")
    try eventually("it ends") { try server.state("heat/compare-001") == "reached" }
    let run = try server.get("api/run?run=heat/compare-001").object
    let rows = (run["summary"] as? [String: Any])?["rows"] as? [[String: Any]] ?? []
    #expect(rows.map { $0["kind"] as? String }.contains("learned"))
  }

  /// A child that breaks off is told of in a sentence, its own words beside it.
  @Test func aCrashIsToldInASentence() throws {
    let server = try ServerProcess(problems: ["p.yaml": ProblemNameTests.decay("1")])
    let run = try server.solve(["name": "p.yaml"])
    // A pipe without a writer: whoever opens the table waits.
    let table = server.output("\(run)/trajectory.csv")
    unlink(table)
    #expect(mkfifo(table, 0o600) == 0)
    let body = [UInt8](try JSONSerialization.data(withJSONObject: ["run": run]))
    let asking = RequestOnThread(server.port, server.posting("api/report", body))
    try eventually("the report is being made") { try child(of: server, with: "report") != nil }
    kill(try #require(try child(of: server, with: "report")), SIGKILL)
    let answer = try #require(asking.value)
    #expect(answer.status == 422)
    #expect(
      answer.object["error"] as? String
        == "'cauchy report' broke off (signal 9); what it said last may tell why")
    #expect(try server.get("api/runs").status == 200)
  }

  /// A process that the server started, by a word of its command line.
  private func child(of server: ServerProcess, with word: String) throws -> pid_t? {
    let own = server.process.processIdentifier
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
      guard let number = pid_t(name),
        let status = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
        let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
      else { continue }
      let fields = status.split(separator: ")").last?.split(separator: " ") ?? []
      let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      if fields.count > 1, Int32(fields[1]) == own, words.contains(word) { return number }
    }
    return nil
  }
}

/// A request whose answer is waited for later.
private final class RequestOnThread: @unchecked Sendable {
  private let ended = DispatchSemaphore(value: 0)
  private var answer: RawAnswer?

  init(_ port: UInt16, _ bytes: [UInt8]) {
    Thread.detachNewThread { [self] in
      if let connection = try? RawConnection(port: port) {
        connection.send(bytes)
        answer = connection.answer()
      }
      ended.signal()
    }
  }

  /// Read once.
  var value: RawAnswer? {
    ended.wait()
    return answer
  }
}

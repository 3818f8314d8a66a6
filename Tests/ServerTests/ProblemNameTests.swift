import Foundation
import Testing

/// A problem is told by its path below the folder of problems, not by its file's name alone.
@Suite(.tags(.server)) struct ProblemNameTests {
  /// Decay at some rate, so that each file tells itself from its namesakes.
  static func decay(_ rate: String, more: String = "") -> String {
    """
    title: Decay at \(rate)
    variables: {t: [0, 1]}
    unknowns: [x]
    equations: ["x' = -\(rate)*x"]
    conditions: [x = 1 at t = 0]
    output: {t: 5}
    \(more)
    """
  }

  private func server() throws -> ServerProcess {
    let server = try ServerProcess(problems: [
      "p.yaml": Self.decay("1"), "mine/p.yaml": Self.decay("2"),
      "mine/deep/q.yaml": Self.decay("3"), ".hidden.yaml": Self.decay("4"),
    ])
    try server.write(Self.decay("5"), to: "elsewhere/p.yaml")
    return server
  }

  private func run(_ server: ServerProcess, _ name: String) throws -> [String: Any] {
    try server.get("api/run?run=\(name)").object
  }

  @Test func subfoldersAreListedAndHiddenFilesAreNot() throws {
    let list = try server().get("api/gallery").json as? [[String: Any]]
    #expect(list?.map { $0["name"] as? String } == ["p.yaml", "mine/deep/q.yaml", "mine/p.yaml"])
    #expect(list?.map { $0["title"] as? String } == ["Decay at 1", "Decay at 3", "Decay at 2"])
  }

  /// The runs of two files of one name lie in one folder, and each knows its own.
  @Test func runsKnowTheirProblems() throws {
    let server = try server()
    for (index, name) in ["p.yaml", "mine/p.yaml"].enumerated() {
      let found = try run(server, try server.solve(["name": name]))
      #expect(found["run"] as? String == "p/solve-00\(index + 1)")
      #expect(found["file"] as? String == name)
    }
    let text = try server.get("api/problem?name=mine/p.yaml").object
    #expect((text["text"] as? String)?.hasPrefix("title: Decay at 2") == true)
  }

  /// A run of a file elsewhere shows its own copy, and can be run again from it.
  @Test func aProblemElsewhereIsReadFromItsRun() throws {
    let server = try server()
    #expect(try server.cauchy(["solve", "elsewhere/p.yaml"]) == 0)
    let found = try run(server, "p/solve-001")
    #expect(found["file"] is NSNull && found["problem"] as? String == "elsewhere/p.yaml")
    let text = try server.get("api/problem?run=p/solve-001").object
    #expect(text["name"] is NSNull && text["path"] as? String == "outputs/p/solve-001/problem.yaml")
    #expect((text["text"] as? String)?.hasPrefix("title: Decay at 5") == true)
    let check = try server.post(
      "api/check", ["run": "p/solve-001", "text": text["text"] ?? "", "page": "1"])
    #expect((check.object["diagnostics"] as? [Any])?.isEmpty == true, "\(check.text)")
    let again = try server.solve(["run": "p/solve-001", "set": ["solve.rtol=1e-5"]])
    #expect(again == "p/solve-002")
    #expect(try run(server, again)["state"] as? String == "reached")
  }

  /// Edited and not saved: what runs is the text as edited, from a file beside its original.
  @Test func anEditedTextRuns() throws {
    let data = "t,x\n0,1\n1,0.1\n"
    let server = try ServerProcess(problems: [
      "mine/p.yaml": Self.decay("2", more: "reference: {file: truth.csv}"),
      "mine/truth.csv": data,
    ])
    let text = Self.decay("7", more: "reference: {file: truth.csv}")
    let first = try server.solve(["name": "mine/p.yaml", "text": text])
    let found = try run(server, first)
    #expect(first == "p/solve-001" && found["state"] as? String == "reached")
    #expect(found["original"] as? String == "mine/p.yaml")
    let name = try #require(found["file"] as? String)
    #expect(name.hasPrefix("mine/.p.edited-") && name.hasSuffix(".yaml"))
    #expect(try server.get("api/problem?name=\(name)").object["text"] as? String == text)
    // Nothing was saved, and lists do not show it.
    #expect(try server.get("api/problem?name=mine/p.yaml").object["text"] as? String != text)
    #expect((try server.get("api/gallery").json as? [Any])?.count == 1)
    // The same text again, also from the edited one, is the same file.
    for source in ["mine/p.yaml", name] {
      let again = try server.solve(["name": source, "text": text])
      #expect(try run(server, again)["file"] as? String == name)
    }
    // Run again, it is filed with its original.
    let repeated = try server.post("api/again", ["run": first]).object["run"] as? String
    #expect(repeated == "p/solve-004")
    try eventually("it ends") { try server.state("p/solve-004") == "reached" }
    // The text as it stands in the file needs no other one.
    let saved = try server.get("api/problem?name=mine/p.yaml").object["text"] as? String ?? ""
    let plain = try server.solve(["name": "mine/p.yaml", "text": saved])
    #expect(try run(server, plain)["file"] as? String == "mine/p.yaml")
  }

  @Test func aTextThatDoesNotRunLeavesNothing() throws {
    let server = try server()
    let before = try FileManager.default.subpathsOfDirectory(atPath: server.folder).sorted()
    let answer = try server.post(
      "api/start", ["verb": "solve", "name": "p.yaml", "text": "title: no more"])
    #expect(answer.status == 422)
    #expect((answer.object["error"] as? String)?.hasPrefix("problems/.p.edited-") == true)
    let after = try FileManager.default.subpathsOfDirectory(atPath: server.folder).sorted()
    #expect(before == after)
  }

  /// Saving into a folder below, over a file that another program changed, and outside.
  @Test func namesAreSavedInside() throws {
    let server = try server()
    func save(_ name: String, _ more: [String: Any] = [:]) throws -> RawAnswer {
      try server.post("api/save", ["name": name, "text": "a"].merging(more) { $1 })
    }
    #expect(try save("mine/new.yaml").status == 200)
    #expect(
      try String(contentsOfFile: "\(server.folder)/problems/mine/new.yaml", encoding: .utf8) == "a")
    let stale = try save("mine/new.yaml", ["replace": true, "expected": "older"])
    #expect(stale.status == 409)
    #expect(
      stale.object["error"] as? String
        == "problems/mine/new.yaml was changed since it was opened here; choose another name, or "
        + "replace it")
    #expect(try save("mine/new.yaml", ["replace": true, "expected": "a"]).status == 200)
    for name in ["../out.yaml", "mine/../p.yaml", "none/p.yaml", "/etc/p.yaml", "mine/.p.yaml"] {
      #expect((400..<500).contains(try save(name, ["replace": true]).status), "\(name)")
    }
  }

  /// A run whose problem file is gone says so, and one elsewhere goes on all the same.
  @Test func aRunElsewhereIsGoneOnWith() throws {
    let server = try server()
    try server.write(BrowserTests.endless, to: "elsewhere/endless.yaml")
    #expect(
      try server.cauchy(["train", "elsewhere/endless.yaml", "--set", "train.stop={steps: 3}"]) == 0)
    let run = "endless/train-001"
    let resumed = try server.post("api/resume", ["run": run])
    #expect(resumed.object["run"] as? String == "endless/train-002", "\(resumed.text)")
    try eventually("it ends") { try server.state("endless/train-002") != "running" }
    try FileManager.default.removeItem(atPath: "\(server.folder)/elsewhere/endless.yaml")
    let gone = try server.post("api/resume", ["run": run])
    #expect(gone.status == 422)
    #expect(
      gone.object["error"] as? String
        == "elsewhere/endless.yaml is not there any more; run the run's own copy of it anew")
  }

  /// A run of a terminal is run again and gone on with as it was started, all its options with it.
  @Test func aRunOfATerminalIsRunAgain() throws {
    let server = try server()
    #expect(
      try server.cauchy([
        "solve", "problems/mine/p.yaml", "--set", "solve.rtol=1e-5", "--sweep", "x=1:3:3",
        "--noise", "1%", "--seed", "4", "--threads", "1",
      ]) == 0)
    func again(_ run: String) throws -> String {
      let answer = try server.post("api/again", ["run": run])
      let next = try #require(answer.object["run"] as? String, "\(answer.text)")
      try eventually("it ends") { try server.state(next) != "running" }
      return next
    }
    let second = try again("p/solve-001")
    #expect(second == "p/solve-002")
    func table(_ run: String) throws -> String {
      try String(contentsOfFile: server.output("\(run)/trajectory.csv"), encoding: .utf8)
    }
    #expect(try table("p/solve-001") == table(second))
    let command = try run(server, second)["command"] as? [String: Any]
    #expect(command?["set"] as? [String] == ["solve.rtol=1e-5"])
    #expect(
      command?["text"] as? String
        == "cauchy solve problems/mine/p.yaml --set solve.rtol=1e-5 --sweep x=1:3:3 --noise 1% "
        + "--seed 4 --threads 1")
    // Without its file the run's own copy stands in for it.
    try FileManager.default.removeItem(atPath: "\(server.folder)/problems/mine/p.yaml")
    let third = try again(second)
    #expect(third == "p/solve-003")
    #expect(try table(third) == table(second))
  }

  /// A folder that was brought here is no way to run anything else.
  @Test(arguments: [
    #""verb": "serve", "problem": "problems/p.yaml", "options": []"#,
    #""verb": "solve", "problem": "--help", "options": []"#,
    #""verb": "solve", "problem": "problems/p.yaml", "options": ["--out=elsewhere"]"#,
    #""verb": "solve", "problem": "problems/p.yaml", "options": ["elsewhere/p.yaml"]"#,
  ])
  func aForeignCommandIsRefused(_ command: String) throws {
    let server = try server()
    try server.write(
      "{\(command), \"folder\": \"\(server.folder)\"}", to: "outputs/p/solve-001/command.json")
    for what in ["again", "resume"] {
      try server.write("{}", to: "outputs/p/solve-001/checkpoint.json")
      let answer = try server.post("api/\(what)", ["run": "p/solve-001"])
      #expect(answer.status == 422)
      #expect(
        answer.object["error"] as? String
          == "the run does not tell its command; start its problem with the settings that you want")
    }
  }

  @Test func aTrainingOfATerminalIsGoneOnWith() throws {
    let server = try ServerProcess(problems: ["endless.yaml": BrowserTests.endless])
    #expect(
      try server.cauchy([
        "train", "problems/endless.yaml", "--set", "train.stop={steps: 3}", "--set",
        "network.hidden=[5]", "--seed", "3",
      ]) == 0)
    let answer = try server.post("api/resume", ["run": "endless/train-001"])
    #expect(answer.object["run"] as? String == "endless/train-002", "\(answer.text)")
    try eventually("it ends") { try server.state("endless/train-002") == "reached" }
    let command = try run(server, "endless/train-002")["command"] as? [String: Any]
    #expect(command?["set"] as? [String] == ["train.stop={steps: 3}", "network.hidden=[5]"])
    #expect(command?["options"] as? [String] == ["--seed=3"])
  }
}

import Foundation
import Glibc
import Testing

@Suite(.tags(.server)) struct RefusalTests {
  private static let problem = """
    variables: {t: [0, 1]}
    unknowns: [x]
    equations: ["x' = -x"]
    conditions: [x = 1 at t = 0]
    output: {t: 3}
    """

  /// Each is refused with a status of the fours or by a closed connection, and nothing comes of it.
  @Test func aThousandMalformedRequestsAreRefused() throws {
    let server = try ServerProcess(problems: ["p.yaml": Self.problem])
    #expect(try server.post("api/start", ["verb": "solve", "name": "p.yaml"]).status == 200)
    // Some that come slowly, or never: they must hold nobody up, and must not be held for ever.
    let slow = try (0..<5).map { _ in try RawConnection(port: server.port) }
    for (index, connection) in slow.enumerated() {
      connection.send(Array("GET /".utf8.prefix(index)))
    }
    var draws = Draws(seed: 7)
    let before = descriptors(server)
    for number in 0..<1000 {
      let kind = MalformedKinds.all[number % MalformedKinds.all.count]
      let bytes = kind.make(server, &draws)
      let connection = try RawConnection(port: server.port)
      connection.send(bytes)
      connection.endSending()
      let answer = try #require(connection.answer(), "\(kind.name): no end")
      #expect(
        answer.status == 0 || (400..<500).contains(answer.status),
        "\(kind.name): \(answer.status) to \(String(decoding: bytes.prefix(300), as: UTF8.self))")
    }
    for connection in slow {
      let answer = try #require(connection.answer(), "a slow request is kept for ever")
      #expect(answer.status == 408 || answer.status == 0)
    }
    let runs = try server.get("api/runs")
    #expect(runs.status == 200 && (runs.json as? [Any])?.count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: server.output("p")).count == 2)
    #expect(try files(server.folder + "/problems") == ["p.yaml"])
    // Connections end a moment after their answers.
    try eventually("no connection is left open") { descriptors(server) <= before }
  }

  private func descriptors(_ server: ServerProcess) -> Int {
    let folder = "/proc/\(server.process.processIdentifier)/fd"
    return (try? FileManager.default.contentsOfDirectory(atPath: folder).count) ?? 0
  }

  private func files(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  /// A link inside is followed, one that leads out is not.
  @Test func linksStayInside() throws {
    let server = try ServerProcess(problems: ["p.yaml": Self.problem])
    #expect(try server.post("api/start", ["verb": "solve", "name": "p.yaml"]).status == 200)
    try eventually("the run ends") { try server.state("p/solve-001") == "reached" }
    #expect(try server.get("files/p/latest/summary.json").status == 200)
    let secret = "\(server.folder)/secret"
    try "variables".write(toFile: secret, atomically: true, encoding: .utf8)
    symlink(secret, server.output("p/solve-001/out.csv"))
    symlink(server.folder, server.output("up"))
    symlink(secret, "\(server.folder)/problems/out.yaml")
    #expect(try server.get("files/p/solve-001/out.csv").status == 403)
    #expect(try server.get("files/up/secret").status == 403)
    #expect(try server.get("api/table?run=p/solve-001&file=out.csv").status == 403)
    #expect(try server.get("api/problem?name=out.yaml").status == 403)
    #expect(
      try server.post("api/save", ["name": "out.yaml", "text": "x", "replace": true]).status == 403)
    #expect(try String(contentsOfFile: secret, encoding: .utf8) == "variables")
  }

  /// The headers that keep a browser strict are on every sort of answer.
  @Test(arguments: ["", "style.css", "main.js", "api/runs", "api/nothing"])
  func answersAreStrict(_ path: String) throws {
    let answer = try ServerProcess().get(path)
    let policy = try #require(answer.header("Content-Security-Policy"))
    #expect(policy.hasPrefix("default-src 'none'") && !policy.contains("unsafe-inline"))
    #expect(answer.header("X-Content-Type-Options") == "nosniff")
    #expect(answer.header("Referrer-Policy") == "no-referrer")
    #expect(answer.header("Cache-Control") == "no-store")
  }

  /// Only this machine is listened to, and the token is new each time.
  @Test func onlyThisMachineIsServed() throws {
    let server = try ServerProcess()
    let first = server.token
    #expect(first.count == 64 && first.allSatisfy(\.isHexDigit))
    // Field 2 of /proc/net/tcp is the local address, in the machine's byte order; 0A is LISTEN.
    let port = String(server.port, radix: 16, uppercase: true)
    let ending = ":" + String(repeating: "0", count: 4 - port.count) + port
    let table = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)
    var listening: [String] = []
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: " ").map(String.init)
      if fields.count > 3, fields[1].hasSuffix(ending), fields[3] == "0A" {
        listening.append(fields[1])
      }
    }
    #expect(listening == ["0100007F" + ending])
    server.send(SIGKILL)
    server.process.waitUntilExit()
    try server.start()
    #expect(server.token != first)
  }

  @Test func savingReplacesOnlyWhenAsked() throws {
    let server = try ServerProcess(problems: ["p.yaml": Self.problem])
    #expect(try server.post("api/save", ["name": "q.yaml", "text": "a"]).status == 200)
    let second = try server.post("api/save", ["name": "q.yaml", "text": "b"])
    #expect(second.status == 409)
    #expect(
      second.object["error"] as? String
        == "problems/q.yaml is there already; choose another name, or replace it")
    #expect(
      try server.post("api/save", ["name": "q.yaml", "text": "c", "replace": true]).status == 200)
    #expect(try String(contentsOfFile: "\(server.folder)/problems/q.yaml", encoding: .utf8) == "c")
  }
}

/// Numbers that are the same for the same seed.
struct Draws: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  /// SplitMix64: Steele, Lea, Flood, 2014.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// One kind of request that must not be answered.
struct MalformedKind: Sendable {
  var name: String
  /// The bytes of a request of the kind, and whether its end is that of the stream.
  var make: @Sendable (ServerProcess, inout Draws) -> [UInt8]
}

enum MalformedKinds {
  static let all: [MalformedKind] = paths + tokens + sizes + strangers + encodings + bodies

  private static func text(
    _ name: String, _ make: @escaping @Sendable (ServerProcess, inout Draws) -> String
  ) -> MalformedKind {
    MalformedKind(name: name) { Array(make($0, &$1).utf8) }
  }

  private static func pick(_ choices: [String], _ draws: inout Draws) -> String {
    choices.randomElement(using: &draws) ?? ""
  }

  /// Paths that lead out of the folders.
  private static let paths: [MalformedKind] = [
    text("traversal") { server, draws in
      let up = pick(
        ["..", "%2e%2e", "%2E.", "..%2f", "..%5c", "%252e%252e", "....", ".", "%00", "%2f%2f"],
        &draws)
      let steps = Array(repeating: up, count: Int.random(in: 1...8, using: &draws))
      return server.head("GET", "files/\(steps.joined(separator: "/"))/etc/passwd")
    },
    text("traversal in a parameter") { server, draws in
      let up = pick(["..", "%2e%2e", "..%2f..", "/etc", "%2fetc", "a/../..", "%00"], &draws)
      let place = pick(
        ["api/run?run=", "api/problem?name=", "api/table?file=x.csv&run=", "api/live?run="],
        &draws)
      return server.head("GET", "\(place)\(up)/passwd.yaml")
    },
    text("no such address") { server, draws in
      server.head("GET", "api/\(draws.next())")
    },
  ]

  private static let tokens: [MalformedKind] = [
    text("wrong token") { server, draws in
      let wrong = String(
        server.token.map {
          Int.random(in: 0..<8, using: &draws) == 0 ? ($0 == "a" ? "b" : "a") : $0
        })
      let token = wrong == server.token ? "" : wrong
      return "GET /\(token)/api/runs HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n"
    },
    text("part of the token") { server, draws in
      let part = server.token.prefix(Int.random(in: 0..<64, using: &draws))
      return "GET /\(part)/ HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n"
    },
    text("no header with the token") { server, draws in
      let header = pick(
        ["X-Other: 1", "X-Cauchy-Token: \(draws.next())", "X-Cauchy-Token:", "Cookie: a=b"], &draws)
      return server.head(
        "POST", "api/start", ["Content-Type: application/json", "Content-Length: 2", header]) + "{}"
    },
  ]

  private static let sizes: [MalformedKind] = [
    text("a body too large") { server, draws in
      let size = pick(
        ["1048577", "99999999", String(repeating: "9", count: 40), "-1", "+5", "5 5", "0x10", ""],
        &draws)
      return server.head(
        "POST", "api/check",
        [
          "Content-Type: application/json", "X-Cauchy-Token: \(server.token)",
          "Content-Length: \(size)",
        ]) + "{}"
    },
    text("a head too large") { server, draws in
      let count = Int.random(in: 70...400, using: &draws)
      let isWide = Bool.random(using: &draws)
      let fields = (0..<count).map { "X-\($0): " + String(repeating: "a", count: isWide ? 300 : 1) }
      return server.head("GET", "api/runs", fields)
    },
    text("an address too long") { server, draws in
      let length = Int.random(in: 5000...20000, using: &draws)
      return server.head("GET", String(repeating: "a", count: length))
    },
    MalformedKind(name: "a head without end") { server, draws in
      // Longer than a head may be; the empty line never comes.
      let line = "X-\(draws.next()): a\r\n"
      return Array(server.head("GET", "api/runs").dropLast(2).utf8)
        + Array(String(repeating: line, count: 2000).utf8)
    },
  ]

  private static let strangers: [MalformedKind] = [
    text("foreign origin") { server, draws in
      let origin = pick(
        [
          "http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:\(server.port)",
          "http://localhost.evil.example:\(server.port)", "", "http://localhost:\(server.port)",
        ], &draws)
      return server.head("GET", "api/runs", ["Origin: \(origin)"])
    },
    text("foreign host") { server, draws in
      let host = pick(
        [
          "evil.example", "evil.example:\(server.port)", "127.0.0.1", "127.0.0.1:1", "",
          "0.0.0.0:\(server.port)", "127.0.0.1:\(server.port).evil.example",
        ], &draws)
      return "GET /\(server.token)/api/runs HTTP/1.1\r\nHost: \(host)\r\n\r\n"
    },
    text("no host, or two") { server, draws in
      let own = "Host: 127.0.0.1:\(server.port)\r\n"
      let hosts = Bool.random(using: &draws) ? "" : own + own
      return "GET /\(server.token)/api/runs HTTP/1.1\r\n\(hosts)\r\n"
    },
    text("another page asks") { server, draws in
      server.head(
        "GET", "api/runs", ["Sec-Fetch-Site: \(pick(["cross-site", "same-site", "x"], &draws))"])
    },
    text("a method that is not known") { server, draws in
      let method = pick(
        ["PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "HEAD", "get", "PRI", "G(T"],
        &draws)
      return server.head(method, "api/runs")
    },
    text("a method that the address does not know") { server, draws in
      server.head("GET", pick(["api/start", "api/stop", "api/check", "api/save"], &draws))
    },
  ]
}

/// Requests that are broken as bytes, and bodies that are broken as JSON.
extension MalformedKinds {
  static let encodings: [MalformedKind] = [
    MalformedKind(name: "bytes that are no ASCII in the head") { server, draws in
      var bytes = Array(server.head("GET", "api/runs", ["X-Note: abcdefgh"]).utf8)
      let place = Int.random(in: 4..<bytes.count - 4, using: &draws)
      let broken: [UInt8] = [0x00, 0x01, 0x0A, 0x0D, 0x7F, 0x80, 0xC0, 0xE2, 0xF5, 0xFF]
      bytes[place] = broken.randomElement(using: &draws) ?? 0
      return bytes
    },
    MalformedKind(name: "escapes that stand for nothing") { server, draws in
      let escape = ["%", "%z", "%zz", "%ff", "%c0%ae", "%u0041", "%0", "%00"]
        .randomElement(using: &draws)
      return Array(server.head("GET", "files/a\(escape ?? "")/summary.json").utf8)
    },
    MalformedKind(name: "noise") { _, draws in
      // The head never ends in an empty line by chance: a request is 32 bytes at least.
      (0..<Int.random(in: 1...2000, using: &draws)).map { _ in
        UInt8.random(in: 0...255, using: &draws)
      }
    },
    MalformedKind(name: "a wrong version or shape of the first line") { server, draws in
      let line = [
        "GET /\(server.token)/", "GET  /\(server.token)/ HTTP/1.1", "/ HTTP/1.1", "",
        "GET /\(server.token)/ HTTP/2.0", "GET /\(server.token)/ HTTP/1.1 x",
        "GET http://127.0.0.1/\(server.token)/ HTTP/1.1", "GET * HTTP/1.1",
        "GET /\(server.token)/ FTP/1.1", " GET /\(server.token)/ HTTP/1.1",
      ].randomElement(using: &draws)
      return Array("\(line ?? "")\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n".utf8)
    },
    MalformedKind(name: "headers of a wrong shape") { server, draws in
      let field = [
        "no colon", ": no name", "Name : space", " folded: line", "Tab\t: x", "(x): y", "Ü: y",
        "Content-Length: 0\r\nContent-Length: 0", "Expect: 100-continue",
      ].randomElement(using: &draws)
      return Array(server.head("GET", "api/runs", [field ?? ""]).utf8)
    },
    MalformedKind(name: "line feeds alone") { server, _ in
      server.head("GET", "api/runs").utf8.filter { $0 != UInt8(ascii: "\r") }
    },
  ]

  static let bodies: [MalformedKind] = [
    MalformedKind(name: "chunks") { server, draws in
      let fields = [
        "Content-Type: application/json", "X-Cauchy-Token: \(server.token)",
        ["Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: x"]
          .randomElement(using: &draws) ?? "",
      ]
      let chunks = ["zz\r\n{}\r\n", "ffffffffffffffffff\r\n", "-2\r\n{}", "2\r\n{}\r\n0\r\n\r\n"]
      return Array(server.head("POST", "api/check", fields).utf8)
        + Array((chunks.randomElement(using: &draws) ?? "").utf8)
    },
    MalformedKind(name: "cut off") { server, draws in
      let whole = server.posting("api/check", Array(#"{"name": "a.yaml"}"#.utf8))
      return Array(whole.prefix(Int.random(in: 1..<whole.count, using: &draws)))
    },
    MalformedKind(name: "two requests in one") { server, draws in
      let one = Array(server.head("GET", "api/runs").utf8)
      return one + one.prefix(Int.random(in: 1...one.count, using: &draws))
    },
    MalformedKind(name: "no JSON") { server, draws in
      let body = [
        "", "{", "[]", "null", "\"a\"", "{\"name\": }", "{'a': 1}", "{\"a\": 1, \"a\": 2}",
        String(repeating: "[", count: 5000), "{\"name\": \"\\ud800\"}", "{\"a\": 1e999}",
      ].randomElement(using: &draws)
      return server.posting("api/start", Array((body ?? "").utf8))
    },
    MalformedKind(name: "JSON that is broken as text") { server, draws in
      var body = Array(#"{"verb": "solve", "name": "p.yaml"}"#.utf8)
      body[Int.random(in: 0..<body.count, using: &draws)] =
        [0x00, 0x1F, 0x80, 0xC0, 0xFF].randomElement(using: &draws) ?? 0
      return server.posting("api/start", body)
    },
    MalformedKind(name: "members of a wrong sort") { server, draws in
      let body = [
        #"{"verb": "solve"}"#, #"{"verb": 1, "name": "p.yaml"}"#,
        #"{"verb": "bench", "name": "p.yaml"}"#, #"{"verb": "solve", "name": "--help"}"#,
        #"{"verb": "solve", "name": "/etc/passwd.yaml"}"#,
        #"{"verb": "solve", "name": "../p.yaml"}"#, #"{"verb": "solve", "name": "no.yaml"}"#,
        #"{"verb": "solve", "name": "p.yaml", "set": ["--out"]}"#,
        #"{"verb": "solve", "name": "p.yaml", "set": "a=b"}"#,
        #"{"verb": "solve", "name": "p.yaml", "set": [1]}"#,
        #"{"verb": "solve", "name": "p.yaml", "threads": 0}"#,
        #"{"verb": "solve", "name": "p.yaml", "threads": "all"}"#,
        #"{"verb": "solve", "name": "p.yaml", "set": ["solve.nothing=1"]}"#,
      ].randomElement(using: &draws)
      return server.posting("api/start", Array((body ?? "").utf8))
    },
    MalformedKind(name: "a name that no problem may have") { server, draws in
      let name = [
        "../x.yaml", "/x.yaml", ".yaml", "a b.yaml", "x.txt", "x/y.yaml", "-x.yaml", "ä.yaml",
      ]
      .randomElement(using: &draws)
      return server.posting(
        "api/save", Array(#"{"text": "x", "replace": true, "name": "\#(name ?? "")"}"#.utf8))
    },
  ]
}

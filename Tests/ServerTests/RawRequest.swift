import Foundation
import Glibc

/// What came back over a connection: a status, and a body; nothing where it was closed.
struct RawAnswer {
  var bytes: [UInt8]

  var text: String { String(decoding: bytes, as: UTF8.self) }
  /// 0 where no answer came.
  var status: Int {
    let words = text.prefix(20).split(separator: " ")
    return words.count > 1 && words[0] == "HTTP/1.1" ? Int(words[1]) ?? -1 : bytes.isEmpty ? 0 : -1
  }
  var body: String {
    text.range(of: "\r\n\r\n").map { String(text[$0.upperBound...]) } ?? ""
  }
  var json: Any? { try? JSONSerialization.jsonObject(with: Data(body.utf8)) }
  var object: [String: Any] { json as? [String: Any] ?? [:] }

  func header(_ name: String) -> String? {
    text.components(separatedBy: "\r\n").first { $0.hasPrefix("\(name): ") }
      .map { String($0.dropFirst(name.count + 2)) }
  }
}

/// A connection to 127.0.0.1 over which any bytes can be sent.
final class RawConnection {
  private let descriptor: Int32

  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else {
      close(descriptor)
      throw NeverCame(what: "the server takes a connection")
    }
  }

  deinit { close(descriptor) }

  /// Sends what the other side takes: it may have refused already.
  func send(_ bytes: [UInt8]) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      done += count
    }
  }

  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Reads up to the end of the stream, or until the time is over or enough has come.
  func answer(within seconds: Double = 60, enough: (RawAnswer) -> Bool = { _ in false })
    -> RawAnswer?
  {
    var answer = RawAnswer(bytes: [])
    let end = Date().addingTimeInterval(seconds)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var polls = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
      let left = end.timeIntervalSinceNow
      guard left > 0 else { return nil }
      guard poll(&polls, 1, Int32(left * 1000 + 1)) > 0 else { continue }
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count <= 0 { return answer }
      answer.bytes += chunk[..<count]
      if enough(answer) { return answer }
    }
  }
}

extension ServerProcess {
  /// The head of a request as the page sends it.
  func head(_ method: String, _ path: String, _ fields: [String] = []) -> String {
    let lines =
      ["\(method) /\(token)/\(path) HTTP/1.1", "Host: 127.0.0.1:\(port)"] + fields
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
  }

  func request(_ bytes: [UInt8]) throws -> RawAnswer {
    let connection = try RawConnection(port: port)
    connection.send(bytes)
    guard let answer = connection.answer() else { throw NeverCame(what: "an answer comes") }
    return answer
  }

  func get(_ path: String) throws -> RawAnswer { try request(Array(head("GET", path).utf8)) }

  /// The bytes of a request that changes something.
  func posting(_ path: String, _ body: [UInt8]) -> [UInt8] {
    let fields = [
      "Content-Type: application/json", "X-Cauchy-Token: \(token)",
      "Origin: http://127.0.0.1:\(port)", "Content-Length: \(body.count)",
    ]
    return Array(head("POST", path, fields).utf8) + body
  }

  func post(_ path: String, _ body: [String: Any]) throws -> RawAnswer {
    try request(posting(path, [UInt8](JSONSerialization.data(withJSONObject: body))))
  }

  /// Where a run stands, in the page's word.
  func state(_ run: String) throws -> String {
    try get("api/run?run=\(run)").object["state"] as? String ?? "unknown"
  }
}

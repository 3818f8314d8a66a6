/// Why a request is not answered: what the browser or the script is told instead.
struct Refusal: Error, Sendable {
  /// The status of HTTP, 4xx or 5xx.
  var status: Int
  /// The fact and the remedy, in one sentence.
  var message: String
  /// What a program said, for those who want to know more; empty for nothing.
  var details: String

  init(_ status: Int, _ message: String, _ details: String = "") {
    self.status = status
    self.message = message
    self.details = details
  }

  /// The words of HTTP for the status.
  var phrase: String { Refusal.phrases[status] ?? "Refused" }

  private static let phrases = [
    400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    408: "Request Timeout", 409: "Conflict", 411: "Length Required", 413: "Content Too Large",
    414: "URI Too Long", 415: "Unsupported Media Type", 417: "Expectation Failed",
    421: "Misdirected Request", 422: "Unprocessable Content",
    431: "Request Header Fields Too Large", 500: "Internal Server Error",
    503: "Service Unavailable",
  ]

  /// The whole answer, as bytes to be sent before the connection is closed.
  var bytes: [UInt8] {
    let body = Array((message + "\n").utf8)
    let head =
      "HTTP/1.1 \(status) \(phrase)\r\nContent-Type: text/plain; charset=utf-8\r\n"
      + "Content-Length: \(body.count)\r\nX-Content-Type-Options: nosniff\r\n"
      + "Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    return Array(head.utf8) + body
  }
}

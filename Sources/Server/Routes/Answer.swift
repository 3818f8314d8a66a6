import FlyingFox
import FoundationEssentials
import Reports

/// Answers of every kind, with the headers that keep a browser strict.
enum Answer {
  /// What the page itself may do: its own scripts, styles and requests, and nothing else.
  static let pagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  /// What a file of a run may do: be looked at.
  ///
  /// Reports and figures carry styles, never scripts.
  static let filePolicy =
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src data:; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-popups"

  static func bytes(
    _ data: Data, _ type: String, policy: String = pagePolicy, status: Int = 200
  ) -> HTTPResponse {
    HTTPResponse(statusCode: code(status), headers: headers(type, policy), body: data)
  }

  static func text(_ text: String, _ type: String) -> HTTPResponse {
    bytes(Data(text.utf8), type)
  }

  static func json(_ value: Reports.JSONValue, status: Int = 200) -> HTTPResponse {
    bytes(Data(value.rendered.utf8), "application/json", status: status)
  }

  /// A refusal as the page's scripts read it: `{"error": "…", "details": "…"}`.
  static func refusal(_ refusal: Refusal) -> HTTPResponse {
    json(
      .object([("error", .text(refusal.message)), ("details", .text(refusal.details))]),
      status: refusal.status)
  }

  /// A file of a run, streamed from the disk.
  static func file(_ path: String) throws(Refusal) -> HTTPResponse {
    do {
      let body = try HTTPBodySequence(
        file: URL(fileURLWithPath: path), suggestedBufferSize: 1 << 16)
      return HTTPResponse(
        statusCode: .ok, headers: headers(type(of: path), filePolicy), body: body)
    } catch {
      throw Refusal(404, "the file cannot be read; it may have been removed")
    }
  }

  /// An answer that goes on for as long as its events do.
  static func events(_ events: EventBytes) -> HTTPResponse {
    HTTPResponse(
      statusCode: .ok, headers: headers("text/event-stream", pagePolicy),
      body: HTTPBodySequence(from: events))
  }

  private static func code(_ status: Int) -> HTTPStatusCode {
    status == 200 ? .ok : HTTPStatusCode(status, phrase: Refusal(status, "").phrase)
  }

  private static func headers(_ type: String, _ policy: String) -> HTTPHeaders {
    [
      HTTPHeader("Content-Type"): type,
      HTTPHeader("Content-Security-Policy"): policy,
      HTTPHeader("X-Content-Type-Options"): "nosniff",
      HTTPHeader("X-Frame-Options"): "DENY",
      HTTPHeader("Referrer-Policy"): "no-referrer",
      HTTPHeader("Cross-Origin-Opener-Policy"): "same-origin",
      HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
      HTTPHeader("Cache-Control"): "no-store",
      HTTPHeader("Connection"): "close",
    ]
  }

  private static let types = [
    "html": "text/html; charset=utf-8", "svg": "image/svg+xml", "png": "image/png",
    "pdf": "application/pdf", "json": "application/json", "csv": "text/csv; charset=utf-8",
    "yaml": "text/plain; charset=utf-8", "yml": "text/plain; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
  ]

  private static func type(of path: String) -> String {
    let ending = path.split(separator: ".").last.map(String.init) ?? ""
    return types[ending] ?? "application/octet-stream"
  }
}

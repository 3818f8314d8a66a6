/// Which requests may come in: those of a browser that was given the address, from its own page.
struct Admission: Sendable {
  let token: Token
  let port: UInt16

  /// The addresses under which the page may be opened.
  private var hosts: [String] { ["127.0.0.1:\(port)", "localhost:\(port)"] }

  /// Lets a request in, or says why not.
  ///
  /// - Returns: the target behind the token, `/…`, which is what the routes know.
  /// - Throws: a ``Refusal``.
  func admit(_ head: RequestHead) throws(Refusal) -> String {
    // A page elsewhere whose name was made to point here (DNS rebinding) sends its own name.
    guard let host = head.fields["host"], hosts.contains(host) else {
      throw Refusal(421, "this server is 127.0.0.1:\(port) only; use the address that it printed")
    }
    if let origin = head.fields["origin"], origin != "http://\(host)" {
      throw Refusal(403, "requests of other pages are refused")
    }
    if let site = head.fields["sec-fetch-site"], site != "same-origin", site != "none" {
      throw Refusal(
        403, "requests of other pages are refused; copy the address into the browser yourself")
    }
    let target = try inner(head.target)
    switch head.method {
    case "GET":
      guard head.bodySize == 0 else { throw Refusal(400, "GET has no body") }
    case "POST": try admitChange(head)
    default: throw Refusal(405, "only GET and POST are known here")
    }
    return target
  }

  /// What follows the token in the path.
  private func inner(_ target: String) throws(Refusal) -> String {
    let parts = target.dropFirst().split(
      separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, parts.count == 2, token.matches(first) else {
      throw Refusal(
        403, "the address lacks this server's token; use the one that 'cauchy serve' printed")
    }
    return "/" + parts[1]
  }

  /// What changes something must come from a script of the page, which alone can set headers.
  private func admitChange(_ head: RequestHead) throws(Refusal) {
    guard let sent = head.fields["x-cauchy-token"], token.matches(sent) else {
      throw Refusal(403, "the header X-Cauchy-Token is missing or wrong")
    }
    let type = head.fields["content-type"]?.split(separator: ";").first
    guard type?.lowercased() == "application/json" else {
      throw Refusal(415, "send application/json")
    }
    guard head.fields["content-length"] != nil else {
      throw Refusal(411, "send Content-Length")
    }
  }
}

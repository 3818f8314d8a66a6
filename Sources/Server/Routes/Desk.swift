import FlyingFox
import Reports
import Workbench

/// What the routes share: the folders, and the work that outlasts a request.
struct Desk: Sendable {
  let folders: ServedFolders
  let checks = TextChecks()
  let gallery: GalleryList

  init(_ folders: ServedFolders) {
    self.folders = folders
    gallery = GalleryList(folders.problems)
  }
}

/// Problems: listed, read, checked, saved.
extension Desk {
  func gallery(_ request: HTTPRequest) async throws -> HTTPResponse {
    Answer.json(try await gallery.entries())
  }

  func problem(_ request: HTTPRequest) async throws -> HTTPResponse {
    let name = try request.parameter("name")
    let path = try folders.problem(name)
    guard let bytes = FileBytes.read(path), bytes.count <= RequestHead.bodyLimit else {
      throw Refusal(404, "\(path) cannot be read, or is larger than 1 MiB")
    }
    return Answer.json(
      .object([
        ("name", .text(name)), ("path", .text(path)),
        ("text", .text(String(decoding: bytes, as: UTF8.self))),
      ]))
  }

  func check(_ request: HTTPRequest) async throws -> HTTPResponse {
    let body = try await RequestBody(request)
    let name = try NewProblem.name(try body.text("name"))
    let found = try await checks.check(
      try body.text("text"), as: "\(folders.problems)/\(name)", settings: try body.settings(),
      page: try body.text("page"))
    return Answer.json(found)
  }

  func save(_ request: HTTPRequest) async throws -> HTTPResponse {
    let body = try await RequestBody(request)
    let name = try NewProblem.name(try body.text("name"))
    try NewProblem.save(
      try body.text("text"), as: name, in: folders.problems, replacing: body.flag("replace"))
    return Answer.json(.object([("name", .text(name))]))
  }
}

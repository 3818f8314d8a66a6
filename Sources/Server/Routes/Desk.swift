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

  /// A problem's text: of a file, or as a run declared it.
  func problem(_ request: HTTPRequest) async throws -> HTTPResponse {
    let (path, name) = try source(
      request.optional("name"), run: request.optional("run"))
    guard let bytes = FileBytes.read(path), bytes.count <= RequestHead.bodyLimit else {
      throw Refusal(404, "\(path) cannot be read, or is larger than 1 MiB")
    }
    return Answer.json(
      .object([
        ("name", .optional(name)), ("path", .text(path)),
        ("original", .optional(name.flatMap(EditedText.original))),
        ("text", .text(String(decoding: bytes, as: UTF8.self))),
      ]))
  }

  /// The problem file that is meant: one of the folder of problems, or a run's own.
  ///
  /// - Returns: its path as the command is given it, and its name below the folder of problems.
  func source(_ name: String?, run: String?) throws -> (path: String, name: String?) {
    if let name { return (try folders.problem(name), name) }
    guard let run else { throw Refusal(400, "the request names neither a problem nor a run") }
    _ = try ServedFolders.inside("\(run)/problem.yaml", of: folders.outputs)
    return ("\(try folders.run(run))/problem.yaml", nil)
  }

  func check(_ request: HTTPRequest) async throws -> HTTPResponse {
    let body = try await RequestBody(request)
    let path =
      if let name = try body.optionalText("name") {
        try folders.newProblem(name)
      } else {
        try source(nil, run: try body.text("run")).path
      }
    let found = try await checks.check(
      try body.text("text"), as: path, settings: try body.settings(),
      page: try body.text("page"))
    return Answer.json(found)
  }

  func save(_ request: HTTPRequest) async throws -> HTTPResponse {
    let body = try await RequestBody(request)
    let name = try body.text("name")
    try NewProblem.save(
      try body.text("text"), as: name, in: folders, replacing: body.flag("replace"),
      expecting: try body.optionalText("expected"))
    return Answer.json(.object([("name", .text(name))]))
  }
}

import FlyingFox
import Reports

/// One address of the page's server.
struct Route: Sendable {
  var method: HTTPMethod
  /// As FlyingFox matches it.
  var path: String
  var answer: @Sendable (Desk, HTTPRequest) async throws -> HTTPResponse
}

/// All addresses there are.
enum RouteCatalog {
  static let all: [Route] =
    PageAssets.all.map { asset in
      Route(method: .GET, path: "/\(asset.name)") { _, _ in Answer.text(asset.text, asset.type) }
    } + [
      Route(method: .GET, path: "/api/gallery") { try await $0.gallery($1) },
      Route(method: .GET, path: "/api/problem") { try await $0.problem($1) },
      Route(method: .GET, path: "/api/runs") { try await $0.runs($1) },
      Route(method: .GET, path: "/api/run") { try await $0.run($1) },
      Route(method: .GET, path: "/api/table") { try await $0.table($1) },
      Route(method: .GET, path: "/api/curves") { try await $0.curves($1) },
      Route(method: .GET, path: "/api/differences") { try await $0.differences($1) },
      Route(method: .GET, path: "/api/live") { try await $0.live($1) },
      Route(method: .GET, path: "/files/*") { try await $0.file($1) },
      Route(method: .POST, path: "/api/check") { try await $0.check($1) },
      Route(method: .POST, path: "/api/save") { try await $0.save($1) },
      Route(method: .POST, path: "/api/start") { try await $0.start($1) },
      Route(method: .POST, path: "/api/resume") { try await $0.resume($1) },
      Route(method: .POST, path: "/api/again") { try await $0.again($1) },
      Route(method: .POST, path: "/api/stop") { try await $0.stop($1) },
      Route(method: .POST, path: "/api/report") { try await $0.report($1) },
      Route(method: .POST, path: "/api/figures") { try await $0.figures($1) },
    ]

  /// The handler of everything: a wrong address and a fault are answered, too.
  static func handler(_ desk: Desk) -> RoutedHTTPHandler {
    var handler = RoutedHTTPHandler()
    for route in all {
      handler.appendRoute(HTTPRoute(method: route.method, path: route.path)) { request in
        do {
          return try await route.answer(desk, request)
        } catch let refusal as Refusal {
          return Answer.refusal(refusal)
        } catch {
          return Answer.refusal(Refusal(500, "\(error)"))
        }
      }
    }
    handler.appendRoute("*") { request in
      let isKnown = all.contains { $0.path == request.path }
      return Answer.refusal(
        isKnown
          ? Refusal(405, "this address does not know \(request.method.rawValue)")
          : Refusal(404, "there is no such address"))
    }
    return handler
  }
}

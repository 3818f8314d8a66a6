/// A file of the page, compiled into the program: it has no other place to be found.
struct PageAsset: Sendable {
  /// Its name in the address; empty for the page itself.
  var name: String
  var type: String
  var text: String
}

/// All files of the page.
enum PageAssets {
  static let all: [PageAsset] = [
    PageAsset(name: "", type: "text/html; charset=utf-8", text: html),
  ]
  static let html = "<!doctype html><title>x</title>"
}

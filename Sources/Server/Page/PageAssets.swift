/// A file of the page, compiled into the program: the program is one file and needs no other.
struct PageAsset: Sendable {
  /// Its name in the address; empty for the page itself.
  var name: String
  var type: String
  var text: String
}

/// All files of the page: plain HTML, CSS and modules of JavaScript, without any library.
enum PageAssets {
  static let all: [PageAsset] =
    [
      PageAsset(name: "", type: "text/html; charset=utf-8", text: html),
      PageAsset(name: "style.css", type: "text/css; charset=utf-8", text: style),
      PageAsset(name: "icon.svg", type: "image/svg+xml", text: icon),
    ]
    + [
      ("main.js", main), ("dom.js", dom), ("api.js", api), ("numbers.js", numbers),
      ("chart.js", chart), ("runs.js", runs), ("problems.js", problems), ("problem.js", problem),
      ("editor.js", editor), ("settings.js", settings), ("run.js", run), ("live.js", live),
      ("curves.js", curves), ("facts.js", facts), ("compare.js", compare), ("keys.js", keys),
    ].map { PageAsset(name: $0, type: "text/javascript; charset=utf-8", text: $1) }
}

/// Pieces of a page: everything that comes from a file or a person goes through ``escaped(_:)``.
public enum HTML {
  /// A text as it is read, whatever signs it holds.
  public static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // Signs that HTML has no meaning for: tabs and line feeds stay.
      case "\u{0}"..."\u{8}", "\u{B}"..."\u{1F}", "\u{7F}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A table, wide ones scroll by themselves.
  ///
  /// - Parameters:
  ///   - header: texts, escaped here.
  ///   - rows: HTML of the cells.
  public static func table(_ header: [String], _ rows: [[String]]) -> String {
    let head = header.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
    let body = rows.map { row in
      "<tr>" + row.map { "<td>\($0)</td>" }.joined() + "</tr>"
    }
    return "<div class=\"wide\" tabindex=\"0\"><table><thead><tr>\(head)</tr></thead>\n<tbody>"
      + body.joined(separator: "\n") + "</tbody></table></div>"
  }

  /// Words and what they stand for, line by line; the values are HTML.
  public static func facts(_ facts: [(label: String, value: String)]) -> String {
    let lines = facts.map { "<dt>\(escaped($0.label))</dt><dd>\($0.value)</dd>" }
    return lines.isEmpty ? "" : "<dl>\n\(lines.joined(separator: "\n"))\n</dl>"
  }

  /// A part of a page with a heading; empty where it has no content.
  public static func section(_ title: String, _ body: [String]) -> String {
    let content = body.filter { !$0.isEmpty }
    if content.isEmpty { return "" }
    return "<section>\n<h2>\(escaped(title))</h2>\n\(content.joined(separator: "\n"))\n</section>"
  }

  /// A paragraph of a text.
  public static func paragraph(_ text: String) -> String { "<p>\(escaped(text))</p>" }

  /// What a person may unfold; `body` is HTML.
  public static func details(_ title: String, _ body: String) -> String {
    "<details><summary>\(escaped(title))</summary>\(body)</details>"
  }

  /// A text with its line breaks, to be copied.
  public static func code(_ text: String) -> String { "<pre><code>\(escaped(text))</code></pre>" }

  /// A whole page of its own: no script, nothing loaded from anywhere.
  public static func document(title: String, body: [String]) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
    style-src 'unsafe-inline'">
    <title>\(escaped(title))</title>
    <style>
    \(pageStyle)
    </style>
    </head>
    <body>
    <main>
    \(body.filter { !$0.isEmpty }.joined(separator: "\n"))
    </main>
    </body>
    </html>

    """
  }

  private static let pageStyle = """
    :root { color-scheme: light dark; --ink: #1b1f24; --faint: #5b6570; --line: #d4d9df;
      --paper: #ffffff; --card: #f5f7f9; --good: #00694a; --bad: #a63a00; --doubtful: #8a5a00; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --faint: #a3adb8;
      --line: #3a424b; --paper: #14181c; --card: #1d2329; --good: #4cc9a0; --bad: #ff9a66;
      --doubtful: #e8b34b; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, sans-serif; }
    main { max-width: 960px; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
    h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; padding-bottom: .2rem;
      border-bottom: 1px solid var(--line); }
    h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; }
    .about { color: var(--faint); margin: .2rem 0; }
    .reached { color: var(--good); } .failed, .lost { color: var(--bad); }
    .stopped, .running, .warning { color: var(--doubtful); }
    .outcome { font-weight: 600; }
    dl { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr;
      gap: .2rem 1rem; margin: .6rem 0; }
    dt { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
    .wide { overflow-x: auto; margin: .6rem 0; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; padding: .25rem .9rem .25rem 0; vertical-align: top;
      border-bottom: 1px solid var(--line); }
    th { font-weight: 600; color: var(--faint); }
    .formula { padding: .35rem .8rem; margin: .3rem 0; background: var(--card);
      border-radius: 6px; overflow-x: auto; }
    math { font-size: 1.1em; }
    pre { background: var(--card); border-radius: 6px; padding: .7rem .9rem; overflow-x: auto;
      font: 13px/1.45 ui-monospace, monospace; }
    figure { margin: 1.2rem 0; background: #ffffff; border: 1px solid var(--line);
      border-radius: 6px; padding: .4rem; overflow-x: auto; }
    figure svg { display: block; width: 100%; min-width: 34rem; height: auto; }
    .side { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr));
      gap: 1rem; margin: 1.2rem 0; }
    .side figure { margin: 0; } .side h3 { margin: 0 0 .3rem; overflow-wrap: anywhere; }
    summary { cursor: pointer; } a { color: inherit; }
    :focus-visible { outline: 2px solid #0072b2; outline-offset: 2px; }
    @media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin: 0 0 .5rem; } }
    @media print { details, section { break-inside: avoid; } }
    """
}

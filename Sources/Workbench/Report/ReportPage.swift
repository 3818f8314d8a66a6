import Problems
import Reports

/// The page of one run: one file that needs no other.
struct ReportPage {
  private let run: RecordedRun
  private let description: RunDescription

  init(_ run: RecordedRun) {
    self.run = run
    description = RunDescription(run)
  }

  /// The page's text.
  ///
  /// - Throws: what drawing its figures throws, but that gnuplot is missing, which the page says.
  func text() throws -> String {
    let answer = ReportAnswer(run: run, problem: description.problem, description: description)
    return HTML.document(
      title: title,
      body: [heading, description.problem.map { ReportProblem($0).section } ?? ""]
        + answer.sections + [try ReportFigures.section(run), choices, work, again])
  }

  private var title: String { description.problem?.title ?? run.stem }

  private var heading: String {
    let word = run.state.word
    return "<h1>\(HTML.escaped(title))</h1>\n<p class=\"about\">cauchy \(HTML.escaped(run.verb)) "
      + "\(HTML.escaped(run.problem))</p>\n<p><span class=\"outcome \(word)\">\(word)</span>: "
      + "\(HTML.escaped(run.message))</p>"
  }

  private var choices: String {
    let rows = (run.summary?["choices"]?.elements ?? []).map { choice in
      ["key", "value", "reason"].map { HTML.escaped(choice[$0]?.string ?? "") }
    }
    let phases = (run.summary?["phases"]?.elements ?? []).map { phase in
      [
        HTML.escaped(phase["phase"]?.string ?? ""), "\(phase["steps"]?.int ?? 0)",
        number(phase["seconds"]), number(phase["loss"]),
        HTML.escaped(phase["message"]?.string ?? ""),
      ]
    }
    let levels = (run.summary?["levels"]?.elements ?? []).map { level in
      [
        HTML.escaped(level["grid"]?.string ?? ""), number(level["rtol"]),
        "\(level["steps"]?.int ?? 0)", "\(level["evaluations"]?.int ?? 0)",
      ]
    }
    return HTML.section(
      "What was chosen, and why",
      [
        rows.isEmpty ? "" : HTML.table(["setting", "value", "because"], rows),
        phases.isEmpty
          ? "" : HTML.table(["phase", "steps", "seconds", "loss", "ended because"], phases),
        levels.isEmpty ? "" : HTML.table(["grid", "rtol", "steps", "evaluations"], levels),
      ])
  }

  private func number(_ value: JSONValue?) -> String {
    value?.double.map { HTML.escaped(NumberText.text($0, digits: 3)) } ?? ""
  }

  private var work: String {
    let labels = ["method", "time", "energy"]
    var facts = description.parts.filter { labels.contains($0.label) }
      .map { ($0.label, HTML.escaped($0.lines.joined(separator: " "))) }
    if let machine = run.summary?["machine"] {
      let parts = ["system", "blas"].compactMap { machine[$0]?.string }
      facts.append(("machine", HTML.escaped(parts.joined(separator: ", BLAS for "))))
    }
    let note =
      run.energySource == "estimate"
      ? HTML.paragraph(
        "The energy is an estimate from the processor time: this machine shows no counter of it.")
      : ""
    return HTML.section("Time and energy", [HTML.facts(facts), note])
  }

  private var again: String {
    let links = run.files.map { name in
      let escaped = HTML.escaped(name)
      return "<li><a href=\"\(escaped)\">\(escaped)</a></li>"
    }
    let version = run.version.map { "Version \($0); " } ?? ""
    return HTML.section(
      "How to make it again",
      [
        description.again.isEmpty ? "" : HTML.code(description.again.joined(separator: "\n")),
        HTML.paragraph(
          "\(version)the same machine, seed and threads give the same bytes of trajectory.csv and "
            + "model.safetensors."),
        links.isEmpty ? "" : "<ul>\(links.joined())</ul>",
      ])
  }
}

/// The figures of a page.
enum ReportFigures {
  static func section(_ run: RecordedRun) throws -> String {
    HTML.section("Figures", try drawn(run).map { figure($0) } + [advice])
  }

  /// The figures' SVG texts by name; none without gnuplot.
  static func drawn(_ run: RecordedRun) throws -> [(name: String, svg: String)] {
    guard Gnuplot.isInstalled else { return [] }
    return try figures(of: run).map { figure in
      let bytes = try Gnuplot.bytes(of: figure, as: .svg)
      return (figure.name, inline(String(decoding: bytes, as: UTF8.self)))
    }
  }

  static func figure(_ drawn: (name: String, svg: String)) -> String {
    "<figure id=\"\(drawn.name)\">\(drawn.svg)</figure>"
  }

  /// What a page says that has no figures.
  static var advice: String {
    Gnuplot.isInstalled ? "" : HTML.paragraph(Gnuplot.Fault.missing.description + ".")
  }

  /// An SVG text without what only a file of its own begins with.
  private static func inline(_ text: String) -> String {
    text.firstRange(of: "<svg").map { String(text[$0.lowerBound...]) } ?? text
  }
}

import Foundation
import Glibc
import Testing

extension BrowserTests {
  /// A server whose runs are Lorenz's system to two tolerances, both at their end.
  private func serverWithTwoRuns() throws -> ServerProcess {
    let server = try ServerProcess(gallery: ["lorenz.yaml", "reference"])
    for tolerance in ["1e-6", "1e-9"] {
      let answer = try server.post(
        "api/start",
        ["verb": "solve", "name": "lorenz.yaml", "set": ["solve.rtol=\(tolerance)"]])
      #expect(answer.status == 200)
    }
    try eventually("both runs end") { try server.state("lorenz/solve-002") == "reached" }
    return server
  }

  /// On a telephone nothing stands beyond the right edge, in light and in dark.
  @Test(arguments: ["light", "dark"])
  func aNarrowScreenIsWideEnough(_ scheme: String) throws {
    let server = try serverWithTwoRuns()
    let browser = try Browser()
    try browser.size(360, 740)
    try browser.prefer("prefers-color-scheme", scheme)
    try browser.open(server.address)
    let views = [
      ("runs", "#/", "document.querySelectorAll('#runs tbody tr').length === 2"),
      ("problems", "#/problems", "document.querySelector('#problems a')"),
      (
        "problem", "#/problem/lorenz.yaml",
        "document.querySelector('#verdict')?.textContent.startsWith('right;')"
      ),
      ("run", "#/run/lorenz/solve-001", "document.querySelector('#curves .curve')"),
      (
        "compare", "#/compare/lorenz/solve-001,lorenz/solve-002",
        "document.querySelector('.chart .curve')"
      ),
      ("keys", "#/keys", "document.querySelector('kbd')"),
    ]
    for (name, view, isShown) in views {
      try browser.go(view)
      try browser.wait(for: isShown)
      let widths = try #require(
        try browser.evaluate("[document.documentElement.scrollWidth, innerWidth]") as? [Int])
      #expect(widths == [360, 360], "\(name)")
      try browser.picture("narrow-\(scheme)-\(name)")
    }
    let dark = try browser.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    #expect((dark as? String == "rgb(255, 255, 255)") == (scheme == "light"))
    #expect(browser.complaints.isEmpty, "\(browser.complaints)")
  }

  /// Runs side by side: what differs stands there, what does not does not.
  @Test func runsAreCompared() throws {
    let server = try serverWithTwoRuns()
    let browser = try Browser()
    try browser.open(server.address)
    try browser.wait(for: "document.querySelectorAll('#runs tbody tr').length === 2")
    try browser.evaluate(
      "document.querySelectorAll('#runs tbody input').forEach(box => box.click())")
    try browser.go("#/compare")
    try browser.wait(for: "document.querySelectorAll('.chart .curve').length >= 2")
    let settings = try browser.text("[aria-label='Settings that differ'] tbody")
    #expect(settings.hasPrefix("solve.rtol") && settings.split(separator: "\n").count == 1)
    #expect(settings.contains("1e-6") && settings.contains("1e-9"))
    try browser.picture("compare")
    #expect(browser.complaints.isEmpty, "\(browser.complaints)")
  }

  /// A sweep beside a single solution: each case is a curve of its own, told by its name.
  @Test func sweepsAreComparedByCase() throws {
    let server = try serverWithTwoRuns()
    #expect(
      try server.cauchy(["solve", "problems/lorenz.yaml", "--sweep", "rho=20,24,28"]) == 0)
    let browser = try Browser()
    try browser.open(server.address + "#/compare/lorenz/solve-001,lorenz/solve-003")
    try browser.wait(for: "document.querySelectorAll('.chart .curve').length >= 4")
    let legend = "[...document.querySelectorAll('.legend li')].map(one => one.textContent)"
    #expect(
      try browser.evaluate(legend) as? [String] == [
        "lorenz/solve-001", "lorenz/solve-003: rho = 20", "lorenz/solve-003: rho = 24",
        "lorenz/solve-003: rho = 28",
      ])
    try browser.picture("compare-sweep")
    try browser.evaluate(
      """
      (() => {
        const part = document.querySelectorAll("main select")[1];
        part.value = "rho = 24";
        part.dispatchEvent(new Event("change"));
      })()
      """)
    try browser.wait(for: "document.querySelectorAll('.legend li').length === 2")
    #expect(
      try browser.evaluate(legend) as? [String]
        == ["lorenz/solve-001", "lorenz/solve-003: rho = 24"])
    // On the run's own page, too.
    try browser.go("#/run/lorenz/solve-003")
    try browser.wait(for: "document.querySelectorAll('#solution .curve').length >= 3")
    #expect(try browser.text("#solution").contains("All 3 cases of rho, over t."))
    #expect(try browser.text("#given") == "--sweep=rho=20,24,28")
    #expect(browser.complaints.isEmpty, "\(browser.complaints)")
  }

  /// Fields are compared by a slice of the same moment, and by figures side by side.
  @Test(.enabled(if: Built.knows("plot"))) func fieldsAreComparedBySlices() throws {
    let server = try ServerProcess(gallery: ["heat.yaml"])
    for accuracy in ["1e-3", "1e-7"] {
      try server.solve(["name": "heat.yaml", "set": ["solve.accuracy=\(accuracy)"]])
    }
    let browser = try Browser()
    try browser.open(server.address + "#/compare/heat/solve-001,heat/solve-002")
    try browser.wait(for: "document.querySelectorAll('.chart .curve').length >= 2")
    let legend = "[...document.querySelectorAll('.legend li')].map(one => one.textContent)"
    #expect(
      try browser.evaluate(legend) as? [String]
        == ["heat/solve-001: t = 1", "heat/solve-002: t = 1"])
    try browser.click("#draw")
    try browser.wait(
      for: "document.querySelector('#notice').textContent === 'The figures are drawn.'")
    let shown = "[...document.querySelectorAll('#sides figcaption')].map(one => one.textContent)"
    let figures = try #require(try browser.evaluate(shown) as? [String])
    #expect(figures.count >= 4 && figures.count.isMultiple(of: 2))
    #expect(
      figures.contains("slices, heat/solve-001") && figures.contains("slices, heat/solve-002"))
    try browser.picture("compare-fields")
    #expect(browser.complaints.isEmpty, "\(browser.complaints)")
  }

  /// While a field is solved the page says where the run is, and what will be drawn when.
  @Test func aFieldSaysWhereItIs() throws {
    let server = try ServerProcess(gallery: ["heat-2d.yaml"])
    let browser = try Browser()
    try browser.open(server.address + "#/problem/heat-2d.yaml")
    try browser.wait(for: "document.querySelector('#verdict')?.textContent.startsWith('right;')")
    // An accuracy out of reach: it goes on until it is stopped.
    try browser.evaluate("document.querySelector('[name=\"solve.accuracy\"]').value = '1e-13'")
    try browser.click("#solve")
    try browser.wait(for: "document.querySelector('#waiting')?.textContent.includes('fields')")
    try browser.wait(for: "document.querySelector('#said')?.textContent.includes(' of ')")
    let bar = try #require(
      try browser.evaluate(
        "(() => { const bar = document.querySelector('progress'); return [bar.hidden, bar.max]; })()"
      )
        as? [Int])
    #expect(bar == [0, 100])
    try browser.picture("field-running")
    try browser.click("#stop")
    try browser.wait(for: "document.querySelector('.state.stopped')")
    try browser.wait(for: "document.querySelector('#solution')?.textContent.includes('no curve')")
    #expect(try browser.text("#waiting") == "" && browser.complaints.isEmpty)
  }

  /// All are listed, found by words, and sorted both ways.
  @Test func aThousandRunsAreListed() throws {
    let server = try ServerProcess()
    for number in 1...1000 {
      let folder = server.output("many/solve-\(String(format: "%03d", number))")
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      let error = Double((number * 7919) % 1009) * 1e-6
      let outcome = number % 10 == 0 ? "failed" : "reached"
      let summary =
        #"{"problem": "problems/many.yaml", "verb": "solve", "outcome": "\#(outcome)", "#
        + #""message": "reached t = 1", "seconds": 0.5, "method": "dop853", "#
        + #""errors": {"x": {"relative_l2": \#(error), "max": 1}}}"#
      try summary.write(toFile: "\(folder)/summary.json", atomically: true, encoding: .utf8)
    }
    let browser = try Browser()
    try browser.open(server.address)
    try browser.wait(for: "document.querySelectorAll('#runs tbody tr').length === 1000")
    let rows = "[...document.querySelectorAll('#runs tbody tr')]"
    try browser.evaluate("document.querySelector('th[data-key=error] button').click()")
    let errors = "\(rows).map(row => Number(row.cells[3].textContent))"
    #expect(
      try browser.evaluate("\(errors).every((one, at, all) => at === 0 || one <= all[at - 1])")
        as? Bool == true)
    try browser.evaluate("document.querySelector('th[data-key=error] button').click()")
    #expect(
      try browser.evaluate("\(errors).every((one, at, all) => at === 0 || one >= all[at - 1])")
        as? Bool == true)
    try browser.evaluate(
      "document.querySelector('#state').value = 'failed'; document.querySelector('#state').dispatchEvent(new Event('change'))"
    )
    #expect(try browser.evaluate("\(rows).length") as? Int == 100)
    try browser.evaluate(
      "document.querySelector('#filter').value = 'solve-99'; document.querySelector('#filter').dispatchEvent(new Event('input'))"
    )
    #expect(try browser.evaluate("\(rows).length") as? Int == 1)
    try browser.picture("thousand-runs-filtered")
  }

  @Test(.enabled(if: Built.knows("report"))) func theReportIsOpened() throws {
    let server = try ServerProcess(gallery: ["lorenz.yaml", "reference"])
    #expect(try server.post("api/start", ["verb": "solve", "name": "lorenz.yaml"]).status == 200)
    try eventually("the run ends") { try server.state("lorenz/solve-001") == "reached" }
    let browser = try Browser()
    try browser.open(server.address + "#/run/lorenz/solve-001")
    try browser.click("#report")
    try browser.wait(for: "document.querySelector('#open-report')?.checkVisibility()")
    let address = try #require(
      try browser.evaluate("document.querySelector('#open-report').href") as? String)
    try browser.open(address)
    try browser.wait(for: "document.body.innerText.includes('Lorenz system')")
    try browser.picture("report")
    #expect(browser.complaints.isEmpty, "\(browser.complaints)")
  }

  @Test(.enabled(if: Built.knows("plot"))) func figuresAreDrawn() throws {
    let server = try ServerProcess(gallery: ["lorenz.yaml", "reference"])
    #expect(try server.post("api/start", ["verb": "solve", "name": "lorenz.yaml"]).status == 200)
    try eventually("the run ends") { try server.state("lorenz/solve-001") == "reached" }
    let browser = try Browser()
    try browser.open(server.address + "#/run/lorenz/solve-001")
    try browser.click("#draw")
    try browser.wait(for: "document.querySelector('img.figure')")
    try browser.evaluate(
      "document.querySelectorAll('img.figure').forEach(image => { image.loading = 'eager'; })")
    try browser.wait(
      for: "[...document.querySelectorAll('img.figure')].every(image => image.naturalWidth > 100)")
    try browser.picture("figures")
    #expect(browser.complaints.isEmpty, "\(browser.complaints)")
  }

  /// A run that is stopped by keyboard, and one whose folder goes while it is shown.
  @Test func theFocusIsNotLostAndAGoneRunSaysSo() throws {
    let server = try ServerProcess(problems: ["endless.yaml": Self.endless])
    let start: [String: Any] = ["verb": "train", "name": "endless.yaml"]
    #expect(try server.post("api/start", start).status == 200)
    let browser = try Browser()
    try browser.open(server.address + "#/run/endless/train-001")
    try browser.wait(for: "document.querySelector('#curves .curve')")
    try browser.evaluate("document.querySelector('#stop').focus()")
    try browser.press("Enter", 13, text: "\r")
    try browser.wait(for: "document.querySelector('.state.stopped')")
    try browser.wait(for: "document.activeElement.id === 'status'")
    #expect(try browser.text("#notice") == "")
    #expect(try server.post("api/start", start).object["run"] as? String == "endless/train-002")
    let process = try server.get("api/run?run=endless/train-002").object["process"] as? Int
    try browser.go("#/run/endless/train-002")
    try browser.wait(for: "document.querySelector('#curves .curve')")
    kill(pid_t(try #require(process)), SIGKILL)
    try FileManager.default.removeItem(atPath: server.output("endless/train-002"))
    try browser.wait(for: "document.querySelector('.state.gone')")
    #expect(try browser.text("#status") == "gone: its folder is not there any more")
    #expect(try browser.evaluate("document.querySelector('#stop').hidden") as? Bool == true)
    try browser.go("#/run/endless/train-002")
    try browser.evaluate("location.reload()")
    try browser.wait(for: "document.querySelector('.fault:not(:empty)')")
    #expect(
      try browser.text("main").contains("there is no 'endless/train-002' in outputs"))
    #expect(browser.complaints.isEmpty, "\(browser.complaints)")
  }
}

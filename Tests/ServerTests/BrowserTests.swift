import Foundation
import Testing

/// The page as people use it.
///
/// One browser at a time: the machine has few cores.
@Suite(.tags(.browser), .serialized) struct BrowserTests {
  /// Learns for as long as it is let.
  static let endless = """
    title: Poisson's equation, for ever
    variables: {x: [0, 1], y: [0, 1]}
    unknowns: [u]
    equations: ["-laplace(u) = 2*pi^2*sin(pi*x)*sin(pi*y)"]
    conditions: [u = 0 at boundary]
    network: {hidden: [12, 12]}
    train: {points: {interior: 400}, stop: {seconds: 3600}}
    output: {x: 11, y: 11}
    """

  @Test func anErrorIsShownAtItsPlace() throws {
    let server = try ServerProcess(gallery: ["lorenz.yaml", "reference"])
    let browser = try Browser()
    try browser.open(server.address + "#/problem/lorenz.yaml")
    try browser.wait(for: "document.querySelector('#verdict')?.textContent.startsWith('right;')")
    #expect(try browser.text("#verdict") == "right; initial-value problem, 3 equations")
    // The name stands after a character of two halves, which a column counts as one.
    try browser.evaluate(
      """
      text.value = text.value.replace("x' = sigma*", "x' = 0*𝜎 + sgma*").replace("𝜎", "rho");
      text.value = text.value.replace("title: Lorenz", "title: 𝓛orenz");
      text.dispatchEvent(new Event("input", { bubbles: true }));
      """)
    try browser.wait(for: "document.querySelector('#messages li.error')")
    #expect(
      try browser.text("#messages") == "12:18 unknown name 'sgma'; did you mean 'sigma'?")
    #expect(try browser.text(".under mark") == "sgma")
    #expect(
      try browser.text(".lines .error").trimmingCharacters(in: .whitespacesAndNewlines) == "●12")
    try browser.click("#messages button")
    #expect(
      try browser.evaluate("text.value.slice(text.selectionStart, text.selectionEnd)") as? String
        == "sgma")
    #expect(try browser.evaluate("document.activeElement.id") as? String == "text")
    try browser.picture("error-at-its-place")
    // An edited text runs as it is edited: this one does not.
    #expect(try browser.text("#edited").hasPrefix("Not saved."))
    try browser.click("#solve")
    try browser.wait(for: "document.querySelector('.fault:not(:empty)')")
    #expect(try browser.text(".fault:not(:empty)").contains("unknown name 'sgma'"))
    #expect(FileManager.default.fileExists(atPath: server.output("lorenz")) == false)
    #expect(browser.complaints.isEmpty, "\(browser.complaints)")
  }

  @Test func aProblemRunsToItsEnd() throws {
    let server = try ServerProcess(gallery: ["lorenz.yaml", "reference"])
    let browser = try Browser()
    try browser.open(server.address)
    try browser.wait(for: "document.querySelector('[role=status]')")
    try browser.go("#/problems")
    try browser.wait(for: "document.querySelector('#problems a')")
    #expect(try browser.text("#problems").contains("Lorenz system"))
    try browser.evaluate("document.querySelector('#problems a').click()")
    try browser.wait(for: "document.querySelector('#verdict')?.textContent.startsWith('right;')")
    try browser.evaluate("document.querySelector('[name=\"solve.rtol\"]').value = '1e-7'")
    try browser.click("#solve")
    try browser.wait(for: "document.querySelector('.state.reached')")
    #expect(try browser.text("#status") == "reached t = 20")
    try browser.wait(for: "document.querySelectorAll('#curves .curve').length >= 3")
    #expect(try browser.text("main").contains("solve.rtol=1e-7"))
    try browser.picture("run-at-its-end")
    let order = try String(
      contentsOfFile: server.output("lorenz/latest/command.json"), encoding: .utf8)
    #expect(order.contains("\"problem\": \"problems/lorenz.yaml\""))
    #expect(browser.complaints.isEmpty, "\(browser.complaints)")
  }

  @Test func theCurveMovesAndTheTrainingIsStoppedAndGoneOnWith() throws {
    let server = try ServerProcess(problems: ["endless.yaml": Self.endless])
    let browser = try Browser()
    try browser.open(server.address + "#/problem/endless.yaml")
    try browser.click("#train")
    try browser.wait(for: "document.querySelector('#curves .curve')")
    let count = "document.querySelector('#curves .curve').getAttribute('d').split('L').length"
    let first = try #require(try browser.evaluate(count) as? Int)
    try browser.wait(for: "\(count) > \(first)")
    #expect(try browser.text("#status").hasPrefix("running in process "))
    try browser.picture("training")
    try browser.click("#stop")
    try browser.wait(for: "document.querySelector('.state.stopped')")
    #expect(try browser.text("#status").contains("go on with --resume outputs/endless/train-001"))
    #expect(
      FileManager.default.fileExists(atPath: server.output("endless/train-001/checkpoint.json")))
    try browser.click("#resume")
    try browser.wait(for: "location.hash === '#/run/endless/train-002'")
    // It has the rows of the run before it, and adds to them.
    let rows = try #require(
      try server.get("api/table?run=endless/train-001&file=training.csv").object["rows"]
        as? [String])
    try browser.wait(for: "document.querySelector('.state.running')")
    try browser.wait(
      for:
        "document.querySelector('#curves .curve')?.getAttribute('d').split('L').length > \(rows.count / 2)"
    )
    try browser.click("#stop")
    try browser.wait(for: "document.querySelector('.state.stopped')")
    #expect(browser.complaints.isEmpty, "\(browser.complaints)")
  }

  /// Every control is reached by Tab, is named, and shows that it has the focus.
  @Test func theKeyboardAloneIsEnough() throws {
    let server = try ServerProcess(gallery: ["lorenz.yaml", "reference"])
    let browser = try Browser()
    try browser.open(server.address)
    try browser.wait(for: "document.querySelector('#runs')")
    try browser.press("Tab", 9)
    #expect(try browser.evaluate("document.activeElement.id") as? String == "skip")
    try browser.press("Enter", 13, text: "\r")
    #expect(try browser.evaluate("document.activeElement.id") as? String == "main")
    try browser.press("p", 80, text: "p")
    try browser.wait(for: "document.querySelector('#problems a')")
    try browser.press("/", 191, text: "/")
    #expect(try browser.evaluate("document.activeElement.id") as? String == "filter")
    try browser.press("Tab", 9)
    try browser.press("Enter", 13, text: "\r")
    try browser.wait(for: "document.querySelector('#verdict')?.textContent.startsWith('right;')")
    try browser.evaluate("document.querySelector('#skip').focus()")
    let all = try #require(
      try browser.evaluate(
        """
        [...document.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']")]
          .filter(one => one.checkVisibility()).length
        """) as? Int)
    var seen: Set<String> = []
    for _ in 1..<all {
      try browser.press("Tab", 9)
      let found = try #require(
        try browser.evaluate(
          """
          (() => {
            const one = document.activeElement;
            const style = getComputedStyle(one.closest(".editor") ?? one);
            const label = one.getAttribute("aria-label") ?? one.labels?.[0]?.textContent;
            return [label || one.textContent, one.tagName, style.outlineStyle];
          })()
          """) as? [String])
      #expect(!found[0].isEmpty && found[2] != "none", "\(found)")
      seen.insert(found.description)
    }
    #expect(seen.count == all - 1)
    #expect(seen.contains { $0.contains("Text of lorenz.yaml") })
    try browser.evaluate("text.focus()")
    try browser.press("Enter", 13, text: "\r", modifiers: 2)
    try browser.wait(for: "document.querySelector('.state.reached')")
    #expect(browser.complaints.isEmpty, "\(browser.complaints)")
  }

  /// What was typed runs without being saved, is still there after a look at the run, and is saved
  /// over the file when that is wanted.
  @Test func editedTextRunsAndIsKept() throws {
    let server = try ServerProcess(problems: ["mine/p.yaml": ProblemNameTests.decay("1")])
    let file = "\(server.folder)/problems/mine/p.yaml"
    let browser = try Browser()
    try browser.open(server.address + "#/problem/mine/p.yaml")
    try browser.wait(for: "document.querySelector('#verdict')?.textContent.startsWith('right;')")
    #expect(try browser.evaluate("document.querySelector('#back').hidden") as? Bool == true)
    try browser.evaluate(
      """
      text.value = text.value.replace("-1*x", "-2*x");
      text.dispatchEvent(new Event("input", { bubbles: true }));
      """)
    #expect(
      try browser.text("#edited")
        == "Not saved. A run takes the text as it stands here; it is kept beside the file.")
    try browser.picture("edited")
    try browser.click("#solve")
    try browser.wait(for: "document.querySelector('.state.reached')")
    #expect(try browser.text("main").contains("solve of mine/p.yaml as it was edited"))
    try browser.evaluate("history.back()")
    try browser.wait(for: "document.querySelector('#text')?.value.includes('-2*x')")
    #expect(try String(contentsOfFile: file, encoding: .utf8) == ProblemNameTests.decay("1"))
    try browser.click("#save")
    try browser.wait(for: "document.querySelector('#edited').textContent === ''")
    let saved = try String(contentsOfFile: file, encoding: .utf8)
    #expect(saved.contains("-2*x"))
    // Another program writes meanwhile: its text is not lost unless that is wanted.
    try ProblemNameTests.decay("9").write(toFile: file, atomically: true, encoding: .utf8)
    try browser.evaluate(
      "text.value += '\\n'; text.dispatchEvent(new Event('input', { bubbles: true }));")
    try browser.click("#save")
    try browser.wait(for: "document.querySelector('.fault:not(:empty)')")
    #expect(try browser.text(".fault:not(:empty)").contains("was changed since it was opened here"))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == ProblemNameTests.decay("9"))
    #expect(browser.complaints.isEmpty, "\(browser.complaints)")
  }

  /// A run whose problem lies elsewhere shows its own copy, which can be run and saved.
  @Test func aRunShowsItsOwnProblem() throws {
    let server = try ServerProcess(problems: ["p.yaml": ProblemNameTests.decay("1")])
    try server.write(ProblemNameTests.decay("5"), to: "elsewhere/p.yaml")
    #expect(try server.cauchy(["solve", "elsewhere/p.yaml"]) == 0)
    let browser = try Browser()
    try browser.open(server.address + "#/run/p/solve-001")
    try browser.wait(for: "document.querySelector('main a[href=\"#/declared/p/solve-001\"]')")
    #expect(try browser.text("main").contains("the file is not among the problems of this page"))
    try browser.evaluate("document.querySelector('main a').click()")
    try browser.wait(for: "document.querySelector('#verdict')?.textContent.startsWith('right;')")
    #expect(try browser.evaluate("text.readOnly") as? Bool == true)
    #expect(try browser.evaluate("text.value") as? String != ProblemNameTests.decay("1"))
    try browser.picture("declared")
    try browser.evaluate("document.querySelector('#name').value = 'own.yaml'")
    try browser.click("#save")
    try browser.wait(for: "location.hash === '#/problem/own.yaml'")
    try browser.wait(for: "document.querySelector('#verdict')?.textContent.startsWith('right;')")
    #expect(
      try String(contentsOfFile: "\(server.folder)/problems/own.yaml", encoding: .utf8)
        .hasPrefix("title: Decay at 5"))
    #expect(browser.complaints.isEmpty, "\(browser.complaints)")
  }
}

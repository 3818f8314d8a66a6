import Foundation
import Problems
import Testing

/// A faulty problem file and everything that is said about it, letter by letter.
struct Refusal: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  let overrides: [String]
  /// Tables beside the problem file.
  let files: [String: String]
  let message: String

  init(
    _ name: String, _ text: String, overrides: [String] = [], files: [String: String] = [:],
    gives message: String
  ) {
    self.name = name
    self.text = text
    self.overrides = overrides
    self.files = files
    self.message = message
  }

  var testDescription: String { name }
}

/// Every refusal of the format, by the part of the file that it is about.
enum RefusalCatalog {
  static let all =
    text + names + conditions + partial + jumps + settings + sections + tables + data
    + warnings
}

@Suite("Refusals") struct RefusalTests {
  @Test("every message, its place, its line and its caret", arguments: RefusalCatalog.all)
  func message(_ refusal: Refusal) throws {
    let folder = try Folder(refusal.files)
    var said: String
    do throws(ProblemFaults) {
      let problem = try folder.read(refusal.text, overrides: refusal.overrides)
      said = problem.warnings.map(\.rendered).joined(separator: "\n")
    } catch {
      said = error.description
    }
    said = said.replacingOccurrences(of: folder.path + "/", with: "")
    #expect(said == refusal.message)
  }

  @Test("names in the catalog differ, so that a failure says which case it is")
  func namesDiffer() {
    let names = RefusalCatalog.all.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test("a file larger than 1 MiB")
  func tooLarge() throws {
    let text = "title: " + String(repeating: "a", count: 1 << 20) + "\n"
    let faults = #expect(throws: ProblemFaults.self) { try Folder().read(text) }
    #expect(
      faults?.diagnostics.first?.message == "the file is larger than 1 MiB"
        && faults?.diagnostics.first?.remedy == "move tables into CSV files")
  }

  @Test("bytes that are not UTF-8")
  func notUnicode() throws {
    let bytes = Array("title: ".utf8) + [0xC3, 0x28, 0x0A]
    let faults = #expect(throws: ProblemFaults.self) {
      try ProblemReader.read(bytes: bytes, file: "p.yaml")
    }
    #expect(faults?.description.hasPrefix("p.yaml:1:8: the text is not UTF-8; save") == true)
  }

  @Test("a file that is not there is unreadable, not faulty")
  func unreadable() throws {
    let error = #expect(throws: ProblemUnreadable.self) {
      try ProblemReader.read(path: "/nowhere/lorenz.yaml")
    }
    #expect(
      error?.description
        == "/nowhere/lorenz.yaml: cannot be read: No such file or directory; check the path")
  }

  @Test("limits of one expression are refusals, not crashes")
  func expressionLimits() throws {
    let deep = String(repeating: "(", count: 300) + "x" + String(repeating: ")", count: 300)
    let long = "x" + String(repeating: " + x", count: 20_000)
    for (text, message) in [
      (deep, "the expression nests deeper than 200 levels"),
      (long, "the expression has more than 20000 symbols"),
    ] {
      let faults = #expect(throws: ProblemFaults.self) {
        try Folder().read(Sample.oscillator.with("k*y", text))
      }
      #expect(faults?.diagnostics.map(\.message) == [message])
    }
  }

  @Test("a caret stays under its place in a line too long to show")
  func longLine() throws {
    let text = Sample.oscillator.with("k*y", String(repeating: "k*y + ", count: 60) + "qq")
    let faults = #expect(throws: ProblemFaults.self) { try Folder().read(text) }
    let lines = try #require(faults).description.split(separator: "\n").map(Array.init)
    let caret = try #require(lines[2].firstIndex(of: "^"))
    #expect(String(lines[1][caret..<caret + 2]) == "qq" && lines[1].count < 100)
  }

  @Test("of very many faults the first 200 are kept")
  func manyFaults() throws {
    let keys = (0..<1000).map { "  wobble\($0): 1\n" }.joined()
    let faults = #expect(throws: ProblemFaults.self) {
      try Folder().read(Sample.oscillator + "solve:\n" + keys)
    }
    #expect(faults?.diagnostics.count == 200)
  }

  @Test("an override that declares a new parameter is a warning: it may be a slip")
  func newParameter() throws {
    let problem = try Folder().read(Sample.oscillator, overrides: ["parameters.kk=3"])
    #expect(
      problem.warnings.map(\.rendered) == [
        """
        --set parameters.kk=3: warning: the override declares a new parameter 'kk'; \
        did you mean 'k'?
        parameters.kk=3
                   ^^
        """
      ])
  }

  @Test("later layers place their faults in the file")
  func laterFaults() throws {
    let problem = try Folder().read(Sample.oscillator + "solve: {method: tsit5}\n")
    #expect(
      problem.fault(path: "solve.method", "this method is not for you", "choose another")
        .description == """
          p.yaml:10:17: this method is not for you; choose another
          solve: {method: tsit5}
                          ^^^^^
          """)
    #expect(
      problem.fault(path: "solve.step", "a step is needed", "add step: 0.1").description == """
        p.yaml:10:1: a step is needed; add step: 0.1
        solve: {method: tsit5}
        ^^^^^
        """)
    let equation = problem.equations[1].source
    #expect(problem.fault(equation, "no", "yes").diagnostics.first?.line == 6)
  }
}

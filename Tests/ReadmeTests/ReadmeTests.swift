import Foundation
import Testing

@Suite("README says what happens")
struct ReadmeTests {
  @Test(
    "the Swift code is a file that these tests compile, the first one whole",
    arguments: [
      ("TenLines", ""), ("ProblemFileLines", "import Cauchy\n\n"),
      ("Training", "import Cauchy\n\n"),
    ])
  func codeIsCompiled(_ file: String, _ leftOut: String) {
    let code = Readme.contents("Tests/ReadmeTests/\(file).swift").dropFirst(leftOut.count)
    #expect(code.count > 100 && Readme.text.contains(code))
  }

  // Truth: Taylor series in 25 digits. The orbit attracts: rtol 1e-9 leaves some 1e-8.
  @Test("the ten lines give the solution between the steps")
  func tenLines() throws {
    let value = try vanDerPol()
    #expect((value - 0.446814874950500845).magnitude < 1e-7, "\(value)")
  }

  // Truth: Taylor series in 25 digits. rtol 1e-10 on a short stretch leaves some 1e-9.
  @Test("a problem file is solved from Swift, with --set")
  func problemFile() throws {
    let file = Readme.package.appendingPathComponent("problems/lorenz.yaml").path
    let value = try lorenz(file)
    #expect((value - 11.0184569097541767).magnitude < 1e-7, "\(value)")
  }

  // Truth: `solve` at accuracy 1e-9. Twenty-five steps of a small network leave some 1e-3.
  @Test("a problem file is trained from Swift, with a hook")
  func training() throws {
    let folder = try Folder()
    let (middle, losses) = try membrane(folder("membrane.yaml"))
    #expect((middle - 0.745879088).magnitude < 1e-2, "\(middle)")
    #expect(losses.count == 25 && losses.allSatisfy { $0.isFinite })
    #expect(try #require(losses.last) < losses[0])
  }

  @Test("the first problem file stands there as in the gallery, without its sources")
  func firstFile() {
    var isAbout = false
    let lines = Readme.contents("problems/lorenz.yaml").split(separator: "\n").filter { line in
      isAbout = line.hasPrefix("about:") || isAbout && line.hasPrefix("  ")
      return !isAbout
    }
    #expect(lines.count > 10 && Readme.text.contains(lines.joined(separator: "\n")))
  }

  /// In order, in one folder: later commands look at what earlier ones wrote.
  @Test("every command runs as printed, with exit code 0 and the output shown")
  func commands() throws {
    let folder = try Folder()
    #expect(Readme.commands.count > 8 && Readme.files.count > 1)
    for command in Readme.commands {
      let (status, output) = try folder.run(command.line)
      #expect(status == 0, "\(command.line): \(output)")
      guard !command.output.isEmpty else { continue }
      let differences = Self.difference(output, command.output)
      #expect(differences == nil, "\(command.line): \(differences ?? "")")
    }
  }

  // Errors near the round-off of doubles and counts vary a little from one libm to another.
  @Test("the table of gallery problems is what a run gives", arguments: Readme.rows)
  func galleryRow(_ row: Readme.Row) throws {
    let (status, output) = try Folder().run("cauchy solve problems/\(row.problem).yaml --json")
    #expect(status == 0)
    let summary = try #require(
      JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    let norms = try #require(summary["errors"] as? [String: [String: Any]])
    let error = norms.values.compactMap { $0["relative_l2"] as? Double }.max() ?? 0
    #expect(error < 2 * row.error && error > row.error / 5, "\(error)")
    let evaluations = try #require(summary["evaluations"] as? Double)
    #expect((evaluations / row.evaluations - 1).magnitude < 0.1, "\(evaluations)")
  }

  @Test("there is a table of gallery problems")
  func galleryTable() { #expect(Readme.rows.count > 5) }

  /// The first line that is not as README shows it; a line `…` there stands for any lines.
  private static func difference(_ output: String, _ shown: [String]) -> String? {
    var lines = output.split(separator: "\n").map(String.init)
    for (index, expected) in shown.filter({ !$0.isEmpty }).enumerated() {
      if expected == "…" {
        guard let next = shown[safe: index + 1] else { return nil }
        guard let place = lines.firstIndex(where: { masked($0) == masked(next) }) else {
          return "no line '\(next)' in \(lines)"
        }
        lines.removeFirst(place)
      } else if lines.isEmpty || masked(lines.removeFirst()) != masked(expected) {
        return "not '\(expected)' in:\n\(output)"
      }
    }
    return lines.isEmpty ? nil : "more lines: \(lines)"
  }

  /// Seconds and numbers of runs differ from machine to machine, and what a network has learned
  /// differs with the count of threads.
  private static func masked(_ line: String) -> String {
    let line = line.replacing(#/^  [0-9.e-]+ s,/#, with: "  … s,").replacing(
      #/(solve|train)-\d+/#, with: "run-…")
    let isLearned = [
      ", gradient/lie2", "residual of", "difference of", "estimated error", ", loss ",
    ]
    .contains { line.contains($0) }
    return isLearned ? line.replacing(#/[ :]\d[0-9.e-]*/#, with: " …") : line
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? {
    indices.contains(index) ? self[index] : nil
  }
}

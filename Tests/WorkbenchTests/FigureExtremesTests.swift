import Foundation
import Reports
import Testing
import Workbench

/// Figures of runs whose numbers are at the ends of what there is.
@Suite struct FigureExtremesTests {
  /// What stands in the last column of a solution instead of what was found.
  struct Change: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// By row, of so many; nil for a row that is left out.
    var value: @Sendable (_ row: Int, _ text: String) -> String?

    init(_ name: String, _ value: @escaping @Sendable (Int, String) -> String?) {
      (testDescription, self.value) = (name, value)
    }

    static let all = [
      Change("large and constant") { _, _ in "1e300" },
      Change("the largest") { _, _ in "1.7e308" },
      Change("of both signs, the largest") { row, _ in row % 2 == 0 ? "-1.7e308" : "1.7e308" },
      Change("from the smallest to the largest") { row, _ in "1e\(row % 600 - 300)" },
      Change("below the smallest") { row, _ in row % 3 == 0 ? "5e-324" : "1e-310" },
      Change("negative") { row, _ in "\(-1 - Double(row % 17))" },
      Change("far from zero, by rounding") { row, _ in "\(1e6 + 1e-9 * Double(row % 9))" },
      Change("far from zero, by little") { row, _ in "\(1e6 + 1e-5 * Double(row % 9))" },
      Change("rows that are missing") { row, text in row % 20 < 10 ? "" : text },
      Change("rows that are no numbers") { row, text in row % 20 < 10 ? "NaN" : text },
      Change("rows that are infinite") { row, text in ["Inf", "-Inf", text][row / 7 % 3] },
      Change("nothing at all") { _, _ in "NaN" },
      Change("one row") { row, text in row == 0 ? text : nil },
      Change("two rows") { row, text in row < 2 ? text : nil },
      Change("zero") { _, _ in "0" },
    ]
  }

  private func change(_ run: RecordedRun, _ change: Change) throws {
    let path = "\(run.path)/trajectory.csv"
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let rows = lines.dropFirst().enumerated().compactMap { row, line -> String? in
      var words = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard let value = change.value(row, words[words.count - 1]) else { return nil }
      words[words.count - 1] = value
      return words.joined(separator: ",")
    }
    try ([String(lines[0])] + rows).joined(separator: "\n").appending("\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
  }

  @Test(arguments: ["logistic", "lotka-volterra", "heat"], Change.all) func allIsDrawn(
    _ name: String, _ item: Change
  ) throws {
    let run = try FigureCase(name: name, overrides: ["solve.rtol=1e-6"], figures: [:]).run()
    defer { try? FileManager.default.removeItem(atPath: run.path) }
    try change(run, item)
    let found = try figures(of: run)
    let isShort = ["one row", "two rows"].contains(item.testDescription)
    #expect(isShort || found.count > (name == "heat" ? 1 : 0))
    for figure in found {
      let text = String(decoding: try Gnuplot.bytes(of: figure, as: .svg), as: UTF8.self)
      #expect(text.hasSuffix("</svg>\n\n") && !text.contains("nan,") && !text.contains(" nan"))
      for panel in figure.panels where panel.y.names.isEmpty {
        for (axis, isVertical) in [(panel.x, false), (panel.y, true)] {
          let marks = Ticks(axis, length: 300, isVertical: isVertical).marks
          #expect(marks.count > 1 && Set(marks.map(\.text)).count == marks.count)
        }
      }
    }
  }

  /// One time only: there is no plane over time, but a line.
  @Test func oneTime() throws {
    let run = try FigureCase(name: "heat", figures: [:]).run()
    defer { try? FileManager.default.removeItem(atPath: run.path) }
    let path = "\(run.path)/trajectory.csv"
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    let columns = lines[0].split(separator: ",")
    let time = try #require(columns.firstIndex(of: "t"))
    let kept = lines.dropFirst().filter { $0.split(separator: ",")[time] == "0" }
    #expect(kept.count > 10)
    try ([lines[0]] + kept).joined(separator: "\n").appending("\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let found = try figures(of: run)
    #expect(found.map(\.name) == ["slices"])
    #expect(try Gnuplot.bytes(of: found[0], as: .svg).count > 2000)
  }
}

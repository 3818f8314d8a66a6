import Foundation
import Problems
import Testing

/// A small seeded generator, so that a failure can be repeated (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Ways to damage a text, each as a person, an editor or a disk might.
enum Damage: CaseIterable {
  case flipBit, replaceByte, delete, duplicate, truncate, splice, insertToken, swapLines, indent

  static let tokens = [
    "[", "]", "{", "}", ": ", "- ", "? ", "&a ", "*a ", "!!str ", "---\n", "...\n", "|\n", ">\n",
    "'", "\"", "#", "\t", "\r", "\u{0}", "\u{202E}", "(", ")", ",", "=", "'", "^", " at ", "data",
    "integral(", "d(", "_x", "1e999", "-", "0", "\\", "%", "@", "\u{FEFF}", "é", "\u{E000}", "<<: ",
  ].map { Array($0.utf8) }

  func apply(to text: inout [UInt8], from other: [UInt8], _ random: inout Seeded) {
    guard !text.isEmpty else { return }
    let at = Int.random(in: 0..<text.count, using: &random)
    let end = min(text.count, at + Int.random(in: 1...40, using: &random))
    switch self {
    case .flipBit: text[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case .replaceByte: text[at] = UInt8.random(in: 0...255, using: &random)
    case .delete: text.removeSubrange(at..<end)
    case .duplicate: text.insert(contentsOf: text[at..<end], at: at)
    case .truncate: if at > text.count / 2 { text.removeSubrange(at...) }
    case .splice:
      let from = Int.random(in: 0..<other.count, using: &random)
      text.replaceSubrange(at..<end, with: other[from..<min(other.count, from + 60)])
    case .insertToken:
      text.insert(contentsOf: Damage.tokens.randomElement(using: &random) ?? [], at: at)
    case .swapLines:
      var lines = text.split(separator: 10, omittingEmptySubsequences: false)
      lines.swapAt(at % lines.count, end % lines.count)
      text = Array(lines.joined(separator: [10]))
    case .indent:
      let count = Int.random(in: 1...4, using: &random)
      text.insert(contentsOf: Array(repeating: 32, count: count), at: at)
    }
  }
}

@Suite("Damaged files") struct FuzzTests {
  /// Reads 8 × 5500 damaged files: each is read, or refused with well-placed messages.
  @Test("no damage crashes or hangs the reader", .timeLimit(.minutes(3)), arguments: 0..<8)
  func damage(_ seed: Int) throws {
    let folder = try Folder(Sample.tables)
    var random = Seeded(state: UInt64(seed) &* 1_000_003 &+ 17)
    let samples = Sample.all.map { Array($0.utf8) }
    let kinds = Damage.allCases
    var readable = 0
    for round in 0..<5500 {
      var text = samples[round % samples.count]
      let other = samples.randomElement(using: &random) ?? text
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        (kinds.randomElement(using: &random) ?? .flipBit).apply(to: &text, from: other, &random)
      }
      do throws(ProblemFaults) {
        let problem = try folder.read(text)
        readable += 1
        if round % 20 == 0 { try checkRoundTrip(problem, folder) }
      } catch {
        check(error, text)
      }
    }
    #expect(readable > 100, "damage as heavy as this tests nothing but the first refusal")
  }

  /// What is read, however it came about, is written back so that it reads the same.
  private func checkRoundTrip(_ problem: Problem, _ folder: Folder) throws(ProblemFaults) {
    let yaml = problem.resolvedYAML()
    let again = try folder.read(yaml)
    #expect(again.declaresTheSame(as: problem), "\(yaml)")
  }

  private func check(_ faults: ProblemFaults, _ text: [UInt8]) {
    let first = faults.diagnostics.first
    #expect(faults.diagnostics.contains { $0.severity == .error })
    for diagnostic in faults.diagnostics {
      if diagnostic.line < 0 || diagnostic.column < 1 || diagnostic.message.isEmpty
        || diagnostic.remedy.isEmpty || diagnostic.rendered.isEmpty
      {
        Issue.record("\(diagnostic) in \(String(decoding: text, as: UTF8.self))")
      }
    }
    #expect(first != nil)
  }

  @Test("texts built to hurt are refused in seconds", arguments: Hostile.all)
  func hostile(_ hostile: Hostile) throws {
    let folder = try Folder()
    let clock = ContinuousClock()
    var messages = 0
    let seconds = clock.measure {
      do throws(ProblemFaults) {
        _ = try folder.read(Array(hostile.text.utf8))
      } catch {
        messages = error.diagnostics.count { !$0.rendered.isEmpty }
      }
    }
    #expect(messages > 0)
    // A hang is minutes; the limit leaves room for a loaded machine.
    #expect(seconds < .seconds(20))
  }
}

/// Texts of nearly 1 MiB that aim at one part of the reader.
struct Hostile: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let text: String

  private static func times(_ count: Int, _ part: (Int) -> String) -> String {
    (0..<count).map(part).joined()
  }

  static let all = [
    Hostile(testDescription: "brackets", text: "a: " + times(500_000) { _ in "[" }),
    Hostile(testDescription: "nested lists", text: times(200_000) { _ in "- " } + "x\n"),
    Hostile(testDescription: "complex keys", text: times(200_000) { _ in "? " } + "x\n"),
    Hostile(testDescription: "aliases", text: "a: [" + times(200_000) { _ in "*a, " } + "]\n"),
    Hostile(testDescription: "equal keys", text: times(150_000) { _ in "a: 1\n" }),
    Hostile(testDescription: "unknown keys", text: times(80_000) { "k\($0): 1\n" }),
    Hostile(testDescription: "one line", text: "a: [" + times(150_000) { "b\($0 % 10), " } + "]\n"),
    Hostile(
      testDescription: "unknowns",
      text: "variables: {t: [0, 1]}\nequations: [x' = 1]\nunknowns: ["
        + times(100_000) { "u\($0), " } + "]\n"),
    Hostile(
      testDescription: "names that are not there",
      text: "variables: {t: [0, 1]}\nunknowns: [" + times(20_000) { "u\($0), " }
        + "]\nequations:\n" + times(20_000) { "- u\($0)' = v\($0)\n" }),
    Hostile(
      testDescription: "parameters of one another",
      text: "variables: {t: [0, 1]}\nunknowns: [x]\nequations: [x' = 1]\nparameters:\n"
        + times(20_000) { "  p\($0): p\($0 + 1)\n" }),
    Hostile(
      testDescription: "functions that double",
      text: "variables: {t: [0, 1]}\nunknowns: [x]\nequations: [x'^2 = f9999]\nfunctions:\n"
        + "  f0: sin(x)\n" + times(10_000) { "  f\($0 + 1): f\($0)*f\($0)\n" }),
    Hostile(testDescription: "quotes", text: "a: " + times(300_000) { _ in "''" } + "'\n"),
    Hostile(testDescription: "control characters", text: times(900_000) { _ in "\u{1}" }),
  ]
}

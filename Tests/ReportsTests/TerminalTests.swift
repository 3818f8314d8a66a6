import Glibc
import Reports
import Synchronization
import Testing

@Suite("Terminals") struct TerminalTests {
  private static func terminal(
    isTerminal: Bool = true, width: Int? = 100, _ variables: [String: String]
  ) -> Terminal {
    Terminal(isTerminal: isTerminal, width: width) { variables[$0] }
  }

  @Test("show colours only where they are wanted", .tags(.unit))
  func colours() {
    #expect(Self.terminal(["TERM": "xterm"]).hasColour)
    #expect(Self.terminal(["TERM": "xterm", "NO_COLOR": ""]).hasColour)
    for variables in [
      ["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "xterm", "NO_COLOR": "0"], ["TERM": "dumb"],
      ["TERM": ""], [:],
    ] {
      let terminal = Self.terminal(variables)
      #expect(!terminal.hasColour && terminal.paint("word", .bad) == "word")
      #expect(terminal.takesEscapes == (variables["TERM"] == "xterm"))
    }
    let file = Self.terminal(isTerminal: false, ["TERM": "xterm"])
    #expect(!file.hasColour && !file.takesEscapes && file.width == nil)
  }

  @Test("paint whole texts and end the colour behind them", .tags(.unit))
  func paint() {
    let terminal = Self.terminal(["TERM": "xterm"])
    #expect(terminal.paint("word", .bad) == "\u{1B}[31mword\u{1B}[0m")
    #expect(terminal.paint("word", .good) == "\u{1B}[32mword\u{1B}[0m")
    #expect(terminal.paint("", .good) == "")
  }

  @Test("show what the first locale that is set can", .tags(.unit))
  func locales() {
    for (variables, isUnicode) in [
      (["LANG": "de_DE.UTF-8"], true), (["LANG": "C.utf8"], true), (["LANG": "C"], false),
      ([:], false), (["LC_ALL": "C", "LANG": "C.UTF-8"], false),
      (["LC_CTYPE": "C.UTF-8", "LANG": "C"], true), (["LC_ALL": "", "LANG": "C.UTF-8"], true),
    ] {
      #expect(Self.terminal(variables).isUnicode == isUnicode, "\(variables)")
    }
  }

  @Test("are as wide as the system says, or COLUMNS, or 80 characters", .tags(.unit))
  func width() {
    #expect(Self.terminal(width: 132, ["COLUMNS": "40"]).width == 132)
    #expect(Self.terminal(width: 0, ["COLUMNS": "40"]).width == 40)
    #expect(Self.terminal(width: nil, [:]).width == 80)
    #expect(Self.terminal(width: 3, [:]).width == 20)
  }

  @Test("cut texts to a width", .tags(.unit))
  func cut() {
    let terminal = Self.terminal(["LANG": "C.UTF-8"])
    #expect(terminal.cut("abcdef", to: 6) == "abcdef" && terminal.cut("abcdef", to: 4) == "abc…")
    #expect(terminal.cutStart("abcdef", to: 4) == "…def" && terminal.cut("abcdef", to: 0) == "")
    let plain = Self.terminal([:])
    #expect(plain.cut("abcdef", to: 5) == "ab..." && plain.cutStart("abcdef", to: 5) == "...ef")
    #expect(plain.cut("abcdef", to: 2) == "ab")
  }
}

@Suite("Sparklines") struct SparklineTests {
  private static func line(_ values: [Double]) -> Sparkline {
    var line = Sparkline()
    for value in values { line.append(value) }
    return line
  }

  @Test("stand on a logarithmic scale from the least to the greatest", .tags(.unit))
  func scale() {
    let line = Self.line((0..<8).map { power(10, Double($0)) })
    #expect(line.text(isUnicode: true) == "▁▂▃▄▅▆▇█")
    #expect(line.text(isUnicode: false) == "_.-~=+*#")
    #expect(line.text(columns: 2, isUnicode: true) == "▁█")
    #expect(Self.line([3, 3, 3]).text(isUnicode: true) == "▁▁▁")
  }

  @Test("leave out what has no logarithm, and wait for two values", .tags(.unit))
  func gaps() {
    #expect(Self.line([1]).text(isUnicode: true) == "" && Sparkline().text(isUnicode: true) == "")
    #expect(Self.line([100, .nan, 0, -1, .infinity, 1]).text(isUnicode: true) == "█▁")
  }

  @Test("hold a whole run in few columns", .tags(.property), arguments: 2...2000)
  func columns(_ count: Int) {
    let text = Self.line((0..<count).map { power(0.9, Double($0) / 20) }).text(isUnicode: true)
    #expect(text.count <= Sparkline.columns && text.count >= min(count, Sparkline.columns / 2))
    // A quantity that falls all the time is drawn falling, from the top to the bottom.
    #expect(text.first == "█" && text.last == "▁" && text == String(text.sorted(by: >)))
  }

  private func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
}

@Suite("Live progress") struct LiveProgressTests {
  /// What a live line shows at a width, without the moves of the cursor.
  private static func line(
    width: Int, isUnicode: Bool = true, losses: [Double], fraction: Double = 0.5, _ words: String
  ) -> String {
    let text = Mutex("")
    let terminal = Terminal(
      takesEscapes: true, hasColour: true, isUnicode: isUnicode, width: width)
    let progress = Progress(style: .live, interval: 0.02, terminal: terminal) { part in
      text.withLock { $0 += part }
    }
    for loss in losses { progress.training(0.1, loss: loss, words) }
    usleep(30_000)
    // The first calls may have put the next look off.
    for _ in 0..<200 { progress.training(fraction, loss: nil, words) }
    let all = text.withLock { $0 }
    return all.replacing("\u{1B}[K", with: "").split(separator: "\r").last.map(String.init) ?? ""
  }

  private static let words = "loss 1e-6  error 0.1  h = 0.5  tau = 12  step 99"
  private static let losses: [Double] = [1e-1, 1e-2, 1e-3, 1e-4]

  @Test("draws the loss before the words", .tags(.unit))
  func curve() {
    #expect(
      Self.line(width: 80, losses: Self.losses, Self.words)
        == "█▆▃▁  \(Self.words)  50 %  1 s left")
    #expect(
      Self.line(width: 80, isUnicode: false, losses: Self.losses, Self.words)
        == "#+-_  \(Self.words)  50 %  1 s left")
    #expect(Self.line(width: 80, losses: [], Self.words) == "\(Self.words)  50 %  1 s left")
  }

  @Test("never reaches the end of a line, and keeps the loss and the time left", .tags(.property))
  func widths() {
    for width in 20...120 {
      let line = Self.line(width: width, losses: Self.losses, Self.words)
      #expect(line.count < width, "\(width): \(line)")
      if width > 30 { #expect(line.contains("loss 1e-6") && line.hasSuffix("1 s left")) }
      if width > 40 { #expect(line.hasPrefix("█▆▃▁  ")) }
      if width > 75 { #expect(line.contains("step 99")) }
    }
  }

  @Test("tells the time left by the pace of this session", .tags(.unit))
  func resumed() throws {
    let text = Mutex("")
    let progress = Progress(style: .plain, interval: 0.05) { part in text.withLock { $0 += part } }
    let start = Clock.now
    progress.begin(at: 0.5)
    usleep(60_000)
    progress.work(0.52, "x")
    let elapsed = Clock.now - start
    let line = text.withLock { $0 }
    // A fiftieth took 60 ms or more: the other 24 take 24 times as long. Counted from 0 on they would
    // take less than what has passed.
    let match = try #require(line.wholeMatch(of: #/x  52 %  (\d+) s left\n/#), "\(line)")
    let left = try #require(Double(match.1))
    #expect(left >= 24 * 0.06 && left <= 24 * elapsed + 1)
  }
}

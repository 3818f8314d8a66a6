import Testing

/// What the command shows on a terminal, and that it shows none of it elsewhere.
@Suite(.tags(.endToEnd)) struct TerminalTests {
  private static let decay = """
    variables: {t: [0, 1]}
    unknowns: [x]
    equations: ["x' = -x"]
    conditions: [x = 1 at t = 0]
    exact: {x: exp(-t)}
    """
  /// A network that trains long enough for a live line: the first is due after 0.3 s.
  private static let membrane = """
    variables: {x: [0, 1], y: [0, 1]}
    unknowns: [u]
    equations: ["laplace(u) = -2*pi^2*sin(pi*x)*sin(pi*y)"]
    conditions: [u = 0 at boundary]
    exact: {u: sin(pi*x)*sin(pi*y)}
    output: {x: 5, y: 5}
    network: {hidden: [10, 10]}
    train: {stop: {seconds: 1.2}}
    """
  private static let escape = "\u{1B}"
  private static let colours = ["TERM=xterm", "LC_ALL=C.UTF-8"]

  private static func place() -> Place {
    let place = Place()
    place.write(decay, to: "decay.yaml")
    place.write(membrane, to: "membrane.yaml")
    place.write(decay.replacing("-x\"", with: "-xx\""), to: "typo.yaml")
    return place
  }

  @Test func theOutcomeIsColouredWhereColoursAreWanted() {
    let place = Self.place()
    let command = "$CAUCHY solve decay.yaml"
    let coloured = Pseudoterminal.show(place, command, Self.colours)
    #expect(coloured.hasPrefix("decay.yaml: \u{1B}[32mreached t = 1\u{1B}[0m\n"), "\(coloured)")
    for environment in [["TERM=xterm", "NO_COLOR=1"], ["TERM=dumb"], []] {
      let plain = Pseudoterminal.show(place, command, environment)
      #expect(plain.hasPrefix("decay.yaml: reached t = 1\n") && !plain.contains(Self.escape))
    }
    let failed = Pseudoterminal.show(
      place, "$CAUCHY solve decay.yaml --set solve.max_steps=2", Self.colours)
    #expect(failed.hasPrefix("decay.yaml: \u{1B}[31m"), "\(failed)")
  }

  @Test func faultsAreRedAndTheirLinesAreNot() {
    let place = Self.place()
    let shown = Pseudoterminal.show(place, "$CAUCHY check typo.yaml", Self.colours)
    #expect(
      shown == """
        \u{1B}[31mtypo.yaml:3:20: unknown name 'xx'; did you mean 'x'?\u{1B}[0m
        equations: ["x' = -xx"]
        \u{1B}[31m                   ^^\u{1B}[0m

        """)
    let usage = Pseudoterminal.show(place, "$CAUCHY show nothing", Self.colours)
    #expect(usage.hasPrefix("\u{1B}[31mthere is no run nothing; "))
  }

  /// The live lines of a training, each without the moves of the cursor.
  private static func liveLines(_ shown: String) -> [Substring] {
    shown.split(separator: "\r").filter { $0.hasSuffix("\u{1B}[K") && $0.contains("loss ") }
      .map { $0.dropLast(3) }
  }

  @Test(arguments: [40, 80, 200]) func aTrainingIsALineThatNeverWraps(columns: Int) {
    let shown = Pseudoterminal.show(
      Self.place(), "$CAUCHY train membrane.yaml", columns: columns, Self.colours)
    let lines = Self.liveLines(shown)
    #expect(lines.count > 3, "\(shown)")
    #expect(lines.allSatisfy { $0.count < columns })
    // The curve of a loss that falls, of which a narrow line has only the end; then the numbers that
    // matter.
    let curves = lines.compactMap { $0.firstMatch(of: #/^([▁▂▃▄▅▆▇█]+)  loss \d/#)?.1 }
    #expect(curves.count > 1, "\(lines)")
    #expect(columns < 80 || curves.allSatisfy { $0.hasPrefix("█") })
    #expect(lines.contains { $0.contains(" % ") && $0.hasSuffix("s left") })
    if columns == 200 {
      #expect(lines.allSatisfy { $0.contains(#/error \S+  h = \S+  tau = \S+  step \d+/#) })
    }
    // What comes after the live line does not stand behind it.
    #expect(shown.contains("\r\u{1B}[Kmembrane.yaml: ") || shown.contains("\r\u{1B}[K"))
  }

  @Test func withoutUTF8TheCurveIsASCII() {
    let shown = Pseudoterminal.show(
      Self.place(), "$CAUCHY train membrane.yaml", ["TERM=xterm", "LC_ALL=C"])
    let lines = Self.liveLines(shown)
    #expect(lines.contains { $0.contains(#/^#[_.\-~=+*#]+  loss \d/#) }, "\(lines)")
    #expect(lines.allSatisfy { $0.unicodeScalars.allSatisfy(\.isASCII) })
  }

  @Test func filesAndPipesGetNoEscapes() {
    let place = Self.place()
    for arguments in [
      ["train", "membrane.yaml"], ["solve", "decay.yaml"], ["check", "typo.yaml"], ["runs"],
      ["show", "membrane"], ["solve", "decay.yaml", "--set", "solve.max_steps=2"],
    ] {
      let ran = place.shell(
        "TERM=xterm LC_ALL=C.UTF-8 $CAUCHY " + arguments.joined(separator: " "))
      #expect(!ran.output.isEmpty || !ran.errors.isEmpty)
      for text in [ran.output, ran.errors] {
        #expect(!text.contains(Self.escape) && !text.contains("\r"), "\(arguments): \(text)")
      }
    }
  }

  @Test(arguments: [20, 40, 60, 80, 120]) func theTableOfRunsFitsItsTerminal(columns: Int) {
    let place = Self.place()
    _ = place.cauchy("solve", "decay.yaml", "--quiet")
    _ = place.cauchy(
      "solve", "decay.yaml", "--out", "outputs/" + String(repeating: "long/", count: 9))
    let shown = Pseudoterminal.show(
      place, "$CAUCHY runs", columns: columns, ["TERM=dumb", "LC_ALL=C"])
    let lines = shown.split(separator: "\n")
    #expect(lines.count == 3 && lines[0].hasPrefix("run"), "\(shown)")
    #expect(lines.allSatisfy { $0.count <= columns }, "\(shown)")
    #expect(lines.dropFirst().allSatisfy { columns < 40 || $0.contains("reached") }, "\(shown)")
  }
}

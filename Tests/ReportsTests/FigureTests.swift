import Reports
import Testing

/// Figures as gnuplot draws them.
@Suite(.tags(.unit)) struct FigureTests {
  /// One panel of each kind, with a title.
  static func figure(_ title: String = "A title") -> Figure {
    let x = (0...50).map { Double($0) / 10 }
    let y = x.map { $0 * $0 - 3 }
    let field = PlaneField(
      x: [0, 1, 2, 3], y: [0, 1, 2], values: (0..<12).map { Double($0) }, levels: [3.5, 7.5])
    return Figure(
      name: "every-kind", title: title,
      panels: [
        Panel(
          title: "curves of \(title)", x: Axis("t (s) \(title)", from: 0, to: 5),
          y: Axis("x_1 \(title)", showing: y),
          layers: [
            Layer(.strip(from: 3, to: 5), label: "beyond"),
            Layer(.line(x: x, y: y), label: title, colour: .series(0)),
            Layer(.points(x: x, y: y), label: "points", colour: .series(1), shape: .cross),
            Layer(.bars(x: [1, 2], y: [0, 1], deviation: [0.1, 0.2]), label: "bars"),
            Layer(.level(1), label: "level", dash: .dashed), Layer(.place(2), dash: .dotted),
          ]),
        Panel(
          x: Axis("x", from: 0, to: 3), y: Axis("y", from: 0, to: 2),
          layers: [Layer(.map(field))],
          colours: ColourScale("u \(title)", .sequential, from: 0, to: 11, ticks: [3.5, 7.5])),
        Panel(
          x: Axis("a", from: 0, to: 5), y: Axis("b", showing: y), z: Axis("c", showing: x),
          layers: [Layer(.path(x: x, y: y, z: x), colour: .scale(0.5))],
          colours: ColourScale("t", .lines, from: 1e-3, to: 10, .logarithmic)),
        Panel(
          x: Axis("p", showing: [1e-9, 1], .logarithmic),
          y: Axis("", from: -1, to: 2, names: [title, "b"]),
          layers: [Layer(.points(x: [1e-8, 0.1], y: [0, 1]))]),
      ], columns: 2, panelHeight: 300, note: "a note")
  }

  private static func svg(_ figure: Figure) throws -> String {
    String(decoding: try Gnuplot.bytes(of: figure, as: .svg), as: UTF8.self)
  }

  /// Every word is there, every kind of layer has left its mark, and nothing is not a number.
  @Test func everyKindIsDrawn() throws {
    let svg = try FigureTests.svg(FigureTests.figure())
    for words in [
      "A title", "curves of A title", "t (s) A title", "x_1 A title", "beyond", "points", "bars",
      "level", "u A title", "a note",
    ] {
      #expect(svg.contains(">\(words)<") || svg.contains(">\(words) <"), "\(words)")
    }
    // As wide as the page lets it be: a box, and no size of its own.
    let head = svg.prefix(upTo: try #require(svg.firstRange(of: "<title>")).lowerBound)
    #expect(head.contains("viewBox=\"0 0 900 666\"") && !head.contains("width="))
    #expect(svg.contains("data:image/png;base64"))
    #expect(!svg.contains("nan") && !svg.contains("NaN"))
    #expect(!svg.contains("GNUPLOT") && svg.contains("<title>A title</title>"))
    #expect(svg.contains("#0072b2") || svg.contains("rgb(  0, 114, 178)"))
  }

  @Test func everyFormatStartsAsItShould() throws {
    let starts: [Gnuplot.Format: [UInt8]] = [
      .svg: Array("<?xml".utf8), .png: [0x89, 0x50, 0x4E, 0x47], .pdf: Array("%PDF".utf8),
    ]
    for format in Gnuplot.Format.allCases {
      let bytes = try Gnuplot.bytes(of: FigureTests.figure(), as: format)
      #expect(bytes.starts(with: try #require(starts[format])), "\(format)")
      #expect(try bytes == Gnuplot.bytes(of: FigureTests.figure(), as: format), "\(format)")
    }
  }

  /// Words that would run something, leave their quotes or become markup, were they not quoted.
  private static let attacks = [
    "\"; system(\"touch PLACE\") #", "'; system('touch PLACE'); print '", "`touch PLACE`",
    "$(touch PLACE)", "'.system('touch PLACE').'", "\\'; system('touch PLACE') #",
    "x\nsystem('touch PLACE')\n", "x\r\n!touch PLACE\n", "a\u{2028}system('touch PLACE')",
    "<script>alert(1)</script>", "@macro {/=200 big} _a^b ~c &d", "%s %n %d", "]]> & <!--", "''''",
    "\\", "'", "\"", "''; system('touch PLACE') #", "a''''; system(\"touch PLACE\") #",
    "u''' + u'' = 0; system('touch PLACE')", "'''; system('touch PLACE') #", "E\u{0}nd", "$p0l0",
    "EOD", "θ′ = ∂u/∂t ≤ 10⁻³ 𝛼 🙂", "\u{202E}backwards",
  ]

  @Test(arguments: attacks) func wordsStayWords(_ words: String) throws {
    let folder = Folder()
    let text = words.split(separator: "PLACE", omittingEmptySubsequences: false)
      .joined(separator: folder("made"))
    let svg = try FigureTests.svg(FigureTests.figure(text))
    #expect(folder.names.isEmpty, "\(folder.names)")
    #expect(!svg.contains("<script>") && !svg.contains("<!--"))
    // The title, an axis, a panel, the scale and the legend, as far as a line may hold them.
    let start = text.prefix { $0.isLetter || $0.isNumber }
    if start.count > 2 { #expect(svg.contains("curves of \(start)")) }
    let panel = try FigureTests.svg(FigureTests.figure("plain"))
    let count = { (text: String) in
      text.split(separator: "<g id=", omittingEmptySubsequences: false).count
    }
    #expect(count(svg) == count(panel))
  }

  /// Two figures in one page have no name in common.
  @Test func namesDiffer() throws {
    func names(_ svg: String) -> Set<String> {
      Set(
        ["id=\"", "id='"].flatMap { mark in
          svg.split(separator: mark).dropFirst().map { part in
            String(part.prefix { $0 != "\"" && $0 != "'" })
          }
        })
    }
    let (one, two) = (
      try FigureTests.svg(FigureTests.figure("1")), try FigureTests.svg(FigureTests.figure("2"))
    )
    #expect(names(one).count > 10 && names(one).isDisjoint(with: names(two)))
    for svg in [one, two] {
      for use in svg.split(separator: "href='#").dropFirst() {
        #expect(names(svg).contains(String(use.prefix { $0 != "'" })))
      }
    }
  }

  @Test func drawingIsGivenUp() {
    #expect(throws: Gnuplot.Fault.cancelled) {
      try Gnuplot.bytes(of: FigureTests.figure(), as: .svg, isCancelled: { true })
    }
  }

  @Test func faultsSayWhatToDo() {
    #expect(
      Gnuplot.Fault.missing.description
        == "figures need gnuplot, which is missing; install it: apt-get install gnuplot-nox")
    #expect(
      Gnuplot.Fault.failed(figure: "f", words: "w").description.contains("could not draw 'f': w;"))
    #expect(Gnuplot.Fault.notStarted(13).description.contains("Permission denied"))
  }

  @Test func figureIsWrittenWhole() throws {
    let folder = Folder()
    try Gnuplot.draw(FigureTests.figure(), as: .svg, to: folder("f.svg"))
    #expect(folder.names == ["f.svg"])
    #expect(throws: ReportError.self) {
      try Gnuplot.draw(FigureTests.figure(), as: .svg, to: folder("none/f.svg"))
    }
  }
}

/// Axes, colour scales and round places.
@Suite(.tags(.unit)) struct AxisTests {
  private static let extremes: [Double] = [
    0, 1, -1, 1e-300, 1e300, -1e300, Double.leastNonzeroMagnitude, .pi, .nan, .infinity, -.infinity,
    1 + 1e-15,
  ]

  /// Whatever is shown, an axis has two finite ends that differ, and holds what it can show.
  @Test func everyAxisIsGood() {
    for a in AxisTests.extremes {
      for b in AxisTests.extremes {
        for scale in [Axis.Scale.linear, .logarithmic] {
          let axis = Axis("x", showing: [a, b, a], scale)
          #expect(axis.first < axis.last && axis.first.isFinite && axis.last.isFinite)
          #expect(scale == .linear || axis.first > 0)
          let shown = [a, b].filter { $0.isFinite && (scale == .linear || $0 > 1e-300) }
          let isIn = shown.allSatisfy { $0 >= axis.first && $0 <= axis.last }
          #expect(isIn, "\(a), \(b): \(axis.first) … \(axis.last)")
        }
      }
    }
    #expect(Axis("x", showing: []).first == 0 && Axis("x", showing: []).last == 1)
  }

  @Test func roundPlacesLieInside() {
    for (low, high) in [(0.0, 1.0), (-3, 7), (1e-9, 4e-9), (123, 125.5), (-1e12, 1e13)] {
      let places = Axis.roundPlaces(from: low, to: high)
      #expect(places.count >= 3 && places.count <= 15, "\(places)")
      #expect(places.allSatisfy { $0 >= low && $0 <= high }, "\(places)")
    }
    #expect(Axis.roundPlaces(from: 0, to: 1, count: 5) == [0, 0.2, 0.4, 0.6, 0.8, 1])
    #expect(Axis.roundPlaces(from: 1, to: 1).isEmpty)
  }

  @Test func colourScalesHaveParts() {
    let linear = ColourScale("", .lines, from: 2, to: 4)
    #expect(linear.part(3) == 0.5 && linear.part(9) == 1 && linear.part(.nan) == 0)
    let wide = ColourScale("", .lines, from: 1e-4, to: 1, .logarithmic)
    #expect((wide.part(1e-2) - 0.5).magnitude < 1e-12 && wide.part(-1) == 0)
  }
}

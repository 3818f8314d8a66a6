import Foundation
import Reports
import Testing

/// The numbers beside axes, and the room that they have.
@Suite(.tags(.unit)) struct TicksTests {
  /// Axes of all sizes, far from zero, falling, short and long on a logarithmic scale.
  private static let axes: [Axis] = [
    Axis("x (m)", from: 0, to: 1e-6), Axis("x", from: -1e300, to: 1e300),
    Axis("x", from: 2e-300, to: 9e-300), Axis("x", from: 1_000_000 - 3e-7, to: 1_000_000 + 1e-6),
    Axis("x (m)", from: -273.15001, to: -273.14999), Axis("x", from: 7, to: -3),
    Axis("x", from: 0.1, to: 0.30000000000000004), Axis("x", from: -1, to: -0.999),
    Axis("x", from: 12345, to: 12345.9), Axis("x", from: 0, to: 99_999),
    Axis("x", from: -5, to: 1e9),
    Axis("x", from: 1e-300, to: 1e300, .logarithmic), Axis("x", from: 1e-28, to: 3, .logarithmic),
    Axis("x", from: 2e-14, to: 7e-14, .logarithmic), Axis("x", from: 1e3, to: 1e-3, .logarithmic),
    Axis("x", from: 1.01e-9, to: 1.02e-9, .logarithmic),
    Axis("x", from: 0.03, to: 40, .logarithmic),
    Axis("x", from: 5, to: 5.00001, .logarithmic),
  ]

  /// A number as it was written, powers raised or not.
  private static func number(_ text: String) -> Double? {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    var plain = ""
    for character in text.replacing("−", with: "-").replacing("·10", with: "e") {
      if let digit = digits.firstIndex(of: character) {
        plain += String(digit)
      } else {
        plain += character == "⁻" ? "-" : String(character)
      }
    }
    if !plain.contains("e"), text.contains(where: { digits.contains($0) }) {
      plain = "1e" + plain.dropFirst(2)
    }
    return Double(plain)
  }

  @Test(arguments: axes, [60.0, 200, 800]) func marksCanBeReadAndAreRight(
    _ axis: Axis, _ length: Double
  ) throws {
    for isVertical in [true, false] {
      let ticks = Ticks(axis, length: length, isVertical: isVertical)
      let marks = ticks.marks.sorted { $0.part < $1.part }
      #expect(marks.count >= 2 && marks.count <= 30, "\(marks)")
      #expect(Set(marks.map(\.text)).count == marks.count, "\(marks)")
      let unit = pow(10, Double(ticks.power))
      let base = ticks.offset.isEmpty ? 0 : try #require(TicksTests.number(ticks.offset))
      for mark in marks {
        #expect(mark.part > -1e-6 && mark.part < 1 + 1e-6, "\(mark)")
        let place = try #require(TicksTests.number(mark.text), "\(mark.text)") * unit
        // By the difference, which loses no digits; a mark is right to a tenth of a pixel.
        let low = axis.first - base
        let part =
          axis.scale == .linear
          ? (place / 2 - low / 2) / (axis.last / 2 - axis.first / 2) : axis.part(base + place)
        #expect((part - mark.part).magnitude < 1e-4, "\(mark) of \(axis)")
      }
      // Two of them stand in any case, however short the axis.
      if marks.count == 2 { continue }
      for (a, b) in zip(marks, marks.dropFirst()) {
        let widths = [a, b].map { TextWidth.pixels($0.text, font: Ticks.font) }
        let wanted = isVertical ? Ticks.font : (widths[0] + widths[1]) / 2
        #expect((b.part - a.part) * length > wanted, "\(a), \(b) of \(axis)")
      }
    }
  }

  @Test func captionsSayWhatNumbersAreCountedIn() {
    func caption(_ label: String, _ first: Double, _ last: Double, _ room: Double = .infinity)
      -> String
    {
      Ticks(Axis(label, from: first, to: last), length: 400).caption(label, room: room)
    }
    #expect(caption("x", 0, 1) == "x")
    #expect(caption("x", 0, 1e-6) == "x / 10⁻⁶")
    #expect(caption("x (m)", 0, 2e-6) == "x (10⁻⁶ m)")
    #expect(caption("N (1/m^3)", 0, 3e22) == "N (10²² 1/m^3)")
    #expect(caption("E", 4999.9, 5000.1) == "E − 5000")
    #expect(caption("E (J)", 4999.9, 5000.1) == "E − 5000 (J)")
    #expect(caption("E", 0.5 - 1e-9, 0.5 + 1e-9) == "(E − 0.5) / 10⁻⁹")
    #expect(caption("E (J)", -0.5 - 1e-9, -0.5 + 1e-9) == "E + 0.5 (10⁻⁹ J)")
    #expect(caption("", 0, 1e-6).isEmpty)
    // The name gives way, what it lacks does not.
    let short = caption("a_name_that_is_far_too_long (kg)", 4999.9, 5000.1, 150)
    #expect(short.hasPrefix("a_") && short.hasSuffix("… − 5000 (kg)"), "\(short)")
    #expect(TextWidth.pixels(short, font: 14) <= 150)
  }

  /// Marks that are given, where contour lines lie, say all their digits; those too many are left out.
  @Test func givenPlacesKeepTheirDigits() {
    let axis = Axis("u", from: 0, to: 11)
    #expect(Ticks(axis, at: [3.5, 7.25], length: 300).marks.map(\.text) == ["3.50", "7.25"])
    let far = Axis("u", from: 1e6 - 1e-5, to: 1e6 + 1e-5)
    let places = Axis.roundPlaces(from: far.first, to: far.last, count: 4)
    let texts = Ticks(far, at: places, length: 300).marks.map(\.text)
    #expect(texts.count > 2 && texts.allSatisfy { $0.count <= 4 }, "\(texts)")
    let many = Ticks(axis, at: (0...10).map(Double.init), length: 100).marks.map(\.text)
    #expect(many == ["0", "3", "6", "9"])
  }

  // MARK: Layout

  private static func figure(_ y: Axis, _ x: Axis = Axis("x", from: 0, to: 1)) -> Figure {
    Figure(
      name: "f", title: "", panels: [Panel(x: x, y: y, layers: []), Panel(x: x, y: x, layers: [])])
  }

  /// Words beside an axis lie left of its numbers, all numbers inside the figure, and panels below
  /// each other begin and end at one place.
  @Test(arguments: axes) func nothingLiesOnNumbers(_ axis: Axis) throws {
    for figure in [
      TicksTests.figure(axis), TicksTests.figure(Axis("y", from: 0, to: 1), axis),
    ] {
      let layout = FigureLayout(figure)
      for place in layout.places {
        let label = try #require(place.yLabel)
        #expect(label - 7 > place.cell.left && label + 8 < place.plot.left - place.y.width)
        let out = place.x.overhang(place.plot.width)
        #expect(place.plot.right + out.last <= Double(layout.width))
        #expect(place.plot.left - out.first >= place.cell.left && place.plot.width > 600)
      }
      #expect(layout.places[0].plot.left == layout.places[1].plot.left)
      #expect(layout.places[0].plot.right == layout.places[1].plot.right)
    }
  }

  @Test func longNamesStandAbove() {
    let name = String(repeating: "a_long_name_", count: 8)
    var figure = TicksTests.figure(Axis(name, from: 0, to: 1))
    figure.panelHeight = 200
    let places = FigureLayout(figure).places
    #expect(places[0].yLabel == nil && places[1].yLabel != nil)
    #expect(places[0].plot.top > places[1].plot.top - 200)
  }

  /// A figure of equal units is as large as these need; a unit is as long on both axes.
  @Test(arguments: [0.3, 1, 3.5]) func equalUnitsLeaveNoBlank(_ ratio: Double) {
    for columns in [1, 3] {
      let panel = Panel(
        x: Axis("x", from: 0, to: ratio), y: Axis("y", from: -1, to: 0), layers: [],
        colours: ColourScale("t", .lines, from: 0, to: 1), isProportional: true)
      let layout = FigureLayout(
        Figure(
          name: "f", title: "", panels: Array(repeating: panel, count: 3), columns: columns,
          panelHeight: 500, isShared: true))
      #expect(layout.width <= 900 && layout.width >= 400)
      for place in layout.places {
        #expect((place.plot.width / place.plot.height - ratio).magnitude < 1e-9)
        let spare = (place.whole.width - place.plot.width, place.whole.height - place.plot.height)
        // Numbers that grow shorter as the figure shrinks leave some pixels.
        #expect(spare.1 < 16 && (spare.0 < 16 || layout.width <= 560), "\(spare)")
      }
    }
  }

  @Test func longTitlesHaveTwoLines() {
    var figure = TicksTests.figure(Axis("y", from: 0, to: 1))
    figure.title = "A title"
    let short = FigureLayout(figure)
    figure.title = String(repeating: "A title of many words ", count: 20)
    let long = FigureLayout(figure)
    #expect(short.title.lines == ["A title"] && short.title.font == 17)
    #expect(long.title.lines.count == 2 && long.title.lines[1].hasSuffix("…"))
    #expect(long.height == short.height + 20)
    for line in long.title.lines { #expect(TextWidth.pixels(line, font: 14) <= 900) }
  }

  /// Text keeps its size in a narrow figure: there are fewer columns.
  @Test func narrowFiguresHaveFewerColumns() {
    let panel = Panel(x: Axis("x", from: 0, to: 1), y: Axis("y", from: 0, to: 1), layers: [])
    var figure = Figure(
      name: "f", title: "t", panels: Array(repeating: panel, count: 4), columns: 4)
    figure.width = 450
    let layout = FigureLayout(figure)
    #expect(layout.width == 450 && Set(layout.places.map(\.cell.left)).count == 2)
  }
}

/// The script that draws a figure, data included; it holds no date and no path.
struct GnuplotScript {
  /// The kinds of files that figures are drawn into.
  private let figure: Figure
  private let format: Gnuplot.Format
  private let layout: FigureLayout
  private(set) var text = ""

  init(_ figure: Figure, _ format: Gnuplot.Format) {
    self.figure = figure
    self.format = format
    layout = FigureLayout(figure)
    line("set encoding utf8")
    line("set terminal " + terminal)
    for (index, panel) in figure.panels.enumerated() { data(panel, index) }
    line("set multiplot")
    for index in figure.panels.indices { draw(index) }
    line("unset multiplot")
  }

  private mutating func line(_ words: String) { text += words + "\n" }

  // MARK: Sizes

  private var terminal: String {
    let size = "\(layout.width),\(layout.height)"
    let inches = [layout.width, layout.height].map { NumberText.text(Double($0) / 96) + "in" }
    let words = "enhanced font 'sans-serif,\(font(14))'"
    return switch format {
    case .svg: "svg size \(size) dynamic \(words) background '#ffffff'"
    case .png: "pngcairo size \(size) pointscale 1.7 \(words) background '#ffffff'"
    case .pdf:
      "pdfcairo size \(inches.joined(separator: ",")) \(words) linewidth 0.75 pointscale 1.2"
    }
  }

  /// The size of a font of so many pixels.
  private func font(_ pixels: Double) -> String {
    NumberText.text(format == .svg ? pixels : 0.75 * pixels)
  }

  private var width: Double { Double(layout.width) }
  private var height: Double { Double(layout.height) }

  private func across(_ pixels: Double) -> String { "screen " + GnuplotText.number(pixels / width) }

  private func up(_ pixels: Double) -> String {
    "screen " + GnuplotText.number(1 - pixels / height)
  }

  // MARK: Data

  private func block(_ panel: Int, _ layer: Int) -> String { "$p\(panel)l\(layer)" }

  /// All numbers become parts of their axes: gnuplot is asked for no scale, and meets no number that
  /// is too large, too small or too close to the next.
  private mutating func data(_ panel: Panel, _ index: Int) {
    for (number, layer) in panel.layers.enumerated() {
      let name = block(index, number)
      switch layer.content {
      case .line(let x, let y), .points(let x, let y):
        table(name, [x.map(panel.x.part), y.map(panel.y.part)])
      case .bars(let x, let y, let deviation):
        let ends = [-1.0, 1].map { side in
          zip(y, deviation).map { y, deviation in
            let end = panel.y.part(y + side * deviation)
            // What reaches down to zero leaves a logarithmic axis.
            return end.isNaN && y.isFinite && deviation.isFinite ? side : end
          }
        }
        table(name, [x.map(panel.x.part), y.map(panel.y.part)] + ends)
      case .path(let x, let y, let z):
        table(
          name, [x.map(panel.x.part), y.map(panel.y.part), z.map { panel.z?.part($0) ?? .nan }])
      case .map(let field): matrix(name, field, panel)
      case .strip, .level, .place: break
      }
    }
    // A point of no size by which gnuplot knows that the colour scale is in use.
    if panel.colours != nil { line("$s\(index) << EOD\n0 0 0 0\nEOD") }
  }

  private mutating func table(_ name: String, _ columns: [[Double]]) {
    let count = columns[0].count
    precondition(columns.allSatisfy { $0.count == count }, "columns of \(columns.map(\.count))")
    line("\(name) << EOD")
    for row in 0..<count {
      line(columns.map { GnuplotText.number($0[row]) }.joined(separator: " "))
    }
    // A table without a row is an error.
    if count == 0 { line(columns.map { _ in "NaN" }.joined(separator: " ")) }
    line("EOD")
  }

  private mutating func matrix(_ name: String, _ field: PlaneField, _ panel: Panel) {
    let scale = (panel.colours ?? ColourScale("", .sequential, from: 0, to: 1)).axis
    let parts = field.values.map(scale.part)
    line("\(name) << EOD")
    line(
      ([Double(field.x.count)] + field.x.map(panel.x.part)).map(GnuplotText.number).joined(
        separator: " "))
    for (row, y) in field.y.enumerated() {
      let numbers = parts[(row * field.x.count)..<((row + 1) * field.x.count)]
      line(([panel.y.part(y)] + numbers).map(GnuplotText.number).joined(separator: " "))
    }
    // What holds no line is a table all the same.
    line("EOD\n\(name)c << EOD\nNaN NaN NaN\nEOD")
    let levels = visible(field.levels.map(scale.part), parts)
    guard !levels.isEmpty else { return }
    line("set contour base\nunset surface")
    line("set cntrparam levels discrete \(levels.map(GnuplotText.number).joined(separator: ","))")
    line("set table \(name)c append\nsplot \(name) nonuniform matrix using 1:2:3\nunset table")
    line("unset contour\nset surface")
  }

  /// The levels that the numbers cross by more than a little.
  private func visible(_ levels: [Double], _ parts: [Double]) -> [Double] {
    let finite = parts.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), high - low > 1e-3 else { return [] }
    // Near the ends of the range there is but noise to go around.
    let margin = 0.02 * (high - low)
    return levels.filter { $0 > low + margin && $0 < high - margin }
  }

  // MARK: Panels

  private mutating func draw(_ index: Int) {
    let (panel, place) = (figure.panels[index], layout.places[index])
    line("reset")
    if index == 0 { heading() }
    let room = place.cell.right - place.plot.left
    let title =
      place.yLabel == nil ? place.y.caption(panel.y.label, room: room) : panel.title
    label(2, title, (place.plot.left, place.title), "left", room: room)
    frame(panel, place)
    legend(place)
    colours(panel, place)
    let elements = elements(panel, index, place)
    let dummy = "$s\(index) using 1:2:\(panel.z == nil ? "4" : "3:4")"
    let scale = panel.colours == nil ? [] : [dummy + " with points pt 7 ps 0 lc palette notitle"]
    let all = scale + elements
    line(
      (panel.z == nil ? "plot " : "splot ")
        + (all.isEmpty ? "NaN notitle" : all.joined(separator: ", ")))
  }

  private mutating func heading() {
    let (middle, room) = (width / 2, width - 40)
    let isShort = TextWidth.pixels(figure.title, font: 17) <= room
    label(1, figure.title, (middle, 21), "center", isShort ? 17 : 14, room: room)
    label(3, figure.note, (middle, height - 13), "center", 12, room: room)
  }

  private mutating func label(
    _ number: Int, _ text: String, _ place: (x: Double, y: Double), _ side: String,
    _ size: Double = 14, room: Double
  ) {
    if text.isEmpty { return }
    let words = GnuplotText.quoted(TextWidth.shortened(text, to: room, font: size))
    line(
      "set label \(number) \(words) at \(across(place.x)), \(up(place.y)) \(side) noenhanced"
        + " font ',\(font(size))' front")
  }

  private mutating func frame(_ panel: Panel, _ place: FigureLayout.Place) {
    let plot = place.plot
    if panel.z == nil {
      line("set lmargin at \(across(plot.left))\nset rmargin at \(across(plot.right))")
      line("set tmargin at \(up(plot.top))\nset bmargin at \(up(plot.bottom))")
    } else {
      let cell = place.cell
      // Raised, for the words below.
      let corner = [cell.left, height - cell.bottom + 0.06 * cell.height]
      let origin = [corner[0] / width, corner[1] / height].map(GnuplotText.number)
      let size = [(plot.right + 10 - cell.left) / width, (cell.bottom - plot.top) / height]
      line("set origin \(origin.joined(separator: ", "))")
      line("set size \(size.map(GnuplotText.number).joined(separator: ", "))")
      line("set view 60,35,1.08,1.15\nset xyplane relative 0.05")
    }
    line(
      "set clip two\nset pointintervalbox 0\nset tics scale \(format == .svg ? "0.5, 0.25" : "0.8, 0.4")"
    )
    let isMap = panel.layers.contains { if case .map = $0.content { true } else { false } }
    let border = panel.z != nil ? 31 : isMap ? 15 : 3
    line("set border \(border) lc rgb '\(FigureColours.frame)' lw 1")
    if !isMap { line("set grid lt 1 lc rgb '\(FigureColours.grid)' lw 1") }
    let isFlat = panel.z == nil
    axis("x", place.x, areNames: !panel.x.names.isEmpty, isFlat: isFlat)
    axis("y", place.y, areNames: !panel.y.names.isEmpty, isFlat: isFlat)
    if let z = place.z { axis("z", z, areNames: false, isFlat: false) }
    axisLabels(panel, place)
  }

  private mutating func axis(_ letter: String, _ ticks: Ticks, areNames: Bool, isFlat: Bool) {
    line("set \(letter)range [0:1] noextend")
    let shift = letter == "x" && format == .svg && isFlat ? "offset 0,0.35 " : ""
    line("set \(letter)tics out \(isFlat ? "nomirror " : "")\(shift)\(list(ticks, areNames))")
  }

  private func list(_ ticks: Ticks, _ areNames: Bool) -> String {
    let major = ticks.marks.map { mark in
      // Such words are formats, in which only `%` means anything.
      let text = areNames ? mark.text.replacing("%", with: "%%") : GnuplotText.raised(mark.text)
      return GnuplotText.quoted(text) + " \(GnuplotText.number(mark.part))"
    }
    let all = major + ticks.minor.map { "'' \(GnuplotText.number($0)) 1" }
    return "\(areNames ? "noenhanced" : "enhanced") font ',\(font(Ticks.font))'"
      + " (\(all.joined(separator: ", ")))"
  }

  /// The words beside the axes, placed by pixels: each kind of file has its own idea of room.
  private mutating func axisLabels(_ panel: Panel, _ place: FigureLayout.Place) {
    let plot = place.plot
    if let z = panel.z {
      for (letter, axis, ticks) in [("x", panel.x, place.x), ("y", panel.y, place.y)] {
        let words = GnuplotText.quoted(ticks.caption(axis.label, room: plot.width / 2.8))
        line(
          "set \(letter)label \(words) noenhanced font ',\(font(14))' rotate parallel offset 0,-0.4"
        )
      }
      let words = GnuplotText.quoted(place.z?.caption(z.label, room: plot.width / 2) ?? "")
      return line(
        "set label 7 \(words) at graph 0, graph 0, graph 1.1 left offset -3,0 noenhanced"
          + " font ',\(font(14))'")
    }
    let middle = ((plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2)
    let room = 2 * min(middle.0 - place.cell.left, place.cell.right - middle.0)
    label(
      4, place.x.caption(panel.x.label, room: room), (middle.0, plot.bottom + 41), "center",
      room: room)
    guard let left = place.yLabel else { return }
    let words = place.y.caption(panel.y.label, room: plot.height + 20)
    label(5, words, (left, middle.1), "center rotate by 90", room: plot.height + 20)
  }

  private mutating func legend(_ place: FigureLayout.Place) {
    guard let legend = place.legend else { return line("set key off") }
    line(
      "set key at \(across(legend.left)), \(up(legend.top)) left top vertical Left reverse"
        + " maxrows \(legend.rows) samplen 2 spacing \(format == .svg ? 1 : 1.2) width 1 noenhanced"
        + " font ',\(font(Ticks.font))'")
  }

  private mutating func colours(_ panel: Panel, _ place: FigureLayout.Place) {
    guard let scale = panel.colours else { return line("unset colorbox") }
    line(FigureColours.palette(scale.colours))
    line("set cbrange [0:1]")
    guard let found = place.scale else { return line("unset colorbox") }
    let box = found.frame
    let size = [box.width / width, box.height / height].map(GnuplotText.number)
    line(
      "set colorbox vertical user origin \(across(box.left)), \(up(box.bottom)) size "
        + size.joined(separator: ", "))
    line("set cbtics out nomirror \(list(found.ticks, false))")
    let words = found.ticks.caption(scale.label, room: box.height + 20)
    label(
      6, words, (found.label, (box.top + box.bottom) / 2), "center rotate by 90",
      room: box.height + 20)
  }
}

extension GnuplotScript {
  // MARK: Layers

  private mutating func elements(_ panel: Panel, _ index: Int, _ place: FigureLayout.Place)
    -> [String]
  {
    let room = (figure.isShared ? width - 80 : place.plot.width) - FigureLayout.sample
    return panel.layers.enumerated().flatMap { number, layer in
      let words = TextWidth.shortened(layer.label, to: room, font: Ticks.font)
      let title = words.isEmpty ? "notitle" : "title \(GnuplotText.quoted(words))"
      return element(layer, title, block(index, number), panel)
    }
  }

  private mutating func element(_ layer: Layer, _ title: String, _ data: String, _ panel: Panel)
    -> [String]
  {
    let colour = FigureColours.text(layer.colour, panel.colours)
    let stroke = "lw \(NumberText.text(layer.width)) dt \(layer.dash.number) lc rgb '\(colour)'"
    let points = "pt \(layer.shape.number) ps \(NumberText.text(layer.size)) lc rgb '\(colour)'"
    let entry = layer.label.isEmpty ? [] : ["keyentry with lines \(stroke) \(title)"]
    switch layer.content {
    case .line: return ["\(data) using 1:2 with lines \(stroke) \(title)"]
    case .points: return ["\(data) using 1:2 with points \(points) \(title)"]
    case .bars: return ["\(data) using 1:2:3:4 with yerrorbars \(points) lw 1 \(title)"]
    case .path: return ["\(data) using 1:2:3 with lines \(stroke) \(title)"]
    case .map:
      return [
        "\(data) nonuniform matrix using 1:2:3 with image notitle",
        "\(data)c using 1:2 with lines lw 0.8 lc rgb '\(contour(panel))' notitle",
      ]
    case .strip(let from, let to):
      let (left, right) = (panel.x.part(from), panel.x.part(to))
      line(
        "set object rectangle from graph \(GnuplotText.number(left)), graph 0 to graph "
          + "\(GnuplotText.number(right)), graph 1 behind fc rgb '\(FigureColours.shade)'"
          + " fs solid noborder")
      return layer.label.isEmpty
        ? [] : ["keyentry with boxes fs solid fc rgb '\(FigureColours.shade)' \(title)"]
    case .level(let place):
      let y = GnuplotText.number(panel.y.part(place))
      line("set arrow from graph 0, graph \(y) to graph 1, graph \(y) nohead back \(stroke)")
      return entry
    case .place(let place):
      let x = GnuplotText.number(panel.x.part(place))
      line("set arrow from graph \(x), graph 0 to graph \(x), graph 1 nohead back \(stroke)")
      return entry
    }
  }
}

extension GnuplotScript {
  /// White between the dark colours, dark between the light ones.
  private func contour(_ panel: Panel) -> String {
    panel.colours?.colours == .diverging ? FigureColours.frame : "#ffffff"
  }
}

extension Layer.Dash {
  fileprivate var number: String {
    switch self {
    case .solid: "1"
    case .dashed: "(8,5)"
    case .dotted: "(2,4)"
    }
  }
}

extension Layer.Shape {
  fileprivate var number: Int {
    switch self {
    case .dot, .disc: 7
    case .ring: 6
    case .cross: 2
    case .triangle: 9
    case .square: 5
    case .diamond: 13
    case .plus: 1
    }
  }
}

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
    let (width, height) = (Figure.width, layout.height)
    let inches = [width, height].map { NumberText.text(Double($0) / 96) + "in" }
    return switch format {
    case .svg:
      "svg size \(width),\(height) dynamic enhanced font 'sans-serif,14' background '#ffffff'"
    case .png:
      "pngcairo size \(width),\(height) pointscale 1.7 enhanced font 'sans-serif,\(font(14))' background '#ffffff'"
    case .pdf:
      "pdfcairo size \(inches.joined(separator: ",")) enhanced font 'sans-serif,\(font(14))'"
        + " linewidth 0.75 pointscale 1.2"
    }
  }

  /// The size of a font of so many pixels.
  private func font(_ pixels: Double) -> String {
    NumberText.text(format == .svg ? pixels : 0.75 * pixels)
  }

  private var width: Double { Double(Figure.width) }
  private var height: Double { Double(layout.height) }

  private func across(_ pixels: Double) -> String {
    "screen " + NumberText.text(pixels / width, digits: 6)
  }

  private func up(_ pixels: Double) -> String {
    "screen " + NumberText.text(1 - pixels / height, digits: 6)
  }

  // MARK: Data

  private func block(_ panel: Int, _ layer: Int) -> String { "$p\(panel)l\(layer)" }

  private mutating func data(_ panel: Panel, _ index: Int) {
    for (number, layer) in panel.layers.enumerated() {
      let name = block(index, number)
      switch layer.content {
      case .line(let x, let y), .points(let x, let y): table(name, [x, y])
      case .bars(let x, let y, let deviation): table(name, [x, y, deviation])
      case .path(let x, let y, let z): table(name, [x, y, z])
      case .map(let field): matrix(name, field)
      case .strip, .level, .place: break
      }
    }
    if panel.colours != nil { line("$s\(index) << EOD\n\(anchor(panel))\nEOD") }
  }

  /// A point of no size by which gnuplot knows that the colour scale is in use.
  private func anchor(_ panel: Panel) -> String {
    [panel.x.first, panel.y.first, panel.z?.first ?? 0, panel.colours?.low ?? 0]
      .map(GnuplotText.number).joined(separator: " ")
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

  private mutating func matrix(_ name: String, _ field: PlaneField) {
    line("\(name) << EOD")
    line(([Double(field.x.count)] + field.x).map(GnuplotText.number).joined(separator: " "))
    for (row, y) in field.y.enumerated() {
      let values = field.values[(row * field.x.count)..<((row + 1) * field.x.count)]
      let numbers = values.map { $0.isFinite ? NumberText.text($0, digits: 5) : "NaN" }
      line(([GnuplotText.number(y)] + numbers).joined(separator: " "))
    }
    line("EOD")
    let levels = visible(field)
    guard !levels.isEmpty else { return }
    line("set contour base\nunset surface")
    line("set cntrparam levels discrete \(levels.map(GnuplotText.number).joined(separator: ","))")
    line("set table \(name)c\nsplot \(name) nonuniform matrix using 1:2:3\nunset table")
    line("unset contour\nset surface")
  }

  /// The levels that the numbers cross by more than a little.
  private func visible(_ field: PlaneField) -> [Double] {
    let finite = field.values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return [] }
    // Near the ends of the range there is but noise to go around.
    let margin = 0.02 * (high - low)
    return field.levels.filter { $0 > low + margin && $0 < high - margin }
  }

  // MARK: Panels

  private mutating func draw(_ index: Int) {
    let (panel, place) = (figure.panels[index], layout.places[index])
    line("reset")
    if index == 0 { heading() }
    if !panel.title.isEmpty {
      let room = Int(place.cell.width / FigureLayout.character)
      label(2, panel.title, place.plot.left, place.title, "left", 14, room)
    }
    frame(panel, place)
    legend(place)
    colours(panel, place)
    let elements = elements(panel, index)
    let dummy = "$s\(index) using 1:2:\(panel.z == nil ? "4" : "3:4")"
    let scale = panel.colours == nil ? [] : [dummy + " with points pt 7 ps 0 lc palette notitle"]
    let all = scale + elements
    line(
      (panel.z == nil ? "plot " : "splot ")
        + (all.isEmpty ? "NaN notitle" : all.joined(separator: ", ")))
  }

  private mutating func heading() {
    let middle = width / 2
    let isLong = figure.title.count > 80
    if !figure.title.isEmpty {
      label(1, figure.title, middle, 21, "center", isLong ? 14 : 17, 108)
    }
    if !figure.note.isEmpty {
      label(3, figure.note, middle, height - 13, "center", 12, 130)
    }
  }

  private mutating func label(
    _ number: Int, _ text: String, _ x: Double, _ y: Double, _ side: String, _ size: Double,
    _ room: Int
  ) {
    let words = GnuplotText.quoted(GnuplotText.shortened(text, to: room))
    line(
      "set label \(number) \(words) at \(across(x)), \(up(y)) \(side) noenhanced"
        + " font ',\(font(size))' front")
  }

  private mutating func frame(_ panel: Panel, _ place: FigureLayout.Place) {
    let plot = place.plot
    if panel.z == nil {
      line("set lmargin at \(across(plot.left))\nset rmargin at \(across(plot.right))")
      line("set tmargin at \(up(plot.top))\nset bmargin at \(up(plot.bottom))")
    } else {
      let cell = place.cell
      let (x, y) = (cell.left / width, 1 - cell.bottom / height)
      let size = ((plot.right + 10 - cell.left) / width, (cell.bottom - plot.top) / height)
      line("set origin \(NumberText.text(x, digits: 6)), \(NumberText.text(y, digits: 6))")
      line("set size \(NumberText.text(size.0, digits: 6)), \(NumberText.text(size.1, digits: 6))")
      line("set view 60,35,1.1,1.15\nset xyplane relative 0.05")
    }
    line("set tics scale \(format == .svg ? "0.5, 0.25" : "0.8, 0.4")")
    let isMap = panel.layers.contains { if case .map = $0.content { true } else { false } }
    let border = panel.z != nil ? 31 : isMap ? 15 : 3
    line("set border \(border) lc rgb '\(FigureColours.frame)' lw 1")
    let mirror = panel.z == nil ? "nomirror " : ""
    if !isMap { line("set grid lt 1 lc rgb '\(FigureColours.grid)' lw 1") }
    axis("x", panel.x, mirror, plot.width)
    axis("y", panel.y, mirror, plot.height)
    if let z = panel.z { axis("z", z, mirror, 300) }
    axisLabels(panel, place)
  }

  private mutating func axis(
    _ letter: String, _ axis: Axis, _ mirror: String, _ length: Double
  ) {
    line(
      "set \(letter)range [\(GnuplotText.number(axis.first)):\(GnuplotText.number(axis.last))]"
        + " noextend")
    let shift = letter == "x" && format == .svg && !mirror.isEmpty ? "offset 0,0.35 " : ""
    let style = "out \(mirror)\(shift)enhanced font ',\(font(13))'"
    if axis.scale == .logarithmic {
      line("set logscale \(letter)")
      line("set format \(letter) '10^{%T}'")
    }
    let ticks =
      axis.names.isEmpty
      ? axis.shortLogarithmicTicks.map { ("", $0) }
      : axis.names.enumerated().map { ($1, Double($0)) }
    if ticks.isEmpty {
      let room = letter == "x" ? length / 55 : length / 26
      // A step beyond the axis sets gnuplot looking for places without end.
      let wanted = min(axis.decades / room, axis.decades / 2)
      let power = axis.scale == .logarithmic ? Int(wanted.rounded(.up)) : 1
      line("set \(letter)tics \(style)" + (power > 1 ? " 1e\(power)" : ""))
      if power > 1 { line("unset m\(letter)tics") }
    } else {
      let list = ticks.map { name, place in
        // Such words are formats, in which only `%` means anything.
        GnuplotText.quoted(
          name.isEmpty ? NumberText.text(place) : name.replacing("%", with: "%%"))
          + " \(NumberText.text(place))"
      }
      let words = axis.names.isEmpty ? style : "out \(mirror)\(shift)noenhanced font ',\(font(13))'"
      line("set \(letter)tics \(words) (\(list.joined(separator: ", ")))")
    }
  }

  /// The words beside the axes, placed by pixels: each kind of file has its own idea of room.
  private mutating func axisLabels(_ panel: Panel, _ place: FigureLayout.Place) {
    let plot = place.plot
    if panel.z != nil {
      for (letter, axis) in [("x", panel.x), ("y", panel.y)] {
        let words = GnuplotText.quoted(GnuplotText.shortened(axis.label, to: 40))
        line("set \(letter)label \(words) noenhanced font ',\(font(14))'")
      }
      let words = GnuplotText.quoted(GnuplotText.shortened(panel.z?.label ?? "", to: 40))
      return line(
        "set label 7 \(words) at graph 0, graph 0, graph 1.1 center noenhanced font ',\(font(14))'")
    }
    let room = (Int(plot.width / FigureLayout.character), Int(plot.height / FigureLayout.character))
    if !panel.x.label.isEmpty {
      label(4, panel.x.label, (plot.left + plot.right) / 2, plot.bottom + 41, "center", 14, room.0)
    }
    if !panel.y.label.isEmpty {
      let middle = (plot.top + plot.bottom) / 2
      label(5, panel.y.label, place.yLabel, middle, "center rotate by 90", 14, room.1)
    }
  }

  private mutating func legend(_ place: FigureLayout.Place) {
    guard let legend = place.legend else { return line("set key off") }
    line(
      "set key at \(across(legend.left)), \(up(legend.top)) left top vertical Left reverse"
        + " maxrows \(legend.rows) samplen 2 spacing \(format == .svg ? 1 : 1.2) width 1 noenhanced"
        + " font ',\(font(13))'")
  }

  private mutating func colours(_ panel: Panel, _ place: FigureLayout.Place) {
    guard let scale = panel.colours else { return line("unset colorbox") }
    line(FigureColours.palette(scale.colours))
    line("set cbrange [\(GnuplotText.number(scale.low)):\(GnuplotText.number(scale.high))]")
    if scale.scale == .logarithmic { line("set logscale cb\nset format cb '10^{%T}'") }
    guard let box = place.scale else { return line("unset colorbox") }
    let size =
      "\(NumberText.text(box.width / width, digits: 6)), "
      + NumberText.text(box.height / height, digits: 6)
    line(
      "set colorbox vertical user origin \(across(box.left)), \(up(box.bottom)) size \(size)")
    let ticks =
      scale.ticks.isEmpty
      ? "" : " (\(scale.ticks.map(NumberText.text).joined(separator: ", ")))"
    line("set cbtics out enhanced font ',\(font(13))'\(ticks)")
    if !scale.label.isEmpty {
      let middle = (box.top + box.bottom) / 2
      let room = Int(box.height / FigureLayout.character)
      label(6, scale.label, place.scaleLabel, middle, "center rotate by 90", 14, room)
    }
  }
}

extension GnuplotScript {
  // MARK: Layers

  private mutating func elements(_ panel: Panel, _ index: Int) -> [String] {
    panel.layers.enumerated().flatMap { number, layer in
      element(layer, block(index, number), FigureColours.text(layer.colour, panel.colours), panel)
    }
  }

  private mutating func element(_ layer: Layer, _ data: String, _ colour: String, _ panel: Panel)
    -> [String]
  {
    let title =
      layer.label.isEmpty
      ? "notitle" : "title \(GnuplotText.quoted(GnuplotText.shortened(layer.label, to: 80)))"
    let stroke = "lw \(NumberText.text(layer.width)) dt \(layer.dash.number) lc rgb '\(colour)'"
    let points = "pt \(layer.shape.number) ps \(NumberText.text(layer.size)) lc rgb '\(colour)'"
    let entry = layer.label.isEmpty ? [] : ["keyentry with lines \(stroke) \(title)"]
    switch layer.content {
    case .line: return ["\(data) using 1:2 with lines \(stroke) \(title)"]
    case .points: return ["\(data) using 1:2 with points \(points) \(title)"]
    case .bars: return ["\(data) using 1:2:3 with yerrorbars \(points) lw 1 \(title)"]
    case .path: return ["\(data) using 1:2:3 with lines \(stroke) \(title)"]
    case .map(let field):
      let image = "\(data) nonuniform matrix using 1:2:3 with image notitle"
      return [image]
        + (visible(field).isEmpty
          ? [] : ["\(data)c using 1:2 with lines lw 0.8 lc rgb '\(contour(panel))' notitle"])
    case .strip(let from, let to):
      line(
        "set object rectangle from first \(GnuplotText.number(from)), graph 0 to first "
          + "\(GnuplotText.number(to)), graph 1 behind fc rgb '\(FigureColours.shade)'"
          + " fs solid noborder")
      return layer.label.isEmpty
        ? [] : ["keyentry with boxes fs solid fc rgb '\(FigureColours.shade)' \(title)"]
    case .level(let place):
      let y = GnuplotText.number(place)
      line("set arrow from graph 0, first \(y) to graph 1, first \(y) nohead back \(stroke)")
      return entry
    case .place(let place):
      let x = GnuplotText.number(place)
      line("set arrow from first \(x), graph 0 to first \(x), graph 1 nohead back \(stroke)")
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

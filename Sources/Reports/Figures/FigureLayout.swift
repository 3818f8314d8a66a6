/// Where the panels of a figure lie, in pixels from the top left, and the numbers at their axes.
package struct FigureLayout {
  /// A rectangle.
  package struct Frame: Equatable {
    package var left: Double
    package var top: Double
    package var right: Double
    package var bottom: Double
    package var width: Double { right - left }
    package var height: Double { bottom - top }
  }

  /// A colour scale.
  package struct Scale {
    package var frame: Frame
    package var ticks: Ticks
    /// The middle of the words beside it.
    package var label: Double
  }

  /// One panel's part.
  package struct Place {
    /// What the axes enclose.
    package var plot: Frame
    /// What they might enclose, were a unit not as long on both.
    package var whole: Frame
    /// All that the panel has.
    package var cell: Frame
    /// Where the line above begins.
    package var title: Double
    /// The corner of the legend, and how many entries stand below each other; nil without one.
    package var legend: (left: Double, top: Double, rows: Int)?
    /// The colour scale; nil without one.
    package var scale: Scale?
    package var x: Ticks
    package var y: Ticks
    package var z: Ticks?
    /// The middle of the words beside the y axis; nil for words above it.
    package var yLabel: Double?
    /// What lies beside the whole, on the left and on the right.
    package var margins: (left: Double, right: Double) {
      (whole.left - cell.left, cell.right - whole.right)
    }
  }

  /// From a line of text to the next.
  static let line = 20.0
  /// What an entry of the legend has beside its text.
  static let sample = 52.0
  /// A column narrower than this is no place for a panel.
  private static let leastColumn = 200
  /// A narrower figure has no room for its title.
  private static let leastWidth = 560.0

  package private(set) var width: Int
  package private(set) var height = 0
  package private(set) var places: [Place] = []
  private let figure: Figure
  private let columns: Int
  /// The lines of the legend of all, and what stands above the panels.
  private let shared: Int
  private let top: Double
  /// The room of the colour scale of all.
  private let box: Double

  package init(_ figure: Figure) {
    self.figure = figure
    width = figure.width
    columns = max(min(figure.columns, figure.width / FigureLayout.leastColumn), 1)
    let first = figure.isShared ? figure.panels.first : nil
    shared = FigureLayout.rows(first?.legend ?? [], Double(width) - 80)
    top = (figure.title.isEmpty ? 8.0 : 40) + Double(shared) * FigureLayout.line
    let rows = (figure.panels.count + columns - 1) / columns
    box = FigureLayout.room(first?.colours, Double(rows * figure.panelHeight - 70))
    let cell = ((Double(width) - box - 4) / Double(columns), Double(figure.panelHeight))
    arrange(cell.0, cell.1)
    if !places.isEmpty, figure.panels.allSatisfy(\.isProportional) {
      let spare = places.reduce((cell.0, cell.1)) {
        (min($0.0, $1.whole.width - $1.plot.width), min($0.1, $1.whole.height - $1.plot.height))
      }
      let least = (min(FigureLayout.leastWidth, Double(width)) - box - 4) / Double(columns)
      arrange(max(cell.0 - spare.0, least), cell.1 - spare.1)
    }
  }

  /// Places the panels in cells of one size.
  private mutating func arrange(_ across: Double, _ down: Double) {
    width = Int((across * Double(columns) + box + 4).rounded())
    let rows = (figure.panels.count + columns - 1) / columns
    height = Int((top + (figure.note.isEmpty ? 4 : 26) + Double(rows) * down).rounded())
    let cells = figure.panels.indices.map { index in
      let (left, above) = (
        2 + Double(index % columns) * across, top + Double(index / columns) * down
      )
      return Frame(left: left, top: above, right: left + across, bottom: above + down)
    }
    places = zip(figure.panels, cells).map { place($0, $1, (0, 0)) }
    // Panels below each other begin and end at one place.
    let margins = (0..<columns).map { column in
      stride(from: column, to: places.count, by: columns).map { places[$0].margins }
        .reduce((left: 0.0, right: 0.0)) { (max($0.left, $1.left), max($0.right, $1.right)) }
    }
    places = zip(figure.panels, cells).enumerated().map { place($1.0, $1.1, margins[$0 % columns]) }
    guard figure.isShared, let first = places.first, let last = places.last else { return }
    if shared > 0 {
      let head = top - Double(shared) * FigureLayout.line
      places[0].legend = (first.plot.left, head - 4, shared)
    }
    places[0].scale = FigureLayout.scale(
      figure.panels[0].colours, Double(width) - box, first.plot.top, last.plot.bottom)
  }

  /// Places a panel in its cell, with at least these margins beside what its axes enclose.
  private func place(_ panel: Panel, _ cell: Frame, _ margins: (left: Double, right: Double))
    -> Place
  {
    let bottom = cell.bottom - (panel.x.label.isEmpty ? 28 : 54)
    var top = cell.top + (panel.title.isEmpty ? 8 : 26)
    let tall = Ticks(panel.y, length: bottom - top, isVertical: true)
    let name = TextWidth.pixels(tall.caption(panel.y.label), font: 14)
    let isAbove = panel.title.isEmpty && (panel.isLabelledAbove || name > bottom - top)
    if isAbove { top = cell.top + 26 }
    var left = cell.left + (name == 0 || isAbove ? 2 : 26) + tall.width + 14
    let box = figure.isShared ? 0 : FigureLayout.room(panel.colours, bottom - top)
    var right = cell.right - box - 8
    let out = Ticks(panel.x, length: right - left).overhang(right - left)
    left = max(left, cell.left + max(out.first + 4, margins.left))
    right = min(right - max(box > 0 ? out.last - box : out.last, 0), cell.right - margins.right)
    var legend: (left: Double, top: Double, rows: Int)?
    if !figure.isShared, !panel.legend.isEmpty {
      let rows = FigureLayout.rows(panel.legend, cell.right - left)
      legend = (left, top - 4, rows)
      top += Double(rows) * FigureLayout.line
    }
    let whole = Frame(left: left, top: top, right: right, bottom: bottom)
    let plot = panel.isProportional ? FigureLayout.proportional(whole, panel) : whole
    let y =
      panel.z == nil
      ? Ticks(panel.y, length: plot.height, isVertical: true)
      : Ticks(panel.y, length: plot.width * 0.4)
    return Place(
      plot: plot, whole: whole, cell: cell, title: cell.top + 12, legend: legend,
      scale: box > 0
        ? FigureLayout.scale(panel.colours, plot.right + 12, plot.top, plot.bottom) : nil,
      x: Ticks(panel.x, length: plot.width * (panel.z == nil ? 1 : 0.55)), y: y,
      z: panel.z.map { Ticks($0, length: plot.height * 0.5, isVertical: true) },
      yLabel: isAbove ? nil : plot.left - y.width - 24)
  }

  /// The largest part of a frame in which a unit is as long on both axes.
  private static func proportional(_ frame: Frame, _ panel: Panel) -> Frame {
    let ratio = (panel.y.last - panel.y.first).magnitude / (panel.x.last - panel.x.first).magnitude
    var frame = frame
    if frame.height > frame.width * ratio {
      frame.bottom = frame.top + frame.width * ratio
    } else {
      let spare = frame.width - frame.height / ratio
      frame.left += spare / 2
      frame.right -= spare / 2
    }
    return frame
  }

  /// How many rows the entries of a legend need.
  private static func rows(_ labels: [String], _ width: Double) -> Int {
    guard let longest = labels.map({ TextWidth.pixels($0, font: Ticks.font) }).max() else {
      return 0
    }
    let fit = max(Int(width / (sample + min(longest, width - sample))), 1)
    return (labels.count + fit - 1) / fit
  }

  // MARK: Colour scales

  private static let (scaleWidth, scaleGap, scaleLabel) = (14.0, 12.0, 28.0)

  /// What a colour scale needs on the right, its numbers and label included.
  private static func room(_ scale: ColourScale?, _ length: Double) -> Double {
    guard let scale, !scale.label.isEmpty else { return 0 }
    return scaleGap + scaleWidth + 12 + ticks(scale, length).width + scaleLabel
  }

  private static func ticks(_ scale: ColourScale, _ length: Double) -> Ticks {
    scale.ticks.isEmpty
      ? Ticks(scale.axis, length: length, isVertical: true)
      : Ticks(scale.axis, at: scale.ticks, length: length)
  }

  private static func scale(
    _ scale: ColourScale?, _ left: Double, _ top: Double, _ bottom: Double
  ) -> Scale? {
    guard let scale, !scale.label.isEmpty else { return nil }
    let frame = Frame(left: left, top: top, right: left + scaleWidth, bottom: bottom)
    let ticks = ticks(scale, frame.height)
    return Scale(frame: frame, ticks: ticks, label: frame.right + 12 + ticks.width + 12)
  }
}

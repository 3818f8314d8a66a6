/// Where the panels of a figure lie, in pixels from the top left.
struct FigureLayout {
  /// A rectangle.
  struct Frame: Equatable {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double
    var width: Double { right - left }
    var height: Double { bottom - top }
  }

  /// One panel's part.
  struct Place {
    /// What the axes enclose.
    var plot: Frame
    /// All that the panel has.
    var cell: Frame
    /// Where the line above begins.
    var title: Double
    /// The corner of the legend, and how many entries stand below each other; nil without one.
    var legend: (left: Double, top: Double, rows: Int)?
    /// The colour scale; nil without one.
    var scale: Frame?
    /// The middle of the words beside the y axis and beside the colour scale.
    var yLabel: Double
    var scaleLabel: Double
  }

  /// How wide a character is at most in common fonts of 14 pixels.
  static let character = 7.6
  /// From a line of text to the next.
  static let line = 20.0
  /// What an entry of the legend has beside its text.
  private static let sample = 52.0
  private static let scaleWidth = 14.0

  let height: Int
  private(set) var places: [Place] = []
  private let figure: Figure

  init(_ figure: Figure) {
    self.figure = figure
    let rows = (figure.panels.count + figure.columns - 1) / figure.columns
    let head = figure.title.isEmpty ? 8.0 : 40
    let foot = figure.note.isEmpty ? 4.0 : 26
    var shared = 0
    let width = Double(Figure.width)
    if figure.isShared, let first = figure.panels.first {
      shared = FigureLayout.legend(first.legend, width - 40)
    }
    let top = head + Double(shared) * FigureLayout.line
    let box = figure.isShared ? FigureLayout.scaleRoom(figure.panels.first?.colours) : 0
    height = Int(top + foot) + rows * figure.panelHeight
    let cellWidth = (width - box - 4) / Double(figure.columns)
    for (index, panel) in figure.panels.enumerated() {
      let (row, column) = (index / figure.columns, index % figure.columns)
      let left = 2 + Double(column) * cellWidth
      let above = top + Double(row * figure.panelHeight)
      let cell = Frame(
        left: left, top: above, right: left + cellWidth,
        bottom: above + Double(figure.panelHeight))
      places.append(place(panel, cell))
    }
    share(shared, head, box)
  }

  /// Gives the first panel the legend and the colour scale of all.
  private mutating func share(
    _ rows: Int, _ head: Double, _ box: Double
  ) {
    guard figure.isShared, !places.isEmpty else { return }
    if rows > 0 { places[0].legend = (places[0].plot.left, head - 4, rows) }
    guard box > 0 else { return }
    let left = Double(Figure.width) - box
    places[0].scale = Frame(
      left: left, top: places[0].plot.top, right: left + FigureLayout.scaleWidth,
      bottom: places[places.count - 1].plot.bottom)
    places[0].scaleLabel = left + box - 16
  }

  private func place(_ panel: Panel, _ cell: Frame) -> Place {
    let names = Double(FigureLayout.tickWidth(panel.y)) * FigureLayout.character
    let left = cell.left + names + (panel.y.label.isEmpty ? 16 : 40)
    var legend: (left: Double, top: Double, rows: Int)?
    var top = cell.top + (panel.title.isEmpty ? 8 : 26)
    let title = cell.top + 12
    if !figure.isShared, !panel.legend.isEmpty {
      let rows = FigureLayout.legend(panel.legend, cell.right - left)
      legend = (left, top - 4, rows)
      top += Double(rows) * FigureLayout.line
    }
    let box = figure.isShared ? 0 : FigureLayout.scaleRoom(panel.colours)
    var plot = Frame(
      left: left, top: top,
      right: cell.right - 20 - box, bottom: cell.bottom - (panel.x.label.isEmpty ? 28 : 54))
    if panel.isProportional { plot = FigureLayout.proportional(plot, panel) }
    let scale =
      box > 0
      ? Frame(
        left: plot.right + 12, top: plot.top, right: plot.right + 12 + FigureLayout.scaleWidth,
        bottom: plot.bottom) : nil
    return Place(
      plot: plot, cell: cell, title: title, legend: legend, scale: scale,
      yLabel: plot.left - names - 24, scaleLabel: (scale?.left ?? 0) + box - 20)
  }

  /// The largest part of a frame in which a unit is as long on both axes.
  private static func proportional(_ frame: Frame, _ panel: Panel) -> Frame {
    let ratio = (panel.y.last - panel.y.first).magnitude / (panel.x.last - panel.x.first).magnitude
    var frame = frame
    if frame.height > frame.width * ratio {
      let spare = frame.height - frame.width * ratio
      frame.bottom -= spare
    } else {
      let spare = frame.width - frame.height / ratio
      frame.left += spare / 2
      frame.right -= spare / 2
    }
    return frame
  }

  /// How many rows the entries of a legend need.
  static func legend(_ labels: [String], _ width: Double) -> Int {
    guard let longest = labels.map(\.count).max() else { return 0 }
    let fit = max(Int(width / (sample + Double(longest) * character)), 1)
    return (labels.count + fit - 1) / fit
  }

  /// What a colour scale needs on the right, its numbers and label included.
  private static func scaleRoom(_ scale: ColourScale?) -> Double {
    guard let scale, !scale.label.isEmpty else { return 0 }
    let axis = Axis(scale.label, from: scale.low, to: scale.high, scale.scale)
    let numbers = Double(tickWidth(axis)) * character
    return 12 + scaleWidth + 12 + numbers + 28
  }

  /// How many characters the widest number of an axis has.
  static func tickWidth(_ axis: Axis) -> Int {
    if !axis.names.isEmpty { return axis.names.map(\.count).max() ?? 0 }
    if axis.scale == .logarithmic { return 4 }
    let size = max(axis.first.magnitude, axis.last.magnitude)
    let step = (axis.last - axis.first).magnitude / 6
    if size >= 1e6 || size < 1e-4 { return 11 }
    var (decimals, power) = (0, 1.0)
    while power > step, decimals < 6 { (decimals, power) = (decimals + 1, power / 10) }
    var whole = 1
    while size >= 10 * power, whole + decimals < 7 { (whole, power) = (whole + 1, power * 10) }
    let digits = decimals > 0 ? max(whole, decimals + 1) + 1 : whole
    return digits + (min(axis.first, axis.last) < 0 ? 1 : 0)
  }
}

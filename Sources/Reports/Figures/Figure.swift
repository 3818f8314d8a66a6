/// A picture of numbers, before anything is drawn: panels with axes, and what lies in them.
///
/// ``Gnuplot`` draws it. Everything that a reader must be able to check stands here: labels, ranges
/// and the numbers themselves.
public struct Figure: Sendable {
  /// How wide figures are unless they say otherwise, in pixels.
  public static let width = 900

  /// A word for files: letters, digits and hyphens.
  public var name: String
  /// The line above all panels.
  public var title: String
  /// Row by row.
  public var panels: [Panel]
  /// How many panels stand side by side, where the width allows it.
  public var columns: Int
  /// Pixels that a panel has from one to the next, its labels included.
  public var panelHeight: Int
  /// Whether the legend of the first panel and its colour scale serve all.
  public var isShared: Bool
  /// A line below all panels; empty for none.
  public var note: String
  /// Pixels across.
  ///
  /// Text keeps its size. A figure of panels that all have one unit on both axes is as much narrower
  /// as these need.
  public var width = Figure.width

  /// Makes a figure of panels.
  public init(
    name: String, title: String, panels: [Panel], columns: Int = 1, panelHeight: Int = 420,
    isShared: Bool = false, note: String = ""
  ) {
    precondition(columns > 0 && panelHeight > 0, "\(columns) columns of \(panelHeight) pixels")
    precondition(
      !name.isEmpty && name.utf8.allSatisfy { Figure.isNameByte($0) }, "'\(name)' names no figure")
    self.name = name
    self.title = title
    self.panels = panels
    self.columns = columns
    self.panelHeight = panelHeight
    self.isShared = isShared
    self.note = note
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
      || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || byte == UInt8(ascii: "-")
  }
}

/// Axes and what lies between them.
public struct Panel: Sendable {
  /// The line above the panel; empty for none.
  public var title: String
  public var x: Axis
  public var y: Axis
  /// The third axis, of a panel that is seen in perspective.
  public var z: Axis?
  /// From the bottom to the top.
  public var layers: [Layer]
  /// What colours mean, where they mean numbers.
  public var colours: ColourScale?
  /// Whether a unit is as long on both axes.
  public var isProportional: Bool
  /// Whether the label of the y axis stands above it, as one does that is too long to stand beside
  /// it; only where there is no title.
  public var isLabelledAbove: Bool

  /// Makes a panel.
  public init(
    title: String = "", x: Axis, y: Axis, z: Axis? = nil, layers: [Layer],
    colours: ColourScale? = nil, isProportional: Bool = false, isLabelledAbove: Bool = false
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.z = z
    self.layers = layers
    self.colours = colours
    self.isProportional = isProportional
    self.isLabelledAbove = isLabelledAbove
  }

  /// The labels of the legend, in order.
  public var legend: [String] { layers.compactMap { $0.label.isEmpty ? nil : $0.label } }
}

/// One axis of a panel.
public struct Axis: Sendable, Equatable {
  /// How numbers are laid out.
  public enum Scale: Sendable, Equatable {
    case linear
    /// Only for positive numbers: others are not drawn.
    case logarithmic
  }

  /// What stands beside it, with its unit.
  public var label: String
  public var scale: Scale
  /// What is shown, from the left or the bottom on; it may fall.
  public private(set) var first: Double
  /// The other end.
  public private(set) var last: Double
  /// Names at places 0, 1, …, instead of numbers; empty for numbers.
  public var names: [String]

  /// Makes an axis between two ends.
  ///
  /// - Precondition: both are finite and differ; of a logarithmic axis both are positive.
  public init(
    _ label: String, from first: Double, to last: Double, _ scale: Scale = .linear,
    names: [String] = []
  ) {
    precondition(first.isFinite && last.isFinite && first != last, "an axis \(first) … \(last)")
    precondition(
      scale == .linear || first > 0 && last > 0, "a logarithmic axis \(first) … \(last)")
    self.label = label
    self.scale = scale
    self.first = first
    self.last = last
    self.names = names
  }

  /// Makes an axis that shows all numbers which it can, with a little room on both sides.
  ///
  /// Where there is none, it goes from 0 to 1, or from 0.1 to 1; a single number stands in the
  /// middle.
  /// - Parameter room: part of the length that is left free on each side.
  public init(
    _ label: String, showing numbers: [Double], _ scale: Scale = .linear, room: Double = 0.04
  ) {
    var (low, high) = (Double.infinity, -Double.infinity)
    for number in numbers where number.isFinite && (scale == .linear || number >= Axis.least) {
      (low, high) = (min(low, number), max(high, number))
    }
    let ends = Axis.ends(low, high, scale, room)
    self.init(label, from: ends.first, to: ends.last, scale)
  }

  /// What a logarithmic axis shows at least: below it, quotients lose their digits.
  static let least = 1e-300

  private static func ends(_ low: Double, _ high: Double, _ scale: Scale, _ room: Double)
    -> (first: Double, last: Double)
  {
    if scale == .logarithmic {
      guard low <= high else { return (0.1, 1) }
      // Down to the smallest numbers there is no room.
      let factor = low < high ? Axis.power(high / low, room) : 2
      return (max(low / factor, Axis.least), min(high * factor, 1e308))
    }
    guard low <= high else { return (0, 1) }
    let length = high - low
    // Numbers that differ by rounding alone are one number.
    if length < Axis.least || length <= 1e-14 * max(low.magnitude, high.magnitude)
      || !length.isFinite
    {
      let size = max(low.magnitude, high.magnitude)
      let half = length.isFinite ? (size < Axis.least ? 1 : 0.1 * size) : 0
      return half > 0 ? (low - half, high + half) : (low / 2, max(high / 2, low / 2 + 1))
    }
    return (low - room * length, high + room * length)
  }
}

/// Something that lies in a panel.
public struct Layer: Sendable {
  /// What is drawn.
  public enum Content: Sendable {
    /// A curve through points, which ends and starts again at numbers that are not finite.
    case line(x: [Double], y: [Double])
    /// Single points.
    case points(x: [Double], y: [Double])
    /// Points with their deviation, up and down.
    case bars(x: [Double], y: [Double], deviation: [Double])
    /// A curve in space.
    case path(x: [Double], y: [Double], z: [Double])
    /// Numbers over a plane, by the panel's colour scale.
    case map(PlaneField)
    /// A shaded strip across the panel, between two places of the x axis.
    case strip(from: Double, to: Double)
    /// A straight line across the panel at a place of the y axis.
    case level(Double)
    /// A straight line across the panel at a place of the x axis.
    case place(Double)
  }

  /// How a line is drawn.
  public enum Dash: Sendable, Equatable {
    case solid, dashed, dotted
  }

  /// How a point is drawn.
  public enum Shape: Sendable, Equatable {
    case dot, disc, ring, cross, triangle, square, diamond, plus
  }

  /// What the legend says; empty for nothing.
  public var label: String
  public var content: Content
  public var colour: FigureColour
  /// Of lines, in pixels.
  public var width: Double
  public var dash: Dash
  public var shape: Shape
  /// Of points, in units of gnuplot: 1 is some 8 pixels.
  public var size: Double

  /// Makes a layer.
  public init(
    _ content: Content, label: String = "", colour: FigureColour = .ink, width: Double = 1.5,
    dash: Dash = .solid, shape: Shape = .disc, size: Double = 0.6
  ) {
    self.content = content
    self.label = label
    self.colour = colour
    self.width = width
    self.dash = dash
    self.shape = shape
    self.size = size
  }

  /// Whether there is nothing to draw.
  public var isEmpty: Bool {
    switch content {
    case .line(let x, _), .points(let x, _), .bars(let x, _, _), .path(let x, _, _): x.isEmpty
    case .map, .strip, .level, .place: false
    }
  }
}

/// Numbers on a grid in a plane.
public struct PlaneField: Sendable, Equatable {
  /// Evenly spaced, increasing.
  public let x: [Double]
  /// Evenly spaced, increasing.
  public let y: [Double]
  /// `[y][x]`, row by row; not a number where there is none.
  public let values: [Double]
  /// Where contour lines are drawn.
  public var levels: [Double]

  /// Takes numbers on a grid.
  ///
  /// - Precondition: both axes have two places or more and increase; the counts fit.
  public init(x: [Double], y: [Double], values: [Double], levels: [Double] = []) {
    precondition(x.count > 1 && y.count > 1, "a plane of \(x.count) by \(y.count) places")
    precondition(
      values.count == x.count * y.count, "\(values.count) numbers on \(x.count)×\(y.count)")
    self.x = x
    self.y = y
    self.values = values
    self.levels = levels
  }
}

/// The colour of a layer.
public enum FigureColour: Sendable, Equatable {
  /// Nearly black.
  case ink
  /// Grey.
  case muted
  /// White, to be seen on a map.
  case paper
  /// The n-th of several things side by side, from 0; of the palette of Okabe and Ito.
  case series(Int)
  /// A part of the panel's colour scale, from 0 to 1.
  case scale(Double)
}

/// What colours mean where they stand for numbers.
public struct ColourScale: Sendable, Equatable {
  /// Which colours, from the lowest to the highest number.
  public enum Colours: Sendable, Equatable {
    /// Viridis: lightness rises evenly.
    case sequential
    /// Viridis without its lightest part, for lines on white.
    case lines
    /// Blue, white in the middle, red.
    case diverging
  }

  /// What stands beside the scale, with its unit; empty for a scale that is not shown.
  public var label: String
  public var colours: Colours
  public var low: Double
  public var high: Double
  public var scale: Axis.Scale
  /// Where the scale has numbers; empty to leave that open.
  public var ticks: [Double]

  /// Makes a scale between two numbers.
  ///
  /// - Precondition: `low` is less than `high`, both are finite, and positive on a logarithmic scale.
  public init(
    _ label: String, _ colours: Colours, from low: Double, to high: Double,
    _ scale: Axis.Scale = .linear, ticks: [Double] = []
  ) {
    precondition(low < high && low.isFinite && high.isFinite, "a colour scale \(low) … \(high)")
    precondition(scale == .linear || low > 0, "a logarithmic colour scale \(low) … \(high)")
    self.label = label
    self.colours = colours
    self.low = low
    self.high = high
    self.scale = scale
    self.ticks = ticks
  }

  /// The scale as an axis.
  var axis: Axis { Axis(label, from: low, to: high, scale) }

  /// Which part of the scale a number is at, from 0 to 1.
  public func part(_ number: Double) -> Double {
    let part = axis.part(number)
    return min(max(part.isNaN ? 0 : part, 0), 1)
  }
}

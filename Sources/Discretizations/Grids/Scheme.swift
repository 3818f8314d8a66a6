/// How derivatives along an axis are approximated.
public enum Scheme: Hashable, Sendable {
  /// Centred finite differences of accuracy 2, 4 or 6, with one-sided closures of that accuracy.
  case difference(Int)
  /// The polynomial through the Gauss-Lobatto points.
  case chebyshev
  /// The trigonometric polynomial through equally spaced points of a period.
  case fourier
  /// Finite volumes that do not overshoot, for transport without diffusion; else differences of order 2.
  case limited

  /// The scheme that a problem file calls by this name; nil if there is none.
  public init?(name: String) {
    guard let row = SchemeCatalog.all.first(where: { $0.name == name }) else { return nil }
    self = row.scheme
  }

  /// What a problem file calls it.
  public var name: String {
    switch self {
    case .difference(let order): "difference\(order)"
    case .chebyshev: "chebyshev"
    case .fourier: "fourier"
    case .limited: "limited"
    }
  }

  /// Whether all nodes of an axis enter each derivative.
  public var isSpectral: Bool { self == .chebyshev || self == .fourier }

  /// The accuracy of difference formulas of this scheme; nil for spectral ones.
  var stencilAccuracy: Int? {
    switch self {
    case .difference(let order): order
    case .limited: 2
    case .chebyshev, .fourier: nil
    }
  }
}

/// Nodes that cluster near places.
public struct Grading: Hashable, Sendable {
  /// Where nodes cluster.
  public var near: [Double]
  /// The coarsest spacing over the finest, at least 1.
  public var ratio: Double

  /// Asks for nodes near places.
  public init(near: [Double], ratio: Double) {
    self.near = near
    self.ratio = ratio
  }
}

/// What an ``Axis`` is made from.
public struct AxisSpec: Hashable, Sendable {
  /// The variable.
  public var name: String
  public var lower: Double
  public var upper: Double
  public var scheme: Scheme
  /// Number of nodes; both ends are among them, but a period's upper end is not.
  public var points: Int
  public var isPeriodic: Bool
  /// Of difference schemes; spectral ones have nodes of their own and pass over it.
  public var grading: Grading?

  /// Describes the nodes of an interval.
  public init(
    name: String, lower: Double, upper: Double, scheme: Scheme, points: Int,
    isPeriodic: Bool = false, grading: Grading? = nil
  ) {
    self.name = name
    self.lower = lower
    self.upper = upper
    self.scheme = scheme
    self.points = points
    self.isPeriodic = isPeriodic
    self.grading = grading
  }
}

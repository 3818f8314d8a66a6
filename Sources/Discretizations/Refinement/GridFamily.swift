/// Grids of one kind from coarse to fine: the same scheme on each axis, more and more points.
public struct GridFamily: Sendable, Equatable {
  /// One variable of the family.
  public struct Member: Sendable, Equatable {
    public var name: String
    public var lower: Double
    public var upper: Double
    public var scheme: Scheme
    public var isPeriodic: Bool
    public var grading: Grading?
    /// Points of the coarsest grid.
    public var first: Int
    /// Points of the finest grid.
    public var most: Int

    /// Makes an axis of the family.
    public init(
      name: String, lower: Double, upper: Double, scheme: Scheme, isPeriodic: Bool,
      grading: Grading? = nil, first: Int, most: Int
    ) {
      precondition(first <= most, "\(first) to \(most) points")
      self.name = name
      self.lower = lower
      self.upper = upper
      self.scheme = scheme
      self.isPeriodic = isPeriodic
      self.grading = grading
      self.first = first
      self.most = most
    }

    /// Points at a scale: `scale` times as many intervals as the coarsest grid has.
    func points(_ scale: Double) -> Int {
      let isOpen = isPeriodic || scheme.isSpectral
      let intervals = Double(isOpen ? first : first - 1) * scale
      // Even counts: a Fourier axis is then symmetric, and a middle that stays put is a node.
      let even = 2 * Int((intervals / 2).rounded())
      return min(most, max(first, isOpen ? even : even + 1))
    }
  }

  /// The axes in the order of the space variables.
  public var axes: [Member]

  /// Makes a family of at least one axis.
  public init(_ axes: [Member]) {
    precondition(!axes.isEmpty, "a grid without axes")
    self.axes = axes
  }

  /// The grid at a scale; 1 is the coarsest.
  public func grid(_ scale: Double) -> [AxisSpec] {
    axes.map { axis in
      AxisSpec(
        name: axis.name, lower: axis.lower, upper: axis.upper, scheme: axis.scheme,
        points: axis.points(scale), isPeriodic: axis.isPeriodic, grading: axis.grading)
    }
  }

  /// Whether every axis is spectral.
  public var isSpectral: Bool { axes.allSatisfy { $0.scheme.isSpectral } }

  /// How the error falls as the grid is refined.
  public var law: ErrorLaw {
    let orders = axes.compactMap { axis -> Double? in
      switch axis.scheme {
      case .difference(let order): Double(order)
      case .limited: 2
      case .chebyshev, .fourier: nil
      }
    }
    return orders.min().map { .algebraic(order: $0) } ?? .geometric
  }

  /// From one grid to the next.
  public var step: Double { isSpectral ? 1.5 : 2 }

  /// The scale of the finest grid.
  public var mostScale: Double {
    axes.map { Double($0.most) / Double($0.first) }.max() ?? 1
  }

  /// Points of the axis that the error is counted in: the finest one that is not spectral.
  func leading(_ grid: [AxisSpec]) -> Double {
    let counted = isSpectral ? grid : grid.filter { !$0.scheme.isSpectral }
    return Double(counted.map(\.points).max() ?? 1)
  }

  /// Whether a scale is far enough up for what is seen there to go on.
  func isLate(_ scale: Double?) -> Bool { scale.map { $0 * $0 >= mostScale } ?? false }
}

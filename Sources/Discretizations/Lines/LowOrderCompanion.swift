/// The grid whose differences of order 2 stand in for wider ones in a factorisation.
enum LowOrderCompanion {
  /// Below this many rows, wide differences are factored as they are.
  private static let directLimit = 6_000

  /// The same nodes with differences of order 2, where factoring them and iterating costs less.
  static func grid(_ discrete: DiscreteSystem) -> Grid? {
    let specs = discrete.grid.axes.map(\.spec)
    guard specs.count > 1, discrete.dimension > directLimit, discrete.terms == nil,
      !specs.contains(where: { $0.scheme.isSpectral })
    else { return nil }
    var isWide = false
    let low = specs.map { spec in
      var spec = spec
      if case .difference(let order) = spec.scheme, order > 2 {
        spec.scheme = .difference(2)
        isWide = true
      }
      return spec
    }
    return isWide ? Grid(low) : nil
  }
}

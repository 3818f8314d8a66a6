import Problems

/// How fast disturbances of the state 0 grow, by the terms of an evolution with constant
/// coefficients.
public enum LinearGrowth {
  /// Waves looked at: of 1 to so many periods in the domain, along each axis.
  private static let waves = 64

  /// The largest growth rate of a wave, in e-folds a unit of the marching variable; 0 where none
  /// grows, nil where nothing can be said.
  ///
  /// Cost: an eigenvalue problem as large as the unknowns for each of 64 waves an axis.
  public static func fastest(_ problem: Problem) -> Double? {
    guard problem.marching != nil, let system = Linearization(problem) else { return nil }
    let growth = WaveGrowth(system, isBackward: problem.marchesDown)
    var fastest = 0.0
    for (axis, interval) in system.space.enumerated() {
      for count in 1...waves {
        var wave = [Double](repeating: 0, count: system.space.count)
        wave[axis] = 2 * Double.pi * Double(count) / (interval.upper - interval.lower)
        guard let rate = growth.rate(system.constants, wave) else { continue }
        if rate.rate > rate.noise { fastest = max(fastest, rate.rate) }
      }
    }
    return fastest
  }
}

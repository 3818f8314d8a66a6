import Glibc

/// How the error of a family of grids falls with the number n of points of its first axis.
public enum ErrorLaw: Sendable, Equatable {
  /// Like n^(−θ), with θ at most the order of the differences.
  case algebraic(order: Double)
  /// Like e^(−θ·n), as the coefficients of a smooth function in a spectral basis.
  case geometric

  /// The size of the error with n points, up to a constant.
  func size(_ n: Double, _ rate: Double) -> Double {
    switch self {
    case .algebraic: pow(n, -rate)
    case .geometric: exp(-rate * n)
    }
  }

  /// The rate θ that three grids show: their points, and the distances of neighbours.
  ///
  /// 0 where the distances do not fall; never above the order of the differences.
  public func rate(points: (Double, Double, Double), distances: (Double, Double)) -> Double {
    let (n0, n1, n2) = points
    guard distances.1 > 0, distances.0 > 0 else { return largest(n2) }
    let wanted = distances.0 / distances.1
    func ratio(_ rate: Double) -> Double {
      let (a, b) = (size(n0, rate) / size(n1, rate), size(n2, rate) / size(n1, rate))
      return (a - 1) / (1 - b)
    }
    var (low, high) = (1e-6 * largest(n2), largest(n2))
    if ratio(low) >= wanted { return 0 }
    if ratio(high) <= wanted { return high }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if ratio(middle) < wanted { low = middle } else { high = middle }
    }
    return low
  }

  /// The error of the finer of two grids at this distance from each other, if the law holds.
  ///
  /// At most ten times the distance, where nothing is seen to fall.
  public func error(points: (Double, Double), distance: Double, rate: Double) -> Double {
    distance / max(min(gain(points, rate), mostGain) - 1, 0.1)
  }

  /// How many points make an error of `wanted`, where `n` points make one of `error`.
  public func points(for wanted: Double, from n: Double, error: Double, rate: Double) -> Double {
    guard error > wanted else { return n }
    guard rate > 0 else { return .infinity }
    switch self {
    case .algebraic: return n * pow(error / wanted, 1 / rate)
    case .geometric: return n + log(error / wanted) / rate
    }
  }

  /// The factor by which the error falls from a grid to a finer one.
  func gain(_ points: (Double, Double), _ rate: Double) -> Double {
    size(points.0, rate) / size(points.1, rate)
  }

  /// What one grid is trusted to gain on the one before: extrapolation hides the finer one's rounding.
  var mostGain: Double {
    switch self {
    case .algebraic: 1000
    case .geometric: 11
    }
  }

  private func largest(_ n: Double) -> Double {
    switch self {
    case .algebraic(let order): order
    case .geometric: 700 / n
    }
  }
}

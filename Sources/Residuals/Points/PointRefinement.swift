/// How points are drawn where the residual is large: the catalog behind `train.points.refine`.
public enum PointRefinement: String, CaseIterable, Sendable, Codable {
  /// With a density proportional to ε/mean(ε) + 1, ε the size of the residual.
  ///
  /// From a pool of ten times as many points, without repetition, by systematic sampling: the
  /// number of points in any part of the pool differs from what is expected by less than one.
  /// Source: C. Wu, M. Zhu, Q. Tan, Y. Kartha and L. Lu, Comput. Methods Appl. Mech. Engrg. 403
  /// (2023) 115671, RAD with k = c = 1.
  case rad
  /// With a density proportional to ε/mean(ε) + 6√s/mean(√s) + 1, s the size of the gradient of the
  /// solution in units of the domain.
  ///
  /// Where the residual is small the network may still bend between the points of a front: there
  /// the residual alone calls points away as soon as they have done their work, and the error
  /// comes back. Slopes keep them there, wherever the front moves.
  case variation

  /// One line for people.
  public var summary: String {
    switch self {
    case .rad: "drawn from a pool with a density of residual/mean + 1 (Wu et al. 2023)"
    case .variation: "as rad, with six times √slope/mean added: keeps points in fronts"
    }
  }

  /// The weight of √s in the density.
  static let slopeWeight = 6.0

  /// How many candidates there are for a point.
  static let poolFactor = 10

  /// Chooses among candidates.
  ///
  /// - Parameters:
  ///   - sizes: of the residual, one for each candidate; those not finite count as the largest.
  ///   - slopes: of the solution, likewise; empty where only the residual counts.
  ///   - count: how many to choose, at most as many as candidates.
  /// - Returns: their indices, increasing, each once.
  static func chosen(
    _ sizes: [Double], slopes: [Double] = [], count: Int, start: Double
  ) -> [Int] {
    precondition(count <= sizes.count, "\(count) of \(sizes.count) candidates")
    var density = relative(sizes).map { $0 + 1 }
    for (index, slope) in relative(slopes.map { $0.squareRoot() }).enumerated() {
      density[index] += slopeWeight * slope
    }
    let chances = inclusion(density, count)
    // Where the running sum of chances passes a whole number, plus `start`, a candidate is taken.
    var taken: [Int] = []
    var sum = 0.0
    for (index, chance) in chances.enumerated() {
      sum += chance
      if taken.count < count, sum > Double(taken.count) + start { taken.append(index) }
    }
    // Rounding may leave the last one out.
    var last = sizes.count - 1
    while taken.count < count {
      if !taken.contains(last) { taken.append(last) }
      last -= 1
    }
    return taken.sorted()
  }

  /// Numbers in units of their mean; those not finite count as the largest.
  private static func relative(_ sizes: [Double]) -> [Double] {
    let finite = sizes.filter(\.isFinite)
    let largest = finite.max() ?? 1
    let mean = finite.isEmpty ? 1 : finite.reduce(0) { $0 + $1 / Double(finite.count) }
    return sizes.map { mean > 0 ? ($0.isFinite ? $0 : largest) / mean : 0 }
  }

  /// The chance of each candidate, in proportion to the density and at most 1; they add up to
  /// `count`.
  private static func inclusion(_ density: [Double], _ count: Int) -> [Double] {
    var isSure = [Bool](repeating: false, count: density.count)
    while true {
      var rest = 0.0
      var left = count
      for (index, weight) in density.enumerated() {
        if isSure[index] { left -= 1 } else { rest += weight }
      }
      var isDone = true
      for (index, weight) in density.enumerated()
      where !isSure[index] && weight * Double(left) > rest {
        isSure[index] = true
        isDone = false
      }
      if isDone {
        return density.indices.map { isSure[$0] ? 1 : density[$0] * Double(left) / rest }
      }
    }
  }
}

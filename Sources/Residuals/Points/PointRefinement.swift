/// How points are drawn where the residual is large: the catalog behind `train.points.refine`.
public enum PointRefinement: String, CaseIterable, Sendable, Codable {
  /// With a density proportional to ε/mean(ε) + 1, ε the size of the residual.
  ///
  /// From a pool of ten times as many points, without repetition, by systematic sampling: the
  /// number of points in any part of the pool differs from what is expected by less than one.
  /// Source: C. Wu, M. Zhu, Q. Tan, Y. Kartha and L. Lu, Comput. Methods Appl. Mech. Engrg. 403
  /// (2023) 115671, RAD with k = c = 1.
  case rad

  /// One line for people.
  public var summary: String {
    "drawn from a pool with a density of residual/mean + 1 (Wu et al. 2023)"
  }

  /// How many candidates there are for a point.
  static let poolFactor = 10

  /// Chooses among candidates.
  ///
  /// - Parameters:
  ///   - sizes: of the residual, one for each candidate; those not finite count as the largest.
  ///   - count: how many to choose, at most as many as candidates.
  /// - Returns: their indices, increasing, each once.
  static func chosen(_ sizes: [Double], count: Int, start: Double) -> [Int] {
    precondition(count <= sizes.count, "\(count) of \(sizes.count) candidates")
    let finite = sizes.filter(\.isFinite)
    let largest = finite.max() ?? 1
    let mean = finite.isEmpty ? 1 : finite.reduce(0) { $0 + $1 / Double(finite.count) }
    let density = sizes.map { (mean > 0 ? ($0.isFinite ? $0 : largest) / mean : 0) + 1 }
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

import Glibc

/// How fine a mesh must be where: from the jumps of the highest derivative that the polynomials have.
///
/// On an interval the error of an unknown of order m with k Gauss points is about
/// C·h^(k+m)·|u^(k+m)|, C = k!/(2k)!·(4k + 2)^(−m). The density is 1/h for an error of 1 in units of
/// the target: its integral is the number of intervals that are needed.
/// - Source: U. Ascher, J. Christiansen & R. D. Russell, Math. Comp. 33 (1979) 659, section 3.
struct MeshMonitor {
  /// The density on each interval of the mesh.
  let density: [Double]
  private let mesh: [Double]
  /// Places that stay in every mesh, both ends among them.
  private let fixed: [Double]

  /// Measures a solution.
  ///
  /// - Parameters:
  ///   - target: error wanted, relative to the largest value of each unknown.
  ///   - fixed: places where the equations may jump; both ends among them.
  init(_ solution: PiecewisePolynomial, target: Double, fixed: [Double]) {
    mesh = solution.mesh
    self.fixed = fixed
    let layout = solution.layout
    let kept = Set(fixed)
    var density = [Double](repeating: 0, count: solution.intervals)
    for (unknown, order) in layout.orders.enumerated() {
      let power = Double(layout.stages + order)
      let size = MeshMonitor.size(solution, unknown)
      guard size > 0 else { continue }
      let factor = MeshMonitor.constant(layout.stages, order) / (size * target)
      let slopes = MeshMonitor.slopes(solution, unknown, kept)
      for i in density.indices {
        density[i] = max(density[i], pow(factor * slopes[i], 1 / power))
      }
    }
    self.density = MeshMonitor.smoothed(density, mesh)
  }

  /// The number of intervals that the target needs, well placed.
  var needed: Double {
    density.indices.reduce(0) { $0 + density[$1] * (mesh[$1 + 1] - mesh[$1]) }
  }

  /// The largest share of the target's h that an interval uses: at most 1 where it is met.
  var worst: Double {
    density.indices.reduce(0) { max($0, density[$1] * (mesh[$1 + 1] - mesh[$1])) }
  }

  /// A mesh of about `count` intervals, each with the same share of the density.
  func mesh(of count: Int) -> [Double] {
    let total = needed
    var result = [fixed[0]]
    for (start, end) in zip(fixed, fixed.dropFirst()) {
      let first = mesh.firstIndex { $0 >= start } ?? 0
      let last = mesh.lastIndex { $0 <= end } ?? mesh.count - 1
      var sums = [0.0]
      for i in first..<max(last, first) {
        sums.append(sums[sums.count - 1] + density[i] * (mesh[i + 1] - mesh[i]))
      }
      let whole = sums[sums.count - 1]
      let share = total > 0 ? whole / total : (end - start) / (fixed[fixed.count - 1] - fixed[0])
      let parts = max(fixed.count == 2 ? 1 : 2, Int((share * Double(count)).rounded()))
      var i = 0
      for part in 1..<parts {
        let wanted = whole * Double(part) / Double(parts)
        while i + 2 < sums.count, sums[i + 1] < wanted { i += 1 }
        let inside = i + 1 < sums.count && sums[i + 1] > sums[i]
        let x =
          inside
          ? mesh[first + i]
            + (wanted - sums[i]) / (sums[i + 1] - sums[i]) * (mesh[first + i + 1] - mesh[first + i])
          : start + (end - start) * Double(part) / Double(parts)
        let previous = result[result.count - 1]
        // Neighbours keep digits between them.
        if x > previous + 1e-13 * (end - start), x < end - 1e-13 * (end - start) {
          result.append(x)
        }
      }
      result.append(end)
    }
    return result
  }

  /// The mesh with every interval halved.
  static func halved(_ mesh: [Double]) -> [Double] {
    var halved = [mesh[0]]
    for (start, end) in zip(mesh, mesh.dropFirst()) {
      halved.append(start + (end - start) / 2)
      halved.append(end)
    }
    return halved
  }

  /// Equal intervals between fixed places, about `count` of them.
  static func uniform(_ fixed: [Double], _ count: Int) -> [Double] {
    let length = fixed[fixed.count - 1] - fixed[0]
    var mesh = [fixed[0]]
    for (start, end) in zip(fixed, fixed.dropFirst()) {
      let least = fixed.count == 2 ? 1 : 2
      let parts = max(least, Int((Double(count) * (end - start) / length).rounded()))
      for part in 1..<parts {
        let share = Double(part) / Double(parts)
        mesh.append(start * (1 - share) + end * share)
      }
      mesh.append(end)
    }
    return mesh
  }

  // MARK: Measures

  /// The largest value of an unknown on the mesh.
  static func size(_ solution: PiecewisePolynomial, _ unknown: Int) -> Double {
    var size = 0.0
    for i in 0..<solution.intervals {
      for theta in [0, 0.5, 1] {
        size = max(size, solution.value(unknown, order: 0, interval: i, theta: theta).magnitude)
      }
    }
    return size
  }

  private static func constant(_ stages: Int, _ order: Int) -> Double {
    var constant = 1.0
    for p in stages + 1...2 * stages { constant /= Double(p) }
    for _ in 0..<order { constant /= Double(4 * stages + 2) }
    return constant
  }

  /// |u^(k+m)| on each interval: the larger of the differences to both neighbours.
  private static func slopes(
    _ solution: PiecewisePolynomial, _ unknown: Int, _ kept: Set<Double>
  ) -> [Double] {
    let (mesh, k) = (solution.mesh, solution.layout.stages)
    let tops = (0..<solution.intervals).map { i in
      let h = mesh[i + 1] - mesh[i]
      let sum = (0..<k).reduce(0.0) { sum, s in
        sum + solution.basis.top(of: s) * solution.values[solution.layout.stage(i, s, unknown)]
      }
      return (0..<k - 1).reduce(sum) { value, _ in value / h }
    }
    var slopes = [Double](repeating: 0, count: tops.count)
    for i in tops.indices.dropFirst() where !kept.contains(mesh[i]) {
      let slope = (tops[i] - tops[i - 1]).magnitude / (0.5 * (mesh[i + 1] - mesh[i - 1]))
      slopes[i] = max(slopes[i], slope)
      slopes[i - 1] = max(slopes[i - 1], slope)
    }
    return slopes.map { $0.isFinite ? $0 : 0 }
  }

  /// No interval may be much longer than its neighbours, or than the average.
  private static func smoothed(_ density: [Double], _ mesh: [Double]) -> [Double] {
    let length = mesh[mesh.count - 1] - mesh[0]
    let total = density.indices.reduce(0.0) { $0 + density[$1] * (mesh[$1 + 1] - mesh[$1]) }
    let least = 0.15 * total / length
    return density.indices.map { i in
      let neighbours = [i - 1, i + 1].filter(density.indices.contains).map { density[$0] / 2 }
      return max(density[i], least, neighbours.max() ?? 0)
    }
  }
}

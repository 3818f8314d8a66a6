/// Functionals at any place.
extension Axis {
  /// The value (`m` = 0) or a derivative at any place of the interval, as a functional of the nodes.
  ///
  /// At a node it is the row of ``derivative(_:)``. Elsewhere: the scheme's polynomial (barycentric),
  /// its trigonometric polynomial, or the local polynomial of one order more than the scheme's; a
  /// value of the scheme `limited` on the straight line between two nodes, so that nothing overshoots.
  /// A place in another period is moved into this one.
  /// - Source: Berrut & Trefethen, SIAM Review 46 (2004) 501.
  public func row(derivative m: Int, at x: Double) -> AxisRow {
    let x = inPeriod(x)
    if let node = node(at: x) {
      return m == 0 ? AxisRow(columns: [node], weights: [1]) : derivative(m).rows[node]
    }
    switch spec.scheme {
    case .chebyshev: return spectral(ChebyshevMatrix.interpolation(nodes, at: x), m)
    case .fourier:
      return spectral(FourierMatrix.interpolation(count, (x - spec.lower) / length), m)
    case .difference(let accuracy): return local(m, accuracy, x)
    case .limited: return local(m, 2, x)
    }
  }

  private func inPeriod(_ x: Double) -> Double {
    guard spec.isPeriodic, x < spec.lower || x >= spec.upper else { return x }
    let turns = ((x - spec.lower) / length).rounded(.down)
    let moved = x - turns * length
    return moved >= spec.upper ? spec.lower : max(moved, spec.lower)
  }

  /// The node at x, to rounding.
  private func node(at x: Double) -> Int? {
    let right = nodes.firstIndex(notBelow: x)
    let tolerance = 4 * max(spec.lower.magnitude, spec.upper.magnitude).ulp
    for index in [right, right - 1] where nodes.indices.contains(index) {
      if (nodes[index] - x).magnitude <= tolerance { return index }
    }
    return nil
  }

  /// The interpolant of the derivative on the nodes is the derivative of the interpolant.
  private func spectral(_ interpolation: [Double], _ m: Int) -> AxisRow {
    if m == 0 { return AxisRow(columns: Array(0..<count), weights: interpolation) }
    var weights = [Double](repeating: 0, count: count)
    for (factor, row) in zip(interpolation, derivative(m).rows) {
      for (column, weight) in zip(row.columns, row.weights) { weights[column] += factor * weight }
    }
    return AxisRow(columns: Array(0..<count), weights: weights)
  }

  /// The nearest nodes, an even number of them so that the interpolant is continuous.
  private func local(_ m: Int, _ accuracy: Int, _ x: Double) -> AxisRow {
    let wanted = spec.scheme == .limited && m == 0 ? 2 : (m + accuracy + 2) / 2 * 2
    let width = min(wanted, count)
    let first = window(width, around: nodes.firstIndex(notBelow: x) - 1)
    let reach = first..<first + width
    let distances = reach.map { unrolled($0) - x }
    return AxisRow(
      columns: reach.map { (($0 % count) + count) % count },
      weights: DifferenceWeights.weights(distances, at: 0, order: m))
  }

  /// The first of `width` nodes about the cell between `cell` and the next node.
  func window(_ width: Int, around cell: Int) -> Int {
    let first = cell - width / 2 + 1
    return spec.isPeriodic ? first : max(0, min(count - width, first))
  }
}

extension Array where Element == Double {
  /// The first index of an increasing array whose number is not below x; the count if there is none.
  func firstIndex(notBelow x: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < x { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

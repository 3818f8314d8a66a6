import Numerics

/// Polynomials on a cell against which equations are integrated, and the Gauss rule that does so.
///
/// Along each axis the m-th integrals of Legendre polynomials P_d, d = m, m + 1, …, which vanish at
/// both ends with m − 1 derivatives; for m = 1 these are (P_{d+1} − P_{d−1})/(2d + 1). A test function
/// is a product over the axes. All are scaled to the same size in the norm of the m-th derivatives,
/// so that the sum of squared integrals is the squared residual in the dual norm (H⁻¹ for m = 1), and
/// together so that integrals of white noise have its mean square.
struct TestFunctions: Sendable {
  /// Equal cells of the box, with as many nodes along each axis as the rule has.
  let rule: CellRule
  /// By axis: how many derivatives are moved to the test functions.
  let orders: [Int]
  /// Along each axis.
  let count: Int
  /// Lengths of a cell, by axis.
  let lengths: [Double]

  /// Test functions of a cell.
  var total: Int { orders.reduce(1) { product, _ in product * count } }
  /// Nodes of a cell.
  var nodes: Int { orders.reduce(1) { product, _ in product * rule.nodes } }

  /// Chooses cells so that there are at most `points` nodes, and nearly so many.
  ///
  /// Two test functions less than nodes along each axis: products with a polynomial of the same degree
  /// are integrated exactly.
  /// - Parameter extents: the lengths of the box.
  init(points: Int, orders: [Int], extents: [Double]) {
    let dimension = orders.count
    let wanted = [12, 9, 6][min(dimension, 3) - 1]
    func power(_ base: Int) -> Int { (0..<dimension).reduce(1) { total, _ in total * base } }
    let least = 3
    var nodes = wanted
    while nodes > least, power(nodes) > points { nodes -= 1 }
    let cells = Sampler.gridSizes(max(points / power(nodes), 1), dimension)
    self.init(
      rule: CellRule(cells: cells, nodes: nodes), orders: orders, count: nodes - 2,
      extents: extents)
  }

  init(rule: CellRule, orders: [Int], count: Int, extents: [Double]) {
    self.rule = rule
    self.orders = orders
    self.count = count
    lengths = zip(extents, rule.cells).map { $0 / Double($1) }
  }

  // MARK: One axis

  /// Derivatives 0…m of the polynomials at the nodes, and their mean squares.
  private struct Axis {
    /// By order, polynomial and node.
    var values: [[[Double]]] = []
    /// Of the polynomial, and of its m-th derivative.
    var size: [Double] = []
    var slope: [Double] = []
  }

  private func axis(_ order: Int, _ nodes: [Double]) -> Axis {
    var axis = Axis()
    let table = nodes.map { Self.legendre($0, count: count + 2 * order) }
    axis.values = Array(repeating: [], count: order + 1)
    for degree in order..<(order + count) {
      var series = [Double](repeating: 0, count: count + 2 * order)
      series[degree] = 1
      axis.slope.append(Self.meanSquare(series))
      for derivative in (0...order).reversed() {
        axis.values[derivative].append(
          table.map { row in zip(row, series).reduce(0) { $0 + $1.0 * $1.1 } })
        if derivative > 0 { series = Self.integral(series) }
      }
      axis.size.append(Self.meanSquare(series))
    }
    return axis
  }

  /// P₀ … at a place.
  static func legendre(_ x: Double, count: Int) -> [Double] {
    var values = [1, x]
    for degree in stride(from: 2, to: count, by: 1) {
      let n = Double(degree)
      values.append(
        ((2 * n - 1) * x * values[degree - 1] - (n - 1) * values[degree - 2]) / n)
    }
    return Array(values.prefix(count))
  }

  /// Σ cᵢPᵢ with c₀ = 0, integrated; it vanishes at both ends.
  private static func integral(_ series: [Double]) -> [Double] {
    var sum = [Double](repeating: 0, count: series.count)
    for degree in 1..<(series.count - 1) {
      let part = series[degree] / Double(2 * degree + 1)
      sum[degree + 1] += part
      sum[degree - 1] -= part
    }
    return sum
  }

  private static func meanSquare(_ series: [Double]) -> Double {
    series.enumerated().reduce(0) { $0 + $1.element * $1.element / Double(2 * $1.offset + 1) }
  }

  // MARK: A cell

  /// Digits of a number, one for each axis; the last varies fastest.
  private func digits(_ number: Int, _ base: Int) -> [Int] {
    var rest = number
    var digits = orders
    for axis in orders.indices.reversed() {
      digits[axis] = rest % base
      rest /= base
    }
    return digits
  }

  /// How the equations' F_α at the nodes of a cell make up its integrals.
  ///
  /// - Throws: `GSLError` where there is no rule.
  func mixing(_ forms: [WeakForm]) throws(GSLError) -> LinearMixing {
    var spans: [Range<Int>] = []
    for form in forms {
      let first = spans.last?.upperBound ?? 0
      spans.append(first..<(first + form.terms.count))
    }
    let weights = try weights(forms.flatMap(\.terms).map(\.orders))
    let width = weights.count * nodes
    var matrix = [Double](repeating: 0, count: forms.count * total * width)
    for (block, span) in spans.enumerated() {
      for test in 0..<total {
        for term in span {
          let first = (block * total + test) * width + term * nodes
          matrix.replaceSubrange(first..<(first + nodes), with: weights[term][test])
        }
      }
    }
    return LinearMixing(
      points: nodes, expressions: weights.count, blocks: forms.count, rowsPerBlock: total,
      matrix: matrix, spans: spans)
  }

  /// What multiplies F_α at the nodes of a cell, by α, test function and node: (−1)^|α|·w·∂^αψ.
  ///
  /// - Parameter derivatives: by term, the α.
  /// - Throws: `GSLError` where there is no rule.
  func weights(_ derivatives: [[Int]]) throws(GSLError) -> [[[Double]]] {
    let gauss = try QuadratureRule.gaussLegendre(rule.nodes)
    let axes = orders.map { axis($0, gauss.nodes) }
    let scales = scales(axes)
    let places = (0..<nodes).map { digits($0, rule.nodes) }
    let masses = places.map { place in place.reduce(1) { $0 * gauss.weights[$1] / 2 } }
    return derivatives.map { orders in
      var sign = 1.0
      for (order, length) in zip(orders, lengths) {
        for _ in 0..<order { sign *= -2 / length }
      }
      return (0..<total).map { test in
        let index = digits(test, count)
        return zip(places, masses).map { place, mass in
          var product = sign * scales[test] * mass
          for (axis, order) in orders.enumerated() {
            product *= axes[axis].values[order][index[axis]][place[axis]]
          }
          return product
        }
      }
    }
  }

  /// What each test function is multiplied by.
  private func scales(_ axes: [Axis]) -> [Double] {
    var sizes: [Double] = []
    var norms: [Double] = []
    for test in 0..<total {
      let index = digits(test, count)
      let size = axes.indices.reduce(1) { $0 * axes[$1].size[index[$1]] }
      let norm = axes.indices.filter { orders[$0] > 0 }.reduce(0) {
        $0 + size / axes[$1].size[index[$1]] * axes[$1].slope[index[$1]]
      }
      sizes.append(size)
      norms.append(orders.allSatisfy { $0 == 0 } ? size : norm)
    }
    let mean = zip(sizes, norms).reduce(0) { $0 + $1.0 / $1.1 } / Double(total)
    return norms.map { (Double(total) / mean / $0).squareRoot() }
  }
}

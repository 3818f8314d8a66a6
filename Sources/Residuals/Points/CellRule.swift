import Numerics

/// Gauss-Legendre rules on a grid of equal cells that fill the unit cube.
struct CellRule: Sendable, Equatable {
  /// Cells along each variable.
  let cells: [Int]
  /// Nodes of a cell along each variable.
  let nodes: Int

  /// Chooses cells so that there are at most `count` nodes in all, and nearly so many.
  ///
  /// Five nodes a cell along each variable up to two variables, where a rule of order 10 pays; fewer
  /// in more, where cells would become too few.
  init(count: Int, dimension: Int) {
    let wanted = dimension <= 2 ? 5 : dimension == 3 ? 3 : 2
    var nodes = wanted
    func power(_ base: Int) -> Int { (0..<dimension).reduce(1) { total, _ in total * base } }
    while nodes > 1, power(nodes) > count { nodes -= 1 }
    self.nodes = nodes
    cells = Sampler.gridSizes(max(count / power(nodes), 1), dimension)
  }

  init(cells: [Int], nodes: Int) {
    self.cells = cells
    self.nodes = nodes
  }

  /// The same cells with another rule.
  func with(nodes: Int) -> CellRule { CellRule(cells: cells, nodes: nodes) }

  /// The nodes inside the unit cube, flat and point after point, cell after cell; their weights are
  /// 1 on average.
  ///
  /// - Throws: `GSLError` where there is no rule.
  func points() throws(GSLError) -> (points: [Double], weights: [Double]) {
    let rule = try QuadratureRule.gaussLegendre(nodes)
    let dimension = cells.count
    var points: [Double] = []
    var weights: [Double] = []
    let perCell = (0..<dimension).reduce(1) { total, _ in total * nodes }
    for cell in 0..<cells.reduce(1, *) {
      for node in 0..<perCell {
        var (c, n, weight) = (cell, node, 1.0)
        var point = [Double](repeating: 0, count: dimension)
        for axis in (0..<dimension).reversed() {
          let (i, j) = (c % cells[axis], n % nodes)
          point[axis] = (Double(i) + 0.5 * (1 + rule.nodes[j])) / Double(cells[axis])
          weight *= 0.5 * rule.weights[j] * Double(nodes)
          c /= cells[axis]
          n /= nodes
        }
        points += point
        weights.append(weight)
      }
    }
    return (points, weights)
  }
}

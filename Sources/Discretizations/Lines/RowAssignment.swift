import Problems

/// Gives each row of the discrete system to its condition, or to the differential equation.
enum RowAssignment {
  /// The owner of each row, and the conditions at their nodes.
  ///
  /// A node on two faces takes the condition without derivatives, else that of the first axis.
  static func assign(
    _ system: PointwiseSystem, _ grid: Grid, _ parameters: [Double]
  ) throws -> (owners: [Int32], sets: [ConditionSet]) {
    var owners = [Int32](repeating: -1, count: system.components.count * grid.count)
    var sets: [ConditionSet] = []
    let order = system.conditions.indices.sorted {
      rank(system.conditions[$0], $0) < rank(system.conditions[$1], $1)
    }
    for index in order {
      let condition = system.conditions[index]
      try requireDepth(condition, system, grid)
      let offset = condition.component * grid.count
      var rows: [Int] = []
      var places: [Int] = []
      for (node, place) in nodes(condition, grid, owners, offset) where owners[offset + node] < 0 {
        owners[offset + node] = Int32(sets.count)
        rows.append(offset + node)
        places.append(place)
      }
      guard !rows.isEmpty else { continue }
      sets.append(
        try ConditionSet(
          condition, system, grid, rows: rows, nodes: places, parameters: parameters))
    }
    return (owners, sets)
  }

  /// Outer layers first, conditions without derivatives, and the order of the axes; points last.
  private static func rank(
    _ condition: PointwiseCondition, _ index: Int
  ) -> (Int, Int, Int, Int) {
    switch condition.place {
    case .point: (.max, 0, 0, index)
    case .face(let axis, _):
      (condition.layer, condition.isDisplaced ? 2 : min(condition.order, 1), axis, index)
    }
  }

  /// The nodes whose rows are taken, each with the node where the condition is imposed.
  private static func nodes(
    _ condition: PointwiseCondition, _ grid: Grid, _ owners: [Int32], _ offset: Int
  ) -> [(node: Int, place: Int)] {
    switch condition.place {
    case .face(let axis, let isUpper):
      let pairs = zip(
        grid.nodes(onFace: axis, upper: isUpper, layer: condition.layer),
        grid.nodes(onFace: axis, upper: isUpper)
      ).map { (node: $0, place: $1) }
      // Where faces meet, other conditions on what it mentions may leave it nothing to say: it takes
      // no row there of a component that it does not mention.
      if condition.isDisplaced { return pairs.filter { isAtEdge($0.place, grid, but: axis) } }
      return condition.isForeign ? pairs.filter { !isAtEdge($0.place, grid, but: axis) } : pairs
    case .point(let values):
      guard let node = nearest(values, grid, owners, offset) else { return [] }
      return [(node, node)]
    }
  }

  /// Whether a node lies on the face of another axis as well, or for axes after the first next to one.
  ///
  /// Beside a corner the conditions of the two faces say the same of the field that they mention: one
  /// of them is left out.
  private static func isAtEdge(_ node: Int, _ grid: Grid, but axis: Int) -> Bool {
    grid.axes.indices.contains { other in
      guard other != axis, !grid.axes[other].spec.isPeriodic else { return false }
      let place = grid.place(node, axis: other)
      let distance = min(place, grid.shape[other] - 1 - place)
      return distance == 0 || (distance == 1 && other < axis)
    }
  }

  /// The nearest node whose row is still the differential equation's: a condition at a face keeps
  /// its row, or an equation inside would be left without its pin.
  private static func nearest(
    _ point: [Double], _ grid: Grid, _ owners: [Int32], _ offset: Int
  ) -> Int? {
    var best: (node: Int, distance: Double)?
    for node in 0..<grid.count where owners[offset + node] < 0 {
      let distance = grid.axes.indices.reduce(0.0) { sum, axis in
        let spec = grid.axes[axis].spec
        let gap =
          (grid.axes[axis].nodes[grid.place(node, axis: axis)] - point[axis])
          / (spec.upper - spec.lower)
        return sum + gap * gap
      }
      if distance < best?.distance ?? .infinity { best = (node, distance) }
    }
    return best?.node
  }

  private static func requireDepth(
    _ condition: PointwiseCondition, _ system: PointwiseSystem, _ grid: Grid
  ) throws {
    guard case .face(let axis, _) = condition.place else { return }
    guard 2 * (condition.layer + 1) > grid.shape[axis] else { return }
    throw system.problem.fault(
      condition.source, "the grid has too few points along '\(system.space[axis].name)'",
      "set solve.grid to more points")
  }
}

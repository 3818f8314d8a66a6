import Numerics
import Problems

/// Weights in the marching variable, where the plan has a causality parameter.
extension PhysicsResiduals {
  /// The causal weights that θ asks for, whatever weights are in use; nil where the plan has none.
  ///
  /// - Cost: one evaluation of the residuals.
  public func causalWeights(_ parameters: Vector) -> CausalWeights? {
    guard let epsilon = plan.causal else { return nil }
    let kept = groups.map(\.timeWeights)
    for index in groups.indices { groups[index].timeWeights = [] }
    fillWeights()
    defer {
      for index in groups.indices { groups[index].timeWeights = kept[index] }
      fillWeights()
    }
    let residual = Storage(residualCount)
    defer { residual.keep() }
    self.residual(parameters, into: residual.vector)
    var squares = [Double](repeating: 0, count: CausalWeights.sliceCount)
    for (index, group) in groups.enumerated() where marches(index) {
      let slices = slices(of: group)
      let perBundle = group.mixing?.rowsPerBlock ?? 1
      for block in group.names.indices {
        let first = group.firstRow + block * slices.count * perBundle
        for (bundle, slice) in slices.enumerated() {
          for row in (first + bundle * perBundle)..<(first + (bundle + 1) * perBundle) {
            squares[slice] += residual.vector[row] * residual.vector[row]
          }
        }
      }
    }
    return CausalWeights(epsilon: epsilon, squares: squares)
  }

  /// Takes the causal weights that θ asks for into use.
  func weighInTime(_ parameters: Vector) {
    guard let weights = causalWeights(parameters) else { return }
    for index in groups.indices where marches(index) {
      groups[index].timeWeights = slices(of: groups[index]).map { weights.values[$0] }
    }
    fillWeights()
  }

  /// Whether residuals have their places in the order of marching: those of the equations, of walls
  /// and of the start, but no measurements.
  private func marches(_ index: Int) -> Bool {
    if case .faces = groups[index].place { return true }
    return index == 0
  }

  /// The slice of each point, of a bundle that of its earliest.
  private func slices(of group: ResidualGroup) -> [Int] {
    let (dimension, axis) = (field.dimension, field.marching)
    let interval = problem.variables[axis]
    let length = interval.upper - interval.lower
    let (points, marchesDown) = (group.points, problem.marchesDown)
    return stride(from: 0, to: group.count(dimension), by: group.bundle).map { first in
      let parts = (first..<(first + group.bundle)).map { point in
        let place = points[point * dimension + axis]
        return (marchesDown ? interval.upper - place : place - interval.lower) / length
      }
      return CausalWeights.slice(parts.min() ?? 0)
    }
  }
}

import Networks
import Problems

extension PhysicsResiduals {
  /// The most points at which layers are looked into.
  private static let layerPoints = 256

  /// The plan's regularisers, of every network that they apply to.
  ///
  /// The ridge is that of the sum of squares ½Σ(misfit/σ)² + ½λ‖θ‖², the loss times the count of
  /// measurements where there are some. Its θ are those of the networks inside the equations, or of
  /// the unknowns' own where there are none: what equations determine needs no prior. The others are
  /// means over points, as the data's loss is.
  func makeRegularizers() -> RegularizerStack {
    let stack = RegularizerStack(behind: residualCount)
    for chosen in plan.regularizers {
      let inside = Array(layout.networks.dropFirst())
      let pieces = chosen.kind == .ridge && !inside.isEmpty ? inside : [layout.networks[0]]
      for piece in pieces {
        let name = piece.name.map { "\(chosen.kind.rawValue) of \($0)" } ?? chosen.kind.rawValue
        let count = chosen.kind == .ridge ? Double(max(measurementCount, 1)) : 1
        guard let made = make(chosen.kind, piece) else { continue }
        stack.add(made, name: name, weight: chosen.weight / count)
      }
    }
    return stack
  }

  private func make(_ kind: RegularizerKind, _ piece: ParameterLayout.Piece)
    -> (any Regularizer)?
  {
    if kind == .ridge {
      return kind.make(
        shape: piece.shape, offset: piece.offset, parameterCount: parameterCount, features: [],
        count: 0)
    }
    if kind.needsTargets { return margin(kind, piece) }
    let dimension = field.dimension
    let all = groups[0].points
    let step = max(all.count / dimension / Self.layerPoints, 1)
    let points = stride(from: 0, to: all.count / dimension, by: step).prefix(Self.layerPoints)
      .map { Array(all[($0 * dimension)..<(($0 + 1) * dimension)]) }
    return kind.make(
      shape: piece.shape, offset: piece.offset, parameterCount: parameterCount,
      features: features(points), count: points.count)
  }

  /// The margin of what is measured: targets in units of the network's outputs.
  private func margin(_ kind: RegularizerKind, _ piece: ParameterLayout.Piece)
    -> (any Regularizer)?
  {
    guard let data = problem.data else { return nil }
    let places = problem.variables.compactMap { data.table.column($0.name) }
    guard let rows = places.first?.indices else { return nil }
    let points = rows.map { row in places.map { $0[row] } }
    let targets = rows.flatMap { row in
      problem.allUnknowns.enumerated().map { index, unknown in
        (data.table.column(unknown)?[row] ?? .nan) / plan.scales[index]
      }
    }
    return kind.make(
      shape: piece.shape, offset: piece.offset, parameterCount: parameterCount,
      features: features(points), count: points.count, targets: targets,
      sigma: problem.allUnknowns.enumerated().map { index, unknown in
        let measured = noise.first { $0.unknown == unknown }
        return (measured?.deviation ?? plan.scales[index]) / plan.scales[index]
      })
  }

  /// What goes into the network of the unknowns, point after point.
  private func features(_ points: [[Double]]) -> [Double] {
    points.flatMap { point in
      model.inputs[0].expressions.map { calculus.value($0, at: point) }
    }
  }
}

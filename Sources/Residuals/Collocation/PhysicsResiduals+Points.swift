import Numerics
import Problems

extension PhysicsResiduals {
  /// The points at which the equations are asked for, flat, point after point.
  public var collocationPoints: [Double] { groups.first?.points ?? [] }

  /// Draws new points and, where the plan refines, more of them where the residual of θ is large.
  ///
  /// Causal weights follow θ too. Call between steps only. Allocates; the count of points stays.
  public func resample(_ parameters: Vector, round: Int) {
    for index in groups.indices {
      switch groups[index].place {
      case .interior:
        groups[index].points =
          plan.refine == nil || round == 0
          ? interior(round: round) : refined(parameters, round: round)
      case .faces(let faces):
        groups[index].points = boundary(
          faces, stream: index, count: plan.boundaryPoints, round: round)
      case .fixed: break
      }
    }
    if measurementCount > 0 {
      estimateNoise(parameters, round: round)
      setWeights(plan.weights ?? [], physics: physicsFactor(round: round))
    }
    fill()
    weighInTime(parameters)
  }

  /// Interior points by the plan's refinement.
  private func refined(_ parameters: Vector, round: Int) -> [Double] {
    let dimension = field.dimension
    let count = groups[0].count(dimension)
    let pool = interior(count: PointRefinement.poolFactor * count, round: round)
    let defects = equations.values(parameters, at: pool, self)
    let weights = groups[0].weights
    let sizes = (0..<(pool.count / dimension)).map { point in
      var sum = 0.0
      for (defect, weight) in zip(defects, weights) {
        sum += weight * defect[point] * defect[point]
      }
      return sum.squareRoot()
    }
    guard sizes.count >= count else { return interior(round: round) }
    var generator = SeededGenerator(seed: plan.seed, stream: .max, round: round)
    let chosen = PointRefinement.chosen(
      sizes, slopes: slopes(parameters, at: pool), count: count, start: generator.unit())
    return chosen.flatMap { pool[($0 * dimension)..<(($0 + 1) * dimension)] }
  }

  /// The size of the unknowns' gradients, in units of the domain and of the unknowns; empty where
  /// the plan does not ask for it.
  private func slopes(_ parameters: Vector, at points: [Double]) -> [Double] {
    guard let found = gradients?.values(parameters, at: points, self) else { return [] }
    let lengths = problem.variables.map { $0.upper - $0.lower }
    return (0..<(points.count / field.dimension)).map { point in
      var sum = 0.0
      for (index, column) in found.enumerated() {
        let unit = lengths[index % lengths.count] / plan.scales[index / lengths.count]
        sum += unit * unit * column[point] * column[point]
      }
      return sum.squareRoot()
    }
  }
}

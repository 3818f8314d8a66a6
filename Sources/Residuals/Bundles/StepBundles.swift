import Numerics
import Problems

/// Bundles of points that lie in one step of the marching variable, at one place otherwise: the
/// step's start, the stages of Gauss and Legendre, its end.
///
/// Residuals of an equation dU/dt = F: (U(cᵢ) − U(0))/h − Σ aᵢⱼFⱼ at every stage and, with b, at the
/// end. All steps are equal.
/// Source: M. Raissi, P. Perdikaris and G. E. Karniadakis, J. Comput. Phys. 378 (2019) 686, section
/// 3.2.
struct StepBundles {
  let tableau: GaussTableau
  /// Of the marching variable's interval.
  let steps: Int
  /// Of a step.
  let length: Double
  /// Bundles.
  let count: Int

  /// Chooses steps so that stages lie about as densely as places, and there are about `points` points.
  ///
  /// - Throws: `GSLError` where there is no rule.
  init(stages: Int, points: Int, interval: Interval, dimension: Int) throws(GSLError) {
    tableau = try GaussTableau(stages: stages)
    if dimension == 1 {
      steps = max(points / (stages + 2), 1)
      count = steps
    } else {
      var side = 1
      func power(_ base: Int) -> Int { (0..<dimension).reduce(1) { total, _ in total * base } }
      while power(side + 1) <= points { side += 1 }
      steps = max((side + stages / 2) / stages, 1)
      count = max(points / (stages + 2), steps)
    }
    length = (interval.upper - interval.lower) / Double(steps)
  }

  /// The points of all bundles, flat: `places` of the unit cube, their marching coordinate says which
  /// step.
  func points(_ places: [Double], _ marching: Int, _ problem: Problem) -> [Double] {
    let dimension = problem.variables.count
    let parts = [0] + tableau.nodes + [1]
    var points: [Double] = []
    for bundle in 0..<count {
      let place = places[(bundle * dimension)..<((bundle + 1) * dimension)]
      let step = dimension == 1 ? bundle : Int(place[place.startIndex + marching] * Double(steps))
      for part in parts {
        for (variable, interval) in problem.variables.enumerated() {
          let unit =
            variable == marching
            ? (Double(step) + part) / Double(steps) : place[place.startIndex + variable]
          points.append(
            unit >= 1 ? interval.upper : interval.lower + unit * (interval.upper - interval.lower))
        }
      }
    }
    return points
  }

  /// 1 for the stages among all bundles' points, 0 for the ends of steps.
  var isStage: [Double] {
    let bundle = [0] + tableau.nodes.map { _ in 1.0 } + [0]
    return (0..<count).flatMap { _ in bundle }
  }

  /// How the values of U and F at a bundle's points make up residuals.
  func mixing(_ rows: [RateForm.Row]) -> LinearMixing {
    var spans: [Range<Int>] = []
    for row in rows {
      let first = spans.last?.upperBound ?? 0
      spans.append(first..<(first + (row.state == nil ? 1 : 2)))
    }
    let stages = tableau.nodes.count
    let (expressions, points) = (spans.last?.upperBound ?? 0, stages + 2)
    let width = expressions * points
    var matrix = [Double](repeating: 0, count: rows.count * (stages + 1) * width)
    for (block, row) in rows.enumerated() {
      for stage in 0...stages {
        let first = (block * (stages + 1) + stage) * width + spans[block].lowerBound * points
        guard row.state != nil else {
          matrix[first + 1 + stage] = 1
          continue
        }
        matrix[first] = -1 / length
        matrix[first + 1 + stage] = 1 / length
        let integrals = stage < stages ? tableau.matrix[stage] : tableau.weights
        for (other, integral) in integrals.enumerated() {
          matrix[first + points + 1 + other] = -integral
        }
      }
    }
    return LinearMixing(
      points: points, expressions: expressions, blocks: rows.count, rowsPerBlock: stages + 1,
      matrix: matrix, spans: spans)
  }
}

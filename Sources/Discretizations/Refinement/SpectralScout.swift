import Glibc

/// Looks with coarse grids and a loose tolerance whether a spectral basis resolves the solution, and
/// with how many points.
///
/// The sizes of the last coefficients tell: in a smooth solution they fall geometrically.
struct SpectralScout<Solution> {
  enum Finding {
    /// The scale to begin with.
    case start(Double)
    case unresolvable(String)
    case stopped
  }

  private let refinement: Refinement<Solution>
  private let family: GridFamily

  init(_ refinement: Refinement<Solution>, _ family: GridFamily) {
    self.refinement = refinement
    self.family = family
  }

  func run() throws -> Finding {
    var scale = 1.0
    var last: (points: Double, tail: Double)?
    var why = ""
    for _ in 0..<3 {
      let grid = family.grid(scale)
      if let lack = refinement.refuse(grid) { return .unresolvable(lack) }
      let tolerance = max(refinement.rtol, Refinement<Solution>.coarsest)
      let answer = try refinement.ask(grid, tolerance, .scout)
      let points = family.leading(grid)
      switch answer.ending {
      case .stopped: return .stopped
      case .failed(let reason): why = reason
      case .complete:
        guard let tail = answer.tails.max() else { return .start(1) }
        let need = pointsNeeded(points, tail, last)
        let most = family.leading(family.grid(family.mostScale))
        if need <= most {
          return .start(max(1, min(need, most / 1.4) / family.leading(family.grid(1))))
        }
        if let before = last, tail > 0.2 * before.tail || need > 3 * most {
          return .unresolvable(unresolved(grid))
        }
        last = (points, tail)
        why = unresolved(grid)
      }
      scale = min(2.25 * scale, family.mostScale)
      if family.grid(scale) == grid { break }
    }
    return .unresolvable(why)
  }

  /// Points with which the last coefficients are as small as the accuracy.
  private func pointsNeeded(
    _ points: Double, _ tail: Double, _ last: (points: Double, tail: Double)?
  )
    -> Double
  {
    let wanted = min(refinement.goal.accuracy, 0.1)
    if tail <= wanted { return points }
    guard tail < 0.5 else { return .infinity }
    var rate = -log(tail) / points
    if let last, last.tail > tail {
      rate = max(rate, log(last.tail / tail) / (points - last.points))
    }
    return points + log(tail / wanted) / rate
  }

  private func unresolved(_ grid: [AxisSpec]) -> String {
    "the solution is too steep for \(family.axes.map(\.most).max() ?? 0) points of a spectral basis"
  }
}

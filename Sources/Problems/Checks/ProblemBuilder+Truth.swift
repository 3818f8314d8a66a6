import Expressions
import Numerics

/// Whether `exact` satisfies the equations and conditions, at random points.
extension ProblemBuilder {
  /// Points tried for each equation and condition.
  private static let trials = 12
  /// Relative size of a residual that rounding explains.
  private static let tolerance = 1e-6

  func checkTruth() {
    guard log.errorCount == 0, !problem.exact.isEmpty, problem.networks.isEmpty,
      problem.augment == 0, problem.unknowns.allSatisfy({ problem.exact[$0] != nil })
    else { return }
    var random = SplitMix64(seed: 1)
    let points = (0..<Self.trials).map { _ in
      problem.variables.map { $0.lower + random.unit() * ($0.upper - $0.lower) }
    }
    for equation in problem.equations {
      if let worst = worst(equation.left, equation.right, points, interior: points) {
        warn(worst, "the equation", equation.source)
      }
    }
    for row in problem.conditions {
      guard let left = row.condition.left, let right = row.condition.right else { continue }
      let moved = move(points, to: row.location)
      if let worst = worst(left, right, moved, interior: points) {
        warn(worst, "the condition", row.source)
      }
    }
  }

  private func warn(_ worst: Defect, _ what: String, _ source: PlacedText) {
    let place = zip(problem.variables, worst.place)
      .map { "\($0.name) = \(short($1))" }.joined(separator: ", ")
    log.warning(
      source.place,
      "'exact' misses \(what): at \(place) the left side is \(short(worst.left)), "
        + "the right side \(short(worst.right))",
      "correct one of the two")
  }

  private struct Defect {
    let place: [Double]
    let left: Double
    let right: Double
    let size: Double
  }

  /// Moves points to where a condition holds.
  private func move(_ points: [[Double]], to location: ConditionRow.Location) -> [[Double]] {
    switch location {
    case .periodic: return []
    case .point(let values): return [values]
    case .face(let variable, let value, _):
      return points.map { point in
        zip(problem.variables, point).map { $0.name == variable ? value : $1 }
      }
    case .boundary:
      let indices = problem.variables.indices.filter {
        problem.variables[$0].name != problem.marching
      }
      return indices.flatMap { index in
        points.enumerated().map { number, point in
          var moved = point
          let interval = problem.variables[index]
          moved[index] = number % 2 == 0 ? interval.lower : interval.upper
          return moved
        }
      }
    }
  }

  /// The largest disagreement of two sides, nil where none is larger than rounding explains.
  private func worst(
    _ left: Expression, _ right: Expression, _ points: [[Double]], interior: [[Double]]
  ) -> Defect? {
    guard let truth = truth(for: left.symbols.union(right.symbols)),
      left.placedSymbols.isEmpty, right.placedSymbols.isEmpty
    else { return nil }
    let leaves = Array(truth.keys)
    let slopes = leaves.map { (try? (left - right).derivative(by: $0)) ?? .zero }
    let sizes = leaves.map { leaf in
      interior.map { value(truth[leaf] ?? .zero, at: $0).magnitude }.filter(\.isFinite).max() ?? 0
    }
    var worst: Defect?
    for place in points {
      var values = constants
      for (interval, coordinate) in zip(problem.variables, place) {
        values[Symbol(interval.name)] = coordinate
      }
      for leaf in leaves { values[leaf] = (try? truth[leaf]?.evaluate(values)) ?? .nan }
      guard let a = try? left.evaluate(values), let b = try? right.evaluate(values) else {
        continue
      }
      // Terms may cancel, and boundary values vanish: what is compared is as large as the change
      // that each unknown or derivative, at its largest in the domain, can make to it.
      let parts = zip(slopes, sizes).map { slope, size in
        abs(((try? slope.evaluate(values)) ?? 0) * size)
      }
      let size = max(a.magnitude, b.magnitude, parts.filter(\.isFinite).max() ?? 0)
      let defect = abs(a - b) / max(size, .leastNormalMagnitude)
      guard defect.isFinite, defect > Self.tolerance, defect > worst?.size ?? 0 else { continue }
      worst = Defect(place: place, left: a, right: b, size: defect)
    }
    return worst
  }

  /// What each unknown and derivative is by `exact`; nil where something else is needed to say.
  private func truth(for symbols: Set<Symbol>) -> [Symbol: Expression]? {
    var truth: [Symbol: Expression] = [:]
    for symbol in symbols {
      switch names.kind(of: symbol.name) {
      case .variable, .parameter: continue
      case .unknown:
        guard var expression = problem.exact[symbol.name] else { return nil }
        for variable in symbol.derivatives {
          guard let next = try? problem.scope.totalDerivative(of: expression, by: variable) else {
            return nil
          }
          expression = next
        }
        truth[symbol] = expression
      default: return nil
      }
    }
    return truth
  }
}

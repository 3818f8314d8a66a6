import Expressions

/// A bound of what the linearised equations leave out: the terms of second order in the error.
///
/// With E the size of each leaf's error, ε that of the linear part, Γ the integral of Green's
/// function, K the size of second derivatives and Δ how far the linearisation stood from where it is
/// used, E ≤ ε + Γ·K[½E + Δ, E]: a solution near the least one, found by iteration from ε, bounds the
/// error of an initial-value problem, since both grow from 0.
/// - Source: L. Kantorovich and G. Akilov, Functional Analysis (1982), chapter XVIII.
struct RemainderBound {
  typealias Leaf = ErrorSpace.Leaf

  /// A term of an equation: two leaves and the size of the second derivative by them.
  struct Curvature {
    var equation: Int
    var first: Leaf
    var second: Leaf
    var size: Double
  }

  let curvatures: [Curvature]

  /// Takes the sizes of second derivatives where the equations' tables stand, doubled for what lies
  /// beside them.
  init(_ equations: [DefectTable]) {
    var found: [Curvature] = []
    for (index, equation) in equations.enumerated() {
      for (curvature, numbers) in zip(equation.row.curvatures, equation.curvatures) {
        let margin = curvature.slope.constant == nil ? 2.0 : 1
        found.append(
          Curvature(
            equation: index, first: curvature.first, second: curvature.second,
            size: margin * numbers.reduce(0) { max($0, $1.magnitude) }))
      }
    }
    curvatures = found
  }

  /// The leaves whose errors matter.
  var leaves: Set<Leaf> { Set(curvatures.flatMap { [$0.first, $0.second] }) }

  /// The sizes of the second-order terms, by equation.
  ///
  /// - Parameters:
  ///   - linear: ε, by leaf.
  ///   - influence: Γ, by leaf, then by equation.
  ///   - steps: Δ, by leaf.
  ///   - count: of equations.
  /// - Returns: nil where the error is too large for them to be bounded.
  func sizes(
    _ linear: [Leaf: Double], _ influence: [Leaf: [Double]], _ steps: [Leaf: Double],
    equations count: Int
  ) -> [Double]? {
    var errors = linear
    for _ in 0..<200 {
      // Errors that the map does not enlarge are a bound, whether they are the least or not.
      let trial = errors.mapValues { 1.05 * $0 }
      let terms = terms(trial, steps, count)
      let next = linear.map { leaf, start in
        (leaf, zip(influence[leaf] ?? [], terms).reduce(start) { $0 + $1.0 * $1.1 })
      }
      if next.allSatisfy({ $1 <= (trial[$0] ?? 0) }) { return terms }
      errors = Dictionary(uniqueKeysWithValues: next)
      guard errors.values.allSatisfy({ $0 < 1e100 }) else { return nil }
    }
    return nil
  }

  private func terms(_ errors: [Leaf: Double], _ steps: [Leaf: Double], _ count: Int)
    -> [Double]
  {
    var terms = [Double](repeating: 0, count: count)
    for curvature in curvatures {
      let (first, second) = (errors[curvature.first] ?? 0, errors[curvature.second] ?? 0)
      let step = steps[curvature.first] ?? 0
      terms[curvature.equation] += curvature.size * (first / 2 + step) * second
    }
    return terms
  }
}

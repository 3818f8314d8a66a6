import Numerics
import Residuals

/// A bound of what the linearised equations leave out: the terms of second order in the error.
///
/// With E the size of each leaf's error, ε that of the linear part, Γ the integral of Green's
/// function and K the size of second derivatives, E ≤ ε + Γ·½K[E, E]: the least solution, found by
/// iteration from ε, bounds the error of an initial-value problem, since both grow from 0.
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

  /// The sizes of second derivatives along the learned solution, doubled for what lies beside it.
  ///
  /// - Throws: errors of evaluation.
  init(
    _ linear: LinearizedProblem, _ parts: [DefectSamples], _ residuals: PhysicsResiduals,
    _ theta: Vector
  ) throws {
    var found: [Curvature] = []
    for (index, equation) in linear.equations.enumerated() where !equation.curvatures.isEmpty {
      let values = try residuals.evaluate(
        equation.curvatures.map(\.slope), theta, at: parts[index].points)
      for (curvature, numbers) in zip(equation.curvatures, values) {
        let size = numbers.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : .infinity }
        let margin = curvature.slope.constant == nil ? 2.0 : 1
        found.append(
          Curvature(
            equation: index, first: curvature.first, second: curvature.second,
            size: margin * size))
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
  ///   - count: of equations.
  /// - Returns: nil where the error is too large for them to be bounded.
  func sizes(
    _ linear: [Leaf: Double], _ influence: [Leaf: [Double]], equations count: Int
  ) -> [Double]? {
    var errors = linear
    for _ in 0..<200 {
      // Errors that the map does not enlarge are a bound, whether they are the least or not.
      let trial = errors.mapValues { 1.05 * $0 }
      let terms = terms(trial, count)
      let next = linear.map { leaf, start in
        (leaf, zip(influence[leaf] ?? [], terms).reduce(start) { $0 + $1.0 * $1.1 })
      }
      if next.allSatisfy({ $1 <= (trial[$0] ?? 0) }) { return terms }
      errors = Dictionary(uniqueKeysWithValues: next)
      guard errors.values.allSatisfy({ $0 < 1e100 }) else { return nil }
    }
    return nil
  }

  private func terms(_ errors: [Leaf: Double], _ count: Int) -> [Double] {
    var terms = [Double](repeating: 0, count: count)
    for curvature in curvatures {
      let (first, second) = (errors[curvature.first] ?? 0, errors[curvature.second] ?? 0)
      terms[curvature.equation] += curvature.size * first * second / 2
    }
    return terms
  }
}

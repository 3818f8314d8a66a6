import Numerics

/// Values inside a step of an explicit method, improved until they are as good as the step's end.
///
/// Takes a first guess of the solution inside the step, evaluates its rate at Chebyshev points and
/// integrates the polynomial through them: one Picard sweep, which shrinks the guess's error by
/// about h·|∂f/∂y|/4. Sweeps stop when the solution changes by less than a part of the tolerance.
/// Source: the integration of Chebyshev interpolants, Clenshaw & Norton, Comput. J. 6 (1963) 88.
final class PicardInterpolant {
  /// The part of the tolerance that a sweep may still change.
  static let share = 0.01
  private static let mostSweeps = 6

  private let field: VectorField
  /// Enough for the longest steps of the eighth-order methods.
  static let degree = 10
  private static let nodes = Chebyshev.nodes(degree)
  /// Entry (i, j): the integral from 0 to node i of the Lagrange polynomial of node j.
  private static let integrals = Chebyshev.integrals(degree)
  private let degree = PicardInterpolant.degree
  private let nodes = PicardInterpolant.nodes
  private let integrals = PicardInterpolant.integrals
  private let values: Storage
  private let rates: Storage
  private let probe: Storage

  init(_ field: VectorField) {
    self.field = field
    values = Storage((degree + 1) * field.dimension)
    rates = Storage((degree + 1) * field.dimension)
    probe = Storage(field.dimension)
  }

  private func value(_ node: Int) -> Vector {
    values.vector.slice(node * field.dimension, field.dimension)
  }

  /// Sweeps from the step's own interpolant; `rateNew` is the rate at its end.
  func refine(_ step: Stepper, rateNew: Vector, _ norm: ErrorNorm) {
    let n = field.dimension
    start(step)
    rates.vector.slice(0, n).assign(step.rate)
    rates.vector.slice(degree * n, n).assign(rateNew)
    var previous = Double.infinity
    for _ in 0..<PicardInterpolant.mostSweeps {
      for i in 1..<degree {
        field(step.t + nodes[i] * step.h, value(i), into: rates.vector.slice(i * n, n))
      }
      let change = sweep(step, norm)
      guard change <= previous else { return start(step) }
      // What the next sweep would change; before a ratio is known, a fifth is taken for it.
      let ahead = change * (previous.isFinite ? min(change / previous, 1) : 0.2)
      if ahead <= PicardInterpolant.share { return }
      previous = change
    }
  }

  /// The step's own interpolant: the guess, and the answer where sweeps lead away from it, as they do
  /// in a step that stability holds back.
  private func start(_ step: Stepper) {
    for (i, node) in nodes.enumerated() { step.interpolate(node, into: value(i)) }
  }

  /// One sweep with the present rates; the largest weighted change.
  private func sweep(_ step: Stepper, _ norm: ErrorNorm) -> Double {
    let n = field.dimension
    var change = 0.0
    // The integral misses yNew by the step's error: spread over the step, so that ends fit.
    integrate(degree, step)
    for c in 0..<n { value(degree)[c] = step.yNew[c] - probe.vector[c] }
    for i in 1..<degree {
      integrate(i, step)
      let blend = nodes[i] * nodes[i] * (3 - 2 * nodes[i])
      let old = value(i)
      for c in 0..<n {
        let new = probe.vector[c] + blend * value(degree)[c]
        probe.vector[c] = new - old[c]
        old[c] = new
      }
      change = max(change, norm.measure(probe.vector, step.yOld, step.yNew))
    }
    value(degree).assign(step.yNew)
    return change
  }

  private func integrate(_ i: Int, _ step: Stepper) {
    let n = field.dimension
    probe.vector.assign(step.yOld)
    for j in 0...degree {
      let weight = step.h * integrals[i * (degree + 1) + j]
      let rate = rates.vector.slice(j * n, n)
      for c in 0..<n { probe.vector[c] += weight * rate[c] }
    }
  }

  /// Writes the value at fraction `theta` of the step.
  func interpolate(_ theta: Double, into y: Vector) {
    Chebyshev.interpolate(degree, theta, nodes, values.vector, into: y)
  }
}

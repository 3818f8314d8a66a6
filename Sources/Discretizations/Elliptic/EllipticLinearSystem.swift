import Numerics

/// The linear systems of an elliptic problem's Newton iteration.
///
/// The assembled Jacobian is factored, its rows divided by their largest entries. Wide differences on
/// large grids in several dimensions are solved by GMRES instead, preconditioned with the factors of
/// the differences of order 2 on the same nodes.
final class EllipticLinearSystem {
  /// How systems are solved, for reports.
  let name: String
  /// Iterations of GMRES so far.
  private(set) var iterations = 0
  private(set) var isFactored = false
  /// Smallest over largest singular value, by one solution with an arbitrary right side.
  private(set) var rcond: Double?
  private let discrete: DiscreteSystem
  private let matrix: JetMatrix
  private let lu: OrderedLU
  private let scales: Storage
  private let work: Storage
  private let krylov: GMRES?

  init(_ discrete: DiscreteSystem) {
    self.discrete = discrete
    let companion = LowOrderCompanion.grid(discrete)
    matrix = JetMatrix(discrete, weights: companion)
    lu = OrderedLU(
      matrix.pattern, discrete.grid, components: discrete.system.components.count)
    scales = Storage(discrete.dimension)
    work = Storage(discrete.dimension)
    krylov = companion == nil ? nil : GMRES(dimension: discrete.dimension)
    name =
      companion == nil
      ? "Newton, \(lu.name) LU" : "Newton, GMRES on \(lu.name) LU of differences of order 2"
  }

  /// Whether the matrix is the same everywhere.
  var isConstant: Bool {
    discrete.system.isLinear && discrete.terms == nil
      && discrete.sets.allSatisfy { $0.condition.isLinear }
  }

  /// Forgets the factors, after parameters have changed.
  func invalidate() { isFactored = false }

  /// Takes the Jacobian at the discrete system's fields and factors it.
  func linearize() -> Bool {
    discrete.linearize(0)
    matrix.assemble(0)
    let entries = matrix.entries
    let starts = matrix.pattern.rowStarts
    for row in 0..<discrete.dimension {
      var largest = 0.0
      for k in starts[row]..<starts[row + 1] { largest = max(largest, entries[k].magnitude) }
      let scale = largest > 0 ? 1 / largest : 1
      scales.vector[row] = scale
      for k in starts[row]..<starts[row + 1] { entries[k] *= scale }
    }
    lu.load(entries, scale: 1)
    isFactored = lu.factor()
    return isFactored
  }

  /// The largest entry of a residual, each row relative to its coefficients.
  func scaledNorm(_ residual: Vector) -> Double {
    var largest = 0.0
    for row in 0..<residual.count {
      let size = (residual[row] * scales.vector[row]).magnitude
      if !(size <= largest) { largest = size }
    }
    return largest
  }

  /// Solves J·x = b in place; false if an iteration did not converge.
  func solve(_ b: Vector) -> Bool {
    for row in 0..<b.count { b[row] *= scales.vector[row] }
    guard let krylov else {
      lu.solve(b)
      return b.isFinite
    }
    let x = work.vector.slice(0, discrete.dimension)
    x.fill(0)
    let outcome = krylov.solve(
      apply: { [self] x, image in
        discrete.applyJacobian(x, into: image)
        for row in 0..<image.count { image[row] *= scales.vector[row] }
      }, precondition: { [self] in lu.solve($0) }, b, x, tolerance: 1e-10, maxIterations: 300)
    iterations += outcome.iterations
    b.assign(x)
    // Rounding may stop it short of the tolerance, which the next correction makes good.
    return outcome.residual < 1e-6
  }

  /// Whether the factors are those of a singular matrix to rounding.
  func isSingular() -> Bool {
    let x = work.vector.slice(0, discrete.dimension)
    var seed: UInt64 = 0x9E37_79B9_7F4A_7C15
    for row in 0..<x.count {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      x[row] = Double(seed >> 11) / 9_007_199_254_740_992 - 0.5
    }
    lu.solve(x)
    var largest = 0.0
    for row in 0..<x.count {
      if !x[row].isFinite { return true }
      largest = max(largest, x[row].magnitude)
    }
    // Rows and right side are of size one.
    let estimate = 0.5 / max(largest, 0.5)
    rcond = estimate
    return estimate < (lu.name == "dense" ? 1e-16 : 1e-14)
  }
}

import Glibc
import Numerics

/// An exponential Rosenbrock method on the gradient flow of a least-squares loss.
///
/// With A = D⁻²JᵀJ, symmetric in D's metric, and f = −D⁻²Jᵀr the linear part of the flow is solved
/// exactly: Y = θ + hφ₁(−hA)f; what it leaves over is e = hφ₂(−hA)[f(Y) − f(θ) + A(Y − θ)], the error
/// of Y, and θ⁺ = Y + e. Order 2 although A is not the exact Jacobian, where 2φ₃ in the place of φ₂,
/// which suits the exact one, leaves order 1. On linear residuals any step is exact, and as h grows
/// it becomes Gauss-Newton's.
///
/// A step costs a linearisation, the eigenvalues and eigenvectors of D⁻¹JᵀJD⁻¹ (some 9P³ operations)
/// and one more gradient; a rejected one the gradient alone.
/// Source: M. Hochbruck, A. Ostermann & J. Schweitzer, SIAM J. Numer. Anal. 47 (2009) 786; S. M. Cox
/// & P. C. Matthews, J. Comput. Phys. 176 (2002) 430, eq. (22) (the corrector with φ₂).
public final class ExponentialRosenbrock: Stepper {
  /// The most parameters: a decomposition takes about half a second there.
  public static let mostParameters = 800

  private let curved: any CurvedField
  private let spectrum: SymmetricEigenvalues
  /// D; f, Y − θ and the remainder along the eigenvectors; something to work with.
  private let root: Vector
  private let slope: Vector
  private let linear: Vector
  private let rest: Vector
  private let scratch: Vector
  private let work: Storage
  private var isDecomposed = false

  /// Allocates for a field: 4P² numbers.
  public init(_ field: any CurvedField) {
    precondition(
      field.dimension <= ExponentialRosenbrock.mostParameters, "\(field.dimension) parameters")
    curved = field
    let n = field.dimension
    spectrum = SymmetricEigenvalues(dimension: n)
    work = Storage(5 * n)
    root = work.vector.slice(0, n)
    slope = work.vector.slice(n, n)
    linear = work.vector.slice(2 * n, n)
    rest = work.vector.slice(3 * n, n)
    scratch = work.vector.slice(4 * n, n)
    super.init(field)
  }

  public override var order: Int { 2 }
  public override var spectralRadius: Double? {
    isDecomposed ? spectrum.values[dimension - 1] : nil
  }

  /// Beyond it the rounding of f, along modes that the residuals do not feel, would count as motion.
  public override var largestStep: Double? {
    let curvature = curved.largestCurvature
    return curvature.isFinite ? 1e12 / curvature : nil
  }

  public override func start(_ t: Double, _ y: Vector) { arrive(y) }

  public override func accept() { arrive(yNew) }

  private func arrive(_ y: Vector) {
    curved.linearize(y)
    let (gradient, scale) = (curved.gradient, curved.scale)
    for i in 0..<dimension { rate[i] = -gradient[i] / scale[i] }
    isDecomposed = false
  }

  public override func attempt() -> Bool {
    guard isDecomposed || decompose() else { return false }
    let values = spectrum.values
    for k in 0..<dimension {
      linear[k] = h * ExponentialRosenbrock.phi1(-h * max(values[k], 0)) * slope[k]
    }
    expand(linear, into: error)
    for i in 0..<dimension { yNew[i] = yOld[i] + error[i] }
    field(tNew, yNew, into: scratch)
    project(scratch, into: rest)
    for k in 0..<dimension {
      let value = max(values[k], 0)
      let remainder = rest[k] - slope[k] + value * linear[k]
      rest[k] = h * ExponentialRosenbrock.phi2(-h * value) * remainder
    }
    expand(rest, into: error)
    for i in 0..<dimension { yNew[i] += error[i] }
    return true
  }

  /// The eigenvalues at the point arrived at, and f along the eigenvectors.
  private func decompose() -> Bool {
    let (n, normal, vectors) = (dimension, curved.normal, spectrum.vectors)
    for i in 0..<n { root[i] = curved.scale[i].squareRoot() }
    for j in 0..<n {
      for i in j..<n { vectors[i + j * n] = normal[i + j * n] / (root[i] * root[j]) }
    }
    field.counts.factorizations += 1
    isDecomposed = spectrum.decompose()
    if isDecomposed { project(rate, into: slope) }
    return isDecomposed
  }

  /// The coordinates of Dx along the eigenvectors; `x` is overwritten unless it is the rate.
  private func project(_ x: Vector, into result: Vector) {
    for i in 0..<dimension { scratch[i] = root[i] * x[i] }
    spectrum.coordinates(of: scratch, into: result)
  }

  /// Back from coordinates.
  private func expand(_ coordinates: Vector, into result: Vector) {
    spectrum.vector(of: coordinates, into: result)
    for i in 0..<dimension { result[i] /= root[i] }
  }

  public override func saveHistory() -> [Double]? { rate.array + [isDecomposed ? 1 : 0] }

  public override func restoreHistory(_ history: [Double]) {
    super.restoreHistory(history)
    if history[dimension] == 1 { _ = decompose() }
  }

  /// (eᶻ − 1)/z for z ≤ 0.
  static func phi1(_ z: Double) -> Double { z == 0 ? 1 : expm1(z) / z }

  /// (eᶻ − 1 − z)/z² for z ≤ 0; the series where the difference would lose digits.
  static func phi2(_ z: Double) -> Double {
    guard z > -0.01 else { return (expm1(z) - z) / (z * z) }
    return 0.5 + z * (1.0 / 6 + z * (1.0 / 24 + z * (1.0 / 120 + z * (1.0 / 720 + z / 5040))))
  }
}

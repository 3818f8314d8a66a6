import Numerics
import Residuals

/// Linear regression with an explicit ridge: L = ½·Σ(Xβ − y)²/n + ½λ‖θ‖².
///
/// The coefficients β of the d features are the parameters θ themselves, or differences of squares
/// β = u⊙u − v⊙v with θ = [u | v], where ½λ‖θ‖² is at its least ½λ‖β‖₁.
///
/// - Shape: n rows of data, then one row √λ·θₖ for each parameter where λ > 0.
/// - Cost: n·P operations a residual, n·P² a linearisation.
/// - Source: the squares: B. Woodworth et al., Kernel and rich regimes in overparametrized models,
///   COLT 2020.
package final class Regression: LeastSquares {
  /// How the coefficients depend on the parameters.
  package enum Form: Sendable { case linear, squares }

  package let parameterCount: Int
  package let residualCount: Int
  private let form: Form
  private let samples: Int
  private let features: Int
  private let ridge: Double
  /// 1/√n.
  private let weight: Double
  private let design: Storage
  private let targets: Storage
  private let rows: Storage
  private let coefficientStore: Storage

  /// Takes the data.
  ///
  /// - Parameters:
  ///   - design: X, row by row, `[n·d]`.
  ///   - targets: y, `[n]`.
  ///   - ridge: λ; 0 for none.
  package init(design: [Double], targets: [Double], form: Form, ridge: Double) {
    precondition(!targets.isEmpty && design.count % targets.count == 0, "a design of no rows")
    precondition(ridge >= 0, "a ridge of \(ridge)")
    samples = targets.count
    features = design.count / samples
    self.form = form
    self.ridge = ridge
    parameterCount = form == .linear ? features : 2 * features
    residualCount = samples + (ridge > 0 ? parameterCount : 0)
    weight = 1 / Double(samples).squareRoot()
    self.design = Storage(design)
    self.targets = Storage(targets)
    rows = Storage(samples * parameterCount)
    coefficientStore = Storage(features)
  }

  package var blocks: [ResidualBlock] {
    let data = ResidualBlock(name: "data", rows: 0..<samples, weight: 1)
    if ridge == 0 { return [data] }
    return [
      data,
      ResidualBlock(
        name: "ridge", rows: samples..<residualCount, weight: ridge * Double(parameterCount)),
    ]
  }

  /// β of parameters θ; `[d]`.
  package func coefficients(_ parameters: Vector) -> [Double] {
    fillCoefficients(parameters)
    return coefficientStore.vector.array
  }

  private func fillCoefficients(_ parameters: Vector) {
    let beta = coefficientStore.vector
    for j in 0..<features {
      switch form {
      case .linear: beta[j] = parameters[j]
      case .squares:
        let (u, v) = (parameters[j], parameters[features + j])
        beta[j] = u * u - v * v
      }
    }
  }

  /// ∂β/∂θₖ: of the one coefficient, k mod d, that depends on θₖ.
  private func slope(_ k: Int, _ parameters: Vector) -> Double {
    switch form {
    case .linear: 1
    case .squares: (k < features ? 2 : -2) * parameters[k]
    }
  }

  package func residual(_ parameters: Vector, into residual: Vector) {
    fillCoefficients(parameters)
    addData(coefficientStore.vector, into: residual)
    for i in 0..<samples { residual[i] -= weight * targets.vector[i] }
    addRidge(parameters, into: residual)
  }

  /// Writes Xb/√n over the rows of data.
  private func addData(_ b: Vector, into result: Vector) {
    let x = design.vector
    for i in 0..<samples {
      var sum = 0.0
      for j in 0..<features { sum += x[i * features + j] * b[j] }
      result[i] = weight * sum
    }
  }

  private func addRidge(_ parameters: Vector, into result: Vector) {
    guard ridge > 0 else { return }
    let root = ridge.squareRoot()
    for k in 0..<parameterCount { result[samples + k] = root * parameters[k] }
  }

  package func linearize(
    _ parameters: Vector, residual: Vector, gradient: Vector, normal: Vector?
  ) {
    self.residual(parameters, into: residual)
    transposedProduct(parameters, residual, into: gradient)
    guard let normal else { return }
    jacobianRows(parameters, 0..<samples, into: rows.vector)
    BLAS.addSquare(
      ofRows: rows.vector, count: samples, dimension: parameterCount, to: normal, overwriting: true)
    for k in 0..<parameterCount { normal[k * (parameterCount + 1)] += ridge }
  }

  package func product(_ parameters: Vector, _ direction: Vector, into result: Vector) {
    let change = coefficientStore.vector
    change.fill(0)
    for k in 0..<parameterCount {
      change[k % features] += slope(k, parameters) * direction[k]
    }
    addData(change, into: result)
    addRidge(direction, into: result)
  }

  package func transposedProduct(_ parameters: Vector, _ weights: Vector, into result: Vector) {
    let x = design.vector
    let sum = coefficientStore.vector
    sum.fill(0)
    for i in 0..<samples {
      let factor = weight * weights[i]
      for j in 0..<features { sum[j] += factor * x[i * features + j] }
    }
    let root = ridge.squareRoot()
    for k in 0..<parameterCount {
      result[k] = slope(k, parameters) * sum[k % features]
      if ridge > 0 { result[k] += root * weights[samples + k] }
    }
  }

  package func jacobianRows(_ parameters: Vector, _ range: Range<Int>, into rows: Vector) {
    let x = design.vector
    let root = ridge.squareRoot()
    for (place, i) in range.enumerated() {
      let first = place * parameterCount
      for k in 0..<parameterCount {
        if i < samples {
          rows[first + k] = weight * x[i * features + k % features] * slope(k, parameters)
        } else {
          rows[first + k] = i - samples == k ? root : 0
        }
      }
    }
  }
}

extension Regression {
  /// The parameters of least norm that minimise L, for coefficients that are the parameters.
  ///
  /// One Gauss-Newton step from 0 arrives there: (JᵀJ)θ = −Jᵀr, or in the kernel form θ = −Jᵀz with
  /// JJᵀz = r where there are fewer rows than parameters and no ridge.
  ///
  /// - Returns: nil where the matrix is singular to rounding.
  package func linearSolution() -> [Double]? {
    precondition(form == .linear, "coefficients that are not linear in the parameters")
    let theta = Storage(parameterCount)
    let residual = Storage(residualCount)
    let gradient = Storage(parameterCount)
    defer { theta.keep(residual, gradient) }
    guard residualCount < parameterCount else {
      let cholesky = Cholesky(dimension: parameterCount)
      linearize(
        theta.vector, residual: residual.vector, gradient: gradient.vector,
        normal: cholesky.entries)
      guard cholesky.factor() else { return nil }
      cholesky.solve(gradient.vector)
      return gradient.vector.array.map { -$0 }
    }
    let kernel = Cholesky(dimension: samples)
    self.residual(theta.vector, into: residual.vector)
    jacobianRows(theta.vector, 0..<samples, into: rows.vector)
    BLAS.multiply(
      rows.vector, rows.vector, into: kernel.entries, rows: samples, inner: parameterCount,
      columns: samples, transposed: true)
    guard kernel.factor() else { return nil }
    kernel.solve(residual.vector)
    transposedProduct(theta.vector, residual.vector, into: gradient.vector)
    return gradient.vector.array.map { -$0 }
  }
}

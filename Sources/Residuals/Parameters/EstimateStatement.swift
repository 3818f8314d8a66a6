import Numerics
import Problems

/// What data and equations say of an estimated parameter.
public struct EstimateStatement: Sendable, Equatable {
  /// As declared.
  public let name: String
  /// At the parameters given.
  public let value: Double
  /// One standard deviation, by the Gauss-Newton matrix; nil without measurements, or where nothing
  /// determines the parameter.
  public let standardError: Double?
  /// Why the value says little; nil where it is determined.
  public let weakness: String?
}

/// Residuals of measurements that determine estimates.
public protocol EstimatingResiduals: LeastSquares {
  /// What the parameters stand for; further unknowns stand behind them.
  var layout: ParameterLayout { get }
  /// How many measurements are fitted.
  var measurementCount: Int { get }
  /// What standard errors are multiplied by, where the noise was taken from the residuals.
  var noiseCorrection: Double { get }
}

extension PhysicsResiduals: EstimatingResiduals {
  public var noiseCorrection: Double { 1 }
}

extension EstimatingResiduals {
  /// The estimates at θ, with standard errors.
  ///
  /// The covariance of θ is (n·JᵀJ)⁻¹, n the count of measurements: the loss, n times, is the
  /// negative logarithm of the posterior density where equations weigh as declared; networks are
  /// marginalised. Source: D. Bates and D. Watts, Nonlinear Regression Analysis (1988), section 2.
  /// - Cost: P³/3 operations, P² numbers.
  public func estimateStatements(_ parameters: Vector) -> [EstimateStatement] {
    let values = layout.values(parameters.array)
    if values.isEmpty { return [] }
    let (columns, diagonal) = estimateCovariance(parameters)
    let isFactored = !columns.isEmpty
    let count = Double(measurementCount)
    return values.enumerated().map { index, entry in
      let variance = isFactored ? columns[index][index] : .infinity
      // How much of the information is left when everything else is free, too; what is below
      // rounding of the matrix cannot be told from nothing.
      let share = 1 / (variance * diagonal[index])
      let isKnown = isFactored && share > 1e-10
      let error =
        noiseCorrection * entry.slope.magnitude * (variance / max(count, 1)).squareRoot()
      return EstimateStatement(
        name: entry.name, value: entry.value,
        standardError: isKnown && count > 0 ? error : nil,
        weakness: weakness(
          index, entry.value, isKnown: isKnown, count > 0 ? error : 0, columns))
    }
  }

  /// The correlations of the errors of the estimates at θ, `[estimate][estimate]`; empty where the
  /// data do not determine them.
  ///
  /// - Cost: as ``estimateStatements(_:)``.
  public func estimateCorrelations(_ parameters: Vector) -> [[Double]] {
    if layout.estimates.isEmpty { return [] }
    let signs = layout.values(parameters.array).map { $0.slope < 0 ? -1.0 : 1 }
    let columns = estimateCovariance(parameters).columns
    return columns.indices.map { i in
      columns.indices.map { j in
        signs[i] * signs[j] * columns[i][j] / (columns[i][i] * columns[j][j]).squareRoot()
      }
    }
  }

  /// The estimates' part of (JᵀJ)⁻¹, empty where that is not positive definite, and their part of the
  /// diagonal of JᵀJ.
  private func estimateCovariance(_ parameters: Vector) -> (
    columns: [[Double]], diagonal: [Double]
  ) {
    let (size, first, count) = (parameterCount, layout.networkCount, layout.estimates.count)
    let (residual, gradient) = (Storage(residualCount), Storage(size))
    let (normal, diagonal) = (Storage(size * size), Storage(size))
    defer { residual.keep(gradient, normal, diagonal) }
    linearize(
      parameters, residual: residual.vector, gradient: gradient.vector, normal: normal.vector)
    for i in 0..<size { diagonal.vector[i] = max(normal.vector[i * (size + 1)], 1e-300) }
    let own = (0..<count).map { diagonal.vector[first + $0] }
    let cholesky = Cholesky(dimension: size)
    // A little above rounding: what is below is not information. Where one direction outweighs the
    // others by far, its rounding reaches them.
    var shift = 1e-13
    while !cholesky.factor(normal.vector, adding: shift, times: diagonal.vector) {
      shift *= 100
      if shift > 1e-8 { return ([], own) }
    }
    let columns = (0..<count).map { index -> [Double] in
      let column = Storage(size)
      defer { column.keep() }
      column.vector[first + index] = 1
      cholesky.solve(column.vector)
      return (0..<count).map { column.vector[first + $0] }
    }
    return (columns, own)
  }

  private func weakness(
    _ index: Int, _ value: Double, isKnown: Bool, _ error: Double, _ covariance: [[Double]]
  ) -> String? {
    let estimate = layout.estimates[index]
    if let bound = layout.scales[index].bound(near: value) {
      return
        "\(estimate.name) lies at its bound \(bound): its standard error says nothing; widen "
        + "'bounds' if it may lie beyond"
    }
    guard isKnown else {
      return "\(estimate.name) has no standard error: as far as double precision tells, nothing "
        + "determines it apart from the other parameters"
    }
    if estimate.lower.isFinite, estimate.upper.isFinite,
      error > 0.25 * (estimate.upper - estimate.lower)
    {
      return "the data do not determine \(estimate.name) within its bounds"
    }
    for other in covariance.indices where other != index {
      let scale = (covariance[index][index] * covariance[other][other]).squareRoot()
      if covariance[index][other].magnitude > 0.999 * scale {
        return "\(estimate.name) and \(layout.estimates[other].name) are determined only together: "
          + "another pair fits nearly as well"
      }
    }
    return nil
  }
}

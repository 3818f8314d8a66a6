import Numerics

extension TrajectoryResiduals {
  /// How many measurements are fitted.
  public var measurementCount: Int { dataCount }

  /// What gaps weigh at most, in units of the noise.
  static let mostContinuity = 1e6

  /// Takes the noise that nobody declared from the misfit at θ, and closes gaps more firmly.
  ///
  /// The noise is the root mean square of the misfit, at most what neighbouring points say of it.
  public func advance(_ parameters: Vector, round: Int) {
    let all = Storage(residualCount)
    defer { all.keep() }
    residual(parameters, into: all.vector)
    for column in noise.indices where noise[column].isEstimated {
      let found = deviation(column, all.vector)
      let least = TrajectoryFit.leastNoise * noise[column].size
      if found.isFinite { noise[column].deviation = min(max(found, least), firstNoise[column]) }
    }
    if rowCount > dataCount { continuity = min(continuity * 10, Self.mostContinuity) }
    weightsChanged()
  }

  /// The root mean square misfit of a column.
  private func deviation(_ column: Int, _ residual: Vector) -> Double {
    var (sum, count) = (0.0, 0)
    let scale = scale(column: column)
    for rows in dataRows {
      for row in rows where row.column == column {
        let misfit = residual[row.residual] / scale
        (sum, count) = (sum + misfit * misfit, count + 1)
      }
    }
    return (sum / Double(max(count, 1))).squareRoot()
  }

  /// χ² a measurement, in units of the noise.
  public func chiSquarePerPoint(_ parameters: Vector) -> Double? {
    guard dataCount > 0 else { return nil }
    let all = Storage(residualCount)
    defer { all.keep() }
    residual(parameters, into: all.vector)
    // Rows carry 1/√N.
    return all.vector.slice(0, dataCount).squaredNorm
  }

  /// The largest gap, in units of the noise.
  public func largestGap(_ parameters: Vector) -> Double {
    let all = Storage(residualCount)
    defer { all.keep() }
    residual(parameters, into: all.vector)
    var largest = 0.0
    for row in dataCount..<rowCount { largest = max(largest, all.vector[row].magnitude) }
    return largest * (Double(max(dataCount, 1)) / continuity).squareRoot()
  }
}

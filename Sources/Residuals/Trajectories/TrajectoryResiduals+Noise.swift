import Glibc
import Numerics

extension TrajectoryResiduals {
  /// How many measurements are fitted.
  public var measurementCount: Int { dataCount }

  /// Estimated noise is too small by what the unknowns took up; networks are held by their ridge.
  public var noiseCorrection: Double {
    guard noise.contains(where: \.isEstimated), layout.networkCount == 0 else { return 1 }
    let free = dataCount - layout.count - shooting.unknownCount
    return free > 0 ? (Double(dataCount) / Double(free)).squareRoot() : 1
  }

  /// What gaps weigh at most, in units of the noise.
  static let mostContinuity = 1e4

  /// Takes the noise that nobody declared from the misfit at θ, and closes gaps more firmly.
  ///
  /// The noise is the root mean square of the misfit, at most what neighbouring points say of it.
  public func advance(_ parameters: Vector, round: Int) {
    let all = Storage(residualCount)
    defer { all.keep() }
    residual(parameters, into: all.vector)
    for column in noise.indices where noise[column].isEstimated {
      let found = deviation(column, all.vector)
      let least = TrajectoryFit.leastNoise(plan) * noise[column].size
      if found.isFinite { noise[column].deviation = min(max(found, least), firstNoise[column]) }
    }
    continuity = gapEnd > dataCount ? min(pow(10, Double(round)), Self.mostContinuity) : 1
    weightsChanged()
  }

  /// The mean square misfit of each column at θ.
  public func meanSquares(_ parameters: Vector) -> [Double] {
    let all = Storage(residualCount)
    defer { all.keep() }
    residual(parameters, into: all.vector)
    return noise.indices.map { column in
      let found = deviation(column, all.vector)
      return found * found
    }
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
}

extension TrajectoryResiduals {
  /// Whether gaps weigh as much as they ever will, so that whole trajectories may take over.
  public var isClosed: Bool { gapEnd == dataCount || continuity >= Self.mostContinuity }

  /// Σ Nᵢ·log σᵢ/N over the columns whose noise is estimated: its part of the negative logarithm of
  /// the likelihood.
  public var meanLogNoise: Double {
    var sum = 0.0
    for entry in noise where entry.isEstimated { sum += Double(entry.count) * log(entry.deviation) }
    return sum / Double(max(dataCount, 1))
  }

  /// The sought states of the first pieces at θ, one after the other.
  public func firstStates(_ parameters: [Double]) -> [Double] {
    shooting.segments.filter(\.isFirst).flatMap { segment in
      segment.unknowns.filter { $0 >= 0 }.map { parameters[layout.count + $0] }
    }
  }

  /// All sought states with those of the first pieces replaced; `states` as ``firstStates(_:)``
  /// gives them, or empty.
  public func statesStarting(with states: [Double]) -> [Double] {
    var numbers = shooting.initialNumbers
    let places = shooting.segments.filter(\.isFirst).flatMap { $0.unknowns.filter { $0 >= 0 } }
    if states.count == places.count {
      for (place, state) in zip(places, states) { numbers[place] = state }
    }
    return numbers
  }
}

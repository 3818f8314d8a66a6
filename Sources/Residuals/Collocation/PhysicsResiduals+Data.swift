import Expressions
import Numerics
import Problems

extension PhysicsResiduals {
  /// What is known of the noise of each measured unknown.
  public var noise: [MeasuredNoise] { groups.compactMap(\.noise) }

  /// Whether the noise is estimated on the way, whenever points are drawn anew.
  public var estimatesNoise: Bool { noise.contains(where: \.isEstimated) }

  /// How many measurements there are.
  public var measurementCount: Int { noise.reduce(0) { $0 + $1.count } }

  /// One group for each measured unknown: what is left of its measurements, in units of their noise.
  func makeDataGroups() throws {
    guard let data = problem.data else { return }
    let places = problem.variables.compactMap { data.table.column($0.name) }
    guard places.count == problem.variables.count else { return }
    for unknown in problem.unknowns {
      guard let column = data.table.column(unknown) else { continue }
      let rows = column.indices.filter { column[$0].isFinite }
      if rows.isEmpty { continue }
      let noise = noise(of: unknown, rows.map { column[$0] }, data.noise)
      let residual = Expression.symbol(unknown) - .symbol(PointProgram.measurement)
      groups.append(
        ResidualGroup(
          names: ["data of \(unknown)"], program: try PointProgram([residual], model),
          place: .fixed, points: rows.flatMap { row in places.map { $0[row] } },
          measurements: rows.map { column[$0] }, noise: noise))
    }
  }

  /// Until it is estimated, of the largest value: so the data lead without being believed.
  private static let firstDeviation = 0.1

  private func noise(
    of unknown: String, _ values: [Double], _ declared: Measurements.Noise
  ) -> MeasuredNoise {
    let size = values.map(\.magnitude).max() ?? 0
    let deviation: Double? =
      switch declared {
      case .unknown: nil
      case .all(let deviation): deviation
      case .each(let deviations): deviations[unknown]
      }
    let unit = size > 0 ? size : 1
    return MeasuredNoise(
      unknown: unknown, count: values.count, deviation: deviation ?? Self.firstDeviation * unit,
      isEstimated: deviation == nil, size: unit)
  }

  /// Takes the noise that nobody declared from what is left of the measurements at θ: their root mean
  /// square, whatever it was taken for before.
  ///
  /// Exact data must not grow without bounds in weight: it is a millionth of the size of the
  /// measurements at least. A first bad fit must not silence them: while the weight of the physics
  /// still grows it is a tenth at most.
  func estimateNoise(_ parameters: Vector, round: Int) {
    guard estimatesNoise else { return }
    for index in groups.indices where groups[index].noise?.isEstimated == true {
      groups[index].noise?.deviation = 1
    }
    setWeights(plan.weights ?? [])
    let all = Storage(residualCount)
    defer { all.keep() }
    residual(parameters, into: all.vector)
    let isSettled = physicsFactor(round: round) >= Self.physicsOverData
    for index in groups.indices {
      guard var noise = groups[index].noise, noise.isEstimated else { continue }
      let found = meanSquare(groups[index], all.vector).squareRoot()
      let (least, first) = (1e-6 * noise.size, Self.firstDeviation * noise.size)
      if !found.isFinite {
        noise.deviation = first
      } else {
        noise.deviation = isSettled ? max(found, least) : min(max(found, least), first)
      }
      groups[index].noise = noise
    }
  }

  /// The mean square of what is left of a group's measurements, in units of their noise.
  private func meanSquare(_ group: ResidualGroup, _ residual: Vector) -> Double {
    let count = group.rows(field.dimension)
    var sum = 0.0
    for row in group.firstRow..<(group.firstRow + count) { sum += residual[row] * residual[row] }
    return sum / group.weights[0]
  }

  /// χ² a measurement, in units of the noise; nil where there are none.
  public func chiSquarePerPoint(_ parameters: Vector) -> Double? {
    guard measurementCount > 0 else { return nil }
    let all = Storage(residualCount)
    defer { all.keep() }
    residual(parameters, into: all.vector)
    var sum = 0.0
    for group in groups {
      guard let noise = group.noise else { continue }
      sum += meanSquare(group, all.vector) * Double(noise.count)
    }
    return sum / Double(measurementCount)
  }
}

import Integrators
import Networks
import Numerics
import Problems

/// Rates at the smoothed measurements: F(t, ŷ; θ) against M·ŷ', without any integration.
///
/// A warm start: cheap and without local minima of long trajectories, as good as the smoothing is.
/// Each rate is measured by its own standard deviation, the noise of the data carried through the
/// smoothing.
/// Source: J. M. Varah, SIAM J. Sci. Stat. Comput. 3 (1982) 28; E. Roesch, C. Rackauckas and M. Stumpf,
/// J. R. Soc. Interface 18 (2021) 20210075.
public final class DerivativeMatching: LeastSquares {
  private struct Row {
    var series: Int
    var t: Double
    var state: [Double]
    var target: [Double]
    /// Standard deviations of the rates.
    var deviations: [Double]
  }

  public let parameterCount: Int
  public let residualCount: Int
  public let blocks: [ResidualBlock]
  private let field: TrainableField
  private let rows: [Row]
  private let places: [Int]
  private let regularizers: RegularizerStack
  private let rowCount: Int
  private let jacobian: Storage
  private let slopes: Storage
  private let work: Storage
  private let scratch: Storage

  /// The least deviation of a rate, as a part of the size of all: a cubic is no better.
  private static let least = 1e-4
  /// The least weight of the ridge: enough that what the data do not tell stays.
  private static let leastRidge = 1e-2

  /// - Parameter ridge: its weight, in units of the noise.
  /// - Throws: what a field cannot be made for.
  public init(
    _ system: TrainableSystem, _ data: TrajectoryData, _ layout: ParameterLayout,
    _ smoothed: SmoothedStates, noise: [MeasuredNoise], ridge: Double
  ) throws {
    field = try TrainableField(system, layout)
    let n = system.dimension
    parameterCount = layout.count
    // Only rates that parameters move can be matched.
    var moving = Set(system.leafEntries.map(\.row)).union(system.estimateEntries.map(\.row))
    if moving.isEmpty { moving = Set(0..<n) }
    let places = moving.sorted()
    self.places = places
    var found: [Row] = []
    for (index, series) in data.series.enumerated() {
      for (row, t) in series.times.enumerated() where series.roles[row] == .training {
        let state = smoothed.state(index, t)
        let rates = (0..<n).map { smoothed.rate(index, t, $0) }
        guard state.allSatisfy(\.isFinite) else { continue }
        let deviations = rates.enumerated().map { place, rate in
          rate.deviation * (smoothed.column(place).map { noise[$0].deviation } ?? .nan)
        }
        found.append(
          Row(
            series: index, t: t, state: state,
            target: DerivativeMatching.target(rates.map(\.value), field.mass),
            deviations: deviations))
      }
    }
    var rows = found.filter { row in places.allSatisfy { row.target[$0].isFinite } }
    let count = Double(max(rows.count * places.count, 1))
    for place in places {
      let square = rows.reduce(0) { $0 + $1.target[place] * $1.target[place] }
      let size = (square / Double(max(rows.count, 1))).squareRoot()
      let least = DerivativeMatching.least * (size > 0 ? size : 1)
      for row in rows.indices {
        let deviation = rows[row].deviations[place]
        rows[row].deviations[place] =
          count.squareRoot() * (deviation.isFinite ? max(deviation, least) : size + least)
      }
    }
    self.rows = rows
    rowCount = rows.count * places.count
    regularizers = RegularizerStack(behind: rowCount)
    if layout.networkCount > 0 {
      regularizers.add(
        Ridge(offset: 0, count: layout.networkCount, parameterCount: layout.count), name: "ridge",
        weight: max(ridge, DerivativeMatching.leastRidge) / count)
    }
    residualCount = regularizers.end
    blocks =
      [ResidualBlock(name: "rates", rows: 0..<rowCount, weight: 1)] + regularizers.blocks
    jacobian = Storage(rowCount * layout.count)
    slopes = Storage(n * layout.count)
    work = Storage(2 * n + n * n)
    scratch = Storage(max(layout.networkCount, 1))
  }

  /// M·ŷ'; NaN where a rate that it holds is unknown.
  private static func target(_ rate: [Double], _ mass: MassMatrix?) -> [Double] {
    guard let mass else { return rate }
    var target = [Double](repeating: 0, count: rate.count)
    for k in mass.entries.indices {
      target[mass.pattern.rows[k]] += mass.entries[k] * rate[mass.pattern.columns[k]]
    }
    return target
  }

  /// How many rates are matched.
  public var count: Int { rowCount }

  /// Writes r(θ).
  public func residual(_ parameters: Vector, into residual: Vector) {
    let n = field.dimension
    let (rate, y) = (work.vector.slice(0, n), work.vector.slice(n, n))
    field.set(parameters)
    for (index, row) in rows.enumerated() {
      y.assign(row.state)
      field(row.t, y, into: rate)
      for (k, place) in places.enumerated() {
        residual[index * places.count + k] =
          (rate[place] - row.target[place]) / row.deviations[place]
      }
    }
    regularizers.residual(parameters, into: residual)
  }

  private func differentiate(_ parameters: Vector, residual: Vector?) {
    let (n, size) = (field.dimension, parameterCount)
    let (rate, y) = (work.vector.slice(0, n), work.vector.slice(n, n))
    let matrix = work.vector.slice(2 * n, n * n)
    field.set(parameters)
    for (index, row) in rows.enumerated() {
      y.assign(row.state)
      field.linearize(
        row.t, y, rate: rate, jacobian: matrix, rows: slopes.vector, stride: size)
      for (k, place) in places.enumerated() {
        let target = jacobian.vector.slice((index * places.count + k) * size, size)
        let own = slopes.vector.slice(place * size, size)
        for c in 0..<size { target[c] = own[c] / row.deviations[place] }
        residual?[index * places.count + k] =
          (rate[place] - row.target[place]) / row.deviations[place]
      }
    }
  }

  /// Writes r, Jᵀr and JᵀJ.
  public func linearize(
    _ parameters: Vector, residual: Vector, gradient: Vector, normal: Vector?
  ) {
    differentiate(parameters, residual: residual)
    regularizers.residual(parameters, into: residual)
    multiplyTransposed(parameters, residual, into: gradient)
    guard let normal else { return }
    BLAS.addSquare(
      ofRows: jacobian.vector, count: rowCount, dimension: parameterCount, to: normal,
      overwriting: true)
    regularizers.addNormal(parameters, to: normal)
  }

  private func multiplyTransposed(_ parameters: Vector, _ weights: Vector, into result: Vector) {
    result.fill(0)
    BLAS.addTransposedProduct(
      ofRows: jacobian.vector, count: rowCount, dimension: parameterCount,
      weights.slice(0, rowCount), to: result)
    regularizers.addTransposedProduct(parameters, weights, to: result, scratch: scratch.vector)
  }

  /// Writes J(θ)·v.
  public func product(_ parameters: Vector, _ direction: Vector, into result: Vector) {
    differentiate(parameters, residual: nil)
    for row in 0..<rowCount {
      result[row] = jacobian.vector.slice(row * parameterCount, parameterCount).dot(direction)
    }
    regularizers.product(parameters, direction, into: result)
  }

  /// Writes J(θ)ᵀ·w.
  public func transposedProduct(_ parameters: Vector, _ weights: Vector, into result: Vector) {
    differentiate(parameters, residual: nil)
    multiplyTransposed(parameters, weights, into: result)
  }

  /// Writes rows of J(θ).
  public func jacobianRows(_ parameters: Vector, _ range: Range<Int>, into rows: Vector) {
    differentiate(parameters, residual: nil)
    let own = range.clamped(to: 0..<rowCount)
    rows.slice(0, own.count * parameterCount).assign(
      jacobian.vector.slice(own.lowerBound * parameterCount, own.count * parameterCount))
    regularizers.rows(parameters, range, into: rows)
  }
}

import Glibc
import Numerics
import Problems

/// Measurements of one column of one trajectory, smoothed: values and derivatives anywhere, and what
/// the noise was.
///
/// At each place a cubic is fitted to the nearest points, weighed by their distance; how many is
/// chosen by leaving points out one at a time. Exact data are followed to the error of the cubic.
/// Source: W. S. Cleveland, J. Am. Stat. Assoc. 74 (1979) 829; J. Fan and I. Gijbels, Local Polynomial
/// Modelling (1996), section 3.
struct LocalPolynomial: Sendable {
  private let times: [Double]
  private let values: [Double]
  /// Points that take part at a place.
  let width: Int
  /// Root mean square of a point's distance from what the others say of it, freed of their own share
  /// of the noise.
  let deviation: Double

  private static let degree = 3
  /// Points at which widths are compared.
  private static let probes = 400

  /// Smooths increasing or decreasing times; at least two points.
  init(_ times: [Double], _ values: [Double]) {
    self.times = times
    self.values = values
    let count = times.count
    let widths = [5, 7, 9, 13, 19, 27, 39, 55, 79, 111, 159, 225].filter { $0 <= count }
    var best = (width: min(count, 5), score: Double.infinity, deviation: 0.0)
    for width in widths {
      var (sum, freed, number) = (0.0, 0.0, 0)
      for index in stride(from: 0, to: count, by: max(1, count / LocalPolynomial.probes)) {
        // Near the ends the fit reaches out, and says little of the width.
        let found = LocalPolynomial.fit(times, values, at: times[index], width, leaving: index)
        let distance = found.derivatives[0] - values[index]
        sum += distance * distance
        freed += distance * distance / (1 + found.deviations[0] * found.deviations[0])
        number += 1
      }
      let score = sum / Double(max(number, 1))
      if score < best.score {
        best = (width, score, (freed / Double(max(number, 1))).squareRoot())
      }
    }
    width = best.width
    deviation = best.deviation
  }

  /// The smoothed value and its first two derivatives; of each its standard deviation, where that of
  /// a point is 1.
  func value(at t: Double) -> LocalFit {
    LocalPolynomial.fit(times, values, at: t, width, leaving: nil)
  }

  /// What a polynomial says at its place.
  struct LocalFit {
    /// Value, slope and curvature.
    var derivatives = [0.0, 0, 0]
    /// Their standard deviations, where each point has 1.
    var deviations = [1.0, 0, 0]
  }

  /// The weighted cubic through the nearest points.
  private static func fit(
    _ times: [Double], _ values: [Double], at t: Double, _ width: Int, leaving: Int?
  ) -> LocalFit {
    let range = nearest(times, t, width + (leaving == nil ? 0 : 1))
    let places = range.filter { $0 != leaving }
    let reach = places.reduce(0) { max($0, (times[$1] - t).magnitude) } * 1.2
    guard reach > 0, places.count > 1 else {
      return LocalFit(derivatives: [values[places.first ?? 0], 0, 0])
    }
    let terms = min(degree, places.count - 1) + 1
    let cholesky = Cholesky(dimension: terms)
    let (right, row) = (Storage(terms), Storage(terms))
    let second = Storage(terms)
    defer { right.keep(row, second) }
    for place in places {
      let s = (times[place] - t) / reach
      let near = 1 - s.magnitude * s.magnitude * s.magnitude
      let weight = near * near * near
      var power = 1.0
      for k in 0..<terms {
        row.vector[k] = power
        power *= s
      }
      for i in 0..<terms {
        right.vector[i] += weight * row.vector[i] * values[place]
        for j in 0...i { cholesky.entries[i + j * terms] += weight * row.vector[i] * row.vector[j] }
      }
    }
    for i in 0..<terms { cholesky.entries[i * (terms + 1)] *= 1 + 1e-13 }
    guard cholesky.factor() else { return LocalFit(derivatives: [values[places[0]], 0, 0]) }
    cholesky.solve(right.vector)
    var fit = LocalFit()
    for order in 0..<min(terms, 3) {
      let unit = [1, 1 / reach, 2 / (reach * reach)][order]
      fit.derivatives[order] = unit * right.vector[order]
      // A row of the smoother: how much each point has to say.
      second.vector.fill(0)
      second.vector[order] = 1
      cholesky.solve(second.vector)
      var share = 0.0
      for place in places {
        let s = (times[place] - t) / reach
        let near = 1 - s.magnitude * s.magnitude * s.magnitude
        let weight = near * near * near
        var (sum, power) = (0.0, 1.0)
        for k in 0..<terms {
          sum += second.vector[k] * power
          power *= s
        }
        share += (weight * sum) * (weight * sum)
      }
      fit.deviations[order] = unit * share.squareRoot()
    }
    return fit
  }

  /// The run of `count` points nearest to a place.
  private static func nearest(_ times: [Double], _ t: Double, _ count: Int) -> Range<Int> {
    let isDown = times.count > 1 && times[1] < times[0]
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if isDown ? times[middle] > t : times[middle] < t { low = middle + 1 } else { high = middle }
    }
    var (first, last) = (low, low)
    while last - first < min(count, times.count) {
      let before = first > 0 ? (times[first - 1] - t).magnitude : .infinity
      let after = last < times.count ? (times[last] - t).magnitude : .infinity
      if before <= after { first -= 1 } else { last += 1 }
    }
    return first..<last
  }
}

/// All measured columns of all trajectories, smoothed: states and rates where they are measured.
public struct SmoothedStates: Sendable {
  private let curves: [[LocalPolynomial?]]
  private let data: TrajectoryData
  /// Of each component of the state: its column, and whether the column's derivative is it; nil
  /// where nothing tells it.
  private let sources: [(column: Int, isSlope: Bool)?]

  /// Smooths the training rows.
  ///
  /// - Parameter sources: of each component, the column that it is or is the derivative of.
  init(_ data: TrajectoryData, sources: [(column: Int, isSlope: Bool)?]) {
    self.data = data
    self.sources = sources
    curves = data.series.map { series in
      data.columns.indices.map { column in
        let rows = series.times.indices.filter {
          series.roles[$0] == .training && series.values[column][$0].isFinite
        }
        // A field has many values at one time.
        guard rows.count > 1, series.terms.isEmpty else { return nil }
        return LocalPolynomial(
          rows.map { series.times[$0] }, rows.map { series.values[column][$0] })
      }
    }
  }

  /// Whether every component is measured, or the derivative of one that is.
  public var isWhole: Bool {
    let trained = data.series.indices.filter { data.series[$0].roles.contains(.training) }
    return sources.allSatisfy { $0 != nil }
      && trained.allSatisfy { curves[$0].allSatisfy { $0 != nil } }
  }

  /// The state of a trajectory; NaN where nothing tells it.
  public func state(_ series: Int, _ t: Double) -> [Double] {
    sources.map { source in
      guard let source, let curve = curves[series][source.column] else { return .nan }
      let found = curve.value(at: t)
      return found.derivatives[source.isSlope ? 1 : 0]
    }
  }

  /// The derivative of a component, and how much less sure it is than a measurement, neighbours
  /// sharing their points; NaN where nothing tells it.
  func rate(_ series: Int, _ t: Double, _ place: Int) -> (value: Double, deviation: Double) {
    guard let source = sources[place], let curve = curves[series][source.column] else {
      return (.nan, .nan)
    }
    let found = curve.value(at: t)
    let order = source.isSlope ? 2 : 1
    let shared = (max(Double(curve.width) / 4, 1)).squareRoot()
    return (found.derivatives[order], found.deviations[order] * shared)
  }

  /// The column that a component is, or is the derivative of.
  func column(_ place: Int) -> Int? { sources[place]?.column }

  /// The noise of a column, from how far points lie off their neighbours.
  public func deviation(column: Int) -> Double {
    let found = curves.compactMap { $0[column]?.deviation }
    if found.isEmpty { return .nan }
    return (found.reduce(0) { $0 + $1 * $1 } / Double(found.count)).squareRoot()
  }
}

import Discretizations
import Problems

/// Where the levels of a refinement read their solutions.
struct SamplingPlan: Sendable {
  /// Rows of `trajectory.csv` along each space variable.
  let space: [[Double]]
  /// Times of the rows; empty where every step is a row, or nothing marches.
  let times: [Double]
  /// Whether every accepted step is a row.
  let atSteps: Bool
  /// Where levels are compared along each space variable.
  let comparisonSpace: [[Double]]
  /// Times at which levels are compared, the start left out.
  let comparisonTimes: [Double]
  /// Rows of the reference table that lie on no row of the trajectory.
  let probes: [Probe]

  /// A point of the reference table.
  struct Probe: Sendable {
    /// Its row in the table.
    var row: Int
    /// NaN where nothing marches.
    var time: Double
    var place: [Double]
  }

  /// Whether levels are compared on rows of the trajectory themselves.
  var comparesRows: Bool { comparisonSpace == space }

  /// - Parameter usesReference: whether the reference table's points are read, too.
  init(_ problem: Problem, isBackward: Bool, usesReference: Bool) {
    let declared = problem.variables.filter { $0.name != problem.marching }
    space = declared.map { interval in
      (problem.output[interval.name]?.points(on: interval) ?? []).map { clamped($0, interval) }
    }
    comparisonSpace = zip(declared, space).map { interval, places in
      // Places multiply: 33 along each of five variables would be 39 million.
      let fair = declared.count == 1 ? 33...257 : declared.count < 4 ? 17...65 : 5...17
      let isWhole = places.first == interval.lower && places.last == interval.upper
      return fair.contains(places.count) && isWhole
        ? places : evenPlaces(interval, fair.lowerBound * 2 - 1)
    }
    guard let name = problem.marching, let interval = problem.interval(name) else {
      (times, comparisonTimes, atSteps) = ([], [], false)
      probes = usesReference ? SamplingPlan.probes(problem, space, [], declared) : []
      return
    }
    let points = problem.output[name]?.points(on: interval)
    atSteps = points == nil
    var times = (points ?? []).map { clamped($0, interval) }
    let start = isBackward ? interval.upper : interval.lower
    let isFair = (9...129).contains(times.count) && times.contains { $0 != start }
    var compared = (isFair ? times : evenPlaces(interval, 33)).filter { $0 != start }
    if isBackward {
      times.reverse()
      compared.reverse()
    }
    self.times = times
    comparisonTimes = compared
    probes = usesReference ? SamplingPlan.probes(problem, space, times, declared) : []
  }

  private static func probes(
    _ problem: Problem, _ space: [[Double]], _ times: [Double], _ declared: [Interval]
  ) -> [Probe] {
    guard let table = problem.reference?.table else { return [] }
    let marching = problem.marching
    let columns = declared.map { table.column($0.name) ?? [] }
    let clocks = marching.flatMap { table.column($0) } ?? []
    var probes: [Probe] = []
    for row in 0..<table.rowCount {
      let place = columns.map { $0[row] }
      let isRow = zip(place, space).allSatisfy { holds($1, $0) }
      let isTime = marching == nil || holds(times, clocks[row])
      if isRow, isTime { continue }
      let inside = zip(place, declared).map { min(max($0, $1.lower), $1.upper) }
      probes.append(Probe(row: row, time: marching == nil ? .nan : clocks[row], place: inside))
    }
    return probes
  }

  /// The place of a number among increasing or decreasing ones, from which it may differ by rounding.
  static func index(_ places: [Double], _ number: Double) -> Int? {
    guard let first = places.first, let last = places.last else { return nil }
    let isFalling = last < first
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      let isBefore = isFalling ? places[middle] > number : places[middle] < number
      if isBefore { low = middle + 1 } else { high = middle }
    }
    let scale = max(first.magnitude, last.magnitude)
    return [low, low - 1].first {
      places.indices.contains($0) && (places[$0] - number).magnitude <= 1e-12 * scale
    }
  }

  private static func holds(_ places: [Double], _ number: Double) -> Bool {
    index(places, number) != nil
  }
}

extension SamplingPlan {
  /// Probes of a problem in one variable solved on its whole interval.
  static func probes(onInterval problem: Problem, usesReference: Bool) -> [Probe] {
    guard usesReference, let table = problem.reference?.table,
      let interval = problem.variables.first
    else { return [] }
    let rows = problem.output[interval.name]?.points(on: interval) ?? []
    return (table.column(interval.name) ?? []).enumerated().compactMap { row, place in
      if index(rows, place) != nil { return nil }
      return Probe(row: row, time: .nan, place: [min(max(place, interval.lower), interval.upper)])
    }
  }
}

/// A grid's last point may be rounded past the end.
private func clamped(_ place: Double, _ interval: Interval) -> Double {
  if interval.isLower(place) { return interval.lower }
  if interval.isUpper(place) { return interval.upper }
  return place
}

private func evenPlaces(_ interval: Interval, _ count: Int) -> [Double] {
  OutputGrid.count(count).points(on: interval) ?? []
}

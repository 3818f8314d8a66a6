import Discretizations
import Reports

/// Cuts through a field on a grid.
struct PlaneCut {
  /// The axes of the plane, across and up, by index.
  let across: Int
  let up: Int
  /// The place of every other variable, by index into its places.
  let others: [Int: Int]

  /// The values of a column in the plane, with increasing places: `[up][across]`.
  func values(_ solution: SampledSolution, _ column: [Double]) -> (
    x: [Double], y: [Double], values: [Double]
  ) {
    let strides = PlaneCut.strides(solution)
    let base = others.reduce(0) { $0 + $1.value * strides[$1.key] }
    let (xs, ys) = (solution.places[across], solution.places[up])
    let columns = PlaneCut.increasing(xs)
    let rows = PlaneCut.increasing(ys)
    let values = rows.flatMap { row in
      columns.map { column[base + $0 * strides[across] + row * strides[up]] }
    }
    return (columns.map { xs[$0] }, rows.map { ys[$0] }, values)
  }

  /// The values of a column along a line in the direction of a variable.
  static func line(
    _ solution: SampledSolution, _ column: [Double], along axis: Int, others: [Int: Int]
  ) -> (x: [Double], y: [Double]) {
    let strides = PlaneCut.strides(solution)
    let base = others.reduce(0) { $0 + ($1.key == axis ? 0 : $1.value * strides[$1.key]) }
    let rows = increasing(solution.places[axis])
    return (
      rows.map { solution.places[axis][$0] }, rows.map { column[base + $0 * strides[axis]] }
    )
  }

  private static func strides(_ solution: SampledSolution) -> [Int] {
    var strides = solution.places.map { _ in 1 }
    for axis in solution.places.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * solution.places[axis + 1].count
    }
    return strides
  }

  private static func increasing(_ places: [Double]) -> [Int] {
    let isFalling = (places.first ?? 0) > (places.last ?? 0)
    return isFalling ? places.indices.reversed() : Array(places.indices)
  }
}

extension PlaneField {
  /// Places along an axis of a drawn field.
  private static let (fewest, most) = (160, 320)

  /// Takes numbers on any grid to an even and fine one, by straight lines between neighbours, so that
  /// no viewer shows steps where there are none.
  ///
  /// - Returns: nil where an axis has no two places.
  static func even(
    _ x: [Double], _ y: [Double], _ values: [Double], levels: [Double] = []
  ) -> PlaneField? {
    guard x.count > 1, y.count > 1, x[0] < x[x.count - 1], y[0] < y[y.count - 1] else { return nil }
    let (xs, ys) = (places(x), places(y))
    let (columns, rows) = (neighbours(x, xs), neighbours(y, ys))
    var out: [Double] = []
    out.reserveCapacity(xs.count * ys.count)
    for row in rows {
      let (low, high) = (row.index * x.count, (row.index + 1) * x.count)
      for column in columns {
        let i = column.index
        let bottom = mix(values[low + i], values[low + i + 1], column.part)
        let top = mix(values[high + i], values[high + i + 1], column.part)
        out.append(mix(bottom, top, row.part))
      }
    }
    return PlaneField(x: xs, y: ys, values: out, levels: levels)
  }

  private static func mix(_ a: Double, _ b: Double, _ part: Double) -> Double {
    part == 0 ? a : part == 1 ? b : a + part * (b - a)
  }

  /// As many places as there are, or a whole number of times as many, evenly.
  private static func places(_ given: [Double]) -> [Double] {
    var count = given.count - 1
    while count < fewest { count *= 2 }
    count = min(count, most)
    let (low, high) = (given[0], given[given.count - 1])
    return (0...count).map {
      low * (1 - Double($0) / Double(count)) + high * Double($0) / Double(count)
    }
  }

  /// The given places between which each of the even ones lies.
  private static func neighbours(_ given: [Double], _ places: [Double]) -> [(
    index: Int, part: Double
  )] {
    var index = 0
    return places.map { place in
      while index + 2 < given.count, given[index + 1] <= place { index += 1 }
      let part = (place - given[index]) / (given[index + 1] - given[index])
      return (index, min(max(part, 0), 1))
    }
  }
}

extension ColourScale {
  /// A scale that shows numbers: from blue to red where they have both signs, and the round numbers
  /// at which contour lines are drawn.
  static func showing(_ numbers: [Double], _ label: String) -> ColourScale {
    let axis = Axis(label, showing: numbers, room: 0)
    var (low, high) = (axis.first, axis.last)
    let reach = max(low.magnitude, high.magnitude)
    // Of what differs by the solver's error alone there are no contour lines.
    let isFlat = high - low < 1e-6 * reach
    if low < 0, high > 0, min(-low, high) > 0.15 * reach { (low, high) = (-reach, reach) }
    let isSigned = low == -high
    return ColourScale(
      label, isSigned ? .diverging : .sequential, from: low, to: high,
      ticks: isFlat ? [] : Axis.roundPlaces(from: low, to: high, count: 10))
  }

  /// A logarithmic scale of sizes, down to so small a part of the largest; nil where all are zero.
  static func sizes(_ numbers: [Double], _ label: String, deepest: Double = 1e-6) -> ColourScale? {
    let positive = numbers.filter { $0.isFinite && $0 > 0 }
    guard let high = positive.max(), high > 1e-290, let least = positive.min() else { return nil }
    let low = max(least, deepest * high)
    return ColourScale(
      label, .sequential, from: min(low, 0.1 * high), to: high, .logarithmic)
  }
}

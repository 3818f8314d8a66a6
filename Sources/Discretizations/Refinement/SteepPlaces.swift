/// Where a solution on a line is steep all the time, so that nodes are better spent there.
enum SteepPlaces {
  /// Steep: this many times the slope that would spread the whole range over the interval.
  private static let steepness = 15.0
  /// The share of the interval that steep places may take together: else they move, or are many.
  private static let largestShare = 0.1
  /// As far apart as this share of the interval they are places of their own.
  private static let separation = 0.05

  /// The grading that suits what a coarse solution shows; nil where none does.
  ///
  /// - Parameter name: the variable along which nodes would cluster.
  static func grading(_ seen: SampledSolution, along name: String) -> Grading? {
    guard let axis = seen.variables.firstIndex(of: name) else { return nil }
    let places = seen.places[axis]
    guard places.count > 16, let first = places.first, let last = places.last else { return nil }
    let length = last - first
    var steepest = [Double](repeating: 0, count: places.count - 1)
    for column in seen.values {
      for (cell, slope) in slopes(column, seen, axis).enumerated() {
        steepest[cell] = max(steepest[cell], slope * length)
      }
    }
    guard let most = steepest.max(), most.isFinite, most > steepness else { return nil }
    let cells = steepest.indices.filter { steepest[$0] > max(most / 4, steepness / 2) }
    var groups: [(lower: Double, upper: Double)] = []
    for cell in cells {
      if let group = groups.last, places[cell] - group.upper < separation * length {
        groups[groups.count - 1].upper = places[cell + 1]
      } else {
        groups.append((places[cell], places[cell + 1]))
      }
    }
    let share = groups.reduce(0) { $0 + $1.upper - $1.lower } / length
    guard share <= largestShare, groups.count <= 3 else { return nil }
    return Grading(
      near: groups.map { ($0.lower + $0.upper) / 2 }, ratio: min(max(most / 4, 4), 30))
  }

  /// The largest slope in each cell over all other variables, in ranges of the column.
  private static func slopes(_ column: [Double], _ seen: SampledSolution, _ axis: Int) -> [Double] {
    let places = seen.places[axis]
    let inner = seen.places[(axis + 1)...].reduce(1) { $0 * $1.count }
    let outer = column.count / (inner * places.count)
    let range = (column.max() ?? 0) - (column.min() ?? 0)
    var slopes = [Double](repeating: 0, count: places.count - 1)
    guard range > 0, range.isFinite else { return slopes }
    for block in 0..<outer {
      for cell in slopes.indices {
        let width = places[cell + 1] - places[cell]
        let start = (block * places.count + cell) * inner
        for k in start..<start + inner {
          let rise = (column[k + inner] - column[k]).magnitude
          slopes[cell] = max(slopes[cell], rise / (width * range))
        }
      }
    }
    return slopes
  }
}

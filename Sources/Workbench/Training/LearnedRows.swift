import Problems

/// Where the rows of a learned solution lie.
struct LearnedRows {
  let variables: [String]
  let places: [[Double]]

  /// The places of `output`, in the direction in which `solve` would write them.
  init(_ problem: Problem) {
    variables = problem.variables.map(\.name)
    let isBackward =
      problem.kind == .initialValue
      && problem.conditions.contains {
        if case .face(_, _, let isUpper) = $0.location { isUpper } else { false }
      }
    places = problem.variables.map { interval in
      let points = problem.output[interval.name]?.points(on: interval) ?? []
      let inside = points.map { place in
        // A grid's last point may be rounded past the end.
        interval.isLower(place) ? interval.lower : interval.isUpper(place) ? interval.upper : place
      }
      return isBackward ? inside.reversed() : inside
    }
  }

  /// All points, row by row; the last variable varies fastest.
  var points: [Double] {
    let count = places.reduce(1) { $0 * $1.count }
    var points: [Double] = []
    points.reserveCapacity(count * places.count)
    for row in 0..<count {
      var step = count
      for list in places {
        step /= list.count
        points.append(list[row / step % list.count])
      }
    }
    return points
  }
}

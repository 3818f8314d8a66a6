/// A solution on a tensor product of places.
///
/// Row r of every column belongs to the place whose indices are those of r in the product; the last
/// declared variable varies fastest, as in `trajectory.csv`.
public struct SampledSolution: Sendable, Equatable, Codable {
  /// Names of the variables in declared order, the marching one included.
  public var variables: [String]
  /// Places of each variable, increasing or in the direction of marching.
  public var places: [[Double]]
  /// Names of the columns: unknowns, then observables.
  public var columns: [String]
  /// `values[column][row]`; as many rows as the product of the places has points.
  public var values: [[Double]]

  /// Makes a solution from its parts.
  ///
  /// - Precondition: the counts fit each other.
  public init(
    variables: [String], places: [[Double]], columns: [String], values: [[Double]]
  ) {
    precondition(variables.count == places.count, "\(places.count) axes for \(variables)")
    let count = places.reduce(1) { $0 * $1.count }
    precondition(
      values.count == columns.count && values.allSatisfy { $0.count == count },
      "\(values.map(\.count)) values in \(columns) for \(count) places")
    self.variables = variables
    self.places = places
    self.columns = columns
    self.values = values
  }

  /// Number of rows.
  public var rowCount: Int { places.reduce(1) { $0 * $1.count } }

  /// The largest distance from a finer solution, column by column, relative to its largest value.
  ///
  /// Where the finer solution is zero throughout the distance is absolute. A value that is not
  /// finite makes the distance infinite.
  /// - Precondition: both have the same places.
  public func distances(to finer: SampledSolution) -> [Double] {
    precondition(rowCount == finer.rowCount, "\(rowCount) and \(finer.rowCount) rows")
    return zip(values, finer.values).map { mine, theirs in
      var distance = 0.0
      var size = 0.0
      for (a, b) in zip(mine, theirs) {
        let gap = (a - b).magnitude
        guard gap.isFinite else { return .infinity }
        distance = max(distance, gap)
        size = max(size, b.magnitude)
      }
      return size > 0 ? distance / size : distance
    }
  }
}

import Discretizations
import Numerics

/// Rows of fields as they come, time after time, put into the order of the variables at the end.
struct FieldRows: Sendable, Codable {
  let columns: [String]
  private(set) var times: [Double] = []
  /// By column; the places of one time after those of the time before.
  private var values: [[Double]]

  init(columns: [String]) {
    self.columns = columns
    values = columns.map { _ in [] }
  }

  /// Appends the places of one time; the numbers are copied.
  mutating func append(_ t: Double, _ fields: [Vector]) {
    times.append(t)
    for (column, field) in fields.enumerated() {
      values[column].append(contentsOf: UnsafeBufferPointer(start: field.base, count: field.count))
    }
  }

  /// The whole, the last of the variables fastest.
  ///
  /// - Parameters:
  ///   - variables: all, in declared order.
  ///   - marching: place of the marching one among them; nil for a single block.
  ///   - space: places of the others.
  ///   - isBackward: whether the times fall; rows are written in increasing order.
  func solution(
    _ variables: [String], marching: Int?, space: [[Double]], isBackward: Bool
  ) -> SampledSolution {
    guard let marching else {
      return SampledSolution(
        variables: variables, places: space, columns: columns, values: values)
    }
    var places = space
    places.insert(isBackward ? times.reversed() : times, at: marching)
    let before = space[..<marching].reduce(1) { $0 * $1.count }
    let after = space[marching...].reduce(1) { $0 * $1.count }
    let block = before * after
    let sorted = values.map { column in
      var sorted: [Double] = []
      sorted.reserveCapacity(column.count)
      for b in 0..<before {
        for clock in times.indices {
          let from = (isBackward ? times.count - 1 - clock : clock) * block + b * after
          sorted.append(contentsOf: column[from..<from + after])
        }
      }
      return sorted
    }
    return SampledSolution(
      variables: variables, places: places, columns: columns, values: sorted)
  }
}

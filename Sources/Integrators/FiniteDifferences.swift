import Numerics

/// Forward differences of a field, for fields without exact derivatives.
final class FiniteDifferences {
  private let dimension: Int
  private let groups: [[Int]]
  private let places: [[(row: Int, entry: Int)]]
  private let base: Storage
  private let shifted: Storage
  private let rate: Storage
  private let steps: Storage

  /// Groups the columns greedily so that no two of a group share a row.
  ///
  /// Source: Curtis, Powell & Reid, IMA J. Appl. Math. 13 (1974) 117.
  init(dimension: Int, pattern: SparsityPattern) {
    self.dimension = dimension
    var places = [[(row: Int, entry: Int)]](repeating: [], count: dimension)
    for entry in 0..<pattern.count {
      places[pattern.columns[entry]].append((pattern.rows[entry], entry))
    }
    var groups: [[Int]] = []
    var taken: [Set<Int>] = []
    for column in 0..<dimension {
      let rows = Set(places[column].map(\.row))
      if let free = taken.firstIndex(where: { $0.isDisjoint(with: rows) }) {
        groups[free].append(column)
        taken[free].formUnion(rows)
      } else {
        groups.append([column])
        taken.append(rows)
      }
    }
    self.groups = groups
    self.places = places
    base = Storage(dimension)
    shifted = Storage(dimension)
    rate = Storage(dimension)
    steps = Storage(dimension)
  }

  /// Steps of √ε·max(|yᵢ|, 1e-5) balance truncation against rounding.
  func jacobian(_ field: VectorField, _ t: Double, _ y: Vector, into entries: Vector) {
    field(t, y, into: base.vector)
    for group in groups {
      shifted.vector.assign(y)
      for column in group {
        let h = Double.ulpOfOne.squareRoot() * max(y[column].magnitude, 1e-5)
        shifted.vector[column] = y[column] + h
        steps.vector[column] = shifted.vector[column] - y[column]
      }
      field(t, shifted.vector, into: rate.vector)
      for column in group {
        for place in places[column] {
          entries[place.entry] =
            (rate.vector[place.row] - base.vector[place.row]) / steps.vector[column]
        }
      }
    }
  }

  func time(_ field: VectorField, _ t: Double, _ y: Vector, into result: Vector) {
    let later = t + Double.ulpOfOne.squareRoot() * max(t.magnitude, 1e-5)
    field(t, y, into: base.vector)
    field(later, y, into: result)
    for index in 0..<dimension {
      result[index] = (result[index] - base.vector[index]) / (later - t)
    }
  }
}
